"""One server connection: order, keep-alive, errors, disconnects, the end."""

import asyncio
import gzip
import logging
import socket
import ssl
from typing import Any

import pytest
import trustme
from server.serving import ask, parse, request, serve, serve_handler, statuses, talk

from aiohttp_core import web


async def hello(_: web.Request) -> web.Response:
    return web.Response(text="hello")


async def echo(req: web.Request) -> web.Response:
    return web.Response(body=await req.read())


def test_plain_answer(run: Any) -> None:
    """A plain response has its fields in aiohttp's order."""

    async def main() -> None:
        async with serve_handler(hello) as port:
            answer = await ask(port)
            assert answer.body == b"hello"
            names = ["Content-Type", "Content-Length", "Date", "Server", "Connection"]
            assert list(answer.headers) == names
            assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"

    run(main())


def test_pipelined_in_order(run: Any) -> None:
    """Pipelined requests are answered in order, whether their handlers wait or not."""

    async def handler(req: web.Request) -> web.Response:
        if req.path.startswith("/slow"):
            await asyncio.sleep(0)
        return web.Response(text=f"<{req.path}>")

    async def main() -> None:
        async with serve_handler(handler) as port:
            paths = [f"/{'slow' if i % 3 else 'fast'}{i}" for i in range(200)]
            octets = b"".join(request(path, close=False) for path in paths[:-1]) + request(paths[-1])
            received = await talk(port, octets)
            positions = [received.index(f"<{path}>".encode()) for path in paths]
            assert positions == sorted(positions)

    run(main())


def test_pipelining_pauses_the_socket(run: Any) -> None:
    """What is pipelined behind a slow request is not taken without bound, and all of it is answered."""

    async def main() -> None:
        gate, started = asyncio.Event(), asyncio.Event()
        protocols: list[web.RequestHandler] = []

        async def handler(req: web.Request) -> web.Response:
            protocols[:] = [req.protocol]
            started.set()
            await gate.wait()
            return web.Response(text="x")

        async with serve_handler(handler) as port:
            count = 20000
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request(close=False) * (count - 1) + request())
            await started.wait()
            while not protocols[0]._reading_paused:
                await asyncio.sleep(0)
            assert protocols[0]._parser.pending < 1_000_000
            gate.set()
            received = await reader.read(-1)
            assert received.count(b"HTTP/1.1 200 OK") == count
            writer.close()

    run(main())


def test_half_closed_client_is_answered(run: Any) -> None:
    """A client that has finished sending still gets its answer."""

    async def handler(req: web.Request) -> web.Response:
        await asyncio.sleep(0.02)
        return web.Response(body=await req.read())

    async def main() -> None:
        async with serve_handler(handler) as port:
            received = await talk(port, request(method="POST", body=b"abc", close=False), half_close=True)
            assert parse(received).body == b"abc"
            received = await talk(port, request("/1", close=False) + request("/2", close=False), half_close=True)
            assert statuses(received) == [200, 200]

    run(main())


def test_idle_connection_is_closed(run: Any) -> None:
    """An idle connection is closed after keepalive_timeout seconds."""

    async def main() -> None:
        async with serve_handler(hello, keepalive_timeout=0.1) as port:
            received = await talk(port, request(close=False))
            assert statuses(received) == [200]

    run(main())


