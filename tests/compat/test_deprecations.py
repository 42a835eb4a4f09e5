"""What aiohttp 3.14 deprecates still works, and says so at the program's line; the texts are those of 3.14.5."""

import asyncio
import inspect
import socket
import subprocess
import sys
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from yarl import URL

import aiohttp_core
from aiohttp_core import ClientSession, web
from aiohttp_core.base_protocol import BaseProtocol
from aiohttp_core.client_reqrep import ClientRequest
from aiohttp_core.test_utils import TestClient, TestServer, make_mocked_request, unittest_run_loop

NOBODY = "http://127.0.0.1:1/"
AUTH = "The 'auth' parameter is deprecated and will be removed in v4; pass headers={'Authorization': "
PROXY_AUTH = (
    "The 'proxy_auth' parameter is deprecated and will be removed in v4; pass proxy_headers={'Proxy-Authorization': "
)
BYTES = "In v4, passing bytes will no longer create a file field. Please explicitly use the filename parameter"
CASES: list[tuple[str, Callable[[], Any]]] = []
Case = Callable[[], Any]


def warns(text: str) -> Callable[[Case], Case]:
    """Add a case: calling it gives warnings that begin with ``text``, and no others."""

    def add(case: Case) -> Case:
        CASES.append((text, case))
        return case

    return add


def some_auth() -> aiohttp_core.BasicAuth:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return aiohttp_core.BasicAuth("me", "secret")


async def hello(request: web.Request) -> web.Response:
    return web.Response(text="hello")


async def echo_socket(request: web.Request) -> web.WebSocketResponse:
    ws = web.WebSocketResponse()
    await ws.prepare(request)
    await ws.close()
    return ws


async def with_server(handler: Any, body: Callable[[TestClient[Any, Any]], Awaitable[None]]) -> None:
    app = web.Application()
    app.router.add_route("*", "/", handler)
    async with TestClient(TestServer(app)) as client:
        await body(client)


async def asked(handler: Any) -> None:
    async def body(client: TestClient[Any, Any]) -> None:
        async with client.get("/") as response:
            assert response.status == 200

    await with_server(handler, body)


# The client


@warns("read_timeout is deprecated, use timeout argument instead")
async def session_read_timeout() -> None:
    async with ClientSession(read_timeout=3) as session:
        assert session.timeout.total == 3


@warns("conn_timeout is deprecated, use timeout argument instead")
async def session_conn_timeout() -> None:
    async with ClientSession(conn_timeout=3) as session:
        assert session.timeout.connect == 3


@warns("client.loop property is deprecated")
async def session_loop() -> None:
    async with ClientSession() as session:
        assert session.loop is asyncio.get_running_loop()


@warns("Inheritance class Session from ClientSession is discouraged")
def session_subclass() -> None:
    class Session(ClientSession):
        pass


@warns(AUTH)
async def session_auth() -> None:
    async with ClientSession(auth=some_auth()) as session:
        assert session.auth == some_auth()


@warns(PROXY_AUTH)
async def session_proxy_auth() -> None:
    await ClientSession(proxy_auth=some_auth()).close()


@warns(AUTH)
async def request_auth() -> None:
    async with ClientSession() as session:
        with pytest.raises(aiohttp_core.ClientConnectorError):
            await session.get(NOBODY, auth=some_auth())


@warns(AUTH)
async def request_auth_in_context() -> None:
    async with ClientSession() as session:
        with pytest.raises(aiohttp_core.ClientConnectorError):
            async with session.get(NOBODY, auth=some_auth()):
                pass


@warns(PROXY_AUTH)
async def request_proxy_auth() -> None:
    async with ClientSession() as session:
        with pytest.raises(aiohttp_core.ClientConnectorError):
            await session.get("http://a.invalid/", proxy=NOBODY, proxy_auth=some_auth())


@warns(AUTH)
async def module_request_auth() -> None:
    with pytest.raises(aiohttp_core.ClientConnectorError):
        async with aiohttp_core.request("GET", NOBODY, auth=some_auth()):
            pass


@warns("session.requote_redirect_url modification is deprecated #2778")
async def session_requote() -> None:
    async with ClientSession() as session:
        session.requote_redirect_url = False
        assert session.requote_redirect_url is False


@warns("The ssl_shutdown_timeout parameter is deprecated and will be removed in aiohttp 4.0")
async def session_ssl_shutdown_timeout() -> None:
    await ClientSession(ssl_shutdown_timeout=0).close()


