"""What has gone wrong in servers, and must not here."""

import asyncio
import gzip
import logging
import os
import socket
import ssl
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import trustme
from server.serving import ask, parse, request, serve, serve_handler, statuses, talk

from aiohttp_core import web
from aiohttp_core._server.static_resource import _is_relative

THIS_FILE = Path(__file__).read_bytes()


async def hello(_: web.Request) -> web.Response:
    return web.Response(text="hello")


def test_one_warning_for_bad_cookies(run: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A Cookie field full of bad cookies costs one line of the log at the most."""

    async def handler(req: web.Request) -> web.Response:
        return web.Response(text=str(len(req.cookies)))

    async def main() -> None:
        async with serve_handler(handler) as port:
            bad = "; ".join(f"b[{i}\x01=1" for i in range(500)).replace("\x01", "é")
            assert (await ask(port, "/", f"Cookie: a=b; {bad}")).status == 200

    run(main())
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) <= 1


def test_unread_bomb_is_not_inflated(run: Any) -> None:
    """A compressed body that nobody reads is dropped as it is."""
    bomb = gzip.compress(bytes(200_000_000), 1)

    async def main() -> int:
        async with serve_handler(hello) as port:
            tracemalloc.start()
            try:
                received = await talk(port, request("/", "Content-Encoding: gzip", method="POST", body=bomb))
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
                assert statuses(received) == [200]

    assert run(main()) < 16_000_000


def test_inflating_is_bounded_by_what_is_read(run: Any) -> None:
    """A handler that reads a bomb piece by piece holds a few pieces at a time."""
    bomb = gzip.compress(bytes(100_000_000), 1)
    sizes: list[int] = []

    async def handler(req: web.Request) -> web.Response:
        async for piece in req.content.iter_any():
            sizes.append(len(piece))
        return web.Response(text=str(sum(sizes)))

    async def main() -> None:
        async with serve_handler(handler) as port:
            received = await talk(port, request("/", "Content-Encoding: gzip", method="POST", body=bomb))
            assert parse(received).body == b"100000000"

    run(main())
    assert max(sizes) < 4_000_000


def test_tiny_chunks_are_linear(run: Any) -> None:
    """A body in a hundred thousand chunks of one octet is read in moments."""

    async def handler(req: web.Request) -> web.Response:
        return web.Response(text=str(len(await req.read())))

    async def main() -> None:
        async with serve_handler(handler) as port:
            head = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            start = time.perf_counter()
            received = await talk(port, head + b"1\r\nx\r\n" * 100_000 + b"0\r\n\r\n")
            assert parse(received).body == b"100000"
            assert time.perf_counter() - start < 5

    run(main())


def test_trailers_are_bounded(run: Any) -> None:
    """Trailers have the limits of heads."""

    async def handler(req: web.Request) -> web.Response:
        return web.Response(body=await req.read())

    async def main() -> None:
        async with serve_handler(handler) as port:
            head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
            assert statuses(await talk(port, head + b"X: y\r\n" * 10_000 + b"\r\n")) == [400]
            assert statuses(await talk(port, head + b"X: " + b"y" * 100_000 + b"\r\n\r\n")) == [400]

    run(main())


def test_body_of_a_refused_upgrade_is_no_request(run: Any) -> None:
    """The body of a request that asks for a WebSocket and is refused is never read as the next request."""

    async def handler(req: web.Request) -> web.StreamResponse:
        if req.path == "/smuggled":
            return web.Response(status=418)
        socket = web.WebSocketResponse()
        await socket.prepare(req)
        return socket

    async def main() -> None:
        async with serve_handler(handler) as port:
            fields = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")
            body = request("/smuggled", close=False)
            received = await talk(
                port, request("/ws", *fields, method="POST", body=body, close=False) + request("/end")
            )
            assert 418 not in statuses(received)
            assert statuses(received)[0] in (400, 405)

    run(main())


def test_wrong_host_does_not_poison_the_url(run: Any) -> None:
    """A path is never taken for a part of the authority, and a bad Host is refused."""

    async def handler(req: web.Request) -> web.Response:
        return web.Response(text=f"{req.url.host} {req.url.path}")

    async def main() -> None:
        async with serve_handler(handler) as port:
            assert (await ask(port, "//evil.example/x")).body == b"test //evil.example/x"
            assert (await ask(port, "/@evil.example/x")).body == b"test /@evil.example/x"
            for host in (b"a b", b"a/b", b"a@b", b"a\\b"):
                octets = b"GET / HTTP/1.1\r\nHost: " + host + b"\r\n\r\n"
                assert statuses(await talk(port, octets)) == [400]

    run(main())


def test_random_octets_make_no_500(run: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Requests cut and garbled anywhere give 400 or nothing, never a 500 nor an error in the log."""
    good = request("/a%20b?x=y", "Cookie: a=b", "Range: bytes=0-1", "Content-Type: multipart/form-data; boundary=b")
    good = good.replace(b"GET", b"POST", 1).replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n")
    good += b"10\r\n--b\r\nContent-Dis\r\n0\r\n\r\n"

    async def handler(req: web.Request) -> web.Response:
        found: list[Any] = [req.path, str(req.url), req.query, req.cookies, req.content_type, req.charset, req.host]
        found += [req.forwarded, req.if_modified_since, req.if_none_match, req.http_range, await req.post()]
        return web.Response(text=str(len(found)))

    async def main() -> None:
        async with serve_handler(handler) as port:
            for position in range(0, len(good), 3):
                for octet in (b"", b"\0", b"\n", b"%", b"\xff", b":"):
                    octets = good[:position] + octet + good[position + 1 :]
                    received = await talk(port, octets, half_close=True)
                    assert 500 not in statuses(received), octets

    run(main())
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_tls(run: Any) -> None:
    """Over TLS requests are secure, and large bodies and files pass both ways."""
    authority = trustme.CA()
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server_context)
    client_context = ssl.create_default_context()
    authority.configure_trust(client_context)

    async def handler(req: web.Request) -> web.StreamResponse:
        if req.path == "/file":
            return web.FileResponse(__file__)
        body = await req.read()
        return web.Response(body=f"{req.scheme} {req.secure} ".encode() + body)

    async def main() -> None:
        app = web.Application(client_max_size=0)
        app.router.add_route("*", "/{path:.*}", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=server_context)
        await site.start()
        assert site.name.startswith("https://127.0.0.1:")
        for octets, expected in (
            (request("/", method="POST", body=b"x" * 3_000_000), b"https True " + b"x" * 3_000_000),
            (request("/file"), THIS_FILE),
        ):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", site.port, ssl=client_context, server_hostname="localhost"
            )
            writer.write(octets)
            assert parse(await reader.read(-1)).body == expected
            writer.close()
        await runner.cleanup()

    run(main())


