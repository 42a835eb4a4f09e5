"""How handlers and connections end: by exceptions that nobody expects, and without anything left behind."""

import asyncio
import gc
import logging
import types
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from server.serving import request, serve, serve_handler, talk

from aiohttp_core import web
from aiohttp_core.abc import AbstractAccessLogger

UPGRADE = (
    b"GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
CLOSE = b"\x88\x82\0\0\0\0\x03\xe8"
TEXT = b"\x81\x81\0\0\0\0a"


class BrokenLogger(AbstractAccessLogger):
    """An access logger of a program that has a bug."""

    @property
    def enabled(self) -> bool:
        return True

    def log(self, request: Any, response: Any, time: float) -> None:
        raise ValueError("the logger broke")


@pytest.mark.parametrize("wait", [False, True])
@pytest.mark.parametrize("status", [200, 404])
def test_an_access_logger_that_raises(run: Any, status: int, wait: bool, caplog: pytest.LogCaptureFixture) -> None:
    """What an access logger raises is logged; the answer has left, and the connection ends with its task."""

    async def handler(_: web.Request) -> web.Response:
        if wait:
            await asyncio.sleep(0)
        if status == 404:
            raise web.HTTPNotFound
        return web.Response(text="hello")

    async def main() -> None:
        before = asyncio.all_tasks()
        app = web.Application()
        app.router.add_get("/", handler)
        runner = web.AppRunner(app, access_log_class=BrokenLogger)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", runner.addresses[0][1])
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 %d " % status)
        writer.close()
        await site.stop()
        left = asyncio.all_tasks() - before
        if left:
            await asyncio.wait(left, timeout=5)
        assert all(task.done() for task in left)
        await runner.cleanup()

    run(main())
    assert "the logger broke" in caplog.text


@pytest.mark.parametrize("wait", [False, True])
def test_a_handler_that_ends_the_program(wait: bool) -> None:
    """GracefulExit out of a handler stops the loop, and the shutdown waits for nothing of that handler."""

    async def handler(_: web.Request) -> web.Response:
        if wait:
            await asyncio.sleep(0)
        raise web.GracefulExit

    app = web.Application()
    app.router.add_get("/", handler)
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=3600)
    loop.run_until_complete(runner.setup())
    loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", 0).start())

    async def ask() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", runner.addresses[0][1])
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        await reader.read()
        writer.close()
        await writer.wait_closed()

    asking = loop.create_task(ask())
    try:
        with pytest.raises(web.GracefulExit):
            loop.run_until_complete(asyncio.wait_for(asyncio.shield(asking), 10))
        loop.run_until_complete(asyncio.wait_for(runner.cleanup(), 10))
        loop.run_until_complete(asyncio.wait_for(asking, 10))
    finally:
        loop.close()


@asynccontextmanager
async def everything() -> AsyncIterator[int]:
    """A server with a handler for each way to end; gives its port."""

    async def hello(_: web.Request) -> web.Response:
        return web.Response(text="hello")

    async def waiting(_: web.Request) -> web.Response:
        await asyncio.sleep(0)
        return web.Response(text="hello")

    async def raising(_: web.Request) -> web.Response:
        raise RuntimeError("a bug")

    async def late(_: web.Request) -> web.Response:
        await asyncio.sleep(0)
        raise RuntimeError("a bug")

    async def echo(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    async def json(request: web.Request) -> web.Response:
        return web.json_response(await request.json())

    async def careful(request: web.Request) -> web.Response:
        try:
            return web.json_response(await request.json())
        except ValueError:
            raise web.HTTPBadRequest from None

    async def form(request: web.Request) -> web.Response:
        return web.Response(text=",".join(await request.post()))

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"abc")
        await response.write_eof()
        return response

    async def file(_: web.Request) -> web.FileResponse:
        return web.FileResponse(__file__)

    async def socket(request: web.Request) -> web.WebSocketResponse:
        response = web.WebSocketResponse(heartbeat=60, receive_timeout=60)
        await response.prepare(request)
        async for message in response:
            await response.send_str(message.data)
        return response

    app = web.Application()
    for handler in (hello, waiting, raising, late, echo, json, careful, form, stream, file, socket):
        app.router.add_route("*", f"/{handler.__name__}", handler)
    async with serve(app) as port:
        yield port


