"""WebSocket channels on scripted transports: one alone, or both roles joined."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from connection.scripted import ScriptedTransport, pair

from aiohttp_core._connection.protocol import BaseProtocol
from aiohttp_core._connection.websocket import WebSocketChannel
from aiohttp_core._wire.websocket.deflate import DeflateParams
from aiohttp_core._wire.websocket.frame import Role
from aiohttp_core._wire.websocket.reader import MessageReader
from aiohttp_core._wire.websocket.writer import MessageWriter


class Upgraded(BaseProtocol):
    """A connection that belongs to a channel from the start."""

    channel: WebSocketChannel

    def data_received(self, data: bytes) -> None:
        self.channel.data_received(data)

    def eof_received(self) -> bool | None:
        return self.channel.eof_received()

    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        self.channel.connection_lost(exc)


def channel_on(transport: ScriptedTransport, role: Role, deflate: bool = False, **kwargs: Any) -> WebSocketChannel:
    loop = transport.loop
    protocol = Upgraded(loop)
    params = DeflateParams()
    inflater = params.inflater(role) if deflate else None
    deflater = params.deflater(role) if deflate else kwargs.pop("deflater", None)
    reader = MessageReader(role, kwargs.pop("max_msg_size", 0), inflater)
    protocol.channel = WebSocketChannel(
        protocol,
        reader,
        MessageWriter(role, deflater),
        loop=loop,
        shut=transport.close,
        deflater=deflater,
        **kwargs,
    )
    transport.connect(protocol)
    return protocol.channel


def both(body: Callable[..., Awaitable[None]], **kwargs: Any) -> None:
    """Run ``body(client, server)``."""

    async def main() -> None:
        one, other = pair(asyncio.get_running_loop())
        client = channel_on(one, Role.CLIENT, **kwargs)
        server = channel_on(other, Role.SERVER, **kwargs)
        await asyncio.wait_for(body(client, server), 10)

    asyncio.run(main())


def alone(body: Callable[..., Awaitable[None]], **kwargs: Any) -> None:
    """Run ``body(server, transport)`` with nobody at the other end."""

    async def main() -> None:
        transport = ScriptedTransport(asyncio.get_running_loop())
        server = channel_on(transport, Role.SERVER, **kwargs)
        await asyncio.wait_for(body(server, transport), 10)

    asyncio.run(main())


def client_frame(opcode: int, payload: Any = b"") -> bytes:
    wire = MessageWriter(Role.CLIENT).frame(opcode, payload)
    return wire if isinstance(wire, bytes) else b"".join(wire)
