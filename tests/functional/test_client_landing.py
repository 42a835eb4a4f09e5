"""Large contents, received in place: over sockets and TLS, on both loops, with peers of every kind."""

from __future__ import annotations

import asyncio
import gc
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from functional.certificates import client_tls, server_tls
from functional.client_servers import listening, loop_name, ok, raw_server, run

from aiohttp_core import (
    ClientConnectionError,
    ClientPayloadError,
    ClientSession,
    ClientTimeout,
    SocketTimeoutError,
    StreamReader,
    TCPConnector,
)
from aiohttp_core._connection import http1
from aiohttp_core._connection.landing import Landing
from aiohttp_core._connection.stream_core import LANDING_SIZE
from aiohttp_core._wire import _accel
from aiohttp_core._wire.place import PlacePure

__all__ = ["loop_name"]

BODY = bytes(range(256)) * 2**13
TLS = pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])


@pytest.fixture
def landings(monkeypatch: pytest.MonkeyPatch) -> list[Landing]:
    """Each landing that is made."""
    made: list[Landing] = []

    def make(*args: Any) -> Landing:
        made.append(Landing(*args))
        return made[-1]

    monkeypatch.setattr(http1, "Landing", make)
    if _accel.ACCELERATED:
        from aiohttp_core._cparser import http1_connection  # type: ignore[import-not-found]

        monkeypatch.setattr(http1_connection, "Landing", make)
    return made


def session(tls: bool, **options: Any) -> ClientSession:
    connector = TCPConnector(ssl=client_tls()) if tls else TCPConnector()
    return ClientSession(connector=connector, **options)


def contexts(tls: bool) -> ssl.SSLContext | None:
    return server_tls() if tls else None


@TLS
def test_one_after_another(loop_name: str, tls: bool, landings: list[Landing]) -> None:
    """Contents of every size, in whatever pieces they come, on one connection."""

    async def main() -> None:
        sizes = [2**20, 1, 2**21, 2**18 - 1, 0, 2**21 - 1, 777_777]
        async with raw_server(lambda seen: ok(BODY[: int(seen.target[1:])]), contexts(tls)) as server:
            async with session(tls) as client:
                for size in sizes * 3:
                    async with client.get(f"{server.url}/{size}") as response:
                        assert await response.read() == BODY[:size]
                        assert size < LANDING_SIZE or response.content.total_bytes == size
                assert server.connections == 1
        assert len(landings) >= 6

    run(loop_name, main())


@TLS
def test_many_at_once(loop_name: str, tls: bool, landings: list[Landing]) -> None:
    """Each gets its own octets."""

    async def main() -> None:
        async with raw_server(lambda seen: ok(bytes([int(seen.target[1:])]) * 2**20), contexts(tls)) as server:
            async with session(tls) as client:

                async def get(number: int) -> None:
                    async with client.get(f"{server.url}/{number}") as response:
                        assert await response.read() == bytes([number]) * 2**20

                await asyncio.gather(*map(get, range(20)))
        assert landings

    run(loop_name, main())


@TLS
def test_a_response_behind_each(loop_name: str, tls: bool, landings: list[Landing]) -> None:
    """A response that nobody asked for ends its connection, each time."""

    async def main() -> None:
        async with raw_server(ok(BODY) + ok(b"smuggled"), contexts(tls)) as server, session(tls) as client:
            for number in range(1, 6):
                async with client.get(server.url) as response:
                    assert await response.read() == BODY
                assert server.connections == number
        assert landings

    run(loop_name, main())


@TLS
def test_nothing_stays_with_an_idle_connection(loop_name: str, tls: bool) -> None:
    """Some transports keep what they once called: the content, and its stream, are the program's alone."""

    async def main() -> None:
        async with raw_server(lambda _: ok(BODY), contexts(tls)) as server, session(tls) as client:
            async with client.get(server.url) as response:
                content = await response.read()
            assert content == BODY
            del response
            await asyncio.sleep(0.05)
            gc.collect()
            assert client.connector._conns  # type: ignore[union-attr]
            held = [each for each in gc.get_objects() if isinstance(each, StreamReader)]
            assert not [each for each in held if each.total_bytes == len(BODY)]
            assert not [each for each in gc.get_objects() if isinstance(each, PlacePure)]
            assert sys.getrefcount(content) <= 2

    run(loop_name, main())


@TLS
def test_no_cycles(loop_name: str, tls: bool, landings: list[Landing]) -> None:
    """Responses that landed leave nothing for the garbage collector."""

    async def main() -> None:
        async with raw_server(ok(BODY), contexts(tls)) as server, session(tls) as client:

            async def some(number: int) -> None:
                for _ in range(number):
                    async with client.get(server.url) as response:
                        assert len(await response.read()) == len(BODY)
                landings.clear()

            await some(3)
            gc.collect()
            gc.disable()
            try:
                await some(10)
                assert gc.collect() == 0
            finally:
                gc.enable()

    run(loop_name, main())


