"""Errors as JSON by a server middleware. `python examples/server_middleware.py`."""

import asyncio

from aiohttp_core import web
from aiohttp_core.test_utils import TestClient, TestServer
from aiohttp_core.typedefs import Handler


@web.middleware
async def json_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as exc:
        if exc.status < 400:
            raise
        return web.json_response({"error": exc.reason}, status=exc.status)


async def private(request: web.Request) -> web.Response:
    raise web.HTTPForbidden(reason="not for you")


def make_app() -> web.Application:
    app = web.Application(middlewares=[json_errors])
    app.router.add_get("/private", private)
    return app


async def main() -> None:
    async with TestClient(TestServer(make_app())) as client:
        for path in ("/private", "/missing"):
            async with client.get(path) as response:
                print(response.status, await response.json())


if __name__ == "__main__":
    asyncio.run(main())
