"""What libraries on aiohttp replace, override, read and rely on beyond its documented interface."""

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import attr
import attrs
import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

import aiohttp_core
from aiohttp_core import ClientResponse, ClientSession, TCPConnector, web
from aiohttp_core.base_protocol import BaseProtocol
from aiohttp_core.client_reqrep import ClientRequest, RequestInfo
from aiohttp_core.helpers import TimerNoop
from aiohttp_core.test_utils import BaseTestServer, RawTestServer, TestClient, TestServer

RUN_LOGGERS = ("access", "client", "internal", "server", "web", "websocket")


async def hello(request: web.BaseRequest) -> web.Response:
    return web.Response(text="hello")


def application() -> web.Application:
    app = web.Application()
    app.router.add_get("/", hello)
    return app


def with_client(body: Callable[[TestClient[Any, Any]], Awaitable[None]], app: web.Application | None = None) -> None:
    async def main() -> None:
        async with TestClient(TestServer(app or application())) as client:
            await body(client)

    asyncio.run(main())


# Replaced at run time


def test_request_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A replaced ClientSession._request answers every verb: mocks and recorders live on it."""
    seen: list[tuple[str, str]] = []

    async def fake(self: ClientSession, method: str, url: Any, **kwargs: Any) -> Any:
        seen.append((method, str(url)))
        raise aiohttp_core.ClientConnectionError("mocked")

    monkeypatch.setattr("aiohttp_core.client.ClientSession._request", fake)

    async def main() -> None:
        async with ClientSession() as session:
            for verb in ("get", "post", "put", "delete", "head", "options", "patch"):
                with pytest.raises(aiohttp_core.ClientConnectionError, match="mocked"):
                    async with getattr(session, verb)("http://nowhere.invalid/"):
                        pass
            with pytest.raises(aiohttp_core.ClientConnectionError, match="mocked"):
                await session.request("QUERY", "http://nowhere.invalid/")

    asyncio.run(main())
    assert [method for method, _ in seen] == ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "QUERY"]


def test_session_init_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrapped ClientSession.__init__ is called with what the program gave: instrumentation adds trace configs."""
    original = ClientSession.__init__

    def instrumented(self: ClientSession, *args: Any, **kwargs: Any) -> None:
        kwargs["trace_configs"] = [*kwargs.get("trace_configs", ()), aiohttp_core.TraceConfig()]
        original(self, *args, **kwargs)

    monkeypatch.setattr(ClientSession, "__init__", instrumented)

    async def main() -> None:
        async with ClientSession() as session:
            assert len(session._trace_configs) == 1

    asyncio.run(main())


def test_application_handle_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A replaced Application._handle sees every request: error reporters wrap it."""
    original = web.Application._handle
    seen = []

    async def wrapped(self: web.Application, request: web.Request) -> Any:
        seen.append(request.path)
        return await original(self, request)

    monkeypatch.setattr(web.Application, "_handle", wrapped)

    async def body(client: TestClient[Any, Any]) -> None:
        assert await (await client.get("/")).text() == "hello"

    with_client(body)
    assert seen == ["/"]


def test_resolve_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A replaced UrlDispatcher.resolve sees every request."""
    original = web.UrlDispatcher.resolve
    seen = []

    async def wrapped(self: web.UrlDispatcher, request: web.Request) -> Any:
        match = await original(self, request)
        seen.append(match.handler.__name__)
        return match

    monkeypatch.setattr(web.UrlDispatcher, "resolve", wrapped)

    async def body(client: TestClient[Any, Any]) -> None:
        assert (await client.get("/")).status == 200

    with_client(body)
    assert seen == ["hello"]


# Overridden in subclasses


def test_connector_overrides() -> None:
    """TCPConnector's _resolve_host and _wrap_create_connection are called where a subclass has them."""
    called = []

    class Connector(TCPConnector):
        async def _resolve_host(self, host: str, port: int, traces: Any = None) -> Any:
            called.append(("resolve", host))
            return await super()._resolve_host("127.0.0.1", port, traces)

        async def _wrap_create_connection(self, *args: Any, **kwargs: Any) -> Any:
            called.append(("create", ""))
            return await super()._wrap_create_connection(*args, **kwargs)

    async def main() -> None:
        async with TestServer(application()) as server:
            async with ClientSession(connector=Connector()) as session:
                async with session.get(f"http://elsewhere.invalid:{server.port}/") as response:
                    assert await response.text() == "hello"

    asyncio.run(main())
    assert called == [("resolve", "elsewhere.invalid"), ("create", "")]


