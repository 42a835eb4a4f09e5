"""The client through proxies: plain, tunnels, TLS in TLS, WebSockets, and what may go wrong on the way."""

from __future__ import annotations

import asyncio
import gc
import pathlib
import socket
import warnings
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import trustme
from functional.certificates import certificate_files, client_tls, server_tls
from functional.client_servers import Sockets, listening, loop_name, ok, raw_server, run
from functional.proxies import Proxy, proxy_py
from functional.websocket_servers import echo, serving

import aiohttp_core
from aiohttp_core import BasicAuth, ClientSession, ClientTimeout, TCPConnector
from aiohttp_core.abc import AbstractResolver

__all__ = ["loop_name"]

# 3.14 warns of a parameter that programs still use.
names_proxy_auth = pytest.mark.filterwarnings("ignore:The 'proxy_auth' parameter:DeprecationWarning")

# proxy.py may connect to a server that is about to end: what it leaves there is not the client's.
servers_may_leak = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

# Not by its constructor, which warns since 3.14.
A_B, A_C = BasicAuth.decode("Basic YTpi"), BasicAuth.decode("Basic YTpj")


def test_http_proxy(loop_name: str) -> None:
    """Plain requests go to the proxy in absolute form, with its credentials each time."""

    async def main() -> None:
        proxy = Proxy("Basic YTpi")
        async with listening(proxy.serve) as port, ClientSession() as session:
            for _ in range(2):
                async with session.get(
                    "http://example.test/a?b", proxy=f"http://a:b@127.0.0.1:{port}", proxy_headers={"X-P": "1"}
                ) as response:
                    assert await response.read() == b"proxied http://example.test/a?b"
                assert b"Host: example.test\r\n" in proxy.heads[-1]
            async with session.get("http://example.test/", proxy=f"http://127.0.0.1:{port}") as response:
                assert response.status == 407

    run(loop_name, main())


def test_connect_tunnel(loop_name: str) -> None:
    """TLS goes through a tunnel; credentials and proxy fields stay between us and the proxy."""

    async def main() -> None:
        proxy = Proxy("Basic YTpi")
        async with raw_server(ok(b"far"), tls=server_tls()) as server, listening(proxy.serve) as port:
            async with ClientSession() as session:
                for _ in range(2):
                    async with session.get(
                        server.url + "/x",
                        proxy=f"http://a:b@127.0.0.1:{port}",
                        ssl=client_tls() if not server.seen else False,
                        proxy_headers={"X-P": "1"},
                    ) as response:
                        assert await response.read() == b"far"
                assert server.seen[0].get("proxy-authorization") is None
                assert server.seen[0].get("x-p") is None
                assert b"X-P: 1\r\n" in proxy.heads[0]
                assert proxy.heads[0].startswith(f"CONNECT localhost:{server.port} HTTP/1.1\r\n".encode())
                with pytest.raises(aiohttp_core.ClientHttpProxyError) as caught:
                    await session.get(server.url, proxy=f"http://127.0.0.1:{port}", ssl=client_tls())
                assert caught.value.status == 407
                with pytest.raises(aiohttp_core.ClientProxyConnectionError):
                    await session.get(server.url, proxy="http://127.0.0.1:1", ssl=client_tls())
                assert session.connector._pool.used == 0

    run(loop_name, main())


@pytest.mark.parametrize(
    "established",
    [
        b"HTTP/1.0 200 Connection established\r\n\r\n",
        b"HTTP/1.1 200\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
    ],
)
def test_tunnel_of_an_old_proxy(loop_name: str, established: bytes) -> None:
    """What the answer to CONNECT says of connections and of content has no meaning for the tunnel behind it, which is
    used again (RFC 9110 section 9.3.6)."""

    async def main() -> None:
        proxy = Proxy(established=established)
        async with raw_server(ok(b"far"), tls=server_tls()) as server, listening(proxy.serve) as port:
            async with ClientSession() as session:
                tls = client_tls()
                for _ in range(2):
                    async with session.get(server.url, proxy=f"http://127.0.0.1:{port}", ssl=tls) as response:
                        assert await response.read() == b"far"
                assert server.connections == proxy.connections == 1

    run(loop_name, main())


