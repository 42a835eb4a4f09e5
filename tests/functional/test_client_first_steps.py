"""The client's whole way, thin: sessions, verbs, bodies, reading, and the pool, over real sockets."""

from __future__ import annotations

import pytest
from functional.client_servers import Seen, loop_name, ok, raw_server, run

import aiohttp_core

__all__ = ["loop_name"]


def echo(seen: Seen) -> bytes:
    return ok(seen.method.encode() + b" " + seen.target.encode() + b" " + seen.body, "Content-Type: text/plain")


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options"])
def test_verbs(loop_name: str, method: str) -> None:
    """Each verb sends its method, and the content comes back as text."""

    async def main() -> None:
        async with raw_server(echo) as server, aiohttp_core.ClientSession() as session:
            async with getattr(session, method)(server.url + "/a") as response:
                assert response.status == 200
                assert response.reason == "OK"
                assert (await response.text()).split()[:2] == [method.upper(), "/a"]

    run(loop_name, main())


def test_head_has_no_content(loop_name: str) -> None:
    """A response to HEAD has fields and no content, and leaves the connection usable."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            return b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" if seen.method == "HEAD" else ok()

        async with raw_server(answer) as server, aiohttp_core.ClientSession() as session:
            async with session.head(server.url) as response:
                assert response.headers["Content-Length"] == "5"
                assert await response.read() == b""
            async with session.get(server.url) as response:
                assert await response.read() == b"ok"
            assert server.connections == 1

    run(loop_name, main())


def test_params_headers_and_json(loop_name: str) -> None:
    """Parameters join the query, fields are sent as given, JSON is serialised and typed."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            return ok(b'{"a": [1, 2]}', "Content-Type: application/json")

        async with raw_server(answer) as server, aiohttp_core.ClientSession() as session:
            async with session.post(
                server.url + "/p?q=1", params={"b": [1, 2]}, headers={"X-Own": "yes"}, json={"c": 3}
            ) as response:
                assert await response.json() == {"a": [1, 2]}
            (seen,) = server.seen
            assert seen.target == "/p?q=1&b=1&b=2"
            assert seen.get("x-own") == "yes"
            assert seen.get("content-type") == "application/json"
            assert seen.body == b'{"c": 3}'

    run(loop_name, main())


def test_connections_are_reused(loop_name: str) -> None:
    """Requests one after another use one connection; head and small content leave in one write."""

    async def main() -> None:
        async with raw_server(echo) as server, aiohttp_core.ClientSession() as session:
            for _ in range(5):
                async with session.post(server.url, data=b"x" * 100) as response:
                    await response.read()
            assert server.connections == 1

    run(loop_name, main())


def test_streamed_reading(loop_name: str) -> None:
    """Content can be read in pieces of a chosen size."""

    async def main() -> None:
        content = bytes(range(256)) * 4000
        async with raw_server(ok(content)) as server, aiohttp_core.ClientSession() as session:
            async with session.get(server.url) as response:
                pieces = [piece async for piece in response.content.iter_chunked(1000)]
            assert b"".join(pieces) == content
            assert max(map(len, pieces)) <= 1000

    run(loop_name, main())
