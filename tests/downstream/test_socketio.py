"""python-socketio: both ends on aiohttp, over long polling and WebSockets."""

import asyncio

import pytest
import socketio
from aiohttp import web
from aiohttp.test_utils import TestServer


@pytest.mark.parametrize("transports", [["polling"], ["websocket"], ["polling", "websocket"]])
def test_socketio(transports: list[str]) -> None:
    """Events go both ways, with answers, over each transport and over the upgrade from one to the other."""

    async def main() -> None:
        server = socketio.AsyncServer(async_mode="aiohttp", ping_interval=1, ping_timeout=1)
        app = web.Application()
        server.attach(app)

        @server.event
        async def shout(sid: str, text: str) -> str:
            await server.emit("heard", text.lower(), to=sid)
            return text.upper()

        heard: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        async with TestServer(app) as listening:
            client = socketio.AsyncClient()
            client.on("heard", heard.set_result)
            await client.connect(str(listening.make_url("/")), transports=transports)
            assert await client.call("shout", "Hello", timeout=10) == "HELLO"
            assert await asyncio.wait_for(heard, 10) == "hello"
            await client.emit("shout", b"binary".decode())
            await client.disconnect()
            await server.shutdown()

    asyncio.run(main())