def test_cleanup_waits_for_transports(run: Any) -> None:
    """When cleanup returns, the transports of idle connections are gone, TLS ones too."""
    authority = trustme.CA()
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server_context)
    client_context = ssl.create_default_context()
    authority.configure_trust(client_context)

    async def handler(req: web.Request) -> web.StreamResponse:
        return web.Response()

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        secure = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=server_context)
        plain = web.TCPSite(runner, "127.0.0.1", 0)
        writers = []
        for site, options in ((secure, {"ssl": client_context, "server_hostname": "localhost"}), (plain, {})):
            await site.start()
            for _ in range(3):
                reader, writer = await asyncio.open_connection("127.0.0.1", site.port, **options)
                writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                await reader.readuntil(b"\r\n\r\n")
                writers.append(writer)
        connections = runner.server.connections
        assert len(connections) == 6
        await runner.cleanup()
        assert all(connection.transport is None for connection in connections)
        for writer in writers:
            writer.close()

    run(main())


def test_no_peer_holds_up_the_end(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transport that does not end, since its peer takes nothing, is not waited for without bound."""
    monkeypatch.setattr("aiohttp_core._server.server.GOODBYE_TIME", 0.01)

    class Stuck(asyncio.Transport):
        def is_closing(self) -> bool:
            return False

        def close(self) -> None:
            """Wait for the peer, who does not come."""

    async def main() -> None:
        async def handler(req: Any) -> web.StreamResponse:
            return web.Response()

        server = web.Server(handler)
        server().connection_made(Stuck())
        assert len(server.connections) == 1
        await server.shutdown()
        assert server.connections == []

    run(main())


def test_slow_reader_holds_the_writer(run: Any) -> None:
    """A client that does not read makes the handler wait, not the memory grow."""

    async def main() -> None:
        written = 0

        async def handler(req: web.Request) -> web.StreamResponse:
            nonlocal written
            response = web.StreamResponse()
            await response.prepare(req)
            while True:
                await response.write(b"x" * 65536)
                written += 65536

        async with serve(_app(handler), shutdown_timeout=0.01) as port:
            sock = socket.create_connection(("127.0.0.1", port))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            sock.sendall(request(close=False))
            before = -1
            while written != before:
                before = written
                await asyncio.sleep(0.05)
            assert written < 50_000_000
            sock.close()

    run(main())


def _app(handler: Any) -> web.Application:
    app = web.Application()
    app.router.add_get("/", handler)
    return app


def test_unread_upload_holds_the_client(run: Any) -> None:
    """While a handler does not read, its client is held; then all of it arrives, a little at a time in memory."""
    size = 50_000_000

    async def main() -> None:
        gate, started = asyncio.Event(), asyncio.Event()

        async def handler(req: web.Request) -> web.Response:
            started.set()
            await gate.wait()
            count = 0
            async for piece in req.content.iter_any():
                count += len(piece)
            return web.Response(text=str(count))

        async with serve_handler(handler) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.transport.set_write_buffer_limits(high=0)
            writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % size)
            await started.wait()
            piece, sent = b"x" * 1_000_000, 0
            tracemalloc.start()
            try:
                while sent < size:
                    writer.write(piece)
                    sent += len(piece)
                    try:
                        await asyncio.wait_for(writer.drain(), 0.1)
                    except asyncio.TimeoutError:
                        break
                assert sent < size / 2
                gate.set()
                while sent < size:
                    await writer.drain()
                    writer.write(piece)
                    sent += len(piece)
                assert parse(await reader.read(-1)).body == b"%d" % size
                assert tracemalloc.get_traced_memory()[1] < 12_000_000
            finally:
                tracemalloc.stop()
            writer.close()

    run(main())


def test_no_name_is_looked_up(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request without a Host costs no look-up of this machine's name, which may take seconds."""
    for name in ("getfqdn", "gethostname", "gethostbyaddr", "getnameinfo"):
        monkeypatch.setattr(socket, name, None)

    async def handler(req: web.Request) -> web.Response:
        return web.Response(text=f"{req.host} {req.url}")

    async def main() -> None:
        async with serve_handler(handler) as port:
            received = await talk(port, b"GET /x HTTP/1.0\r\n\r\n")
            assert parse(received).body == b"127.0.0.1 http://127.0.0.1/x"

    run(main())


@pytest.mark.parametrize("separator", ["/", "\\"])
def test_names_that_leave_a_directory_anywhere(monkeypatch: pytest.MonkeyPatch, separator: str) -> None:
    """SECURITY 9, 28: no name means something outside, a share or a drive, whatever the system's separator is."""
    monkeypatch.setattr(os, "sep", separator)
    for name in ("/etc/passwd", "//host/share", "\\\\host\\share", "\\\\?\\C:\\x", "..", "a/../../b", "..\\x", "a\0b"):
        assert not _is_relative(name), name
    for name in ("C:\\x", "C:x", "a\\b"):
        assert _is_relative(name) is (separator == "/"), name
    for name in ("", "a", "a/b", "a..b", "...", ".a"):
        assert _is_relative(name), name
