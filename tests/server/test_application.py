"""Applications: state, signals, clean-up, middlewares, nesting."""

import asyncio
import contextlib
import gc
import tracemalloc
import warnings
from collections.abc import AsyncIterator
from typing import Any

import pytest
from server.serving import ask, serve

from aiohttp_core import web


async def hello(req: web.Request) -> web.Response:
    return web.Response(text="hello")


def test_state() -> None:
    """State is kept by AppKey; strings warn, and so do changes after the start."""
    app = web.Application()
    key = web.AppKey("key", int)
    app[key] = 1
    assert (app[key], app.get(key), app.get(web.AppKey("key", int))) == (1, 1, None)
    with pytest.warns(web.NotAppKeyWarning):
        app["s"] = 2
    app.freeze()
    with pytest.warns(DeprecationWarning, match="Changing state"):
        app[key] = 3
    assert app() is app
    assert bool(app)


def test_signals_and_contexts_in_order(run: Any) -> None:
    """Start-up runs in order, clean-up contexts end in reverse, sub-applications with their parents."""
    events: list[str] = []

    def signal(name: str) -> Any:
        async def handler(app: web.Application) -> None:
            events.append(name)

        return handler

    def context(name: str) -> Any:
        async def generator(app: web.Application) -> AsyncIterator[None]:
            events.append(f"{name} up")
            yield
            events.append(f"{name} down")

        return generator

    @contextlib.asynccontextmanager
    async def manager(app: web.Application) -> AsyncIterator[None]:
        events.append("m up")
        yield
        events.append("m down")

    async def main() -> None:
        app, sub = web.Application(), web.Application()
        app.on_startup.append(signal("startup"))
        app.on_shutdown.append(signal("shutdown"))
        app.on_cleanup.append(signal("cleanup"))
        app.cleanup_ctx.extend([context("a"), context("b"), manager])
        sub.cleanup_ctx.append(context("sub"))
        app.add_subapp("/sub", sub)
        async with serve(app):
            events.append("serving")

    run(main())
    assert events == [
        *("a up", "b up", "m up", "startup", "sub up", "serving"),
        *("shutdown", "m down", "b down", "a down", "cleanup", "sub down"),
    ]


def test_failed_start_is_cleaned_up(run: Any) -> None:
    """What was set up before a start-up failed is taken down; several failures are one CleanupError."""
    events: list[str] = []

    async def good(app: web.Application) -> AsyncIterator[None]:
        yield
        events.append("down")
        raise ValueError("down")

    async def bad(app: web.Application) -> AsyncIterator[None]:
        raise RuntimeError("no start")
        yield

    async def main() -> None:
        app = web.Application()
        app.cleanup_ctx.extend([good, good, bad])
        runner = web.AppRunner(app)
        with pytest.raises(RuntimeError, match="no start"):
            await runner.setup()
        with pytest.raises(web.CleanupError) as caught:
            await runner.cleanup()
        assert len(caught.value.exceptions) == 2

    run(main())
    assert events == ["down", "down"]


@pytest.mark.parametrize("error", [ValueError, asyncio.CancelledError, web.GracefulExit])
def test_failed_context_keeps_no_other_up(run: Any, error: type[BaseException]) -> None:
    """Whatever the end of a clean-up context raises, that of a task it cancelled and awaited too, the others end."""
    events: list[str] = []

    def context(name: str) -> Any:
        async def generator(app: web.Application) -> Any:
            yield
            events.append(name)
            if name == "b":
                raise error

        return generator

    async def main() -> None:
        app = web.Application()
        app.cleanup_ctx.extend([context("a"), context("b"), context("c")])
        runner = web.AppRunner(app)
        await runner.setup()
        with pytest.raises(error):
            await runner.cleanup()

    run(main())
    assert events == ["c", "b", "a"]


def test_middlewares(run: Any) -> None:
    """Middlewares run from the outside in, around 404 too, and see the application that they belong to."""
    events: list[Any] = []

    def middleware(name: str, owner: web.Application) -> Any:
        @web.middleware
        async def run_it(request: web.Request, handler: Any) -> web.StreamResponse:
            events.append((name, request.app is owner))
            return await handler(request)

        return run_it

    async def inner(req: web.Request) -> web.Response:
        events.append(("handler", dict(req.config_dict)))
        return web.Response()

    async def main() -> None:
        app, sub = web.Application(), web.Application()
        app.middlewares.extend([middleware("a", app), middleware("b", app)])
        sub.middlewares.append(middleware("sub", sub))
        key, other = web.AppKey("key", int), web.AppKey("other", int)
        app[key], app[other], sub[key] = 1, 2, 3
        sub.router.add_get("/", inner)
        app.add_subapp("/sub", sub)
        async with serve(app) as port:
            await ask(port, "/sub/")
            assert events == [("a", True), ("b", True), ("sub", True), ("handler", {key: 3, other: 2})]
            events.clear()
            assert (await ask(port, "/nope")).status == 404
            assert events == [("a", True), ("b", True)]

    run(main())


