"""What an application opens at its start and closes at its end. `python examples/server_resources.py`."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator

from aiohttp_core import web
from aiohttp_core.test_utils import TestClient, TestServer

DATABASE = web.AppKey("database", sqlite3.Connection)
routes = web.RouteTableDef()


async def database(app: web.Application) -> AsyncIterator[None]:
    app[DATABASE] = sqlite3.connect(":memory:")
    app[DATABASE].execute("create table visits (name text)")
    yield
    app[DATABASE].close()


@routes.view("/visits/{name}")
class Visits(web.View):
    """GET counts, POST adds."""

    async def get(self) -> web.Response:
        query = "select count(*) from visits where name = ?"
        [(count,)] = self.request.app[DATABASE].execute(query, (self.request.match_info["name"],))
        return web.json_response({"visits": count})

    async def post(self) -> web.Response:
        self.request.app[DATABASE].execute("insert into visits values (?)", (self.request.match_info["name"],))
        return web.Response(status=201)


def make_app() -> web.Application:
    app = web.Application()
    app.cleanup_ctx.append(database)
    app.add_routes(routes)
    return app


async def main() -> None:
    async with TestClient(TestServer(make_app())) as client:
        for _ in range(2):
            await client.post("/visits/ann")
        async with client.get("/visits/ann") as response:
            print(await response.json())


if __name__ == "__main__":
    asyncio.run(main())