def get(path: str) -> bytes:
    return f"GET /{path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


def post(path: str, content: bytes = b"hello", length: int | None = None) -> bytes:
    head = f"POST /{path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(content) if length is None else length}\r\n"
    return head.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + content


CASES: dict[str, bytes] = {
    "nothing": b"",
    "plain": get("hello") * 3,
    "waiting": get("waiting") * 3,
    "missing": get("missing") * 3,
    "raising": get("raising"),
    "late": get("late"),
    "content": post("echo") * 3,
    "content not read": post("hello") * 3,
    "content breaks off": post("echo", length=50),
    "bad chunk": b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "bad json": post("json"),
    "bad json, caught": post("careful") * 3,
    "form": post("form", b"a=b") * 3,
    "malformed": b"GET / HT\r\n\r\n",
    "stream": get("stream") * 3,
    "file": get("file") * 3,
    "socket": UPGRADE + TEXT * 5 + CLOSE,
    "socket breaks off": UPGRADE + TEXT * 5,
    "socket violation": UPGRADE + TEXT * 5 + b"\x83\x80\0\0\0\0",
}


def ours(found: object) -> bool:
    return type(found).__module__.startswith("aiohttp_core") or isinstance(found, (types.FrameType, BaseException))


async def settled(tasks: Callable[[], set[Any]], known: set[Any]) -> None:
    """Wait for the tasks of connections that have ended."""
    while left := tasks() - known:
        await asyncio.wait(left, timeout=5)


@pytest.mark.parametrize("case", CASES)
def test_connections_leave_no_cycles(run: Any, case: str) -> None:
    """A connection that has ended, however it ended, is freed without the garbage collector."""
    logging.disable(logging.CRITICAL)

    async def talk(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(CASES[case])
        writer.write_eof()
        await reader.read()
        writer.close()
        await writer.wait_closed()

    async def main() -> None:
        async with everything() as port:
            known = asyncio.all_tasks()
            for _ in range(3):
                await talk(port)
            await settled(asyncio.all_tasks, known)
            gc.collect()
            gc.disable()
            try:
                for _ in range(5):
                    await talk(port)
                await settled(asyncio.all_tasks, known)
                gc.set_debug(gc.DEBUG_SAVEALL)
                gc.collect()
                found = [type(left).__qualname__ for left in gc.garbage if ours(left)]
            finally:
                gc.set_debug(0)
                gc.garbage.clear()
                gc.enable()
            assert found == []

    try:
        run(main())
    finally:
        logging.disable(logging.NOTSET)


class Ending(BaseException):
    """What no handler of errors knows."""


@pytest.mark.parametrize("wait", [False, True])
def test_a_handler_that_raises_what_is_no_exception(wait: bool) -> None:
    """Whatever ends a connection's task ends the connection, and the loop reports it."""
    reported: list[Any] = []

    async def handler(_: web.Request) -> web.Response:
        if wait:
            await asyncio.sleep(0)
        raise Ending

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["exception"]))
        app = web.Application()
        app.router.add_get("/", handler)
        async with serve(app) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(get("") * 2)
            assert await asyncio.wait_for(reader.read(), 10) == b""
            writer.close()
        gc.collect()

    asyncio.run(main())
    assert [type(each) for each in reported] == [Ending]


def test_a_handler_that_will_not_end(run: Any) -> None:
    """A handler that goes on although it was cancelled does not hold up the end."""

    async def main() -> None:
        started, free = asyncio.Event(), asyncio.Event()
        cancelled = 0

        async def handler(_: web.Request) -> web.Response:
            nonlocal cancelled
            started.set()
            while not free.is_set():
                try:
                    await free.wait()
                except asyncio.CancelledError:
                    cancelled += 1
            return web.Response()

        app = web.Application()
        app.router.add_get("/", handler)
        async with serve(app, shutdown_timeout=0.01) as port:
            before = asyncio.all_tasks()
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(get(""))
            await started.wait()
            tasks = asyncio.all_tasks() - before
        assert cancelled
        writer.close()
        free.set()
        await asyncio.wait(tasks)

    run(main())