def test_fields_for_the_proxy(loop_name: str) -> None:
    """CONNECT carries each proxy field, repeated ones too, and none of the session's own: they may be secret."""

    async def main() -> None:
        proxy = Proxy()
        async with raw_server(ok(), tls=server_tls()) as server, listening(proxy.serve) as port:
            own = {"Authorization": "secret", "X-Own": "1"}
            async with ClientSession(headers=own, cookies={"c": "d"}) as session:
                fields = [("X-P", "1"), ("X-P", "2"), ("Host", "other.test")]
                at = f"http://127.0.0.1:{port}"
                async with session.get(server.url, proxy=at, ssl=client_tls(), proxy_headers=fields) as response:
                    assert response.status == 200
            head = proxy.heads[0].decode()
            assert "\r\nX-P: 1\r\nX-P: 2\r\n" in head
            assert head.count("Host:") == 1
            assert f"\r\nHost: localhost:{server.port}\r\n" in head
            assert "secret" not in head and "X-Own" not in head and "Cookie" not in head
            assert server.seen[0].get("authorization") == "secret"

    run(loop_name, main())


@names_proxy_auth
def test_tunnels_are_kept_by_proxy_and_credentials(loop_name: str) -> None:
    """A tunnel is used again for the same proxy, credentials and proxy fields, and for no others."""

    async def main() -> None:
        proxy, tls = Proxy(), client_tls()
        async with raw_server(ok(), tls=server_tls()) as server, listening(proxy.serve) as port:
            async with ClientSession() as session:
                at = f"http://127.0.0.1:{port}"
                asked: list[tuple[int, dict[str, Any]]] = [
                    (1, {}),
                    (1, {}),
                    (2, {"proxy_auth": A_B}),
                    (3, {"proxy_auth": A_C}),
                    (4, {"proxy_headers": {"X-P": "1"}}),
                    (4, {"proxy_headers": {"X-P": "1"}}),
                    (2, {"proxy_auth": A_B}),
                ]
                for connection, options in asked:
                    async with session.get(server.url, proxy=at, ssl=tls, **options) as response:
                        await response.read()
                    assert server.seen[-1].connection == connection
                async with session.get(server.url, ssl=tls) as response:
                    await response.read()
                assert server.seen[-1].connection == 5
                assert proxy.connections == 4

    run(loop_name, main())


def test_tls_in_tls() -> None:
    """A tunnel through an HTTPS proxy carries TLS inside TLS (asyncio from Python 3.11 on)."""

    sockets = Sockets()

    async def main() -> None:
        proxy = Proxy()
        async with raw_server(ok(b"far"), tls=server_tls()) as server, listening(proxy.serve, server_tls()) as port:
            async with ClientSession(connector=sockets.connector()) as session:
                async with session.get(server.url, proxy=f"https://localhost:{port}", ssl=client_tls()) as response:
                    assert await response.read() == b"far"
        assert sockets.all_closed()

    run("asyncio", main())
    gc.collect()


