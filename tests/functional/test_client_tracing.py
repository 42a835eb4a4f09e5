"""Tracing: which signals are sent, in which order (that of aiohttp 3.14.5), and what they tell."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from functional.client_servers import Seen, loop_name, ok, raw_server, run

import aiohttp_core
from aiohttp_core import ClientSession, TCPConnector, TraceConfig
from aiohttp_core.abc import AbstractResolver

__all__ = ["loop_name"]

SIGNALS = [name for name in dir(TraceConfig) if name.startswith("on_")]
CREATE = ["create_start", "cache_miss", "resolvehost_start", "resolvehost_end", "create_end"]
REUSED = ["start", "reuseconn", "headers_sent"]


class ToLoopback(AbstractResolver):
    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[Any]:
        entry = {"hostname": host, "host": "127.0.0.1", "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
        return [entry]

    async def close(self) -> None:
        """Holds nothing."""


def traced(log: list[tuple[str, Any, Any]]) -> TraceConfig:
    """A configuration whose every signal writes its name, context and parameters into ``log``."""
    config = TraceConfig()

    def receiver(name: str) -> Callable[..., Awaitable[None]]:
        async def record(session: ClientSession, context: Any, params: Any) -> None:
            log.append((name, context, params))

        return record

    for name in SIGNALS:
        short = name.removeprefix("on_").removeprefix("request_").removeprefix("connection_").removeprefix("dns_")
        getattr(config, name).append(receiver(short))
    return config


def answer(seen: Seen) -> bytes | None:
    if seen.target == "/away":
        return b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"
    return None if seen.target == "/gone" else ok(b"fine")


@asynccontextmanager
async def session(**options: Any) -> AsyncIterator[tuple[Callable[..., Awaitable[list[str]]], list[Any]]]:
    """A function that asks for a path and gives the names of the signals sent meanwhile, and the log of them all."""
    log: list[Any] = []
    async with raw_server(answer) as server:
        connector = TCPConnector(resolver=ToLoopback(), **options)
        async with ClientSession(trace_configs=[traced(log)], connector=connector) as client:

            async def ask(path: str, method: str = "GET", **request: Any) -> list[str]:
                before = len(log)
                url = f"http://name.test:{server.port}{path}"
                async with client.request(method, url, **request) as response:
                    await response.read()
                return [name for name, _, _ in log[before:]]

            yield ask, log


def test_order(loop_name: str) -> None:
    """The first request, one on a kept connection, a redirect and an upload each send their signals in order."""

    async def main() -> None:
        async with session() as (ask, _):
            end = ["end", "response_chunk_received"]
            assert await ask("/") == ["start", *CREATE, "headers_sent", *end]
            assert await ask("/") == [*REUSED, *end]
            assert await ask("/away") == [*REUSED, "redirect", "reuseconn", "headers_sent", *end]
            assert await ask("/", "POST", data=b"body") == [*REUSED, "chunk_sent", *end]

            async def pieces() -> AsyncIterator[bytes]:
                yield b"a"
                yield b"b"

            assert await ask("/", "POST", data=pieces()) == [*REUSED, "chunk_sent", "chunk_sent", *end]

    run(loop_name, main())


def test_what_they_tell(loop_name: str) -> None:
    """Each signal's parameters name the request; its context carries what the request was given to pass on."""

    async def main() -> None:
        async with session() as (ask, log):
            await ask("/", "POST", data=b"body", trace_request_ctx="mine")
            told = {name: params for name, _, params in log}
            assert {context.trace_request_ctx for _, context, _ in log} == {"mine"}
            for name in ("start", "headers_sent", "end", "chunk_sent", "response_chunk_received"):
                assert (told[name].method, told[name].url.path) == ("POST", "/")
            assert (told["chunk_sent"].chunk, told["response_chunk_received"].chunk) == (b"body", b"fine")
            assert told["end"].response.status == 200
            assert told["resolvehost_start"].host == told["cache_miss"].host == "name.test"

    run(loop_name, main())


def test_names_and_connections(loop_name: str) -> None:
    """A name found before is a hit; without a cache it is only looked up; waiting for a connection is told."""

    async def main() -> None:
        async with session(force_close=True) as (ask, _):
            await ask("/")
            assert (await ask("/"))[1:4] == ["create_start", "cache_hit", "create_end"]
        async with session(use_dns_cache=False) as (ask, _):
            assert (await ask("/"))[1:5] == ["create_start", "resolvehost_start", "resolvehost_end", "create_end"]
        async with session(limit=1) as (ask, log):
            await asyncio.gather(ask("/"), ask("/"))
            names = [name for name, _, _ in log]
            assert names.index("queued_start") < names.index("end") < names.index("queued_end")

    run(loop_name, main())


def test_failure(loop_name: str) -> None:
    """A request that fails ends with its exception, and without an end."""

    async def main() -> None:
        async with session() as (ask, log):
            with pytest.raises(aiohttp_core.ServerDisconnectedError) as failure:
                await ask("/gone", "POST", data=b"x")
            assert log[-1][0] == "exception"
            assert log[-1][2].exception is failure.value
            assert "end" not in [name for name, _, _ in log]

    run(loop_name, main())


@pytest.mark.parametrize("signal", ["on_request_end", "on_request_redirect"])
@pytest.mark.parametrize("cancelled", [False, True])
def test_failure_with_the_response_there(loop_name: str, signal: str, cancelled: bool) -> None:
    """A receiver that fails, or is cancelled, while content is still to come: the connection does not stay in use."""

    async def main() -> None:
        arrived = asyncio.Event()

        async def fail(session: ClientSession, context: Any, params: Any) -> None:
            arrived.set()
            if cancelled:
                await asyncio.Event().wait()
            raise LookupError(signal)

        config = TraceConfig()
        getattr(config, signal).append(fail)
        status = "302 Found" if signal == "on_request_redirect" else "200 OK"
        unfinished = f"HTTP/1.1 {status}\r\nLocation: /\r\nContent-Length: 9\r\n\r\nabc".encode()
        async with raw_server(unfinished) as server, ClientSession(trace_configs=[config]) as client:
            task = asyncio.ensure_future(client._request("GET", server.url))
            await arrived.wait()
            if cancelled:
                task.cancel()
            with pytest.raises(asyncio.CancelledError if cancelled else LookupError):
                await task
            assert client.connector is not None
            assert client.connector._pool.used == 0

    run(loop_name, main())
