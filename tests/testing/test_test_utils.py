"""The test tools: servers, clients, cases, mocks, loops and ports."""

import asyncio
import socket
import unittest
from typing import Any
from unittest import mock

import pytest
from yarl import URL

from aiohttp_core import web
from aiohttp_core.test_utils import (
    AioHTTPTestCase,
    RawTestServer,
    TestClient,
    TestServer,
    get_unused_port_socket,
    loop_context,
    make_mocked_coro,
    make_mocked_request,
    setup_test_loop,
    teardown_test_loop,
    unittest_run_loop,
    unused_port,
)


async def hello(request: web.BaseRequest) -> web.Response:
    return web.Response(text=f"{request.method} {request.rel_url}")


def application() -> web.Application:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", hello)
    return app


@pytest.mark.parametrize("verb", ["get", "post", "put", "patch", "delete", "options"])
def test_client_verbs(verb: str) -> None:
    """A client asks its server by path, with each verb."""

    async def main() -> None:
        async with TestClient(TestServer(application())) as client:
            response = await getattr(client, verb)("/a", params={"b": "c"})
            assert await response.text() == f"{verb.upper()} /a?b=c"

    asyncio.run(main())


def test_client_knows_its_server() -> None:
    """host, port, app and session of a client are those of its server; closing twice does no harm."""

    async def main() -> None:
        app = application()
        client: TestClient[web.Request, web.Application] = TestClient(TestServer(app))
        await client.start_server()
        assert client.app is app
        assert (client.host, client.port) == (client.server.host, client.server.port)
        assert client.make_url("/x") == URL(f"http://127.0.0.1:{client.port}/x")
        await client.close()
        await client.close()
        assert client.session.closed
        assert client.server.closed

    asyncio.run(main())


def test_cookies_of_an_address() -> None:
    """The client keeps cookies although its server has an address for a name."""

    async def handler(request: web.Request) -> web.Response:
        response = web.Response(text=request.cookies.get("a", "none"))
        response.set_cookie("a", "1")
        return response

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/", handler)
        async with TestClient(TestServer(app)) as client:
            assert await (await client.get("/")).text() == "none"
            assert await (await client.get("/")).text() == "1"

    asyncio.run(main())


def test_raw_server() -> None:
    """A raw server serves one handler without an application."""

    async def main() -> None:
        async with RawTestServer(hello) as server, TestClient(server) as client:
            assert client.app is None
            assert await (await client.get("/x")).text() == "GET /x"

    asyncio.run(main())


def test_server_addresses() -> None:
    """A server listens where it was told, and refuses to make absolute addresses relative."""

    async def main() -> None:
        port = unused_port()
        async with TestServer(application(), port=port) as server:
            assert server.port == port
            assert server.started
            with pytest.raises(AssertionError):
                server.make_url("http://a.invalid/")
        assert server.closed

    asyncio.run(main())


def test_contexts_are_asynchronous() -> None:
    """The plain `with` says that it must be `async with`."""

    async def main() -> None:
        server = TestServer(application())
        with pytest.raises(TypeError, match="async with"):
            with server:  # type: ignore[attr-defined]
                pass
        client: TestClient[Any, Any] = TestClient(server)
        with pytest.raises(TypeError, match="async with"):
            with client:
                pass
        await client.close()
        with pytest.raises(TypeError, match="TestServer"):
            TestClient("nonsense")  # type: ignore[arg-type]

    asyncio.run(main())


class _Case(AioHTTPTestCase):
    async def get_application(self) -> web.Application:
        return application()

    async def test_request(self) -> None:
        async with self.client.get("/case") as response:
            self.assertEqual(await response.text(), "GET /case")
        self.assertIs(self.client.app, self.app)


class _OldCase(AioHTTPTestCase):
    def get_app(self) -> web.Application:
        return application()

    async def test_request(self) -> None:
        self.assertEqual((await self.client.get("/")).status, 200)


@pytest.mark.parametrize("case", [_Case, _OldCase])
def test_unittest_case(case: type[AioHTTPTestCase]) -> None:
    """A case has its application served, by get_application or the older get_app."""
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    assert (result.testsRun, result.errors, result.failures) == (1, [], [])


def test_unittest_run_loop() -> None:
    """The old decorator warns and gives the function back."""
    with pytest.warns(DeprecationWarning, match="no longer needed"):
        assert unittest_run_loop(hello) is hello


def test_mocked_request() -> None:
    """A mocked request has what it was made from, and calls handlers without a server."""
    request = make_mocked_request("GET", "/a?b=c", headers={"X-D": "e"}, match_info={"f": "g"})
    assert (request.method, request.path, dict(request.query)) == ("GET", "/a", {"b": "c"})
    assert (request.headers["X-D"], request.match_info["f"]) == ("e", "g")
    assert request.app is request.match_info.current_app
    assert asyncio.run(hello(request)).text == "GET /a?b=c"


def test_mocked_request_with_content_of_its_own() -> None:
    """Content may come from anything that has ``readany``, and is bounded all the same."""

    class Content:
        def __init__(self) -> None:
            self.pieces = [b"ab", b"cd"]

        async def readany(self) -> bytes:
            return self.pieces.pop(0) if self.pieces else b""

    payload: Any = Content()
    assert asyncio.run(make_mocked_request("POST", "/", payload=payload).read()) == b"abcd"
    payload = Content()
    with pytest.raises(web.HTTPRequestEntityTooLarge):
        asyncio.run(make_mocked_request("POST", "/", payload=payload, client_max_size=3).read())


def test_mocked_request_of_an_application() -> None:
    """A mocked request may be of a given application, over TLS or not, and old."""
    app = web.Application()
    from aiohttp_core import HttpVersion10

    request = make_mocked_request("GET", "/", app=app, sslcontext=object(), version=HttpVersion10)
    assert request.app is app
    assert request.secure
    assert not request.keep_alive


@pytest.mark.parametrize("open_", [False, True])
def test_mocked_request_of_a_websocket(open_: bool) -> None:
    """A WebSocket can be prepared on a mocked request; its messages reach the transport that was given."""
    transport = mock.Mock()
    transport.is_closing.return_value = False
    headers = {
        "Connection": "upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    options: dict[str, Any] = {"transport": transport} if open_ else {}
    request = make_mocked_request("GET", "/", headers=headers, **options)

    async def main() -> None:
        socket: Any = web.WebSocketResponse()
        await socket.prepare(request)
        assert (socket.prepared, socket.closed) == (True, False)
        if open_:
            await socket.send_str("x")
            transport.write.assert_called_once_with(b"\x81\x01x")
        else:
            with pytest.raises(ConnectionResetError):
                await socket.send_str("x")

    asyncio.run(main())


def test_mocked_coroutines() -> None:
    """A mocked coroutine returns or raises, and counts its calls."""
    returning = make_mocked_coro(7)
    assert asyncio.run(returning("x")) == 7
    returning.assert_called_once_with("x")
    with pytest.raises(KeyError):
        asyncio.run(make_mocked_coro(raise_exception=KeyError("k"))())


def test_loops() -> None:
    """A loop is made, used and closed, by functions or a context."""

    async def value() -> int:
        return 3

    loop = setup_test_loop()
    assert loop.run_until_complete(value()) == 3
    teardown_test_loop(loop)
    assert loop.is_closed()
    with loop_context(fast=True) as running:
        assert running.run_until_complete(value()) == 3
    assert running.is_closed()


def test_ports() -> None:
    """A free port can be bound, and a socket comes bound to one."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", unused_port()))
    with get_unused_port_socket("127.0.0.1") as listening:
        assert listening.getsockname()[1] > 0