def test_environment_proxy(loop_name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    """With trust_env the environment names the proxy, NO_PROXY excepts hosts, and ~/.netrc has credentials."""

    async def main() -> None:
        proxy = Proxy()
        async with listening(proxy.serve) as port, raw_server(ok(b"direct")) as server:
            monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
            monkeypatch.setenv("no_proxy", "127.0.0.1")
            netrc = tmp_path / "netrc"
            netrc.write_text("machine example.test login a password b\n")
            netrc.chmod(0o600)
            monkeypatch.setenv("NETRC", str(netrc))
            async with ClientSession(trust_env=True) as session:
                async with session.get("http://example.test/") as response:
                    assert await response.read() == b"proxied http://example.test/"
                assert b"Authorization: Basic YTpi\r\n" in proxy.heads[-1]
                async with session.get(server.url) as response:
                    assert await response.read() == b"direct"
                    assert server.seen[-1].get("authorization") is None

    run(loop_name, main())


ENVIRONMENTS: list[tuple[dict[str, str], str, bool]] = [
    ({"http_proxy": "{}"}, "http://example.test/", True),
    ({"HTTP_PROXY": "{}"}, "http://example.test/", True),
    ({"https_proxy": "{}"}, "https://example.test/", True),
    ({"HTTPS_PROXY": "{}"}, "https://example.test/", True),
    ({"ws_proxy": "{}"}, "ws://example.test/", True),
    ({"wss_proxy": "{}"}, "wss://example.test/", True),
    ({"https_proxy": "{}"}, "http://example.test/", False),
    ({"http_proxy": "{}"}, "https://example.test/", False),
    ({"http_proxy": "{}", "https_proxy": "{}"}, "ws://example.test/", False),
    ({"http_proxy": "{}", "https_proxy": "{}"}, "wss://example.test/", False),
    ({"all_proxy": "{}"}, "http://example.test/", False),
    ({"http_proxy": "{}", "no_proxy": "example.test"}, "http://example.test/", False),
    ({"http_proxy": "{}", "no_proxy": "EXAMPLE.TEST"}, "http://example.test/", False),
    ({"http_proxy": "{}", "no_proxy": "test"}, "http://example.test/", False),
    ({"http_proxy": "{}", "no_proxy": ".test"}, "http://example.test/", False),
    ({"http_proxy": "{}", "no_proxy": "other, example.test"}, "http://example.test/", False),
    ({"http_proxy": "{}", "no_proxy": "*"}, "http://example.test/", False),
    ({"http_proxy": "{}", "no_proxy": ""}, "http://example.test/", True),
    ({"http_proxy": "{}", "no_proxy": "xample.test"}, "http://example.test/", True),
    ({"http_proxy": "{}", "no_proxy": "www.example.test"}, "http://example.test/", True),
]


@pytest.mark.parametrize(
    ("variables", "url", "proxied"), ENVIRONMENTS, ids=[f"{names} {url}" for names, url, _ in ENVIRONMENTS]
)
def test_environment_names(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], url: str, proxied: bool) -> None:
    """Which requests go through the proxy that the environment names; each scheme has its own variable."""

    async def main() -> None:
        proxy, direct = Proxy(tunnel_answer=ok(b"", status="403 Forbidden")), 0

        async def close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal direct
            direct += 1

        for name in ("http_proxy", "https_proxy", "ws_proxy", "wss_proxy", "all_proxy", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.upper(), raising=False)
        async with listening(proxy.serve) as port, listening(close) as other:
            for name, value in variables.items():
                monkeypatch.setenv(name, value.format(f"http://127.0.0.1:{port}"))
            connector = TCPConnector(resolver=ToPort(other))
            async with ClientSession(trust_env=True, connector=connector) as session:
                asking: Any = session.ws_connect(url) if url.startswith("ws") else session.get(url)
                with suppress(aiohttp_core.ClientError):
                    await asking
            assert bool(proxy.connections) is proxied and bool(direct) is not proxied

    run("asyncio", main())


def test_environment_proxy_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that cannot be used is an error: the request does not go out without one."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession(trust_env=True) as session:
            for value in ("127.0.0.1:1", "localhost:1"):
                monkeypatch.setenv("http_proxy", value)
                with pytest.raises(aiohttp_core.InvalidURL):
                    await session.get(server.url)
            monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1")
            with pytest.raises(aiohttp_core.ClientProxyConnectionError):
                await session.get(server.url)
            assert server.connections == 0

    run("asyncio", main())


