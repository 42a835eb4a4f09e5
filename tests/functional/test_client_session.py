"""What a session, its URLs and its connector are told: classes, ownership, limits, names and addresses."""

from __future__ import annotations

import asyncio
import gc
import http.cookies
import socket
import subprocess
import sys
import warnings
from typing import Any

import pytest
from functional.client_servers import Seen, listening, loop_name, ok, raw_server, run
from functional.websocket_servers import echo, serving
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

import aiohttp_core
from aiohttp_core import ClientRequest, ClientResponse, ClientSession, ClientTimeout, TCPConnector
from aiohttp_core.abc import AbstractResolver

__all__ = ["loop_name"]


class Names(AbstractResolver):
    """Knows the names of the test, and what was asked of it."""

    def __init__(self, **known: list[str]) -> None:
        self.known = known
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[Any]:
        self.asked.append(host)
        return [
            {"hostname": host, "host": each, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
            for each in self.known[host.partition(".")[0].replace("-", "_")]
        ]

    async def close(self) -> None:
        """Holds nothing."""


def test_own_classes(loop_name: str) -> None:
    """request_class, response_class and ws_response_class are what requests and answers are made of."""

    class OwnRequest(ClientRequest):
        def update_headers(self, headers: Any) -> None:
            super().update_headers(headers)
            self.headers["X-Own"] = "1"

    class OwnResponse(ClientResponse):
        started = False

        async def start(self, connection: Any) -> ClientResponse:
            self.started = True
            return await super().start(connection)

    class OwnSocket(aiohttp_core.ClientWebSocketResponse[Any]):
        pass

    async def main() -> None:
        classes: dict[str, Any] = {
            "request_class": OwnRequest,
            "response_class": OwnResponse,
            "ws_response_class": OwnSocket,
        }
        async with raw_server(ok()) as server, ClientSession(**classes) as session:
            for _ in range(2):
                async with session.get(server.url) as response:
                    assert isinstance(response, OwnResponse)
                    assert response.started
                    assert await response.read() == b"ok"
                assert server.seen[-1].get("x-own") == "1"
            async with serving(echo()) as url, session.ws_connect(url + "/ws") as websocket:
                assert isinstance(websocket, OwnSocket)

    run(loop_name, main())


def test_subclassing_is_discouraged_but_works(loop_name: str) -> None:
    """A subclass of ClientSession warns when it is made, and may override what is private too."""
    with pytest.warns(DeprecationWarning, match="discouraged"):

        class Own(ClientSession):
            def _build_url(self, str_or_url: str | URL) -> URL:
                return super()._build_url(str(str_or_url) + "?built")

    async def main() -> None:
        async with raw_server(ok()) as server, Own() as session:
            for _ in range(2):
                async with session.get(server.url + "/x") as response:
                    await response.read()
                assert server.seen[-1].target == "/x?built"

    run(loop_name, main())


@pytest.mark.filterwarnings("ignore:Inheritance class")
def test_urls_are_built_anew_by_those_who_build_them(loop_name: str) -> None:
    """A session that overrides how URLs are built is asked for each request, also for the same URL."""

    class Counting(ClientSession):
        built = 0

        def _build_url(self, str_or_url: str | URL) -> URL:
            self.built += 1
            return super()._build_url(str_or_url).with_query(n=self.built)

    async def main() -> None:
        async with raw_server(ok()) as server, Counting() as session:
            for _ in range(3):
                async with session.get(server.url + "/x") as response:
                    await response.read()
            assert [seen.target for seen in server.seen] == ["/x?n=1", "/x?n=2", "/x?n=3"]

    run(loop_name, main())


@pytest.mark.filterwarnings("ignore:Inheritance class", "ignore:Setting custom")
def test_own_attributes(loop_name: str) -> None:
    """A subclass has all names for itself that are not documented."""

    class Own(ClientSession):
        def __init__(self) -> None:
            self.timer = self.read_options = self.is_plain = self.keep_cookies = "mine"
            super().__init__(response_class=Marked)

    class Marked(ClientResponse):
        arrived = sent = "mine"

    async def main() -> None:
        async with raw_server(ok(b"ok", "Set-Cookie: a=b")) as server, Own() as session:
            for _ in range(2):
                async with session.get(server.url) as response:
                    assert await response.read() == b"ok"
            assert session.timer == session.read_options == session.is_plain == session.keep_cookies == "mine"

    run(loop_name, main())


@pytest.mark.filterwarnings("ignore:Inheritance class")
def test_classes_without_their_constructors(loop_name: str) -> None:
    """Doubles in tests of programs leave the constructors out, and set what they need."""

    class Response(ClientResponse):
        def __init__(self, status: int, content: bytes) -> None:
            self.status = status
            self._body = content
            self._headers = CIMultiDictProxy(CIMultiDict({"Content-Type": "application/json"}))

    class Session(ClientSession):
        def __init__(self) -> None:
            pass

        async def _request(self, method: str, str_or_url: str | URL, **others: Any) -> ClientResponse:
            return Response(200, b'{"a": 1}')

    async def main() -> None:
        async with Session() as session:
            assert session.closed
            async with session.get("http://nowhere.invalid/") as response:
                assert (response.ok, await response.read(), await response.json()) == (True, b'{"a": 1}', {"a": 1})
                assert response.version is response.reason is response.connection is response.content is None
                assert response.history == ()
                assert not response.cookies

    run(loop_name, main())


def test_another_timeout_of_the_session(loop_name: str) -> None:
    """A session whose timeout is replaced keeps to the new one, whichever it had before."""

    async def main() -> None:
        # A head that never ends.
        async with raw_server(lambda seen: ok() if seen.target == "/" else b"HTTP/1.1 ") as server:
            async with ClientSession(timeout=ClientTimeout(total=60)) as session:
                async with session.get(server.url) as response:
                    await response.read()
                for timeout in (ClientTimeout(total=0.01), ClientTimeout(sock_read=0.01)):
                    session._timeout = timeout
                    with pytest.raises(asyncio.TimeoutError):
                        await session.get(server.url + "/never")
                assert session.connector._pool.used == 0

    run(loop_name, main())


def test_owner_of_the_connector(loop_name: str) -> None:
    """A session closes its connector unless it was told that it is not its own, or was detached from it."""

    async def main() -> None:
        async with raw_server(ok()) as server:
            connector = TCPConnector()
            async with ClientSession(connector=connector, connector_owner=False) as session:
                async with session.get(server.url) as response:
                    await response.read()
            assert session.closed
            assert not connector.closed
            session = ClientSession(connector=connector)
            session.detach()
            assert session.closed
            assert not connector.closed
            async with ClientSession(connector=connector) as session:
                async with session.get(server.url) as response:
                    await response.read()
            assert connector.closed
            assert server.connections == 1

    run(loop_name, main())


def test_redirect_urls_are_quoted_or_not(loop_name: str) -> None:
    """A redirect's URL is brought to its canonical form, or kept as it came with requote_redirect_url=False."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            return ok() if seen.target != "/" else ok(b"", "Location: /a%2Fb%41?c=%7E", status="302 Found")

        async with raw_server(answer) as server:
            for requote, target in ((True, "/a%2FbA?c=~"), (False, "/a%2Fb%41?c=%7E")):
                async with ClientSession(requote_redirect_url=requote) as session:
                    async with session.get(server.url + "#part") as response:
                        assert await response.read() == b"ok"
                        assert response.real_url.fragment == "part"
                        assert not response.url.fragment
                assert server.seen[-1].target == target

    run(loop_name, main())


def test_names(loop_name: str) -> None:
    """An international name is asked for in its ASCII form, and a port that is not the scheme's goes into Host."""

    async def main() -> None:
        names = Names(xn__bcher_kva=["127.0.0.1"])
        async with raw_server(ok()) as server, ClientSession(connector=TCPConnector(resolver=names)) as session:
            async with session.get(f"http://bücher.test:{server.port}/") as response:
                assert response.host == "bücher.test"
                assert await response.read() == b"ok"
            assert names.asked == ["xn--bcher-kva.test"]
            assert server.seen[0].get("host") == f"xn--bcher-kva.test:{server.port}"

    run(loop_name, main())


def test_ipv6_literals(loop_name: str) -> None:
    """An IPv6 address in a URL is connected to without a look-up, and stands in brackets in Host."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(ok(head))
        await writer.drain()
        await reader.read()
        writer.close()

    async def main() -> None:
        try:
            server = await asyncio.start_server(serve, "::1", 0)
        except OSError:
            pytest.skip("this machine has no IPv6")
        port = server.sockets[0].getsockname()[1]
        async with ClientSession() as session:
            async with session.get(f"http://[::1]:{port}/") as response:
                assert f"Host: [::1]:{port}\r\n" in await response.text()
        server.close()
        await asyncio.sleep(0)

    run(loop_name, main())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.9 is not this machine")
@pytest.mark.parametrize("delay", [0.25, None])
def test_addresses_are_tried_in_turn(loop_name: str, delay: float | None) -> None:
    """Where the first address of a name refuses, the next is tried; where all do, the error names the host."""

    async def main() -> None:
        names = Names(two=["127.0.0.9", "127.0.0.1"], none=["127.0.0.9", "127.0.0.8"])
        connector = TCPConnector(resolver=names, happy_eyeballs_delay=delay)
        async with raw_server(ok()) as server, ClientSession(connector=connector) as session:
            async with session.get(f"http://two.test:{server.port}/") as response:
                assert await response.read() == b"ok"
            with pytest.raises(aiohttp_core.ClientConnectorError) as caught:
                await session.get(f"http://none.test:{server.port}/")
            assert (caught.value.host, caught.value.port) == ("none.test", server.port)
            assert session.connector._pool.used == 0

    run(loop_name, main())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.2 is not this machine")
def test_local_address_and_family(loop_name: str) -> None:
    """local_addr is where connections come from; addresses of another family than the connector's are not used."""

    async def main() -> None:
        async with raw_server(ok()) as server:
            connector = TCPConnector(local_addr=("127.0.0.2", 0), family=socket.AF_INET)
            async with ClientSession(connector=connector) as session:
                async with session.get(server.url) as response:
                    await response.read()
                    assert server.writers[0].get_extra_info("peername")[0] == "127.0.0.2"
                with pytest.raises(aiohttp_core.ClientConnectorError):
                    await session.get(f"http://[::1]:{server.port}/")

    run(loop_name, main())


@pytest.mark.parametrize("cached", [True, False])
def test_look_ups_are_kept(loop_name: str, cached: bool) -> None:
    """A name is asked for once while its entry lives, and each time without the cache or once it was cleared."""

    async def main() -> None:
        names = Names(one=["127.0.0.1"])
        connector = TCPConnector(resolver=names, use_dns_cache=cached, force_close=True, ttl_dns_cache=60)
        async with raw_server(ok()) as server, ClientSession(connector=connector) as session:
            for _ in range(3):
                async with session.get(f"http://one.test:{server.port}/") as response:
                    await response.read()
            assert len(names.asked) == (1 if cached else 3)
            connector.clear_dns_cache()
            async with session.get(f"http://one.test:{server.port}/") as response:
                await response.read()
            assert len(names.asked) == (2 if cached else 4)

    run(loop_name, main())


def test_look_ups_are_forgotten(loop_name: str) -> None:
    """The cache holds ``dns_cache_max_size`` names, and each for ``ttl_dns_cache`` seconds."""

    async def main() -> None:
        async with raw_server(ok()) as server:
            for options, asked in (
                ({"dns_cache_max_size": 1}, ["one.test", "two.test", "one.test"]),
                ({"dns_cache_max_size": 2}, ["one.test", "two.test"]),
                ({"ttl_dns_cache": -1}, ["one.test", "one.test", "two.test", "one.test"]),
                ({"ttl_dns_cache": None}, ["one.test", "two.test"]),
            ):
                names = Names(one=["127.0.0.1"], two=["127.0.0.1"])
                connector = TCPConnector(resolver=names, force_close=True, **options)
                async with ClientSession(connector=connector) as session:
                    for name in ("one", "one", "two", "one"):
                        async with session.get(f"http://{name}.test:{server.port}/") as response:
                            await response.read()
                assert names.asked == asked

    run(loop_name, main())


LIMITS: list[tuple[dict[str, int], bytes]] = [
    ({"max_line_size": 100}, b"HTTP/1.1 200 " + b"x" * 200 + b"\r\nContent-Length: 0\r\n\r\n"),
    ({"max_field_size": 100}, ok(b"", "X-Long: " + "x" * 200)),
    ({"max_headers": 10}, ok(b"", *[f"X-{number}: 1" for number in range(20)])),
]


@pytest.mark.parametrize("limit, answer", LIMITS)
def test_limits_of_heads(loop_name: str, limit: dict[str, int], answer: bytes) -> None:
    """A head beyond the session's or the request's limits is a ClientResponseError; within them it is read."""

    async def main() -> None:
        async with raw_server(answer) as server:
            async with ClientSession(**limit) as session:  # type: ignore[arg-type]
                with pytest.raises(aiohttp_core.ClientResponseError):
                    await session.get(server.url)
                more: dict[str, Any] = dict.fromkeys(limit, 1000)
                async with session.get(server.url, **more) as response:
                    assert response.status == 200
            async with ClientSession() as session:
                async with session.get(server.url) as response:
                    assert response.status == 200
                with pytest.raises(aiohttp_core.ClientResponseError):
                    await session.get(server.url, **limit)  # type: ignore[arg-type]

    run(loop_name, main())


def test_idle_connections_end(loop_name: str) -> None:
    """A connection that was idle for longer than keepalive_timeout is closed by the client."""

    async def main() -> None:
        gone = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ok())
            assert await reader.read() == b""
            gone.set()

        connector = TCPConnector(keepalive_timeout=0.05)
        async with listening(serve) as port, ClientSession(connector=connector) as session:
            async with session.get(f"http://127.0.0.1:{port}/") as response:
                await response.read()
            await asyncio.wait_for(gone.wait(), 20)
            assert not connector._conns

    run(loop_name, main())


