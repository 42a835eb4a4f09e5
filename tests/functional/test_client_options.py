"""Options of connectors, timeouts and requests that are seldom given, and what each does."""

from __future__ import annotations

import asyncio
import inspect
import socket
import subprocess
import sys
import textwrap
from typing import Any, get_type_hints

import pytest
from functional.certificates import client_tls, server_tls
from functional.client_servers import loop_name, ok, raw_server, run

import aiohttp_core
from aiohttp_core import ClientSession, ClientTimeout, TCPConnector
from aiohttp_core._client import sending
from aiohttp_core._client.request_options import RequestOptions, WebSocketConnectOptions, unknown_option
from aiohttp_core._wire import _accel
from aiohttp_core.abc import AbstractResolver, ResolveResult

__all__ = ["loop_name"]


class Fixed(AbstractResolver):
    """Gives the same addresses for every name."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for address in self._addresses
        ]

    async def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    ("interleave", "order"),
    [
        (None, ["::1", "127.0.0.1", "::2", "::3"]),
        (1, ["::1", "127.0.0.1", "::2", "::3"]),
        (2, ["::1", "::2", "127.0.0.1", "::3"]),
    ],
)
def test_interleave(loop_name: str, interleave: int | None, order: list[str]) -> None:
    """Addresses are tried by turns of their families, after ``interleave`` of the first (RFC 8305 section 4)."""
    tried: list[str] = []

    def refuse(address: Any) -> socket.socket:
        tried.append(address[4][0])
        raise OSError("no socket for this one")

    async def main() -> None:
        connector = TCPConnector(
            resolver=Fixed("::1", "::2", "::3", "127.0.0.1"), interleave=interleave, socket_factory=refuse
        )
        async with ClientSession(connector=connector) as session:
            with pytest.raises(aiohttp_core.ClientConnectorError):
                await session.get("http://name.test/")

    run(loop_name, main())
    assert tried == order


@pytest.mark.parametrize("enabled", [True, False])
def test_enable_cleanup_closed(loop_name: str, enabled: bool) -> None:
    """Given or not, no closed TLS connection waits for a peer that never says goodbye."""

    async def main() -> None:
        async with raw_server(ok(bytes(2_000_000)), tls=server_tls()) as server:
            connector = TCPConnector(enable_cleanup_closed=enabled, force_close=True, ssl=client_tls())
            async with ClientSession(connector=connector) as session:
                async with session.get(server.url) as response:
                    # Such a body is not there at once, so the connection is not given back yet.
                    assert response.connection is not None
                    protocol = response.connection.protocol
                    assert protocol is not None
                    await response.read()
                gone = protocol.closed
                if gone is not None:
                    await asyncio.wait_for(gone, 10)
                assert protocol.transport is None

    run(loop_name, main())


@pytest.mark.parametrize(("threshold", "whole"), [(5, True), (100, False)])
@pytest.mark.parametrize("field", ["total", "sock_read", "connect", "sock_connect"])
def test_ceil_threshold(threshold: float, whole: bool, field: str) -> None:
    """A timeout above ceil_threshold ends at a whole second of the loop's clock, so that many share one wake-up."""
    planned: list[float] = []

    class Loop(asyncio.SelectorEventLoop):
        def call_at(self, when: float, *args: Any, **kw: Any) -> asyncio.TimerHandle:
            planned.append(when - self.time() if 6 < when - self.time() < 9 and when % 1 else when)
            return super().call_at(when, *args, **kw)

        def time(self) -> float:
            return super().time() // 1 + 0.25

    async def main() -> None:
        timeout = ClientTimeout(**{"total": None, "sock_connect": None, field: 7, "ceil_threshold": threshold})
        async with raw_server(ok()) as server, ClientSession() as session:
            planned.clear()
            async with session.get(server.url, timeout=timeout) as response:
                await response.read()

    loop = Loop()
    try:
        loop.run_until_complete(main())
    finally:
        loop.close()
    assert any(when % 1 == 0 and when > 9 for when in planned) is whole
    assert (7.0 in planned) is not whole