@warns("The ssl_shutdown_timeout parameter is deprecated and will be removed in aiohttp 4.0")
async def connector_ssl_shutdown_timeout() -> None:
    await aiohttp_core.TCPConnector(ssl_shutdown_timeout=0).close()


@warns("verify_ssl is deprecated, use ssl=False instead")
async def request_verify_ssl() -> None:
    async with ClientSession() as session:
        with pytest.raises(aiohttp_core.ClientConnectorError):
            async with session.get(NOBODY, verify_ssl=False):
                pass


@warns("fingerprint is deprecated, use ssl=Fingerprint(fingerprint) instead")
async def request_fingerprint() -> None:
    async with ClientSession() as session:
        with pytest.raises(aiohttp_core.ClientConnectorError):
            await session.get(NOBODY, fingerprint=bytes(32))


@warns("ssl_context is deprecated, use ssl=context instead")
async def connector_ssl_context() -> None:
    import ssl

    await aiohttp_core.TCPConnector(ssl_context=ssl.create_default_context()).close()


@warns("parameter 'timeout' of type 'float' is deprecated, please use 'timeout=ClientWSTimeout(ws_close=...)'")
async def websocket_timeout() -> None:
    async def body(client: TestClient[Any, Any]) -> None:
        async with ClientSession() as session:
            async with session.ws_connect(client.make_url("/"), timeout=3.0):  # type: ignore[arg-type]
                pass

    await with_server(echo_socket, body)


@warns("float parameter 'receive_timeout' is deprecated, please use parameter 'timeout=ClientWSTimeout(ws_receive=")
async def websocket_receive_timeout() -> None:
    async def body(client: TestClient[Any, Any]) -> None:
        async with ClientSession() as session:
            async with session.ws_connect(client.make_url("/"), receive_timeout=3.0):
                pass

    await with_server(echo_socket, body)


@warns(AUTH)
async def websocket_auth() -> None:
    async def body(client: TestClient[Any, Any]) -> None:
        async with ClientSession() as session:
            async with session.ws_connect(client.make_url("/"), auth=some_auth()):
                pass

    await with_server(echo_socket, body)


@warns("BasicAuth is deprecated and will be removed in aiohttp 4.0; use aiohttp.encode_basic_auth() with headers=")
def basic_auth() -> None:
    assert aiohttp_core.BasicAuth("a", "b").encode() == "Basic YTpi"


@warns('"with Connector():" is deprecated, use "async with Connector():" instead')
async def connector_as_context() -> None:
    with aiohttp_core.TCPConnector() as connector:
        assert not connector.closed


@warns("code argument is deprecated, use status instead")
def error_code_argument() -> None:
    error = aiohttp_core.ClientResponseError(SimpleNamespace(), (), code=400)  # type: ignore[arg-type]
    assert error.status == 400


@warns("code property is deprecated, use status instead")
def error_code() -> None:
    error = aiohttp_core.ClientResponseError(SimpleNamespace(), (), status=400)  # type: ignore[arg-type]
    assert error.code == 400
    error.code = 401


@warns("ClientResponse.output_size is deprecated, use aiohttp.UploadTracker instead")
async def response_output_size() -> None:
    async def body(client: TestClient[Any, Any]) -> None:
        async with client.post("/", data="four") as response:
            assert response.output_size > 4

    await with_server(hello, body)


@warns("ClientResponse.upload_complete is deprecated, use aiohttp.UploadTracker instead")
async def response_upload_complete() -> None:
    async def body(client: TestClient[Any, Any]) -> None:
        async with client.post("/", data="four") as response:
            assert response.upload_complete

    await with_server(hello, body)


@warns("Deprecated, use .url #1654")
async def response_url_obj() -> None:
    async def body(client: TestClient[Any, Any]) -> None:
        async with client.get("/") as response:
            assert response.url_obj == response.url

    await with_server(hello, body)


@warns("connector.loop property is deprecated")
async def connection_loop() -> None:
    class Request(ClientRequest):
        async def send(self, conn: Any) -> Any:
            assert conn.loop is asyncio.get_running_loop()
            return await super().send(conn)

    async def body(client: TestClient[Any, Any]) -> None:
        async with ClientSession(request_class=Request) as session:
            async with session.get(client.make_url("/")) as response:
                assert response.status == 200

    await with_server(hello, body)


@warns("filter_cookies expects yarl.URL instances only,and will stop working in 4.x, got <class 'str'>")
async def cookie_jar_text() -> None:
    jar = aiohttp_core.CookieJar()
    jar.update_cookies({"a": "b"}, URL("http://a.invalid/"))
    assert jar.filter_cookies("http://a.invalid/")["a"].value == "b"  # type: ignore[arg-type]