def test_proxy_request_override() -> None:
    """_update_proxy_auth_header_and_build_proxy_req may set the proxy request's _ssl, as clients of AWS do."""
    called = []

    class Connector(TCPConnector):
        def _update_proxy_auth_header_and_build_proxy_req(self, req: ClientRequest) -> ClientRequest:
            proxy_request = super()._update_proxy_auth_header_and_build_proxy_req(req)
            proxy_request._ssl = True
            called.append(str(proxy_request.url))
            return proxy_request

    async def proxy(request: web.BaseRequest) -> web.Response:
        return web.Response(text=f"for {request.raw_path}")

    async def main() -> None:
        async with RawTestServer(proxy) as server:
            async with ClientSession(connector=Connector()) as session:
                async with session.get("http://target.invalid/", proxy=server.make_url("/")) as response:
                    assert await response.text() == "for http://target.invalid/"

    asyncio.run(main())
    assert len(called) == 1


def test_static_handle_override(tmp_path: Path) -> None:
    """An instance's replaced StaticResource._handle serves the files: development servers inject scripts there."""
    (tmp_path / "page.html").write_text("page", encoding="utf-8")
    app = web.Application()

    class Static(web.StaticResource):
        async def _handle(self, request: web.Request) -> web.StreamResponse:
            response = await super()._handle(request)
            response.headers["X-Seen"] = "yes"
            return response

    resource = Static("/static", tmp_path)
    app.router.register_resource(resource)
    assert resource._directory == tmp_path.resolve()
    assert resource._show_index is False
    assert set(resource._routes) == {"GET", "HEAD"}

    async def body(client: TestClient[Any, Any]) -> None:
        response = await client.get("/static/page.html")
        assert (await response.text(), response.headers["X-Seen"]) == ("page", "yes")

    with_client(body, app)


def test_test_server_overrides() -> None:
    """BaseTestServer's _make_runner is what a subclass overrides, and RawTestServer keeps its _handler."""

    class Server(BaseTestServer):
        async def _make_runner(self, **kwargs: Any) -> web.BaseRunner:
            return web.AppRunner(application(), **kwargs)

    async def main() -> None:
        async with TestClient(Server()) as client:
            assert await (await client.get("/")).text() == "hello"
        assert RawTestServer(hello)._handler is hello

    asyncio.run(main())


def test_response_start_override() -> None:
    """StreamResponse._start, which every response passes, may be overridden."""
    started = []

    class Response(web.Response):
        async def _start(self, request: web.BaseRequest) -> Any:
            started.append(request.path)
            return await super()._start(request)

    async def handler(request: web.Request) -> Response:
        response = Response(text="x")
        assert response._keep_alive is None
        await response.prepare(request)
        assert response._req is request
        assert response._payload_writer is not None
        return response

    app = web.Application()
    app.router.add_get("/", handler)

    async def body(client: TestClient[Any, Any]) -> None:
        assert (await client.get("/")).status == 200

    with_client(body, app)
    assert started == ["/"]


# Attributes


def test_response_constructor() -> None:
    """ClientResponse can be made by hand from aiohttp's parameters, and filled by its private attributes."""
    parameters = list(inspect.signature(ClientResponse.__init__).parameters)
    names = "self method url writer continue100 timer request_info traces loop session stream_writer"
    assert parameters == names.split()

    async def main() -> None:
        url = URL("http://a.invalid/")
        headers: CIMultiDictProxy[str] = CIMultiDictProxy(CIMultiDict({"Content-Type": "application/json"}))
        response = ClientResponse(
            "GET",
            url,
            writer=None,
            continue100=None,
            timer=TimerNoop(),
            request_info=RequestInfo(url, "GET", headers, url),
            traces=[],
            loop=asyncio.get_running_loop(),
            session=None,  # type: ignore[arg-type]
            stream_writer=None,
        )
        response.status = 200
        response.reason = "OK"
        response._headers = headers
        response._raw_headers = ((b"Content-Type", b"application/json"),)
        response._body = b'{"a": 1}'
        response._history = ()
        response._released = True
        assert await response.json() == {"a": 1}
        assert response.content_type == "application/json"
        assert response._connection is None

    asyncio.run(main())


def test_session_attributes() -> None:
    """The private attributes of a session that others read hold what they say."""

    async def main() -> None:
        with pytest.warns(DeprecationWarning, match="BasicAuth is deprecated"):
            auth = aiohttp_core.BasicAuth("me", "secret")
        with pytest.warns(DeprecationWarning, match="'auth' parameter is deprecated"):
            session = ClientSession(
                "http://a.invalid/", headers={"X-A": "b"}, auth=auth, trust_env=True, raise_for_status=True
            )
        async with session:
            assert session._connector is session.connector
            assert session._cookie_jar is session.cookie_jar
            assert session._trace_configs == []
            assert session._trust_env is True
            assert session._raise_for_status is True
            assert session._build_url("/x") == URL("http://a.invalid/x")
            assert session._prepare_headers({"X-C": "d"}) == {"X-A": "b", "X-C": "d"}
            assert session._base_url == URL("http://a.invalid/")
            assert session._default_auth is auth
            assert session._default_headers == {"X-A": "b"}
            assert session._timeout is session.timeout
            assert session._retry_connection is True
            assert hasattr(session, "_json_serialize_bytes")

    asyncio.run(main())


