# cython: binding=True
"""What a stream holds, who feeds it and who waits: all of StreamReader that does not wait itself, and the waiting.

Bounded: above twice the limit the feeding connection is told to pause, and to go on when the reader has taken it
below the limit. The number of chunk ends is bounded the same way, so that tiny chunks cost no more memory. Whoever
reads all of it at once asks for what it needs: then nothing is paused, unless the content may still inflate.

Also compiled from this source, with the types of ``_cparser/types``.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final, Protocol

from multidict import CIMultiDictProxy

from aiohttp_core._connection.arrival import Arrival  # compiled: a type
from aiohttp_core._wire import _accel

if TYPE_CHECKING:
    from aiohttp_core._connection.landing import Landing

CHUNK_MEMORY: Final = 16
"""Octets of the limit that one remembered chunk end counts for."""
LARGE_PIECE: Final = 16384
"""Octets from which on a piece is cheaper to handle by itself than to join with the next one."""
MAX_PIECES: Final = 256
"""Pieces above which a reader who waits for more is woken nevertheless, to join them: each may be tiny."""
LANDING_SIZE: Final = 2**17
"""Octets still to come from which on they land in place: to join fewer costs less than to prepare it."""
LANDING_SHARE: Final = 16
"""How many times the octets that have come may be reserved for those to come: an announced length is but a claim."""
NO_CAUSE: Final = BaseException()
"""The cause of an exception that was given without one."""


class Pausable(Protocol):
    """What feeds a stream and can be told to wait."""

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class StreamCore:
    """The part of a StreamReader that its connection sees; see there."""

    __slots__ = (
        "_buffer",
        "_chunk_ends",
        "_delivering",
        "_end_waiter",
        "_eof",
        "_eof_callbacks",
        "_exception",
        "_high_water",
        "_length",
        "_loop",
        "_low_water",
        "_offset",
        "_paused",
        "_protocol",
        "_size",
        "_taken",
        "_timer",
        "_waiter",
        "_wake_above",
        "_wanted",
        "_woken",
        "total_bytes",
        "total_compressed_bytes",
        "trailers",
    )

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
        self._waiter: Arrival | None = None
        # While octets are being delivered, who waits is let go on when all of them are here.
        self._delivering = False
        self._woken: Arrival | None = None
        # Up to so many octets are wanted, and nothing is paused; above so many, or at the end, who waits goes on.
        self._wanted = 0
        self._wake_above = 0
        self._end_waiter: asyncio.Future[None] | None = None
        self._eof_callbacks: list[Callable[[], None]] = []
        self._exception: BaseException | None = None
        self._timer = timer
        # Ends of HTTP chunks, as offsets into everything fed; None until the message is known to be chunked.
        self._chunk_ends: deque[int] | None = None
        # Octets of the whole content, where ``protocol`` lets what is missing of it ``land``; else 0.
        self._length = 0
        self.total_bytes = 0
        self.total_compressed_bytes: int | None = None
        self.trailers: CIMultiDictProxy[str] | None = None
        """The trailer fields, once the end was reached and if there were any (RFC 9110 section 6.5)."""

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
        waiter, self._waiter = self._waiter, None
        if waiter is not None:
            waiter.end(exc)
        end_waiter, self._end_waiter = self._end_waiter, None
        if end_waiter is not None and not end_waiter.done():
            end_waiter.set_exception(exc)

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
        if self._waiter is not None and (self._size > self._wake_above or len(self._buffer) > MAX_PIECES):
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
        waiter, self._end_waiter = self._end_waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)
        if self._eof_callbacks:
            callbacks, self._eof_callbacks = self._eof_callbacks, []
            for callback in callbacks:
                callback()

    def _wake(self) -> None:
        waiter = self._waiter
        if waiter is not None:
            self._waiter = None
            if self._delivering:
                self._woken = waiter
            else:
                waiter.end(None)

    def begin_delivery(self) -> None:
        """Octets are about to be fed. Whoever waits for them goes on in ``end_delivery``, a turn of the loop sooner."""
        self._delivering = True

    def end_delivery(self) -> None:
        """All that has come was fed."""
        self._delivering = False
        woken, self._woken = self._woken, None
        if woken is not None:
            woken.arrive()

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

    def _chunk_is_over(self) -> bool:
        """Whether a chunk of which all was read has ended since."""
        return bool(self._chunk_ends) and self._chunk_ends[0] <= self._taken  # type: ignore[index]

    async def _wait(self, caller: str, wanted: int = 0, wake_above: int = 0) -> None:
        """Wait for the end, or until more than ``wake_above`` octets are held or no more can be. Up to ``wanted`` of
        them nothing is paused."""
        if self._waiter is not None:
            raise RuntimeError(f"{caller}() called while another coroutine is already waiting for incoming data")
        if self._paused and not self._buffer:
            self._paused = False
            self._protocol.resume_reading()
            if self._buffer or self._eof or self._exception is not None:
                return
        waiter = self._waiter = Arrival(self._loop)
        self._wanted = wanted
        self._wake_above = wake_above
        try:
            with nullcontext() if self._timer is None else self._timer:
                await waiter
        finally:
            self._waiter = None
            self._wanted = self._wake_above = 0

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

    async def read_whole(self, limit: int = 0) -> bytes:
        """All until the end; where that is more than ``limit`` octets (0: no bound), more than those but not all."""
        pieces: list[bytes] = []
        # Compiled, it is a machine word; "no bound" may be given as any large number, infinity too.
        room = int(min(limit, sys.maxsize)) if limit else sys.maxsize
        while True:
            self._raise_failure()
            if self._eof or self._size > room or len(self._buffer) > MAX_PIECES or (self._paused and self._buffer):
                room -= self._size
                held = self._take_held()
                pieces += held if len(held) <= MAX_PIECES else [b"".join(held)]
                if room < 0 or self.at_eof():
                    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
            else:
                lacking = self._lacking(room)
                landing = self._land() if lacking == 0 else None
                try:
                    await self._wait("read", room, self._size + lacking - 1 if lacking > 0 else room)
                finally:
                    if landing is not None:
                        landing.end()

    def _lacking(self, room: int) -> int:
        """How many octets must come before the rest may land in place; -1 where that is not worth it or cannot be."""
        missing = self._length - self.total_bytes
        if missing < LANDING_SIZE or self._size + missing > room or self._paused:
            return -1
        excess = missing - self.total_bytes * LANDING_SHARE
        return excess // (LANDING_SHARE + 1) + 1 if excess > 0 else 0

    def _land(self) -> Landing | None:
        # Asked of those only who have told a length.
        source: Any = self._protocol
        landing: Landing | None = source.land(self, self._length - self.total_bytes)
        return landing

    def give_up_held(self) -> list[bytes]:
        """What is held, for a ``Landing`` to bring back in front of what lands."""
        self._taken -= self._size
        return self._take_held()

    def take_landed(self, octets: bytes) -> None:
        """Hold ``octets``, which were counted as they came."""
        if octets:
            self._size += len(octets)
            self._buffer.append(octets)

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


_accel.use_compiled(globals(), "stream_core")
