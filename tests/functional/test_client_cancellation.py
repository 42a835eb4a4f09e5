"""Requests cancelled after any number of the loop's turns, on every road: no slot, task or socket stays behind."""

from __future__ import annotations

import asyncio
import gc
import io
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from functional.certificates import client_tls, server_tls
from functional.client_servers import Seen, Sockets, listening, loop_name, ok, raw_server, run
from functional.proxies import Proxy

from aiohttp_core import ClientSession

__all__ = ["loop_name"]


async def slowly() -> AsyncIterator[bytes]:
    for _ in range(5):
        yield b"abc"
        await asyncio.sleep(0)


# What a request asks, for the number of the request: method, path and options.
ROADS: dict[str, Callable[[int], tuple[str, str, dict[str, Any]]]] = {
    "plain": lambda number: ("GET", "/", {}),
    "json": lambda number: ("POST", "/", {"json": {"a": number}}),
    "tls": lambda number: ("GET", "/", {"tls": True}),
    "proxy": lambda number: ("GET", "/", {"proxied": True}),
    "tunnel": lambda number: ("POST", "/", {"tls": True, "proxied": True, "data": b"x"}),
    "redirects": lambda number: ("GET", "/3", {}),
    "expect100": lambda number: ("POST", "/", {"data": slowly(), "expect100": True}),
    "generator": lambda number: ("POST", "/", {"data": slowly()}),
    "file": lambda number: ("POST", "/", {"data": io.BytesIO(bytes(300_000))}),
    "multipart": lambda number: ("POST", "/", {"data": {"a": io.BytesIO(bytes(1000))}}),
    "compressed": lambda number: ("POST", "/", {"data": b"abc" * 1000, "compress": "gzip"}),
}


def answer(seen: Seen) -> bytes:
    number = seen.target.rsplit("/", 1)[1]
    if number and number != "0":
        return ok(b"", f"Location: /{int(number) - 1}", status="302 Found")
    return ok(bytes(70_000))


@pytest.mark.parametrize("road", ROADS)
def test_cancelled_on_every_road(loop_name: str, road: str) -> None:
    """However far a request has come, cancelling it gives its slot back, and the session goes on."""

    sockets = Sockets()

    async def main() -> None:
        trust, proxy = client_tls(), Proxy(forwards=True)
        secure = raw_server(answer, tls=server_tls())
        async with raw_server(answer) as plain, secure as tls, listening(proxy.serve) as port:
            async with ClientSession(connector=sockets.connector(limit=3)) as session:

                async def fetch(number: int) -> None:
                    method, path, options = ROADS[road](number)
                    server = plain
                    if options.pop("tls", False):
                        server, options["ssl"] = tls, trust
                    if options.pop("proxied", False):
                        options["proxy"] = f"http://127.0.0.1:{port}"
                    async with session.request(method, server.url + path, **options) as response:
                        assert len(await response.read()) == 70_000

                before = asyncio.all_tasks()
                for turns in range(24):
                    tasks = [asyncio.create_task(fetch(number)) for number in range(5)]
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    for task in tasks:
                        task.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)
                    assert session.connector._pool.used == 0
                    assert session.connector._pool.waiting == 0
                    assert not session.connector._acquired
                await fetch(0)
                await asyncio.sleep(0)
                left = {task for task in asyncio.all_tasks() - before if "aiohttp_core" in repr(task.get_coro())}
                assert not left
            assert sockets.all_closed()

    run(loop_name, main())
    # A transport that was left open would warn now.
    gc.collect()
