"""A chat over WebSockets: ``python examples/server_chat.py [PORT]``, then connect to ``/chat``."""

import sys

from aiohttp_core import web

CHATTERS = web.AppKey("chatters", set[web.WebSocketResponse])


async def chat(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    chatters = request.app[CHATTERS]
    chatters.add(socket)
    try:
        async for message in socket:
            if message.type is web.WSMsgType.TEXT:
                for each in list(chatters):
                    await each.send_str(message.data)
    finally:
        chatters.discard(socket)
    return socket


async def say_goodbye(app: web.Application) -> None:
    for socket in list(app[CHATTERS]):
        await socket.close(code=1001, message=b"Server shutdown")


app = web.Application()
app[CHATTERS] = set()
app.on_shutdown.append(say_goodbye)
app.add_routes([web.get("/chat", chat)])

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else None)