# Bodies


@warns(BYTES)
def form_add_field() -> None:
    form = aiohttp_core.FormData()
    form.add_field("a", b"b")
    assert form.is_multipart


@warns(BYTES)
def form_constructor() -> None:
    assert aiohttp_core.FormData({"a": b"b"}).is_multipart


@warns(BYTES)
async def form_in_request() -> None:
    async with ClientSession() as session:
        with pytest.raises(aiohttp_core.ClientConnectorError):
            await session.post(NOBODY, data={"a": b"b"})


@warns("content_transfer_encoding is deprecated. To maintain compatibility with v4 please pass a BytesPayload.")
def form_transfer_encoding() -> None:
    aiohttp_core.FormData().add_field("a", "b", content_transfer_encoding="base64")


@warns("unread_data() is deprecated and will be removed in future releases (#3260)")
async def stream_unread_data() -> None:
    loop = asyncio.get_running_loop()
    reader = aiohttp_core.StreamReader(BaseProtocol(loop), 2**16, loop=loop)
    reader.feed_data(b"abc")
    reader.unread_data(await reader.readexactly(1))
    assert await reader.readexactly(3) == b"abc"


# The server


@warns("router argument is deprecated")
def application_router() -> None:
    web.Application(router=web.UrlDispatcher())


@warns("loop argument is deprecated")
async def application_loop_argument() -> None:
    web.Application(loop=asyncio.get_running_loop())


@warns("debug argument is deprecated")
def application_debug_argument() -> None:
    web.Application(debug=True)


@warns("loop property is deprecated")
def application_loop() -> None:
    assert web.Application().loop is None


@warns("debug property is deprecated")
def application_debug() -> None:
    assert isinstance(web.Application().debug, bool)


@warns("Inheritance class App from web.Application is discouraged")
def application_subclass() -> None:
    class App(web.Application):
        pass


@warns("It is recommended to use web.AppKey instances for keys.")
def application_text_key() -> None:
    app = web.Application()
    app["a"] = 1
    assert (app["a"], app.get("a")) == (1, 1)


@warns("It is recommended to use web.RequestKey instances for keys.")
def request_text_key() -> None:
    request = make_mocked_request("GET", "/")
    request["a"] = 1
    assert (request["a"], request.get("a")) == (1, 1)


@warns("It is recommended to use web.ResponseKey instances for keys.")
def response_text_key() -> None:
    response = web.Response()
    response["a"] = 1
    assert (response["a"], response.get("a")) == (1, 1)


@warns("Changing state of started or joined application is deprecated")
async def application_changed() -> None:
    key = web.AppKey("key", int)
    app = web.Application()
    async with TestServer(app):
        app[key] = 1
        del app[key]


@warns("Application.make_handler(...) is deprecated, use AppRunner API instead")
async def application_make_handler() -> None:
    web.Application().make_handler(loop=asyncio.get_running_loop())


@warns("Bare functions are deprecated, use async ones")
async def bare_function() -> None:
    def handler(request: web.Request) -> web.Response:
        return web.Response(text="bare")

    app = web.Application()
    app.router.add_get("/", handler)  # type: ignore[arg-type]
    async with TestClient(TestServer(app)) as client:
        assert await (await client.get("/")).text() == "bare"


@warns("Bare functions are deprecated, use async ones")
def bare_function_in_a_table() -> None:
    web.Application().add_routes([web.post("/", lambda request: web.Response())])  # type: ignore[arg-type, return-value]


@warns("Bare generators are deprecated, use @coroutine wrapper")
def bare_generator() -> None:
    def handler(request: web.Request) -> Any:
        yield

    web.Application().router.add_route("GET", "/", handler)


@warns("body argument is deprecated for http web exceptions")
def exception_body() -> None:
    assert web.HTTPNotFound(body=b"x").body == b"x"


@warns("Deprecated, use .can_read_body #2005")
def request_has_body() -> None:
    assert not make_mocked_request("GET", "/").has_body


@warns("request.loop property is deprecated")
async def request_loop() -> None:
    async def handler(request: web.Request) -> web.Response:
        assert request.loop is asyncio.get_running_loop()
        return web.Response()

    await asked(handler)


@warns("Request.message is deprecated")
async def request_message() -> None:
    async def handler(request: web.Request) -> web.Response:
        assert (request.message.method, request.message.url) == ("GET", URL("/"))
        return web.Response()

    await asked(handler)