@pytest.mark.parametrize(
    "octets",
    [
        b"BAD\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost a\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a\nb\r\nhello\r\n0\r\n\r\n",
        b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 9000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 200 + b"\r\n",
    ],
)
def test_malformed_request(run: Any, octets: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """A malformed request gets 400 and a closed connection, and nothing is logged as an error."""

    async def main() -> None:
        async with serve_handler(echo) as port:
            received = await talk(port, octets + request())
            assert statuses(received) == [400]

    with caplog.at_level(logging.INFO):
        run(main())
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_answers_before_an_error_are_sent(run: Any) -> None:
    """Requests before a malformed one are answered."""

    async def main() -> None:
        async with serve_handler(hello) as port:
            assert statuses(await talk(port, request(close=False) * 2 + b"BAD\r\n\r\n")) == [200, 200, 400]

    run(main())


def test_unread_body_is_skipped(run: Any) -> None:
    """A body that the handler did not read does not disturb the next request."""

    async def main() -> None:
        async with serve_handler(hello) as port:
            body = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" * 10000
            received = await talk(port, request(method="POST", body=body, close=False) + request())
            assert statuses(received) == [200, 200]

    run(main())


def test_closing_with_unread_body_lingers(run: Any) -> None:
    """A client that is still sending when the connection is to end gets to read the answer."""

    async def main() -> None:
        async with serve_handler(hello) as port:
            received = await talk(port, request(method="POST", body=b"x" * 5_000_000))
            assert statuses(received) == [200]

    run(main())


def test_lingering_ends(run: Any) -> None:
    """The rest of an unread body is waited for lingering_time seconds at the most."""

    async def main() -> None:
        async with serve_handler(hello, lingering_time=0.1) as port:
            received = await talk(port, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx")
            assert statuses(received) == [200]

    run(main())


def test_fewer_octets_than_promised(run: Any) -> None:
    """A response shorter than its Content-Length ends the connection."""

    async def handler(req: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "10"})
        await response.prepare(req)
        await response.write(b"abc")
        return response

    async def main() -> None:
        async with serve_handler(handler) as port:
            received = await talk(port, request(close=False) * 2)
            assert received.endswith(b"\r\n\r\nabc")
            assert statuses(received) == [200]

    run(main())


@pytest.mark.parametrize("second", ["return", "raise", "http"])
def test_second_response_is_not_sent(run: Any, second: str) -> None:
    """Behind a response that has begun no other is sent: the connection ends."""

    async def handler(req: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(req)
        await response.write(b"abc")
        if second == "raise":
            raise ValueError
        if second == "http":
            raise web.HTTPNotFound
        return web.Response(text="other")

    async def main() -> None:
        async with serve_handler(handler, logger=_silent()) as port:
            received = await talk(port, request(close=False))
            assert statuses(received) == [200]
            assert received.endswith(b"3\r\nabc\r\n")

    run(main())


def _silent() -> logging.Logger:
    logger = logging.getLogger("tests.silent")
    logger.disabled = True
    return logger


@pytest.mark.parametrize("what", [None, "text", 5])
def test_handler_without_response(run: Any, what: Any) -> None:
    """A handler that returns no response gives 500."""

    async def handler(req: web.Request) -> Any:
        return what

    async def main() -> None:
        async with serve_handler(handler, logger=_silent()) as port:
            answer = await ask(port)
            assert (answer.status, answer.body) == (500, b"500: Internal Server Error")

    run(main())


def test_response_sent_twice(run: Any) -> None:
    """A response object answers one request; the next one that it is returned for gets 500."""
    response = web.Response(text="once")

    async def handler(req: web.Request) -> web.Response:
        return response

    async def main() -> None:
        async with serve_handler(handler, logger=_silent()) as port:
            assert (await ask(port)).status == 200
            assert (await ask(port)).status == 500

    run(main())


def test_traceback_in_debug_only(run: Any) -> None:
    """A failure's traceback is shown in debug only, and escaped."""

    async def handler(req: web.Request) -> web.Response:
        raise ValueError("<script>")

    async def main() -> None:
        asyncio.get_running_loop().set_debug(False)
        async with serve_handler(handler, logger=_silent()) as port:
            assert b"script" not in (await ask(port)).body
        asyncio.get_running_loop().set_debug(True)
        async with serve_handler(handler, logger=_silent()) as port:
            answer = await ask(port, "/", "Accept: text/html")
            assert b"&lt;script&gt;" in answer.body
            assert b"<script>" not in answer.body

    run(main())


def test_header_injection_becomes_500(run: Any) -> None:
    """A control character in a response field is an error, not another field."""

    async def handler(req: web.Request) -> web.Response:
        return web.Response(headers={"X": "a\r\nSet-Cookie: b=c"})

    async def main() -> None:
        async with serve_handler(handler, logger=_silent()) as port:
            answer = await ask(port)
            assert answer.status == 500
            assert b"Set-Cookie" not in answer.head

    run(main())


def test_exceptions_on_prepare_become_500(run: Any) -> None:
    """An error in on_response_prepare gives 500."""

    async def fail(req: web.Request, response: web.StreamResponse) -> None:
        if response.status == 200:
            raise ValueError

    async def main() -> None:
        app = web.Application()
        app.on_response_prepare.append(fail)
        app.router.add_get("/", hello)
        async with serve(app, logger=_silent()) as port:
            assert (await ask(port)).status == 500

    run(main())


def test_timeout_error_is_504(run: Any) -> None:
    """A TimeoutError of a handler gives 504."""

    async def handler(req: web.Request) -> web.Response:
        raise asyncio.TimeoutError

    async def main() -> None:
        async with serve_handler(handler, logger=_silent()) as port:
            assert (await ask(port)).status == 504

    run(main())


@pytest.mark.parametrize("cancelled", [False, True])
def test_handler_cancellation(run: Any, cancelled: bool) -> None:
    """A handler is cancelled when its client goes only where handler_cancellation says so."""

    async def main() -> str:
        outcome: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        started, gone = asyncio.Event(), asyncio.Event()

        async def handler(req: web.Request) -> web.Response:
            started.set()
            try:
                await gone.wait()
            except asyncio.CancelledError:
                outcome.set_result("cancelled")
                raise
            outcome.set_result("finished")
            return web.Response()

        async with serve_handler(handler, handler_cancellation=cancelled) as port:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request(close=False))
            await started.wait()
            writer.transport.abort()
            if not cancelled:
                asyncio.get_running_loop().call_later(0.05, gone.set)
            return await outcome

    assert run(main()) == ("cancelled" if cancelled else "finished")


def test_disconnect_in_the_body_is_no_error(run: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A client that goes in the middle of a body leaves no line at WARNING or above."""

    async def main() -> None:
        failed = asyncio.Event()

        async def handler(req: web.Request) -> web.Response:
            try:
                return web.Response(body=await req.read())
            finally:
                failed.set()

        async with serve_handler(handler) as port:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx")
            await writer.drain()
            writer.transport.abort()
            await failed.wait()

    run(main())
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_no_task_stays_behind(run: Any) -> None:
    """When clients are gone and handlers done no task is left, whichever ended first."""

    async def main() -> None:
        gate = asyncio.Event()

        async def handler(req: web.Request) -> web.Response:
            await gate.wait()
            return web.Response()

        before = asyncio.all_tasks()
        async with serve_handler(handler) as port:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request(close=False))
            await asyncio.sleep(0.02)
            writer.transport.abort()
            await asyncio.sleep(0.02)
            gate.set()
            for _ in range(5):
                await asyncio.sleep(0)
            assert asyncio.all_tasks() == before

    run(main())


def test_current_task_and_timeouts(run: Any) -> None:
    """A handler has one current task from its first step on, and timeouts work in it, at once too."""

    async def handler(req: web.Request) -> web.Response:
        first = asyncio.current_task()
        assert first is req.task
        try:
            await asyncio.wait_for(asyncio.sleep(5), 0.01)
        except asyncio.TimeoutError:
            pass
        for seconds in (0, 0.01):
            if hasattr(asyncio, "timeout"):
                try:
                    async with asyncio.timeout(seconds):
                        await asyncio.sleep(5)
                except TimeoutError:
                    pass
        assert asyncio.current_task() is first
        return web.Response(text="ok")

    async def timeout_first(req: web.Request) -> web.Response:
        if hasattr(asyncio, "timeout"):
            try:
                async with asyncio.timeout(0):
                    await asyncio.sleep(5)
            except TimeoutError:
                return web.Response(text="ok")
        return web.Response(text="ok")

    async def main() -> None:
        for each in (handler, timeout_first):
            async with serve_handler(each) as port:
                received = await talk(port, request(close=False) + request())
                assert statuses(received) == [200, 200]

    run(main())


def test_expect_continue(run: Any) -> None:
    """100-continue is answered before the body is read; another expectation gets 417."""

    async def main() -> None:
        async with serve_handler(echo) as port:
            fields = ("Expect: 100-continue",)
            received = await talk(port, request("/", *fields, method="POST", body=b"abc"))
            assert received.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")
            received = await talk(port, request("/", "Expect: beer", method="POST", body=b"abc"))
            assert statuses(received) == [417]

    run(main())


def test_corrupt_and_truncated_codings(run: Any) -> None:
    """A corrupt or truncated compressed body gives 400; an unknown coding is left to the handler."""
    packed = gzip.compress(b"hello" * 100)

    async def main() -> None:
        async with serve_handler(echo) as port:
            gz = "Content-Encoding: gzip"
            assert (await ask(port, "/", gz, method="POST", body=packed)).body == b"hello" * 100
            assert (await ask(port, "/", gz, method="POST", body=packed[:-5])).status == 400
            assert (await ask(port, "/", gz, method="POST", body=b"junk")).status == 400
            assert (await ask(port, "/", "Content-Encoding: x", method="POST", body=b"junk")).body == b"junk"
            stacked = "Content-Encoding: " + ", ".join(["gzip"] * 9)
            assert (await ask(port, "/", stacked, method="POST", body=b"junk")).status == 400

    run(main())


def test_inflated_body_is_bounded(run: Any) -> None:
    """A small compressed body that inflates beyond client_max_size gives 413."""
    bomb = gzip.compress(bytes(50_000_000))

    async def main() -> None:
        async with serve_handler(echo) as port:
            assert (await ask(port, "/", "Content-Encoding: gzip", method="POST", body=bomb)).status == 413

    run(main())


def test_refused_upgrade_stalls_nothing(run: Any) -> None:
    """A request for h2c or for a WebSocket that is not one is answered, with its body and what is behind it."""

    async def main() -> None:
        async with serve_handler(echo) as port:
            for protocol in ("h2c", "websocket"):
                upgrade = ("Connection: Upgrade, HTTP2-Settings", f"Upgrade: {protocol}", "HTTP2-Settings: AAMAAABk")
                first = request("/", *upgrade, method="POST", body=b"GET /x HTTP/1.1\r\n\r\n", close=False)
                received = await talk(port, first + request())
                assert statuses(received) == [200, 200]

    run(main())


def test_low_level_server(run: Any) -> None:
    """web.Server serves a handler without an application."""

    async def handler(req: web.BaseRequest) -> web.Response:
        return web.Response(text=req.path)

    async def main() -> None:
        runner = web.ServerRunner(web.Server(handler))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            assert (await ask(runner.addresses[0][1], "/low")).body == b"/low"
        finally:
            await runner.cleanup()

    run(main())


def test_shutdown_closes_idle_and_waits_for_busy(run: Any) -> None:
    """At the end idle connections close at once, busy ones answer first with ``Connection: close``."""

    async def main() -> None:
        gate, started = asyncio.Event(), asyncio.Event()

        async def handler(req: web.Request) -> web.Response:
            if req.path == "/busy":
                started.set()
                await gate.wait()
            return web.Response(text="done")

        app = web.Application()
        app.router.add_get("/{path:.*}", handler)
        runner = web.AppRunner(app, shutdown_timeout=5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        idle_reader, idle_writer = await asyncio.open_connection("127.0.0.1", port)
        idle_writer.write(request(close=False))
        await idle_reader.readuntil(b"done")
        busy = asyncio.ensure_future(talk(port, request("/busy", close=False)))
        await started.wait()
        cleanup = asyncio.ensure_future(runner.cleanup())
        assert await idle_reader.read(-1) == b""
        idle_writer.close()
        assert not cleanup.done()
        with pytest.raises(OSError):
            await asyncio.open_connection("127.0.0.1", port)
        gate.set()
        answer = parse(await busy)
        assert (answer.body, answer.headers["Connection"]) == (b"done", "close")
        await cleanup

    run(main())


def test_shutdown_cancels_after_the_timeout(run: Any) -> None:
    """A handler that is not done within shutdown_timeout is cancelled."""

    async def main() -> None:
        started, cancelled = asyncio.Event(), asyncio.Event()

        async def handler(req: web.Request) -> web.Response:
            started.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.set()
                raise
            return web.Response()

        async with serve_handler(handler, shutdown_timeout=0.05) as port:
            task = asyncio.ensure_future(talk(port, request(close=False)))
            await started.wait()
        assert cancelled.is_set()
        assert await task == b""

    run(main())


def test_client_that_goes_while_it_is_answered(run: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A client that goes in the middle of a streamed or large answer ends the handler and leaves no error."""

    async def main() -> None:
        ended = asyncio.Event()

        async def handler(req: web.Request) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(req)
            try:
                while True:
                    await response.write(b"x" * 1000)
                    await asyncio.sleep(0)
            finally:
                ended.set()

        async def large(req: web.Request) -> web.Response:
            return web.Response(body=b"x" * 5_000_000)

        for each in (handler, large):
            async with serve_handler(each) as port:
                for close in ("close", "abort"):
                    ended.clear()
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.write(request(close=False) * 3)
                    await reader.readexactly(3000)
                    getattr(writer.transport, close)()
                    if each is handler:
                        await asyncio.wait_for(ended.wait(), 5)

    run(main())
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_requests_of_several_connections_overlap(run: Any) -> None:
    """A handler that waits holds only its own connection."""

    async def main() -> None:
        meeting = asyncio.Event()
        waiting = 0

        async def handler(req: web.Request) -> web.Response:
            nonlocal waiting
            waiting += 1
            if waiting == 50:
                meeting.set()
            await meeting.wait()
            return web.Response(text="met")

        async with serve_handler(handler) as port:
            answers = await asyncio.gather(*(ask(port) for _ in range(50)))
            assert {answer.body for answer in answers} == {b"met"}

    run(main())


def test_half_closed_slow_reader_gets_all_answers(run: Any) -> None:
    """A client that has sent all its requests and finished, but reads slowly, gets every answer."""
    answers = 200

    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * 60000)

    async def main() -> None:
        async with serve_handler(handler) as port:
            loop = asyncio.get_running_loop()
            with socket.socket() as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
                sock.connect(("127.0.0.1", port))
                sock.setblocking(False)
                await loop.sock_sendall(sock, request(close=False) * answers)
                sock.shutdown(socket.SHUT_WR)
                received = 0
                while data := await loop.sock_recv(sock, 1 << 20):
                    received += data.count(b"x")
                assert received == answers * 60000

    run(main())


@pytest.mark.parametrize("close", [False, True])
def test_tls_client_that_goes_while_it_waits(run: Any, close: bool, caplog: pytest.LogCaptureFixture) -> None:
    """A client over TLS that ends its connection while its request is handled leaves no line at WARNING or above."""
    authority = trustme.CA()
    server_side, client_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(server_side)
    authority.configure_trust(client_side)

    async def main() -> None:
        started, gone = asyncio.Event(), asyncio.Event()

        async def handler(_: web.Request) -> web.Response:
            started.set()
            await gone.wait()
            return web.Response(text="late")

        app = web.Application()
        app.router.add_get("/", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=server_side).start()
        port = runner.addresses[0][1]
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client_side, server_hostname="localhost")
        writer.write(request(close=False))
        await started.wait()
        assert runner.server is not None
        if close:
            writer.close()
        else:
            writer.transport.abort()
        while runner.server.connections:
            await asyncio.sleep(0.01)
        gone.set()
        await runner.cleanup()

    run(main())
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_empty_expectation(run: Any) -> None:
    """An Expect field without an expectation asks for nothing."""

    async def main() -> None:
        async with serve_handler(echo) as port:
            assert (await ask(port, "/", "Expect:", method="POST", body=b"abc")).body == b"abc"

    run(main())


