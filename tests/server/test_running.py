"""Runners, sites and run_app, in this process."""

import asyncio
import logging
import signal
import socket
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from server.serving import ask, serve

from aiohttp_core import web


async def hello(request: web.Request) -> web.Response:
    return web.Response(text="hello")


def make_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/", hello)
    return app


async def make_app_later() -> web.Application:
    await asyncio.sleep(0)
    return make_app()


def running(app: Any, **options: Any) -> list[str]:
    """What run_app printed until it was up, and then was told to end."""
    printed: list[str] = []

    def note(line: str) -> None:
        printed.append(line)
        asyncio.get_running_loop().call_soon(signal.raise_signal, signal.SIGINT)

    web.run_app(app, print=note, **options)
    return printed


def bound() -> socket.socket:
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    return sock


def test_several_hosts_paths_and_sockets(tmp_path: Path) -> None:
    """run_app listens wherever it is told, and says where."""
    sock = bound()
    port = sock.getsockname()[1]
    paths = [str(tmp_path / "a"), str(tmp_path / "b")]
    (line,) = running(make_app(), host=["127.0.0.1", "127.0.0.2"], port=0, path=paths, sock=sock)
    assert line.startswith("======== Running on http://127.0.0.1:")
    for name in (f"http://127.0.0.1:{port}", "http://127.0.0.2:", *(f"http://unix:{path}:" for path in paths)):
        assert name in line
    assert line.endswith("========\n(Press CTRL+C to quit)")


def test_application_that_comes_later(tmp_path: Path) -> None:
    """run_app takes a coroutine that makes the application, a path, and reuse_port."""
    assert running(make_app_later(), path=tmp_path / "sock")
    assert running(make_app(), host="127.0.0.1", port=0, reuse_port=True, reuse_address=True, backlog=5)


def test_own_loop() -> None:
    """run_app takes a loop, closes it and leaves none behind."""
    loop = asyncio.new_event_loop()
    assert running(make_app(), host="127.0.0.1", port=0, loop=loop, handle_signals=False)
    assert loop.is_closed()


def test_failed_start() -> None:
    """What a start-up raises comes out of run_app, after the clean-up."""
    events: list[str] = []

    async def fail(app: web.Application) -> None:
        raise ValueError("no start")

    app = make_app()
    app.on_startup.append(fail)
    app.cleanup_ctx.append(_context(events))
    with pytest.raises(ValueError, match="no start"):
        web.run_app(app, host="127.0.0.1", port=0, print=None)
    assert events == ["up", "down"]
    with pytest.raises(OSError, match=r"."), bound() as sock:
        sock.listen()
        web.run_app(make_app(), host="127.0.0.1", port=sock.getsockname()[1], print=None)


def _context(events: list[str]) -> Any:
    async def generator(app: web.Application) -> Any:
        events.append("up")
        yield
        events.append("down")

    return generator


def test_left_tasks_are_cancelled() -> None:
    """Tasks that the application forgot are cancelled at the end."""
    ended = threading.Event()

    async def forgotten() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    async def start(app: web.Application) -> None:
        app[tasks].append(asyncio.create_task(forgotten()))
        await asyncio.sleep(0)

    tasks = web.AppKey("tasks", list[Any])
    app = make_app()
    app[tasks] = []
    app.on_startup.append(start)
    running(app, host="127.0.0.1", port=0)
    assert ended.is_set()


def test_unknown_options_are_ignored(run: Any, caplog: pytest.LogCaptureFixture) -> None:
    """An option that no connection takes is named in the log and stops nothing."""

    async def main() -> None:
        app = web.Application(handler_args={"bogus": 1})
        app.router.add_get("/", hello)
        async with serve(app, other=2) as port:
            assert (await ask(port)).status == 200

    run(main())
    (record,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert record.getMessage().endswith("bogus, other")


def test_socket_site(run: Any) -> None:
    """A bound socket is served; a site may be started once."""

    async def main() -> None:
        runner = web.AppRunner(make_app())
        await runner.setup()
        sock = bound()
        site = web.SockSite(runner, sock)
        await site.start()
        port = sock.getsockname()[1]
        assert site.name == f"http://127.0.0.1:{port}"
        assert (await ask(port)).status == 200
        with pytest.raises(RuntimeError, match="already registered"):
            await site.start()
        await site.stop()
        with pytest.raises(RuntimeError, match="not registered"):
            await site.stop()
        with pytest.raises(RuntimeError, match="Named Pipes"):
            web.NamedPipeSite(runner, r"\\.\pipe\x")
        await runner.cleanup()

    run(main())


def test_graceful_exit_at_the_start() -> None:
    """A GracefulExit that a start-up callback raises ends run_app, which cleans up and returns."""
    steps: list[str] = []

    async def resource(app: web.Application) -> AsyncIterator[None]:
        steps.append("up")
        yield
        steps.append("down")

    async def refuse(app: web.Application) -> None:
        raise web.GracefulExit

    app = make_app()
    app.cleanup_ctx.append(resource)
    app.on_startup.append(refuse)
    web.run_app(app, print=None)
    assert steps == ["up", "down"]
