"""A queue of messages with an end, for one reader."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, TypeVar

from .stream_core import NO_CAUSE
from .stream_reader import AsyncStreamIterator, EofStream

T = TypeVar("T")


class DataQueue(Generic[T]):
    """Messages for one reader; ``read`` raises EofStream at the end, and the exception that was set."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._eof = False
        self._waiter: asyncio.Future[None] | None = None
        self._exception: BaseException | None = None
        self._buffer: deque[tuple[T, int]] = deque()

    def __len__(self) -> int:
        return len(self._buffer)

    def is_eof(self) -> bool:
        """Whether the end has come, perhaps behind messages not yet read."""
        return self._eof

    def at_eof(self) -> bool:
        """Whether the end has come and all messages were read."""
        return self._eof and not self._buffer

    def exception(self) -> BaseException | None:
        return self._exception

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = NO_CAUSE) -> None:
        """End the queue with ``exc``."""
        if exc_cause is not None and exc_cause is not NO_CAUSE and exc is not exc_cause:
            exc.__cause__ = exc_cause
        self._eof = True
        self._exception = exc
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_exception(exc)

    def feed_data(self, data: T, size: int = 0) -> None:
        self._buffer.append((data, size))
        self._wake()

    def feed_eof(self) -> None:
        self._eof = True
        self._wake()

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    async def read(self) -> T:
        """The next message; waits for it."""
        if not self._buffer and not self._eof:
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self._buffer:
            return self._taken(*self._buffer.popleft())
        if self._exception is not None:
            raise self._exception
        raise EofStream

    def _taken(self, data: T, size: int) -> T:
        return data

    def __aiter__(self) -> AsyncStreamIterator[T]:
        return _QueueIterator(self.read)


class FlowControlDataQueue(DataQueue[T]):
    """A queue that pauses its source above twice ``limit`` octets."""

    def __init__(self, protocol: object, limit: int, *, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._size = 0
        self._protocol = protocol
        self._limit = limit * 2

    def feed_data(self, data: T, size: int = 0) -> None:
        super().feed_data(data, size)
        self._size += size
        if self._size > self._limit and not getattr(self._protocol, "_reading_paused", False):
            self._protocol.pause_reading()  # type: ignore[attr-defined]

    def _taken(self, data: T, size: int) -> T:
        self._size -= size
        if self._size < self._limit and getattr(self._protocol, "_reading_paused", False):
            self._protocol.resume_reading()  # type: ignore[attr-defined]
        return data


class _QueueIterator(AsyncStreamIterator[T]):
    """Ends where the queue does."""

    async def __anext__(self) -> T:
        try:
            return await self.read_func()
        except EofStream:
            raise StopAsyncIteration from None