@warns("drain method is deprecated, use await resp.write()")
async def response_drain() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.drain()
        return response

    await asked(handler)


@warns("output_length is deprecated")
async def response_output_length() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        assert response.output_length > 0
        return response

    await asked(handler)


@warns("Chunk size is deprecated #1615")
def response_chunk_size() -> None:
    web.StreamResponse().enable_chunked_encoding(chunk_size=8)


@warns("Using boolean for force is deprecated #3318")
def response_compression() -> None:
    web.StreamResponse().enable_compression(True)


@warns("shutdown_timeout should be set on BaseRunner")
async def site_shutdown_timeout() -> None:
    runner = web.AppRunner(web.Application())
    await runner.setup()
    with socket.socket() as sock:
        web.TCPSite(runner, shutdown_timeout=3)
        web.SockSite(runner, sock, shutdown_timeout=3)
        await runner.cleanup()


# Test tools


@warns("Decorator `@unittest_run_loop` is no longer needed in aiohttp 3.8+")
def run_loop_decorator() -> None:
    async def test() -> None:
        pass

    assert unittest_run_loop(test) is test


@pytest.mark.parametrize(("text", "case"), CASES, ids=[case.__name__ for _, case in CASES])
def test_warns(text: str, case: Case) -> None:
    """The deprecated call works and warns with aiohttp's text, at the line that makes it, and of nothing else."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if inspect.iscoroutinefunction(case):
            asyncio.run(case())
        else:
            case()
    assert caught
    expected = web.NotAppKeyWarning if "instances for keys" in text else DeprecationWarning
    for warning in caught:
        assert str(warning.message).startswith(text)
        assert warning.category is expected
        assert warning.filename == __file__


def test_returned_exception() -> None:
    """A handler may still return an HTTP exception; no line of the program is left by then to point at."""

    async def handler(request: web.Request) -> Any:
        return web.HTTPForbidden(text="no")

    async def body(client: TestClient[Any, Any]) -> None:
        async with client.get("/") as response:
            assert (response.status, await response.text()) == (403, "no")

    with pytest.warns(DeprecationWarning, match="returning HTTPException object is deprecated"):
        asyncio.run(with_server(handler, body))


def test_old_style_middleware() -> None:
    """A factory of aiohttp 2's kind still works as a middleware, and is named by its warning."""

    async def factory(app: web.Application, handler: Any) -> Any:
        async def middleware(request: web.Request) -> Any:
            response = await handler(request)
            response.headers["X-Seen"] = "yes"
            return response

        return middleware

    async def main() -> None:
        app = web.Application(middlewares=[factory])
        app.router.add_get("/", hello)
        async with TestClient(TestServer(app)) as client:
            async with client.get("/") as response:
                assert response.headers["X-Seen"] == "yes"

    with pytest.warns(DeprecationWarning, match=r'old-style middleware "<function .*factory.*>" deprecated, see #2252'):
        asyncio.run(main())


def test_errors_of_removed_forms() -> None:
    """What 3.14 has removed already is refused with its texts."""

    async def main() -> None:
        with pytest.raises(ValueError, match="please use 'timeout=ClientTimeout"):
            ClientSession(timeout=3.0)  # type: ignore[arg-type]
        async with ClientSession() as session:
            with pytest.raises(TypeError, match="Use async with instead"):
                session.__enter__()

    asyncio.run(main())


def test_custom_attributes(tmp_path: Path) -> None:
    """In Python's development mode, and only there, attributes that a program adds to our objects warn."""
    program = tmp_path / "program.py"
    program.write_text(
        "import asyncio, aiohttp_core\n"
        "from aiohttp_core import web\n"
        "from aiohttp_core.test_utils import make_mocked_request\n"
        "async def main():\n"
        "    async with aiohttp_core.ClientSession() as session:\n"
        "        session.custom = 1\n"
        "    web.Application().custom = 1\n"
        "    make_mocked_request('GET', '/').custom = 1\n"
        "asyncio.run(main())\n",
        encoding="utf-8",
    )
    for flags, number in (["-X", "dev"], 3), (["-W", "default"], 0):
        done = subprocess.run(
            [sys.executable, *flags, str(program)], capture_output=True, text=True, timeout=60, check=True
        )
        lines = [line for line in done.stderr.splitlines() if "DeprecationWarning: Setting custom" in line]
        assert len(lines) == number
        assert [line.split(":")[1] for line in lines] == ["6", "7", "8"][:number]
        assert all(line.startswith(str(program)) for line in lines)
