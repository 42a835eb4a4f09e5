"""A transport without a kernel: what is written is kept, or delivered to the other end in the next turn."""

import asyncio
from typing import Any


class ScriptedTransport(asyncio.Transport):
    """Keeps what is written in ``written``; ``peer`` gets it when there is one."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.loop = loop
        self.written: list[bytes] = []
        self.peer: Any = None
        self.protocol: Any = None
        self.closing = False
        self.reading = True
        self.pauses = 0

    @property
    def octets(self) -> bytes:
        return b"".join(self.written)

    def connect(self, protocol: Any) -> None:
        self.protocol = protocol
        protocol.connection_made(self)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default

    def is_closing(self) -> bool:
        return self.closing

    def is_reading(self) -> bool:
        return self.reading

    def write(self, data: Any) -> None:
        if self.closing:
            return
        self.written.append(bytes(data))
        if self.peer is not None:
            self.loop.call_soon(self.peer.deliver, bytes(data))

    def writelines(self, pieces: Any) -> None:
        self.write(b"".join(pieces))

    def deliver(self, data: bytes) -> None:
        if not self.closing:
            self.protocol.data_received(data)

    def pause_reading(self) -> None:
        self.reading = False
        self.pauses += 1

    def resume_reading(self) -> None:
        self.reading = True

    def close(self) -> None:
        if self.closing:
            return
        self.closing = True
        self.loop.call_soon(self.lose, None)
        if self.peer is not None:
            self.loop.call_soon(self.peer.hang_up)

    abort = close

    def hang_up(self) -> None:
        """The other end has closed."""
        if not self.closing:
            self.closing = True
            self.protocol.eof_received()
            self.lose(None)

    def lose(self, exc: BaseException | None) -> None:
        protocol, self.protocol = self.protocol, None
        self.closing = True
        if protocol is not None:
            protocol.connection_lost(exc)


def pair(loop: asyncio.AbstractEventLoop) -> tuple[ScriptedTransport, ScriptedTransport]:
    """Two transports, each the other's peer."""
    one, other = ScriptedTransport(loop), ScriptedTransport(loop)
    one.peer, other.peer = other, one
    return one, other
