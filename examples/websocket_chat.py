"""A chat room over WebSockets, with two guests. `python examples/websocket_chat.py`."""

import asyncio

from aiohttp_core import WSCloseCode, WSMsgType, web
from aiohttp_core.test_utils import TestClient, TestServer

GUESTS = web.AppKey("guests", set[web.WebSocketResponse])


async def room(request: web.Request) -> web.WebSocketResponse:
    """Say to all what one says."""
    socket: web.WebSocketResponse = web.WebSocketResponse(heartbeat=30)
    await socket.prepare(request)
    guests = request.app[GUESTS]
    guests.add(socket)
    try:
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                for guest in list(guests):
                    await guest.send_str(message.data)
    finally:
        guests.discard(socket)
    return socket


async def say_goodbye(app: web.Application) -> None:
    for guest in list(app[GUESTS]):
        await guest.close(code=WSCloseCode.GOING_AWAY, message=b"the room closes")


def make_app() -> web.Application:
    app = web.Application()
    app[GUESTS] = set()
    app.router.add_get("/room", room)
    app.on_shutdown.append(say_goodbye)
    return app


async def main() -> None:
    async with TestClient(TestServer(make_app())) as client:
        async with client.ws_connect("/room") as ann, client.ws_connect("/room") as bob:
            await ann.send_str("hello from Ann")
            print("Bob hears:", await bob.receive_str())
            print("Ann hears:", await ann.receive_str())


if __name__ == "__main__":
    asyncio.run(main())