def test_middleware_by_keyword(run: Any) -> None:
    """The handler is given by its name, which is all that some middlewares take it by."""

    @web.middleware
    async def marking(request: web.Request, *, handler: Any) -> web.StreamResponse:
        response = await handler(request)
        response.headers["X-Marked"] = "1"
        return response

    async def main() -> None:
        app = web.Application(middlewares=[marking])
        app.router.add_get("/", hello)
        async with serve(app) as port:
            assert (await ask(port)).headers["X-Marked"] == "1"

    run(main())


def test_old_middlewares(run: Any) -> None:
    """Middleware factories of aiohttp 2 still work, with a warning."""

    async def factory(app: web.Application, handler: Any) -> Any:
        async def around(request: web.Request) -> web.StreamResponse:
            response = await handler(request)
            response.headers["X-Old"] = "1"
            return response

        return around

    async def main() -> None:
        app = web.Application(middlewares=[factory])  # type: ignore[list-item]
        app.router.add_get("/", hello)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            async with serve(app) as port:
                assert (await ask(port)).headers["X-Old"] == "1"
        assert any("old-style middleware" in str(each.message) for each in caught)

    run(main())


def test_nothing_grows_with_unknown_paths(run: Any) -> None:
    """Requests for unknown paths and methods leave nothing behind, with middlewares too."""

    @web.middleware
    async def around(request: web.Request, handler: Any) -> web.StreamResponse:
        return await handler(request)

    async def main() -> None:
        app = web.Application(middlewares=[around])
        app.router.add_get("/", hello)
        async with serve(app) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)

            async def flood(start: int) -> None:
                for i in range(start, start + 500):
                    writer.write(f"M{i} /path{i} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
                    await reader.readuntil(b": Not Found")

            await flood(0)
            tracemalloc.start()
            try:
                await flood(1000)
                gc.collect()
                before = tracemalloc.get_traced_memory()[0]
                await flood(2000)
                gc.collect()
                after = tracemalloc.get_traced_memory()[0]
            finally:
                tracemalloc.stop()
            assert after - before < 100_000
            writer.close()

    run(main())


def test_wrong_arguments() -> None:
    """Wrong arguments raise when they are passed."""
    app = web.Application()
    with pytest.raises(ValueError, match="Prefix"):
        app.add_subapp("/", web.Application())
    with pytest.raises(TypeError):
        app.add_subapp(1, web.Application())  # type: ignore[arg-type]
    frozen = web.Application()
    frozen.freeze()
    with pytest.raises(RuntimeError, match="frozen"):
        app.add_subapp("/x", frozen)
    with pytest.raises(RuntimeError, match="frozen"):
        frozen.add_subapp("/x", web.Application())
    with pytest.raises(TypeError):
        web.AppRunner("no application")  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="setup"):
        web.TCPSite(web.AppRunner(app))


def test_several_sites(run: Any, tmp_path: Any) -> None:
    """A runner listens at several sites; their names are URLs."""

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/", hello)
        runner = web.AppRunner(app)
        await runner.setup()
        path = str(tmp_path / "sock")
        unix, tcp = web.UnixSite(runner, path), web.TCPSite(runner, "127.0.0.1", 0)
        await unix.start()
        await tcp.start()
        assert unix.name == f"http://unix:{path}:"
        assert tcp.name == f"http://127.0.0.1:{tcp.port}"
        assert runner.sites == {unix, tcp}
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert (await reader.read(-1)).endswith(b"hello")
        writer.close()
        await unix.stop()
        assert runner.sites == {tcp}
        await runner.cleanup()
        assert runner.sites == set()

    run(main())


def test_requests_leave_no_garbage(run: Any) -> None:
    """Answering requests makes no reference cycles: memory goes back at once, whatever the answer."""

    async def raising(req: web.Request) -> web.Response:
        raise web.HTTPFound("/")

    async def waiting(req: web.Request) -> web.Response:
        await asyncio.sleep(0)
        return web.json_response({"body": await req.text()})

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/", hello)
        app.router.add_get("/raising", raising)
        app.router.add_post("/waiting", waiting)
        async with serve(app) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            octets = b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /raising HTTP/1.1\r\nHost: a\r\n\r\n"
            octets += b"POST /waiting HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"
            octets += b"GET /missing HTTP/1.1\r\nHost: a\r\n\r\n"
            writer.write(octets)
            await reader.readuntil(b": Not Found")
            gc.collect()
            gc.disable()
            try:
                for _ in range(20):
                    writer.write(octets)
                    await reader.readuntil(b": Not Found")
                assert gc.collect() < 20
            finally:
                gc.enable()
            writer.close()

    run(main())