@asynccontextmanager
async def in_two_halves(tls: bool, go_on: str) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """The URL of a server that answers with half of a content, and ``go_on`` once the event is set."""
    event = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        whole = ok(BODY)
        writer.write(whole[: len(whole) // 2])
        await event.wait()
        if go_on == "reset":
            writer.transport.abort()
        elif go_on == "rest":
            writer.write(whole[len(whole) // 2 :])
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ok(b"next"))
            await writer.drain()
        writer.close()

    async with listening(serve, contexts(tls)) as port:
        yield f"{'https' if tls else 'http'}://{'localhost' if tls else '127.0.0.1'}:{port}/", event


@TLS
@pytest.mark.parametrize("how", ["close", "reset"])
def test_half_of_it(loop_name: str, tls: bool, how: str, landings: list[Landing]) -> None:
    """A content that is cut off while it lands is an error, and the session goes on."""

    async def main() -> None:
        async with in_two_halves(tls, how) as (url, event), session(tls) as client:
            async with client.get(url) as response:
                task = asyncio.ensure_future(response.read())
                while not landings:
                    await asyncio.sleep(0.01)
                event.set()
                with pytest.raises(ClientPayloadError):
                    await task
            assert not client.connector._conns  # type: ignore[union-attr]

    run(loop_name, main())


@TLS
def test_a_reader_that_is_cancelled(loop_name: str, tls: bool, landings: list[Landing]) -> None:
    """Its octets are there for the next one, and its connection for the next exchange."""

    async def main() -> None:
        async with in_two_halves(tls, "rest") as (url, event), session(tls) as client:
            async with client.get(url) as response:
                task = asyncio.ensure_future(response.content.read())
                while not landings or response.content.total_bytes < len(BODY) // 2 - 1000:
                    await asyncio.sleep(0.01)
                task.cancel()
                await asyncio.wait([task])
                first = await response.content.readany()
                assert first == BODY[: len(first)] != b""
                event.set()
                assert first + await response.content.read() == BODY
            async with client.get(url) as response:
                assert await response.read() == b"next"

    run(loop_name, main())


@TLS
@pytest.mark.parametrize("which", ["sock_read", "total"])
def test_a_server_that_stops(loop_name: str, tls: bool, which: str, landings: list[Landing]) -> None:
    """Both timeouts end a content that lands no further."""

    async def main() -> None:
        timeout = ClientTimeout(**{which: 1.5})
        async with in_two_halves(tls, "close") as (url, event), session(tls, timeout=timeout) as client:
            async with client.get(url) as response:
                with pytest.raises(SocketTimeoutError if which == "sock_read" else asyncio.TimeoutError):
                    await response.read()
            assert landings
            assert not client.connector._acquired  # type: ignore[union-attr]
            event.set()

    run(loop_name, main())


@TLS
@pytest.mark.parametrize("surplus", [ok(b"forged"), b"\0"])
def test_a_second_response(loop_name: str, tls: bool, surplus: bytes, landings: list[Landing]) -> None:
    """A response that nobody asked for, right behind a content that landed, is not the answer to the next request,
    however soon that is sent."""
    event = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (await reader.readuntil(b"\r\n\r\n")).startswith(b"GET /whole"):
            whole = ok(BODY)
            writer.write(whole[:-5000])
            await event.wait()
            # One record of TLS, and one segment.
            writer.write(whole[-5000:] + surplus)
        writer.write(ok(b"real"))
        await writer.drain()
        writer.close()

    async def main() -> None:
        async with listening(serve, contexts(tls)) as port, session(tls) as client:
            url = f"{'https' if tls else 'http'}://{'localhost' if tls else '127.0.0.1'}:{port}"

            async def exchange() -> bytes:
                async with client.get(f"{url}/whole") as response:
                    assert await response.read() == BODY
                async with client.get(f"{url}/next") as response:
                    return await response.read()

            task = asyncio.ensure_future(exchange())
            while not landings or landings[0].reader.total_bytes < len(BODY) - 5000:
                await asyncio.sleep(0.01)
            event.set()
            assert await task == b"real"

    run(loop_name, main())


def test_left_while_it_lands(loop_name: str, landings: list[Landing]) -> None:
    """Leaving the response ends its connection, whoever reads."""

    async def main() -> None:
        async with in_two_halves(False, "close") as (url, event), session(False) as client:
            async with client.get(url) as response:
                task = asyncio.ensure_future(response.read())
                while not landings:
                    await asyncio.sleep(0.01)
                response.close()
                with pytest.raises(ClientConnectionError, match="Connection closed"):
                    await task
            assert not client.connector._acquired  # type: ignore[union-attr]
            event.set()

    run(loop_name, main())
