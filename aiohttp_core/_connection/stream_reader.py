"""The stream from which a message's content is read: the methods that programs call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final, Generic, TypeVar

from .._semantics.deprecations import warn_caller
from .errors import LineTooLong
from .stream_core import NO_CAUSE, StreamCore

T = TypeVar("T")


class EofStream(Exception):
    """The stream has ended."""


class AsyncStreamIterator(Generic[T]):
    """Iterates what ``read`` returns, until it returns nothing."""

    __slots__ = ("read_func",)

    def __init__(self, read_func: Callable[[], Awaitable[T]]) -> None:
        self.read_func = read_func

    def __aiter__(self) -> AsyncStreamIterator[T]:
        return self

    async def __anext__(self) -> T:
        data = await self.read_func()
        if data == b"" or data == (b"", False):
            raise StopAsyncIteration
        return data


class StreamReader(StreamCore):
    """Octets of one message's content (RFC 9110 section 6.4).

    ``limit`` is the number of octets below which reading from the peer goes on; up to about twice of it, and one
    read, is held, or as much as a reader of the whole waits for: it may reserve 17 times what has come. One coroutine
    may wait at a time; a second one gets RuntimeError.
    """

    def __repr__(self) -> str:
        info = [type(self).__name__]
        if self._size:
            info.append(f"{self._size} bytes")
        if self._eof:
            info.append("eof")
        info.append(f"low={self._low_water} high={self._high_water}")
        if self._exception is not None:
            info.append(f"e={self._exception!r}")
        return f"<{' '.join(info)}>"

    @property
    def total_raw_bytes(self) -> int:
        """Octets received on the wire, before decoding."""
        return self.total_bytes if self.total_compressed_bytes is None else self.total_compressed_bytes

    def get_read_buffer_limits(self) -> tuple[int, int]:
        return self._low_water, self._high_water

    # The reading side

    async def wait_eof(self) -> None:
        """Wait until the end has arrived; nothing is read."""
        if self._exception is not None:
            raise self._exception
        if self._eof:
            return
        waiter = self._end_waiter = self._loop.create_future()
        try:
            await waiter
        finally:
            self._end_waiter = None

    async def read(self, n: int = -1) -> bytes:
        """Up to ``n`` octets once there are any (-1: all until the end); empty at the end."""
        self._raise_failure()
        if not n:
            return b""
        if n < 0:
            return await self.read_whole()
        self.set_read_chunk_size(n)
        while not self._buffer and not self._eof:
            await self._wait("read")
            self._raise_failure()
        return self._take_all(n)

    async def readany(self) -> bytes:
        """Everything that is there, once there is any; empty at the end."""
        self._raise_failure()
        while not self._buffer and not self._eof:
            await self._wait("readany")
            self._raise_failure()
        return self._take_all()

    def read_nowait(self, n: int = -1) -> bytes:
        """What is there, up to ``n`` octets, without waiting; RuntimeError while a coroutine waits."""
        self._raise_failure()
        if self._waiter is not None:
            raise RuntimeError("Called while some coroutine is waiting for incoming data.")
        return self._take_all(n)

    async def readexactly(self, n: int) -> bytes:
        """``n`` octets; raises asyncio.IncompleteReadError where the stream ends before."""
        self._raise_failure()
        pieces: list[bytes] = []
        left = n
        while left > 0:
            piece = await self.read(left)
            if not piece:
                partial = b"".join(pieces)
                raise asyncio.IncompleteReadError(partial, n)
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    async def readline(self, *, max_line_length: int | None = None) -> bytes:
        """A line with its LF; LineTooLong where it outgrows ``max_line_length`` (by default the high-water mark)."""
        return await self.readuntil(max_size=max_line_length)

    async def readuntil(self, separator: bytes = b"\n", *, max_size: int | None = None) -> bytes:
        """Octets up to and with ``separator``, or what is left at the end; LineTooLong above ``max_size``."""
        if not separator:
            raise ValueError("Separator should be at least one-byte string")
        self._raise_failure()
        limit = self._high_water if max_size is None else max_size
        found = bytearray()
        while True:
            while self._buffer:
                first = self._buffer[0]
                # The separator may lie across pieces: look again at what could be its beginning.
                seam = max(0, len(found) - len(separator) + 1)
                if found:
                    window = bytes(found[seam:]) + first[self._offset : self._offset + len(separator) - 1]
                    at = window.find(separator)
                    if at >= 0:
                        found += self._take(seam + at + len(separator) - len(found))
                        return self._checked(found, limit)
                at = first.find(separator, self._offset)
                found += self._take(-1 if at < 0 else at + len(separator) - self._offset)
                self._checked(found, limit)
                if at >= 0:
                    return bytes(found)
            if self._eof:
                return bytes(found)
            await self._wait("readuntil")
            self._raise_failure()

    @staticmethod
    def _checked(found: bytearray, limit: int) -> bytes:
        if len(found) > limit:
            raise LineTooLong(bytes(found[:100]) + b"...", limit)
        return bytes(found)

    async def readchunk(self) -> tuple[bytes, bool]:
        """Octets of one HTTP chunk, and whether it ends with them; ``(b"", False)`` at the end."""
        self._raise_failure()
        while not self._buffer and not self._eof and not self._chunk_is_over():
            await self._wait("readchunk")
            self._raise_failure()
        ends = self._chunk_ends
        if ends and self._chunk_is_over():
            ends.popleft()
            return b"", True
        if not self._buffer:
            return b"", False
        if not ends:
            return self._take(-1), False
        wanted = ends[0] - self._taken
        data = self._take_all(min(wanted, self._size))
        return data, len(data) == wanted

    def unread_data(self, data: bytes) -> None:
        """Put octets back in front; they are read again. Deprecated."""
        warn_caller("unread_data() is deprecated and will be removed in future releases (#3260)")
        if not data:
            return
        if self._offset:
            self._buffer[0] = self._buffer[0][self._offset :]
            self._offset = 0
        self._size += len(data)
        self._taken -= len(data)
        self._buffer.appendleft(data)

    # Iteration

    def __aiter__(self) -> AsyncStreamIterator[bytes]:
        """Iterate lines."""
        return AsyncStreamIterator(self.readline)

    def iter_chunked(self, n: int) -> AsyncStreamIterator[bytes]:
        """Iterate pieces of at most ``n`` octets."""
        self.set_read_chunk_size(n)
        return AsyncStreamIterator(lambda: self.read(n))

    def iter_any(self) -> AsyncStreamIterator[bytes]:
        """Iterate pieces as they come."""
        return AsyncStreamIterator(self.readany)

    def iter_chunks(self) -> AsyncIterator[tuple[bytes, bool]]:
        """Iterate HTTP chunks: pairs of octets and whether a chunk ends with them."""
        return AsyncStreamIterator(self.readchunk)


_NEVER_USED: Any = object()


class EmptyStreamReader(StreamReader):
    """The stream of a message without content: at its end from the start."""

    def __init__(self) -> None:
        # It never waits: it needs neither a connection nor a loop.
        super().__init__(None, 0, loop=_NEVER_USED)  # type: ignore[arg-type]
        self._eof = True

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = NO_CAUSE) -> None:
        """Nothing can fail any more."""

    def set_read_chunk_size(self, n: int) -> None:
        """Shared by all empty messages: keeps nothing."""

    def feed_data(self, data: bytes, size: int = 0) -> None:
        if data:
            raise RuntimeError("an empty stream takes no data")

    def feed_eof(self) -> None:
        """Already so."""

    def unread_data(self, data: bytes) -> None:
        warn_caller("unread_data() is deprecated and will be removed in future releases (#3260)")
        if data:
            raise RuntimeError("nothing was read from an empty stream")


EMPTY_PAYLOAD: Final[StreamReader] = EmptyStreamReader()
"""The content of every message without content."""
