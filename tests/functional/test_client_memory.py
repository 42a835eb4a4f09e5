"""What the client keeps: little while it streams, and nothing once it is done."""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
import threading
import tracemalloc
from collections.abc import AsyncIterator
from typing import Any

import pytest
from functional.client_servers import listening, loop_name, ok, raw_server, run

from aiohttp_core import ClientSession, TCPConnector

__all__ = ["loop_name"]

PIECE = bytes(2**18)
PIECES = 800
TWO_HUNDRED_MEGABYTES = len(PIECE) * PIECES


async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer a GET with 200 MB, and a PUT with how much came."""
    head = await reader.readuntil(b"\r\n\r\n")
    if head.startswith(b"GET"):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % TWO_HUNDRED_MEGABYTES)
        for _ in range(PIECES):
            writer.write(PIECE)
            await writer.drain()
        return
    received = 0
    while received < TWO_HUNDRED_MEGABYTES:
        received += len(await reader.read(2**18))
    writer.write(ok(str(received).encode()))
    await writer.drain()


def test_streaming_down(loop_name: str) -> None:
    """200 MB read piece by piece add less than 8 MB, the server's part included."""

    async def main() -> None:
        async with listening(stream) as port, ClientSession() as session:
            tracemalloc.start()
            try:
                received = 0
                async with session.get(f"http://127.0.0.1:{port}/") as response:
                    async for piece in response.content.iter_any():
                        received += len(piece)
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
            assert received == TWO_HUNDRED_MEGABYTES
            assert peak < 8 * 2**20

    run(loop_name, main())


def test_a_slow_reader_holds_little(loop_name: str) -> None:
    """A response that nobody reads yet holds no more than the limits say, however much the server would send."""

    async def main() -> None:
        async with listening(stream) as port, ClientSession() as session:
            tracemalloc.start()
            try:
                async with session.get(f"http://127.0.0.1:{port}/") as response:
                    for _ in range(1000):
                        await asyncio.sleep(0)
                    peak = tracemalloc.get_traced_memory()[1]
                    response.close()
            finally:
                tracemalloc.stop()
            assert peak < 8 * 2**20

    run(loop_name, main())


@pytest.mark.parametrize("chunked", [False, True])
def test_streaming_up(loop_name: str, chunked: bool) -> None:
    """200 MB sent from a generator, in chunks or with their length told, add less than 8 MB."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(PIECES):
            yield PIECE

    async def main() -> None:
        async with listening(stream) as port, ClientSession() as session:
            length = {} if chunked else {"Content-Length": str(TWO_HUNDRED_MEGABYTES)}
            tracemalloc.start()
            try:
                async with session.put(f"http://127.0.0.1:{port}/", data=pieces(), headers=length) as response:
                    received = int(await response.read())
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
            assert received >= TWO_HUNDRED_MEGABYTES
            assert peak < 8 * 2**20

    run(loop_name, main())


KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "json": {"json": {"a": 1}},
    "composed": {"headers": {"X-Own": "1"}, "params": {"a": "b"}, "cookies": {"c": "d"}},
    "form": {"data": {"a": "b"}},
    "redirected": {"path": "/away"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_requests_leave_memory_flat(kind: str) -> None:
    """Hundreds of requests leave nothing behind, without the garbage collector's help."""

    async def main() -> None:
        def answer(seen: Any) -> bytes:
            server.seen.clear()
            away = ("Location: /x",) if seen.target == "/away" else ()
            return ok(
                b"{}", "Content-Type: application/json", "Set-Cookie: a=b", *away, status="302 X" if away else "200 OK"
            )

        async with raw_server(answer) as server, ClientSession() as session:
            options = dict(KINDS[kind])
            path = options.pop("path", "/")
            method = "POST" if "json" in options or "data" in options else "GET"

            async def some(number: int) -> None:
                for _ in range(number):
                    async with session.request(method, server.url + path, **options) as response:
                        assert await response.json() == {}

            gc.disable()
            try:
                # Bounded caches are full after this, and so are Python's free lists (2000 tuples of each size), which
                # the collector would empty.
                await some(2500)
                grown = []
                for _ in range(4):
                    before = sys.getallocatedblocks()
                    await some(300)
                    grown.append(sys.getallocatedblocks() - before)
            finally:
                gc.enable()
            assert min(grown) < 100

    run("asyncio", main())


def test_idle_connections_cost_little() -> None:
    """A pooled connection costs less than the 6.3 kB of one of aiohttp 3.14.5 (the server's socket included)."""
    count = 200

    def serve(listener: socket.socket) -> None:
        connections = [listener.accept()[0] for _ in range(count)]
        for each in connections:
            each.recv(65536)
            each.sendall(ok())
        done.wait(60)
        for each in connections:
            each.close()

    async def main(port: int) -> None:
        async with ClientSession(connector=TCPConnector(limit=0)) as session:

            async def fetch() -> None:
                async with session.get(f"http://127.0.0.1:{port}/") as response:
                    await response.read()

            gc.collect()
            tracemalloc.start()
            try:
                before = tracemalloc.get_traced_memory()[0]
                await asyncio.gather(*(fetch() for _ in range(count)))
                gc.collect()
                added = tracemalloc.get_traced_memory()[0] - before
            finally:
                tracemalloc.stop()
                done.set()
            assert sum(len(idle) for idle in session.connector._conns.values()) == count
            assert added / count < 6000

    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0), backlog=count) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        try:
            run("asyncio", main(listener.getsockname()[1]))
        finally:
            done.set()
            thread.join()
