"""A program as its users write them: type checkers must be content with it, and know what it says they know."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import assert_type  # Python 3.11; this file is checked, and not run, by older ones

import aiohttp_core
from aiohttp_core import ClientSession, ClientTimeout, TraceConfig, hdrs, web
from aiohttp_core.abc import AbstractAccessLogger, AbstractResolver, ResolveResult
from aiohttp_core.client_exceptions import ClientConnectorError
from aiohttp_core.client_reqrep import ClientRequest
from aiohttp_core.test_utils import TestClient, TestServer, make_mocked_request
from aiohttp_core.typedefs import Handler, LooseHeaders, StrOrURL
from aiohttp_core.web_request import Request
from aiohttp_core.web_urldispatcher import UrlDispatcher


@dataclass
class Settings:
    name: str


SETTINGS = web.AppKey("settings", Settings)
routes = web.RouteTableDef()


@routes.get("/{name}")
async def hello(request: web.Request) -> web.StreamResponse:
    assert_type(request.app[SETTINGS], Settings)
    assert_type(request.match_info["name"], str)
    assert_type(request.query.get("q"), str | None)
    data = await request.post()
    field = data.get("file")
    if isinstance(field, web.FileField):
        assert_type(field.filename, str)
    return web.json_response({"hello": request.app[SETTINGS].name})


@routes.view("/view")
class Page(web.View):
    async def get(self) -> web.Response:
        return web.Response(text=self.request.path, headers={hdrs.CACHE_CONTROL: "no-store"})


@web.middleware
async def timing(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPNotFound as exc:
        assert_type(exc.status, int)
        raise


async def chat(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(heartbeat=30, max_msg_size=2**20)
    await socket.prepare(request)
    async for message in socket:
        if message.type is web.WSMsgType.TEXT:
            await socket.send_str(message.data)
    return socket


async def resources(app: web.Application) -> AsyncIterator[None]:
    app[SETTINGS] = Settings("world")
    yield


class Resolver(AbstractResolver):
    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return []

    async def close(self) -> None:
        pass


class Logger(AbstractAccessLogger):
    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        self.logger.info("%s %d", request.path, response.status)


async def on_start(session: ClientSession, context: object, params: aiohttp_core.TraceRequestStartParams) -> None:
    assert_type(params.method, str)


async def fetch(url: StrOrURL, headers: LooseHeaders | None = None) -> bytes:
    tracing = TraceConfig()
    tracing.on_request_start.append(on_start)
    connector = aiohttp_core.TCPConnector(limit=10, resolver=Resolver())
    async with ClientSession(
        connector=connector, timeout=ClientTimeout(total=5), trace_configs=[tracing], request_class=ClientRequest
    ) as session:
        try:
            async with session.get(url, headers=headers, params={"a": "b"}) as response:
                assert_type(response, aiohttp_core.ClientResponse)
                assert_type(response.status, int)
                assert_type(await response.text(), str)
                return await response.read()
        except ClientConnectorError as exc:
            print(exc.host, exc.os_error)
            raise


async def test() -> None:
    app = web.Application(middlewares=[timing])
    app.cleanup_ctx.append(resources)
    app.add_routes(routes)
    app.router.add_get("/chat", chat)
    assert_type(app.router, UrlDispatcher)
    async with TestClient(TestServer(app)) as client:
        response = await client.get("/x")
        assert_type(response, aiohttp_core.ClientResponse)
        async with client.ws_connect("/chat") as socket:
            await socket.send_str("x")
            assert_type(await socket.receive_str(), str)
    request: Request = make_mocked_request("GET", "/")
    await hello(request)


if __name__ == "__main__":
    asyncio.run(test())
