"""A small web service: a page, a JSON echo, a streamed download and a WebSocket echo.

Run it with ``make serve`` or ``python examples/server.py [--host HOST] [--port PORT]``.
"""

import argparse

from aiohttp_core import WSMsgType, web


async def page(request: web.Request) -> web.Response:
    """Greet by the name in the path."""
    name = request.match_info.get("name", "world")
    return web.Response(text=f"Hello, {name}!\n")


async def echo_json(request: web.Request) -> web.Response:
    """Send back what was posted, with the number of its keys."""
    data = await request.json()
    return web.json_response({"received": data, "keys": len(data)})


async def download(request: web.Request) -> web.StreamResponse:
    """Stream as many octets as the query asks for, at most 100 MB."""
    size = min(int(request.query.get("size", "1000000")), 100_000_000)
    response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
    await response.prepare(request)
    piece = bytes(65536)
    while size > 0:
        await response.write(piece[:size])
        size -= len(piece)
    return response


async def length(request: web.Request) -> web.Response:
    """Count what is sent, without keeping it."""
    size = 0
    async for piece in request.content.iter_chunked(65536):
        size += len(piece)
    return web.Response(text=f"{size} octets")


async def echo_websocket(request: web.Request) -> web.WebSocketResponse:
    """Send back every message."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        if message.type is WSMsgType.TEXT:
            await socket.send_str(message.data)
        elif message.type is WSMsgType.BINARY:
            await socket.send_bytes(message.data)
    return socket


def make_app() -> web.Application:
    """The application."""
    app = web.Application()
    app.add_routes(
        [
            web.get("/", page),
            web.get("/hello/{name}", page),
            web.post("/json", echo_json),
            web.get("/download", download),
            web.post("/length", length),
            web.get("/ws", echo_websocket),
        ]
    )
    return app


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    options = parser.parse_args()
    web.run_app(make_app(), host=options.host, port=options.port)