def test_encode_basic_auth(loop_name: str) -> None:
    """encode_basic_auth gives the value of an Authorization field; its password and encoding may be left out."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession() as session:
            for given, sent in [
                (("user", "pass"), "Basic dXNlcjpwYXNz"),
                (("user",), "Basic dXNlcjo="),
                (("\xe9", "b"), "Basic w6k6Yg=="),
                (("\xe9", "b", "latin-1"), "Basic 6Tpi"),
            ]:
                fields = {"Authorization": aiohttp_core.encode_basic_auth(*given)}
                async with session.get(server.url, headers=fields) as response:
                    assert response.status == 200
                assert server.seen[-1].get("Authorization") == sent
        with pytest.raises(ValueError, match=":"):
            aiohttp_core.encode_basic_auth("a:b", "c")

    run(loop_name, main())


def test_charset_guessers_are_imported_when_needed() -> None:
    """charset-normalizer and faust-cchardet are imported for the first text without a charset that is not UTF-8."""
    program = textwrap.dedent(
        """
        import asyncio, sys
        from aiohttp_core import ClientSession

        GUESSERS = {"charset_normalizer", "cchardet"}
        TEXTS = ["Füße".encode(), "Die Füße überqueren die Straße in größter Eile. ".encode("cp1252") * 20]

        async def answer(reader, writer):
            for text in TEXTS:
                await reader.readuntil(b"\\r\\n\\r\\n")
                writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(text) + text)
            writer.close()

        async def main():
            server = await asyncio.start_server(answer, "127.0.0.1", 0)
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            async with ClientSession() as session:
                for _ in TEXTS:
                    async with session.get(url) as response:
                        text = await response.text()
                        print("F\\u00fc\\u00dfe" in text, bool(GUESSERS & sys.modules.keys()))
            server.close()

        asyncio.run(main())
        """
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", "False", "True", "True"]


@pytest.mark.parametrize("method", ["request", "get", "post", "ws_connect"])
def test_options_that_there_are_not(loop_name: str, method: str) -> None:
    """A misspelt option is told by its name; nothing is sent."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession() as session:
            arguments = ("GET", server.url) if method == "request" else (server.url,)
            name = "ws_connect" if method == "ws_connect" else "_request"
            with pytest.raises(TypeError, match=rf"ClientSession\.{name}\(\) got an unexpected .* argument 'proxi'"):
                async with getattr(session, method)(*arguments, proxi="http://a.invalid"):
                    """Not reached."""
            with pytest.raises(TypeError, match=r"ClientSession\._request\(\) got an unexpected .* argument 'foo'"):
                async with aiohttp_core.request("GET", server.url, ssl=True, foo=1):  # type: ignore[call-arg]
                    """Not reached."""
            assert not server.seen

    run(loop_name, main())


def test_annotations_can_be_evaluated() -> None:
    """Programs that wrap or inject by annotations find what the methods of a session take."""
    for name in [
        "__init__",
        "request",
        "get",
        "options",
        "head",
        "post",
        "put",
        "patch",
        "delete",
        "ws_connect",
        "close",
    ]:
        assert "return" in get_type_hints(getattr(ClientSession, name))
    assert get_type_hints(aiohttp_core.request)["method"] is str
    assert get_type_hints(aiohttp_core.ClientResponseError.__init__)["status"] == int | None


def test_known_options_are_those_of_a_request() -> None:
    """What type checkers are told is what is taken, each of it."""
    known = inspect.signature(sending.Sending._take_options).parameters if not _accel.ACCELERATED else None
    usual = set(inspect.signature(ClientSession._request).parameters) - {"self", "method", "str_or_url", "others"}
    deprecated = {"verify_ssl", "fingerprint", "ssl_context"}
    if known is not None:
        assert RequestOptions.__annotations__.keys() == (usual | known.keys()) - deprecated - {"self"}
    for option in RequestOptions.__annotations__.keys() | deprecated:
        assert unknown_option([option]) is None
    assert unknown_option(["ssl", "ssl_"]) == "ssl_"
    parameters = inspect.signature(ClientSession.ws_connect).parameters
    assert WebSocketConnectOptions.__annotations__.keys() == parameters.keys() - {"self", "url", "decode_text"}
