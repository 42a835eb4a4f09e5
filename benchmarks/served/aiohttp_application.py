"""The application for aiohttp and for us: only the module differs."""

from __future__ import annotations

import pathlib
from typing import Any

from asked import DOCUMENT, LARGE, MAX_BODY, PIECES, PLAIN, ROUTES, STREAM, STREAMED

PIECE = b"x" * 100_000


def application(web: Any, middlewares: int = 0, static: pathlib.Path | None = None) -> Any:
    """Every path that is asked for."""

    async def plain(request: Any) -> Any:
        return web.Response(text=PLAIN)

    async def json_answer(request: Any) -> Any:
        return web.json_response(DOCUMENT)

    async def parameter(request: Any) -> Any:
        return web.Response(text=request.match_info["name"] + request.query.get("q", ""))

    async def echo(request: Any) -> Any:
        return web.Response(body=await request.read())

    async def large(request: Any) -> Any:
        return web.Response(body=LARGE)

    async def stream(request: Any) -> Any:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(PIECES):
            await response.write(STREAMED)
        return response

    async def upload(request: Any) -> Any:
        size = 0
        async for part in await request.multipart():
            while chunk := await part.read_chunk(65536):
                size += len(chunk)
        return web.Response(text=str(size))

    async def down(request: Any) -> Any:
        response = web.StreamResponse()
        response.content_length = STREAM
        await response.prepare(request)
        for _ in range(STREAM // len(PIECE)):
            await response.write(PIECE)
        return response

    async def up(request: Any) -> Any:
        size = 0
        async for piece in request.content.iter_any():
            size += len(piece)
        return web.Response(text=str(size))

    @web.middleware
    async def passing(request: Any, handler: Any) -> Any:
        return await handler(request)

    app = web.Application(middlewares=[passing] * middlewares, client_max_size=MAX_BODY)
    app.router.add_get("/plain", plain)
    app.router.add_get("/json", json_answer)
    app.router.add_get("/user/{name}", parameter)
    app.router.add_post("/echo", echo)
    app.router.add_get("/large", large)
    app.router.add_get("/stream", stream)
    app.router.add_post("/multipart", upload)
    app.router.add_get("/down", down)
    app.router.add_post("/up", up)
    for number in range(ROUTES):
        app.router.add_get(f"/route{number}/{{name}}/end", parameter)
    if static is not None:
        app.router.add_static("/static", static)
    return app
