"""The stream from which a message's content is read; the parser's side feeds it, one reader at a time takes.

Bounded: above twice the limit the feeding connection is told to pause, and to go on when the reader has taken it
below the limit. The number of chunk ends is bounded the same way, so that tiny chunks cost no more memory. Whoever
reads all of it at once asks for what it needs: then nothing is paused, unless the content may still inflate.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import nullcontext
from typing import Any, Final, Generic, Protocol, TypeVar

from multidict import CIMultiDictProxy

from .._semantics.deprecations import warn_caller
from .errors import LineTooLong

T = TypeVar("T")

CHUNK_MEMORY: Final = 16
"""Octets of the limit that one remembered chunk end counts for."""
LARGE_PIECE: Final = 16384
"""Octets from which on a piece is cheaper to handle by itself than to join with the next one."""
MAX_PIECES: Final = 256
"""Pieces above which a reader who waits for more is woken nevertheless, to join them: each may be tiny."""
NO_CAUSE: Final = BaseException()
"""The cause of an exception that was given without one."""


class Pausable(Protocol):
    """What feeds a stream and can be told to wait."""

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


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


class StreamReader:
    """Octets of one message's content (RFC 9110 section 6.4).

    ``limit`` is the number of octets below which reading from the peer goes on; up to about twice of it, and one
    read, is held, or as much as a reader of the whole waits for. One coroutine may wait at a time; a second one gets
    RuntimeError.
    """

    total_bytes = 0
    total_compressed_bytes: int | None = None
    trailers: CIMultiDictProxy[str] | None = None
    """The trailer fields, once the end was reached and if there were any (RFC 9110 section 6.5)."""

    def __init__(
        self,
        protocol: Pausable,
        limit: int,
        *,
        timer: Any = None,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._protocol = protocol
        self._low_water = limit
        self._high_water = limit * 2
        self._loop = asyncio.get_event_loop() if loop is None else loop
        self._buffer: deque[bytes] = deque()
        self._offset = 0
        self._size = 0
        self._taken = 0
        self._eof = False
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None
        # Whoever waits needs more octets than these, or the end.
        self._wanted = 0
        self._eof_waiter: asyncio.Future[None] | None = None
        self._eof_callbacks: list[Callable[[], None]] = []
        self._exception: BaseException | None = None
        self._timer = timer
        # Ends of HTTP chunks, as offsets into everything fed; None until the message is known to be chunked.
        self._chunk_ends: deque[int] | None = None

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

    def set_read_chunk_size(self, n: int) -> None:
        """Raise the limit to ``n`` octets, so that reads of that size need not wait; it never sinks."""
        if n > self._low_water:
            self._low_water = n
            self._high_water = n * 2

    def set_source(self, source: Pausable) -> None:
        """Let ``source`` be told to wait and go on from now on."""
        self._protocol = source

    def exception(self) -> BaseException | None:
        return self._exception

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = NO_CAUSE) -> None:
        """Fail the stream: what waits now and what reads later raises ``exc``."""
        if exc_cause is not None and exc_cause is not NO_CAUSE and exc.__cause__ is None and exc is not exc_cause:
            exc.__cause__ = exc_cause
        self._exception = exc
        self._eof_callbacks.clear()
        for name in ("_waiter", "_eof_waiter"):
            waiter = getattr(self, name)
            if waiter is not None:
                setattr(self, name, None)
                if not waiter.done():
                    waiter.set_exception(exc)

    def on_eof(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` at the end of the stream, at once where that is behind."""
        if self._eof:
            callback()
        else:
            self._eof_callbacks.append(callback)

    # The feeding side

    @property
    def full(self) -> bool:
        """Whether the feeding side should wait."""
        return self._paused

    def feed_data(self, data: bytes, size: int = 0) -> None:
        """Add octets; ``size`` is ignored and kept for aiohttp's signature."""
        if self._eof:
            raise RuntimeError("feed_data after feed_eof")
        if not data:
            return
        length = len(data)
        self._size += length
        self.total_bytes += length
        self._buffer.append(data)
        if self._waiter is not None and (self._size > self._wanted or len(self._buffer) > MAX_PIECES):
            self._wake()
        if self._size > self._high_water and not self._paused and not self._waited_for():
            self._pause()

    def _waited_for(self) -> bool:
        """Whether a reader waits for more than is held. What is coded may inflate: it comes in bounded steps."""
        return self._size <= self._wanted and self.total_compressed_bytes is None

    def feed_chunks(self, data: bytes, ends: tuple[int, ...]) -> None:
        """Add octets in which HTTP chunks end at the offsets ``ends``."""
        known = self._chunk_ends
        if known is None:
            known = self._chunk_ends = deque()
        if ends:
            base = self.total_bytes
            known.extend([base + end for end in ends])
            if len(known) * CHUNK_MEMORY > self._high_water and not self._paused:
                self._pause()
            if not data:
                # Decoding can find only later that a chunk has ended.
                self._wake()
        self.feed_data(data)

    def begin_http_chunk_receiving(self) -> None:
        if self._chunk_ends is None:
            if self.total_bytes:
                raise RuntimeError("begin_http_chunk_receiving called when data was already fed")
            self._chunk_ends = deque()

    def end_http_chunk_receiving(self) -> None:
        if self._chunk_ends is None:
            raise RuntimeError("end_http_chunk_receiving called without begin_http_chunk_receiving")
        last = self._chunk_ends[-1] if self._chunk_ends else self._taken
        if self.total_bytes > last:
            self._chunk_ends.append(self.total_bytes)
            self._wake()

    def feed_eof(self) -> None:
        self._eof = True
        self._wake()
        waiter = self._eof_waiter
        if waiter is not None:
            self._eof_waiter = None
            if not waiter.done():
                waiter.set_result(None)
        if self._eof_callbacks:
            callbacks, self._eof_callbacks = self._eof_callbacks, []
            for callback in callbacks:
                callback()

    def _wake(self) -> None:
        waiter = self._waiter
        if waiter is not None:
            self._waiter = None
            if not waiter.done():
                waiter.set_result(None)

    def _pause(self) -> None:
        self._paused = True
        self._protocol.pause_reading()
        if self._wanted:
            # No more comes until some of it is taken.
            self._wake()

    def _resume_if_low(self) -> None:
        if self._size < self._low_water and (
            self._chunk_ends is None or len(self._chunk_ends) * CHUNK_MEMORY < self._low_water + CHUNK_MEMORY
        ):
            self._paused = False
            self._protocol.resume_reading()

    # The reading side

    def is_eof(self) -> bool:
        """Whether the end has arrived, perhaps behind octets not yet read."""
        return self._eof

    def at_eof(self) -> bool:
        """Whether the end has arrived and everything before it was read."""
        return self._eof and not self._buffer

    async def wait_eof(self) -> None:
        """Wait until the end has arrived; nothing is read."""
        if self._exception is not None:
            raise self._exception
        if self._eof:
            return
        self._eof_waiter = self._loop.create_future()
        try:
            await self._eof_waiter
        finally:
            self._eof_waiter = None

    async def _wait(self, caller: str, wanted: int = 0) -> None:
        """Wait for the end, or until more than ``wanted`` octets are held or no more can be."""
        if self._waiter is not None:
            raise RuntimeError(f"{caller}() called while another coroutine is already waiting for incoming data")
        if self._paused and not self._buffer:
            self._paused = False
            self._protocol.resume_reading()
            if self._buffer or self._eof or self._exception is not None:
                return
        waiter = self._waiter = self._loop.create_future()
        self._wanted = wanted
        try:
            with nullcontext() if self._timer is None else self._timer:
                await waiter
        finally:
            self._waiter = None
            self._wanted = 0

    def _raise_failure(self) -> None:
        if self._exception is not None:
            raise self._exception

    def _take(self, n: int) -> bytes:
        """Up to ``n`` octets of the first piece (-1: all of it)."""
        first = self._buffer[0]
        offset = self._offset
        left = len(first) - offset
        if n == -1 or n >= left:
            self._buffer.popleft()
            data = first[offset:] if offset else first
            self._offset = 0
        else:
            data = first[offset : offset + n]
            self._offset = offset + n
        self._size -= len(data)
        self._taken += len(data)
        ends = self._chunk_ends
        if ends is not None:
            while ends and ends[0] <= self._taken:
                ends.popleft()
        if self._paused:
            self._resume_if_low()
        return data

    def _take_held(self) -> list[bytes]:
        """The pieces that are held, all of them."""
        pieces = list(self._buffer)
        if self._offset:
            pieces[0] = pieces[0][self._offset :]
            self._offset = 0
        self._buffer.clear()
        self._taken += self._size
        self._size = 0
        if self._chunk_ends:
            self._chunk_ends.clear()
        if self._paused:
            self._resume_if_low()
        return pieces

    def _take_all(self, n: int = -1) -> bytes:
        """Everything held, or up to ``n`` octets."""
        if n == -1 or n >= self._size:
            pieces = self._take_held()
        else:
            pieces = []
            while n and self._buffer:
                piece = self._take(n)
                n -= len(piece)
                pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

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

    async def read_whole(self, limit: int = 0) -> bytes:
        """All until the end; where that is more than ``limit`` octets (0: no bound), more than those but not all."""
        pieces: list[bytes] = []
        room = limit or sys.maxsize
        while True:
            self._raise_failure()
            if self._eof or self._size > room or len(self._buffer) > MAX_PIECES or (self._paused and self._buffer):
                room -= self._size
                held = self._take_held()
                pieces += held if len(held) <= MAX_PIECES else [b"".join(held)]
                if room < 0 or self.at_eof():
                    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
            else:
                await self._wait("read", room)

    async def read_piece(self, n: int) -> bytes:
        """Up to ``n`` octets once there are any; those that came together, uncopied, where they are many."""
        self._raise_failure()
        self.set_read_chunk_size(n)
        while not self._buffer and not self._eof:
            await self._wait("read_piece")
            self._raise_failure()
        if self._buffer and n >= len(self._buffer[0]) - self._offset >= LARGE_PIECE:
            return self._take(-1)
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
        if self._waiter is not None and not self._waiter.done():
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

    def _chunk_is_over(self) -> bool:
        """Whether a chunk of which all was read has ended since."""
        return bool(self._chunk_ends) and self._chunk_ends[0] <= self._taken  # type: ignore[index]

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


class EmptyStreamReader(StreamReader):
    """The stream of a message without content: at its end from the start."""

    def __init__(self) -> None:
        self._eof = True
        self._size = 0
        self._buffer = deque()
        self._chunk_ends = None
        self._exception = None
        self._waiter = None
        self._eof_waiter = None
        self._paused = False
        self._low_water = self._high_water = 0
        self._taken = self._offset = 0
        self._eof_callbacks = []
        self._timer = None

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
