"""One server of one library, for the driver: ``python serve.py PEER LOOP`` prints its port and serves until killed."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

PLAIN = "Hello, World!"
CANNED = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 13\r\n\r\nHello, World!"
LARGE = bytes(1_000_000)


def aiohttp_application(web: Any, middlewares: int = 0) -> Any:
    """The application, for aiohttp and for us: only the module differs."""

    async def plain(request: Any) -> Any:
        return web.Response(text=PLAIN)

    async def json_answer(request: Any) -> Any:
        return web.json_response({"message": PLAIN, "numbers": [1, 2, 3]})

    async def parameter(request: Any) -> Any:
        return web.Response(text=request.match_info["name"] + request.query.get("q", ""))

    async def echo(request: Any) -> Any:
        return web.Response(body=await request.read())

    async def large(request: Any) -> Any:
        return web.Response(body=LARGE)

    async def stream(request: Any) -> Any:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"x" * 100)
        return response

    @web.middleware
    async def passing(request: Any, handler: Any) -> Any:
        return await handler(request)

    app = web.Application(middlewares=[passing] * middlewares, client_max_size=2**24)
    app.router.add_get("/plain", plain)
    app.router.add_get("/json", json_answer)
    app.router.add_get("/user/{name}", parameter)
    app.router.add_post("/echo", echo)
    app.router.add_get("/large", large)
    app.router.add_get("/stream", stream)
    for number in range(500):
        app.router.add_get(f"/route{number}/{{name}}/end", parameter)
    return app


async def serve_aiohttp(web: Any, middlewares: int) -> int:
    runner = web.AppRunner(aiohttp_application(web, middlewares), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return int(runner.addresses[0][1])


class Raw(asyncio.Protocol):
    """The limit: canned octets for whatever comes, one answer for each blank line."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(CANNED * data.count(b"\r\n\r\n"))


async def serve_raw() -> int:
    server = await asyncio.get_running_loop().create_server(Raw, "127.0.0.1", 0)
    return int(server.sockets[0].getsockname()[1])


async def serve_uvicorn(application: Any) -> int:
    import uvicorn

    config = uvicorn.Config(application, port=0, http="httptools", loop="none", access_log=False, log_level="error")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
        if task.done():
            task.result()
    return int(server.servers[0].sockets[0].getsockname()[1])


async def bare(scope: Any, receive: Any, send: Any) -> None:
    """The least ASGI application."""
    if scope["type"] == "http":
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"13")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": PLAIN.encode()})


def starlette_application() -> Any:
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
    from starlette.routing import Route

    async def plain(request: Any) -> Any:
        return PlainTextResponse(PLAIN)

    async def json_answer(request: Any) -> Any:
        return JSONResponse({"message": PLAIN, "numbers": [1, 2, 3]})

    async def parameter(request: Any) -> Any:
        return PlainTextResponse(request.path_params["name"] + request.query_params.get("q", ""))

    async def echo(request: Any) -> Any:
        return Response(await request.body())

    async def large(request: Any) -> Any:
        return Response(LARGE)

    async def stream(request: Any) -> Any:
        async def pieces() -> Any:
            for _ in range(100):
                yield b"x" * 100

        return StreamingResponse(pieces())

    routes = [
        Route("/plain", plain),
        Route("/json", json_answer),
        Route("/user/{name}", parameter),
        Route("/echo", echo, methods=["POST"]),
        Route("/large", large),
        Route("/stream", stream),
    ]
    routes += [Route(f"/route{number}/{{name}}/end", parameter) for number in range(500)]
    return Starlette(routes=routes)


async def serve(peer: str) -> int:
    """Start ``peer`` and give its port."""
    name, _, variant = peer.partition("+")
    middlewares = 3 if variant == "middlewares" else 0
    if name.startswith("aiohttp_core"):
        from aiohttp_core import web

        return await serve_aiohttp(web, middlewares)
    if name.startswith("aiohttp"):
        from aiohttp import web  # type: ignore[assignment,no-redef]

        return await serve_aiohttp(web, middlewares)
    if name == "uvicorn":
        return await serve_uvicorn(bare)
    if name == "starlette":
        return await serve_uvicorn(starlette_application())
    return await serve_raw()


async def main(peer: str) -> None:
    port = await serve(peer)
    print(json.dumps({"port": port}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    if sys.argv[2] == "uvloop":
        import uvloop

        uvloop.run(main(sys.argv[1]))
    else:
        asyncio.run(main(sys.argv[1]))
