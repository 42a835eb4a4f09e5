"""A program as its users write them: type checkers must be content with it, and know what it says they know."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, assert_type  # Python 3.11; this file is checked, and not run, by older ones

from multidict import CIMultiDictProxy
from yarl import URL

import aiohttp_core
from aiohttp_core import ClientSession, ClientTimeout, TraceConfig, hdrs, web
from aiohttp_core.abc import AbstractAccessLogger, AbstractResolver, ResolveResult
from aiohttp_core.client_exceptions import ClientConnectorError
from aiohttp_core.client_reqrep import ClientRequest
from aiohttp_core.test_utils import AioHTTPTestCase, TestClient, TestServer, make_mocked_request
from aiohttp_core.typedefs import Handler, LooseHeaders, StrOrURL
from aiohttp_core.web_request import Request
from aiohttp_core.web_urldispatcher import UrlDispatcher


@dataclass
class Settings:
    name: str


@dataclass
class Room:
    chatters: set[web.WebSocketResponse] = field(default_factory=set[web.WebSocketResponse])


SETTINGS = web.AppKey("settings", Settings)
ROOM = web.AppKey("room", Room)
USER = web.RequestKey("user", str)
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


async def greeted(request: web.Request) -> web.StreamResponse:
    response = await hello(request)
    assert_type(response, web.StreamResponse)
    return response


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


def require(role: str) -> Callable[[Handler], Handler]:
    """A decorator of handlers, as programs write them."""

    def decorate(handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if request.headers.get(hdrs.AUTHORIZATION) != role:
                raise web.HTTPUnauthorized(headers={hdrs.WWW_AUTHENTICATE: "Basic"})
            request[USER] = role
            assert_type(request[USER], str)
            return await handler(request)

        return guarded

    return decorate


@routes.post("/upload")
@require("writer")
async def upload(request: web.Request) -> web.Response:
    reader = await request.multipart()
    size = 0
    async for part in reader:
        if isinstance(part, aiohttp_core.BodyPartReader):
            while chunk := await part.read_chunk(8192):
                size += len(chunk)
    assert_type(request.remote, str | None)
    assert_type(request.content_length, int | None)
    raise web.HTTPSeeOther(location=f"/files/{size}")


@routes.get("/stream")
async def stream(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(status=200, headers={hdrs.CONTENT_TYPE: "text/plain"})
    response.enable_compression()
    response.set_cookie("seen", "yes", max_age=3600, httponly=True, samesite="Lax")
    await response.prepare(request)
    for number in range(3):
        await response.write(f"{number}\n".encode())
    await response.write_eof()
    return response


async def chat(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(heartbeat=30, max_msg_size=2**20)
    await socket.prepare(request)
    room = request.app[ROOM]
    room.chatters.add(socket)
    try:
        async for message in socket:
            if message.type is web.WSMsgType.TEXT:
                await asyncio.gather(*(each.send_str(message.data) for each in room.chatters))
            elif message.type is web.WSMsgType.ERROR:
                print(socket.exception())
    finally:
        room.chatters.discard(socket)
    return socket


async def say_goodbye(app: web.Application) -> None:
    for socket in app[ROOM].chatters:
        assert_type(await socket.close(code=aiohttp_core.WSCloseCode.GOING_AWAY, message=b"bye"), bool)


async def on_prepare(request: web.Request, response: web.StreamResponse) -> None:
    response.headers[hdrs.SERVER] = "mine"


async def resources(app: web.Application) -> AsyncIterator[None]:
    app[SETTINGS] = Settings("world")
    app[ROOM] = Room()
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


async def bearer(request: ClientRequest, handler: aiohttp_core.ClientHandlerType) -> aiohttp_core.ClientResponse:
    """A client middleware."""
    request.headers[hdrs.AUTHORIZATION] = "Bearer x"
    response = await handler(request)
    assert_type(response.status, int)
    return response


async def on_end(session: ClientSession, context: SimpleNamespace, params: aiohttp_core.TraceRequestEndParams) -> None:
    assert_type(params.response, aiohttp_core.ClientResponse)
    assert_type(params.url, URL)


async def download(session: ClientSession, url: URL, to: Path) -> int:
    written = 0
    async with session.get(url, timeout=ClientTimeout(sock_read=10), ssl=ssl.create_default_context()) as response:
        response.raise_for_status()
        assert_type(response.headers, CIMultiDictProxy[str])
        assert_type(response.url, URL)
        with to.open("wb") as file:
            async for chunk in response.content.iter_chunked(65536):
                assert_type(chunk, bytes)
                written += file.write(chunk)
    return written


async def talk(session: ClientSession) -> None:
    async with session.ws_connect("wss://a.invalid/", heartbeat=10, protocols=("chat",)) as socket:
        await socket.send_json({"a": 1})
        assert_type(await socket.receive_str(), str)
        assert_type(await socket.receive(), aiohttp_core.WSMessage)
        async for message in socket:
            assert_type(message, aiohttp_core.WSMessage)
            if message.type is aiohttp_core.WSMsgType.TEXT:
                print(message.json())
            elif message.type in (aiohttp_core.WSMsgType.CLOSED, aiohttp_core.WSMsgType.ERROR):
                break
        assert_type(socket.close_code, int | None)
        assert_type(await socket.receive_bytes(), bytes)
    async with session.ws_connect("wss://a.invalid/", decode_text=False) as octets:
        assert_type(await octets.receive_str(), bytes)


class Counting(aiohttp_core.ClientWebSocketResponse):
    count = 0

    async def receive(self, timeout: float | None = None) -> aiohttp_core.WSMessage:
        self.count += 1
        return await super().receive(timeout)


async def send(session: ClientSession) -> Any:
    form = aiohttp_core.FormData({"title": "x"})
    form.add_field("file", bytes(100), filename="a.bin", content_type="application/octet-stream")
    async with session.post("/form", data=form, allow_redirects=False) as response:
        print(response.cookies["seen"].value)
        assert_type(response.history, tuple[aiohttp_core.ClientResponse, ...])
    with aiohttp_core.MultipartWriter("mixed") as writer:
        writer.append_json({"a": 1})
        writer.append("text", {hdrs.CONTENT_TYPE: "text/plain"})
    async with session.put("/mixed", data=writer, compress="deflate") as response:
        if response.ok and response.content_type == "application/json":
            return await response.json()
    try:
        async with session.request("DELETE", "/x", raise_for_status=True):
            pass
    except aiohttp_core.ClientResponseError as exc:
        assert_type(exc.status, int)
        assert_type(exc.request_info.real_url, URL)
    except (aiohttp_core.ClientConnectionError, asyncio.TimeoutError) as exc:
        print(repr(exc))
    response = await session.head("/y")
    response.release()


async def many(urls: list[str]) -> list[bytes]:
    tracing = TraceConfig()
    tracing.on_request_end.append(on_end)
    jar = aiohttp_core.CookieJar(unsafe=True)
    jar.update_cookies({"a": "b"}, URL("http://127.0.0.1/"))
    async with ClientSession(
        "http://127.0.0.1/",
        connector=aiohttp_core.TCPConnector(limit_per_host=5, ttl_dns_cache=60),
        cookie_jar=jar,
        headers={"User-Agent": "mine"},
        middlewares=(bearer,),
        raise_for_status=True,
        trace_configs=[tracing],
    ) as session:

        async def one(url: str) -> bytes:
            async with session.get(url, middlewares=()) as response:
                return await response.read()

        results = await asyncio.gather(*(one(url) for url in urls))
        await talk(session)
        await send(session)
    return results


async def serve(app: web.Application) -> None:
    runner = web.AppRunner(app, access_log_class=Logger, shutdown_timeout=5)
    await runner.setup()
    sites: list[web.BaseSite] = [web.TCPSite(runner, "127.0.0.1", 0), web.UnixSite(runner, "/tmp/x.sock")]
    for site in sites:
        await site.start()
    await runner.cleanup()


class Case(AioHTTPTestCase):
    async def get_application(self) -> web.Application:
        return make_app()

    async def test_page(self) -> None:
        async with self.client.get("/view") as response:
            self.assertEqual(response.status, 200)


def make_app() -> web.Application:
    app = web.Application(middlewares=[timing, web.normalize_path_middleware()], client_max_size=2**20)
    app.cleanup_ctx.append(resources)
    app.on_shutdown.append(say_goodbye)
    app.on_response_prepare.append(on_prepare)
    app.add_routes(routes)
    app.add_routes([web.get("/chat", chat), web.static("/files", "."), web.view("/other", Page)])
    admin = web.Application()
    admin.router.add_route("*", "/", hello, name="admin")
    app.add_subapp("/admin/", admin)
    assert_type(app.router, UrlDispatcher)
    assert_type(admin.router["admin"].url_for(), URL)
    return app


async def run(start: Callable[[], Awaitable[web.Application]]) -> None:
    await serve(await start())


async def test() -> None:
    app = make_app()
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
    web.run_app(make_app(), host="127.0.0.1", port=8080, access_log=None)