def test_connector_attributes() -> None:
    """The private attributes of a connector that others read hold what they say."""

    async def main() -> None:
        connector = TCPConnector(limit=7, limit_per_host=3, force_close=True, ssl=False)
        assert (connector._limit, connector._limit_per_host, connector._force_close) == (7, 3, True)
        assert connector._ssl is False
        assert connector._family == 0
        assert connector._resolver is not None
        assert not connector._conns
        assert connector._closed is False
        closing = connector._close()
        if inspect.isawaitable(closing):
            await closing
        assert connector._closed is True
        await connector.close()

    asyncio.run(main())


def test_protocol_attributes() -> None:
    """BaseProtocol has _reading_paused, and _drain_helper waits for the transport."""

    async def main() -> None:
        protocol = BaseProtocol(asyncio.get_running_loop())
        assert protocol._reading_paused is False
        protocol.connection_made(asyncio.Transport())
        protocol.pause_writing()
        waiting = asyncio.ensure_future(protocol._drain_helper())
        await asyncio.sleep(0)
        assert not waiting.done()
        protocol.resume_writing()
        await waiting

    asyncio.run(main())


def test_client_websocket_attributes() -> None:
    """A client's WebSocket has _response, _writer with send_frame, and _closing."""

    async def handler(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            await socket.send_str(message.data)
        return socket

    app = web.Application()
    app.router.add_get("/", handler)

    async def body(client: TestClient[Any, Any]) -> None:
        async with client.ws_connect("/") as socket:
            assert socket._response.status == 101
            assert socket._closing is False
            await socket._writer.send_frame(b"framed", aiohttp_core.WSMsgType.TEXT)
            assert await socket.receive_str() == "framed"

    with_client(body, app)


def test_server_attributes() -> None:
    """A request keeps its content in _read_bytes, an application its _subapps and _debug, a form its _fields."""

    async def handler(request: web.Request) -> web.Response:
        assert request._read_bytes is None
        await request.read()
        assert request._read_bytes == b"abc"
        return web.Response()

    app, below = web.Application(), web.Application()
    below.router.add_post("/", handler)
    app.add_subapp("/sub", below)
    assert app._subapps == [below]
    assert hasattr(app, "_debug")
    form = aiohttp_core.FormData({"a": "b"})
    assert len(form._fields) == 1

    async def body(client: TestClient[Any, Any]) -> None:
        assert (await client.post("/sub/", data=b"abc")).status == 200

    with_client(body, app)


# Contracts nobody wrote down


def test_client_timeout_is_an_attrs_class() -> None:
    """attrs.evolve and attr.evolve change one part of a ClientTimeout."""
    timeout = aiohttp_core.ClientTimeout(total=5, connect=1)
    for evolve in (attrs.evolve, attr.evolve):
        changed = evolve(timeout, total=7)
        assert (changed.total, changed.connect) == (7, 1)


def test_application_is_callable() -> None:
    """Gunicorn calls the application and gets it back."""
    app = web.Application()
    assert app() is app


def test_loggers() -> None:
    """Records arrive at the loggers that programs of aiohttp configure."""
    from aiohttp_core import log

    loggers = (log.access_logger, log.client_logger, log.internal_logger)
    loggers += (log.server_logger, log.web_logger, log.ws_logger)
    assert [logger.name for logger in loggers] == [f"aiohttp.{name}" for name in RUN_LOGGERS]


def test_access_log_record(caplog: pytest.LogCaptureFixture) -> None:
    """A handler attached to aiohttp.access gets a record for each request."""

    async def body(client: TestClient[Any, Any]) -> None:
        assert (await client.get("/")).status == 200

    with caplog.at_level(logging.INFO, "aiohttp.access"):
        with_client(body)
    assert any('"GET / HTTP/1.1" 200' in record.getMessage() for record in caplog.records)


def test_streamer_warns() -> None:
    """The deprecated streamer still works, and warns at the line that uses it."""
    with pytest.warns(DeprecationWarning, match="async generators") as caught:

        @aiohttp_core.streamer
        async def content(writer: Any, text: bytes) -> None:
            await writer.write(text)

    assert caught[0].filename == __file__

    async def echo(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    app = web.Application()
    app.router.add_post("/", echo)

    async def body(client: TestClient[Any, Any]) -> None:
        assert await (await client.post("/", data=content(b"streamed"))).read() == b"streamed"

    with_client(body, app)
