"""A transport in memory: what the far end would send is scripted, what it would receive is counted.

No socket and no system call takes part, so that what is measured is the library and the event loop's turns.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

READ = 256 * 1024
"""Octets that asyncio's transports read at once."""
ADDRESS = ("127.0.0.1", 8080)


class MemoryTransport(asyncio.Transport):
    """``written(data)`` is told of all that leaves; ``feed`` lets octets come in, one loop turn for each piece."""

    def __init__(self, loop: asyncio.AbstractEventLoop, protocol: Any, written: Callable[[bytes], None]) -> None:
        super().__init__({"peername": ADDRESS, "sockname": ADDRESS})
        self._loop = loop
        self._written = written
        self._pieces: deque[bytes] = deque()
        self._scheduled = False
        self._paused = False
        self._closing = False
        self.set_protocol(protocol)

    def connect(self) -> None:
        """Tell the protocol of its transport, as a loop does."""
        self._protocol.connection_made(self)

    def feed(self, pieces: Iterable[bytes]) -> None:
        """Each of ``pieces`` is one read of the socket, from the next loop turn on."""
        self._pieces.extend(pieces)
        self._schedule()

    def _schedule(self) -> None:
        if self._pieces and not self._paused and not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._read)

    def _read(self) -> None:
        self._scheduled = False
        if self._paused or self._closing:
            return
        piece = self._pieces.popleft()
        if self._buffered:
            buffer = self._protocol.get_buffer(len(piece))
            size = min(len(piece), len(buffer))
            buffer[:size] = piece[:size]
            if size < len(piece):
                self._pieces.appendleft(piece[size:])
            self._protocol.buffer_updated(size)
        else:
            self._protocol.data_received(piece)
        self._schedule()

    # --- what protocols call ---

    def set_protocol(self, protocol: Any) -> None:
        self._protocol = protocol
        self._buffered = isinstance(protocol, asyncio.BufferedProtocol)

    def get_protocol(self) -> Any:
        return self._protocol

    def write(self, data: Any) -> None:
        self._written(data)

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        self._written(b"".join(list_of_data))

    def pause_reading(self) -> None:
        self._paused = True

    def resume_reading(self) -> None:
        self._paused = False
        self._schedule()

    def is_reading(self) -> bool:
        return not self._paused

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            self._loop.call_soon(self._protocol.connection_lost, None)

    abort = close

    def can_write_eof(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass


def pieces_of(octets: bytes, size: int = READ) -> list[bytes]:
    """``octets`` as reads of a socket give them."""
    return [octets[at : at + size] for at in range(0, len(octets), size)]


def memory_loop(kind: str) -> Any:
    """An asyncio or uvloop loop whose Unix sockets lead into memory.

    Its ``far_ends`` maps a path to a function that makes the other end: an object with ``written(data)``, which is
    given its transport as an attribute.
    """
    parent: Any = asyncio.SelectorEventLoop
    if kind == "uvloop":
        import uvloop

        parent = uvloop.Loop

    class MemoryLoop(parent):  # type: ignore[misc]
        async def create_unix_connection(self, protocol_factory: Any, path: Any = None, **options: Any) -> Any:
            end = self.far_ends[path]()
            end.transport = MemoryTransport(self, protocol_factory(), lambda data: end.written(data))
            end.transport.connect()
            return end.transport, end.transport.get_protocol()

    loop = MemoryLoop()
    loop.far_ends = {}
    return loop