def test_reading_by_chunks_and_to_the_end(loop_name: str) -> None:
    """iter_chunks tells where HTTP chunks end; a content without a length goes to the end, or is not read at all."""

    async def main() -> None:
        chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        async with raw_server(chunked) as server, ClientSession() as session:
            async with session.get(server.url) as response:
                pieces: dict[int, bytes] = {}
                number = 0
                async for data, end in response.content.iter_chunks():
                    pieces[number] = pieces.get(number, b"") + data
                    number += end
                assert list(pieces.values()) == [b"abc", b"de"]
            endless = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it"
        async with raw_server(endless) as server, ClientSession() as session:
            async with session.get(server.url) as response:
                assert await response.read() == b"all of it"
            async with session.get(server.url, read_until_eof=False) as response:
                assert await response.read() == b""

    run(loop_name, main())


def test_wait_for_close(loop_name: str) -> None:
    """wait_for_close returns once the content has been sent and the connection was given back."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession() as session:
            response = await session.post(server.url, data=b"abc" * 100_000)
            await response.read()
            await response.wait_for_close()
            assert response.closed
            assert response.connection is None
            with pytest.warns(DeprecationWarning, match="upload_complete"):
                assert response.upload_complete
            assert session.connector._pool.used == 0

    run(loop_name, main())


def test_deprecated_ways(loop_name: str) -> None:
    """What 3.14 deprecates warns and still works."""

    async def main() -> None:
        with pytest.warns(DeprecationWarning, match="conn_timeout"):
            session = ClientSession(conn_timeout=3)
        assert session.timeout == ClientTimeout(total=300, connect=3, sock_connect=30)
        with pytest.warns(DeprecationWarning, match="loop"):
            assert session.loop is asyncio.get_running_loop()
        with pytest.warns(DeprecationWarning, match="requote_redirect_url"):
            session.requote_redirect_url = False
        assert session.requote_redirect_url is False
        await session.close()
        with pytest.warns(DeprecationWarning, match="read_timeout"):
            session = ClientSession(read_timeout=7)
        assert session.timeout.total == 7
        await session.close()
        with pytest.warns(DeprecationWarning, match="ssl_shutdown_timeout"):
            session = ClientSession(ssl_shutdown_timeout=0)
        await session.close()
        with pytest.raises(ValueError, match="conflict"):
            ClientSession(timeout=ClientTimeout(total=1), conn_timeout=1)
        with pytest.raises(TypeError, match="async with"):
            with session:  # type: ignore[attr-defined]
                raise AssertionError("unreachable")

    run(loop_name, main())


def test_a_constructor_that_fails_leaves_nothing(loop_name: str) -> None:
    """A session that could not be made says nothing of being unclosed."""

    async def main() -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with pytest.raises(http.cookies.CookieError):
                ClientSession(cookies={"a b": "c"})
            gc.collect()
        assert caught == []

    run(loop_name, main())


ENDING = """
import asyncio, sys
import aiohttp_core
from aiohttp_core import web

async def main():
    async def handler(request):
        return web.Response(text="x")

    app = web.Application()
    app.router.add_get("/", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp_core.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{runner.addresses[0][1]}/") as response:
            print(await response.text(), flush=True)
            raise SystemExit(3) if sys.argv[2] == "exit" else KeyboardInterrupt

if sys.argv[1] == "uvloop":
    import uvloop
    uvloop.install()
asyncio.run(main())
"""


@pytest.mark.parametrize(("how", "code"), [("exit", 3), ("interrupt", -2)])
def test_a_program_may_end_where_its_response_arrives(loop_name: str, how: str, code: int) -> None:
    """What ends a program passes through the transport's callback that its task goes on in."""
    ended = subprocess.run(
        [sys.executable, "-c", ENDING, loop_name, how], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.stdout == "x\n"
    assert ended.returncode == code, ended.stderr