def test_environment_proxy_credentials(loop_name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    """Credentials of a proxy from the environment come from its URL, else from ~/.netrc by its host."""

    async def main() -> None:
        proxy = Proxy("Basic YTpi")
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login a password b\n")
        netrc.chmod(0o600)
        async with listening(proxy.serve) as port:
            async with ClientSession(trust_env=True) as session:
                monkeypatch.setenv("http_proxy", f"http://a:b@127.0.0.1:{port}")
                async with session.get("http://example.test/") as response:
                    assert response.status == 200
                monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
                async with session.get("http://example.test/") as response:
                    assert response.status == 407
                monkeypatch.setenv("NETRC", str(netrc))
                async with session.get("http://example.test/") as response:
                    assert response.status == 200
                assert b"\r\nAuthorization:" not in proxy.heads[-1]

    run(loop_name, main())


def test_environment_credentials_stay_with_the_proxy(loop_name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """#12829: after a redirect to a host that NO_PROXY excepts, the proxy's credentials do not go there."""

    async def main() -> None:
        async with raw_server(ok(b"direct")) as server:

            async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                heads.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(ok(b"", f"Location: {server.url}/", status="302 Found"))
                await writer.drain()

            heads: list[bytes] = []
            async with listening(redirect) as port, ClientSession(trust_env=True) as session:
                monkeypatch.setenv("http_proxy", f"http://a:b@127.0.0.1:{port}")
                monkeypatch.setenv("no_proxy", "127.0.0.1")
                async with session.get("http://example.test/") as response:
                    assert await response.read() == b"direct"
            assert b"\r\nProxy-Authorization: Basic YTpi\r\n" in heads[0]
            assert server.seen[0].get("Proxy-Authorization") is None
            assert server.seen[0].get("Authorization") is None

    run(loop_name, main())


@names_proxy_auth
def test_proxy_of_the_session(loop_name: str) -> None:
    """A session's proxy serves each request that names none of its own."""

    async def main() -> None:
        first, second = Proxy("Basic YTpi"), Proxy()
        async with listening(first.serve) as port, listening(second.serve) as other:
            proxy_auth = A_B
            async with ClientSession(proxy=f"http://127.0.0.1:{port}", proxy_auth=proxy_auth) as session:
                async with session.get("http://example.test/") as response:
                    assert response.status == 200
                async with session.get("http://example.test/", proxy=f"http://127.0.0.1:{other}") as response:
                    assert response.status == 200
            assert len(first.heads) == len(second.heads) == 1

    run(loop_name, main())


@names_proxy_auth
@pytest.mark.parametrize("kind", ["ws", "wss"])
def test_websocket(loop_name: str, kind: str) -> None:
    """A WebSocket goes through a proxy, with its credentials: ws as an absolute-form GET, wss through a tunnel."""

    async def main() -> None:
        proxy = Proxy("Basic YTpi", forwards=True)
        tls = server_tls() if kind == "wss" else None
        async with serving(echo(), tls) as url, listening(proxy.serve) as port, ClientSession() as session:
            address = url.replace("http", "ws", 1) + "/ws"
            options: dict[str, Any] = {"ssl": client_tls()} if tls else {}
            at = f"http://127.0.0.1:{port}"
            async with session.ws_connect(address, proxy=at, proxy_auth=A_B, **options) as socket:
                for text in ("one", "two" * 50_000):
                    await socket.send_str(text)
                    assert await socket.receive_str() == text
            start = b"CONNECT 127.0.0.1:" if tls else b"GET ws://127.0.0.1:"
            assert proxy.heads[0].startswith(start)
            with pytest.raises(aiohttp_core.ClientHttpProxyError if tls else aiohttp_core.WSServerHandshakeError) as no:
                await session.ws_connect(address, proxy=at, **options)
            assert no.value.status == 407
            assert session.connector is not None
            assert session.connector._available_connections(None) == 100

    run(loop_name, main())


class ToPort(AbstractResolver):
    """Any host is at this port of 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[Any]:
        entry = {"hostname": host, "host": "127.0.0.1", "family": socket.AF_INET, "proto": 0, "flags": 0}
        return [{**entry, "port": self.port}]

    async def close(self) -> None:
        """Holds nothing."""


BAD_ANSWERS: dict[str, tuple[bytes, type[Exception]]] = {
    "refused": (ok(b"no", status="403 Forbidden"), aiohttp_core.ClientHttpProxyError),
    "garbage": (b"\x16\x03\x01 no HTTP at all\r\n\r\n", aiohttp_core.ClientError),
    "half a head": (b"HTTP/1.1 200", aiohttp_core.ServerDisconnectedError),
    "no TLS behind it": (b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 Bad Request\r\n\r\n", aiohttp_core.ClientError),
    "the end behind it": (b"HTTP/1.1 200 OK\r\n\r\n", aiohttp_core.ClientError),
}


@pytest.mark.parametrize("what", BAD_ANSWERS)
def test_bad_tunnels(loop_name: str, what: str) -> None:
    """A tunnel that does not come about is a client's error; its transports are gone once the session is closed."""
    answer, error = BAD_ANSWERS[what]
    sockets = Sockets()

    async def main() -> None:
        proxy = Proxy(tunnel_answer=answer)
        async with listening(proxy.serve) as port, ClientSession(connector=sockets.connector()) as session:
            for _ in range(2):
                with pytest.raises(error):
                    await session.get("https://example.test/", proxy=f"http://127.0.0.1:{port}", ssl=client_tls())
            assert session.connector._pool.used == 0
        assert sockets.all_closed()

    run(loop_name, main())
    gc.collect()


def test_wrong_certificate_behind_a_tunnel(loop_name: str) -> None:
    """The target's certificate is checked inside the tunnel, by authority, by name and by fingerprint."""

    sockets = Sockets()

    async def main() -> None:
        proxy = Proxy()
        stranger = client_tls(trustme.CA())
        async with raw_server(ok(), tls=server_tls("other.test")) as server, listening(proxy.serve) as port:
            async with ClientSession(connector=sockets.connector()) as session:
                for tls in (stranger, client_tls()):
                    with pytest.raises(aiohttp_core.ClientConnectorCertificateError):
                        await session.get(server.url, proxy=f"http://127.0.0.1:{port}", ssl=tls)
                pin = aiohttp_core.Fingerprint(bytes(32))
                with pytest.raises(aiohttp_core.ServerFingerprintMismatch):
                    await session.get(server.url, proxy=f"http://127.0.0.1:{port}", ssl=pin)
                assert server.seen == []
                assert session.connector._pool.used == 0
        assert sockets.all_closed()

    run(loop_name, main())
    gc.collect()


@pytest.mark.parametrize("timeout", [{"total": 0.2}, {"connect": 0.2}])
def test_silent_proxy(loop_name: str, timeout: dict[str, float]) -> None:
    """A proxy that never answers CONNECT costs the time allowed and no slot."""

    sockets = Sockets()

    async def main() -> None:
        proxy = Proxy(tunnel_answer=b"")
        async with listening(proxy.serve) as port, ClientSession(connector=sockets.connector(limit=1)) as session:
            for _ in range(2):
                with pytest.raises(asyncio.TimeoutError):
                    await session.get(
                        "https://example.test/", proxy=f"http://127.0.0.1:{port}", timeout=ClientTimeout(**timeout)
                    )
            assert session.connector._pool.used == 0
        assert sockets.all_closed()

    run(loop_name, main())
    gc.collect()


def test_cancelled_while_tls_begins_in_a_tunnel(loop_name: str) -> None:
    """A request that is cancelled in the middle of the handshake inside a tunnel leaves no transport open, no timer and
    no slot."""

    async def main() -> None:
        greeted = asyncio.Event()
        timers: list[asyncio.TimerHandle] = []
        loop = asyncio.get_running_loop()
        call_later = loop.call_later

        def watched(delay: float, callback: Any, *args: Any, **options: Any) -> asyncio.TimerHandle:
            handle = call_later(delay, callback, *args, **options)
            if "handshake" in repr(callback):
                timers.append(handle)
            return handle

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            assert await reader.read(1)
            greeted.set()
            await reader.read()

        proxy, sockets = Proxy(), Sockets()
        async with listening(silent) as port, listening(proxy.serve) as at:
            async with ClientSession(connector=sockets.connector()) as session:
                if loop_name == "asyncio":
                    loop.call_later = watched  # type: ignore[method-assign]
                asking = session._request("GET", f"https://127.0.0.1:{port}/", proxy=f"http://127.0.0.1:{at}")
                task = asyncio.create_task(asking)
                await greeted.wait()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert session.connector._pool.used == 0
            assert sockets.all_closed()
            assert loop_name != "asyncio" or [handle.cancelled() for handle in timers] == [True]
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                del task, asking
                gc.collect()
            assert not [each for each in caught if "_SSLProtocolTransport" in str(each.message)]

    run(loop_name, main())


@pytest.fixture(scope="module")
def real_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with proxy_py(tmp_path_factory.mktemp("proxy"), "--basic-auth", "a:b") as port:
        yield port


@servers_may_leak
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tunnel"])
def test_proxy_py(loop_name: str, real_proxy: int, tls: bool) -> None:
    """proxy.py carries GETs, a megabyte each way, and a connection that is used again."""
    big = bytes(range(256)) * 4096

    sockets = Sockets()

    async def main() -> None:
        async with raw_server(lambda seen: ok(seen.body or big), tls=server_tls() if tls else None) as server:
            proxy = {"proxy": f"http://a:b@127.0.0.1:{real_proxy}", "ssl": client_tls()}
            async with ClientSession(connector=sockets.connector()) as session:
                for data in (None, b"small", big):
                    async with session.post(server.url + "/x?y=1", data=data, **proxy) as response:
                        assert await response.read() == (data or big)
            assert {seen.target for seen in server.seen} == {"/x?y=1"}
            if tls:
                assert all(seen.get("proxy-authorization") is None for seen in server.seen)
                assert server.connections == 1
        assert sockets.all_closed()

    run(loop_name, main())
    gc.collect()


@servers_may_leak
def test_proxy_py_wants_credentials(loop_name: str, real_proxy: int) -> None:
    """proxy.py's 407 is the answer to a plain request, and ClientHttpProxyError for a tunnel."""

    sockets = Sockets()

    async def main() -> None:
        proxy = {"proxy": f"http://a:wrong@127.0.0.1:{real_proxy}"}
        async with ClientSession(connector=sockets.connector()) as session:
            async with session.get("http://127.0.0.1:1/", **proxy) as response:
                assert response.status == 407
                assert response.headers["Proxy-Authenticate"] == "Basic"
            with pytest.raises(aiohttp_core.ClientHttpProxyError) as caught:
                await session.get("https://127.0.0.1:1/", **proxy)
            assert caught.value.status == 407
        assert sockets.all_closed()

    run(loop_name, main())
    gc.collect()


@names_proxy_auth
@servers_may_leak
def test_proxy_py_carries_websockets(real_proxy: int) -> None:
    """A WebSocket lives in proxy.py's tunnel (without TLS proxy.py refuses it)."""

    sockets = Sockets()

    async def main() -> None:
        async with serving(echo(), server_tls()) as url, ClientSession(connector=sockets.connector()) as session:
            async with session.ws_connect(
                url.replace("http", "ws", 1) + "/ws",
                proxy=f"http://127.0.0.1:{real_proxy}",
                proxy_auth=A_B,
                ssl=client_tls(),
            ) as socket:
                for text in ("one", "two" * 50_000):
                    await socket.send_str(text)
                    assert await socket.receive_str() == text
        assert sockets.all_closed()

    run("asyncio", main())
    gc.collect()


@servers_may_leak
@pytest.mark.parametrize("target", ["http", "https"])
def test_proxy_py_over_tls(tmp_path: pathlib.Path, target: str) -> None:
    """proxy.py itself reached by TLS: a plain request inside, and TLS in TLS."""
    chain, key = certificate_files(tmp_path)

    sockets = Sockets()

    async def main(port: int) -> None:
        async with raw_server(ok(b"far"), tls=server_tls() if target == "https" else None) as server:
            async with ClientSession(connector=sockets.connector()) as session:
                async with session.get(server.url, proxy=f"https://localhost:{port}", ssl=client_tls()) as response:
                    assert await response.read() == b"far"
        assert sockets.all_closed()

    with proxy_py(tmp_path, "--cert-file", chain, "--key-file", key) as port:
        run("asyncio", main(port))
    gc.collect()