@pytest.mark.parametrize("late", [False, True])
def test_own_expect_handler(run: Any, late: bool) -> None:
    """A route's own expect_handler may let a request go on, answer it, or raise; what follows is answered too."""

    async def expect(req: web.Request) -> web.StreamResponse | None:
        if late:
            await asyncio.sleep(0)
        if req.headers["X"] == "raise":
            raise web.HTTPForbidden
        if req.headers["X"] == "answer":
            return web.Response(status=413)
        await req.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # The octets are not those of the answer.
        req.writer.output_size = 0
        return None

    async def main() -> None:
        app = web.Application()
        app.router.add_post("/", echo, expect_handler=expect)
        async with serve(app) as port:
            for kind, expected in (("go on", [100, 200]), ("answer", [413]), ("raise", [403])):
                octets = request("/", "Expect: 100-continue", f"X: {kind}", method="POST", body=b"abc", close=False)
                received = await talk(port, octets + request("/", method="POST", body=b"last"))
                assert statuses(received) == [*expected, 200]
                assert received.endswith(b"last")

    run(main())


@pytest.mark.parametrize("on", [False, True])
def test_tcp_keepalive(run: Any, on: bool) -> None:
    """The kernel's keep-alive probes are on unless they are switched off, and Nagle's algorithm is off."""
    found: list[int] = []

    async def handler(req: web.Request) -> web.Response:
        sock = req.get_extra_info("socket")
        found.append(sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))
        found.append(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        assert req.get_extra_info("nothing", "default") == "default"
        assert req.transport is req.protocol.transport
        assert req.task is asyncio.current_task()
        return web.Response()

    async def main() -> None:
        async with serve_handler(handler, tcp_keepalive=on) as port:
            assert (await ask(port)).status == 200

    run(main())
    assert [bool(each) for each in found] == [on, True]


def test_several_servers_in_one_process(run: Any) -> None:
    """Servers of one loop share nothing: each has its application, its options and its end."""

    async def main() -> None:
        apps = []
        for name in ("one", "two"):
            app = web.Application(client_max_size=10 if name == "one" else 100)
            app.router.add_post("/", echo)
            app.router.add_get(f"/{name}", hello)
            apps.append(app)
        async with serve(apps[1]) as second:
            async with serve(apps[0]) as first:
                for port, name, other, status in ((first, "one", "two", 413), (second, "two", "one", 200)):
                    assert (await ask(port, f"/{name}")).status == 200
                    assert (await ask(port, f"/{other}")).status == 404
                    assert (await ask(port, method="POST", body=b"x" * 50)).status == status
            assert (await ask(second, "/two")).status == 200

    run(main())