def test_a_failing_end_is_an_end(run: Any) -> None:
    """When on_shutdown raises, requests are still ended, contexts taken down, and the error comes out."""
    events: list[str] = []

    async def context(_: web.Application) -> AsyncIterator[None]:
        yield
        events.append("context")

    async def failing(_: web.Application) -> None:
        raise ValueError("no")

    async def main() -> None:
        started = asyncio.Event()

        async def handler(_: web.Request) -> web.Response:
            started.set()
            try:
                await asyncio.Event().wait()
            finally:
                events.append("handler")
            return web.Response()

        app = web.Application()
        app.router.add_get("/", handler)
        app.on_shutdown.append(failing)
        app.cleanup_ctx.append(context)
        with pytest.raises(ValueError, match="no"):
            async with serve(app, shutdown_timeout=0.01) as port:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(get(""))
                await started.wait()
        writer.close()

    run(main())
    assert events == ["handler", "context"]


def test_files_of_a_cancelled_form_are_closed(run: Any) -> None:
    """A handler that is cancelled after it has read a form leaves no file open."""
    files: list[Any] = []

    async def main() -> None:
        reading = asyncio.Event()

        async def handler(request: web.Request) -> web.Response:
            files.append((await request.post())["f"])
            reading.set()
            await asyncio.Event().wait()
            return web.Response()

        app = web.Application()
        app.router.add_post("/", handler)
        part = b'--B\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\nabc\r\n--B--\r\n'
        async with serve(app, handler_cancellation=True) as port:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            sent = post("", part).replace(b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=B")
            writer.write(sent)
            await reading.wait()
            writer.close()

    run(main())
    assert files[0].file.closed


@pytest.mark.parametrize("when", ["at once", "later", "idle"])
def test_a_cancelled_task_ends_its_connection(run: Any, when: str) -> None:
    """A program that cancels a connection's task ends the connection, whether a handler runs or not."""
    tasks: list[asyncio.Task[None]] = []

    async def handler(request: web.Request) -> web.Response:
        tasks.append(request.task)
        if when == "later":
            await asyncio.sleep(0)
        if when != "idle":
            request.task.cancel()
        return web.Response(text="hello")

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/", handler)
        async with serve(app) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(get(""))
            assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200 ")
            if when == "idle":
                tasks[0].cancel()
            assert await asyncio.wait_for(reader.read(), 10) == b""
            writer.close()
            await asyncio.wait(tasks)

    run(main())


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("how", ["close", "write"])
def test_what_was_written_leaves_before_the_transport_s(run: Any, how: str, kept: bool) -> None:
    """What a handler wrote, in the same turn too, leaves before what it does with the transport by itself."""

    async def handler(request: web.Request) -> web.StreamResponse:
        transport = request.transport if kept else None
        response = web.StreamResponse()
        response.content_length = 5
        await response.prepare(request)
        await response.write(b"hello")
        transport = transport or request.transport
        assert transport is not None
        if how == "write":
            transport.write(b" and more")
        transport.close()
        return response

    async def main() -> None:
        async with serve_handler(handler) as port:
            answer = await talk(port, request("/"))
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            assert answer.endswith(b"\r\n\r\nhello" + (b" and more" if how == "write" else b""))

    run(main())


@pytest.mark.parametrize("kind", ["nothing", "stream", "socket"])
def test_a_missing_return_is_logged(run: Any, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """A handler that forgets its ``return`` is told of in the log, though it has sent a response by itself."""

    async def handler(request: web.Request) -> None:
        if kind == "stream":
            response = web.StreamResponse()
            await response.prepare(request)
            await response.write(b"hello")
        elif kind == "socket":
            socket: Any = web.WebSocketResponse()
            await socket.prepare(request)
            assert (await socket.receive()).type is web.WSMsgType.CLOSE

    async def main() -> None:
        async with serve_handler(handler) as port:
            answer = await talk(port, UPGRADE + CLOSE if kind == "socket" else request("/"))
            assert answer.split()[1] == {"nothing": b"500", "stream": b"200", "socket": b"101"}[kind]

    run(main())
    assert [record.getMessage() for record in caplog.records] == ["Missing return statement on request handler"]
