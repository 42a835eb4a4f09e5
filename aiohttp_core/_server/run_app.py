"""Runs an application until a signal comes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Iterable, Set
from ssl import SSLContext
from typing import Any

from .access_log import AbstractAccessLogger, AccessLogger
from .application import Application
from .logs import access_logger
from .runner import AppRunner, GracefulExit
from .sites import BaseSite, SockSite, TCPSite, UnixSite

PathOrPaths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
_WAKE_SECONDS = 3600


def run_app(
    app: Application | Awaitable[Application],
    *,
    host: str | Iterable[str] | None = None,
    port: int | None = None,
    path: PathOrPaths | None = None,
    sock: socket.socket | Iterable[socket.socket] | None = None,
    shutdown_timeout: float = 60.0,
    keepalive_timeout: float = 75.0,
    ssl_context: SSLContext | None = None,
    print: Callable[..., None] | None = print,
    backlog: int = 128,
    access_log_class: type[AbstractAccessLogger] = AccessLogger,
    access_log_format: str = AccessLogger.LOG_FORMAT,
    access_log: logging.Logger | None = access_logger,
    handle_signals: bool = True,
    reuse_address: bool | None = None,
    reuse_port: bool | None = None,
    handler_cancellation: bool = False,
    loop: asyncio.AbstractEventLoop | None = None,
    **kwargs: Any,
) -> None:
    """Serve ``app`` until SIGINT or SIGTERM; then finish what is in flight, for ``shutdown_timeout`` seconds at
    most, and clean up. A second signal ends it at once."""
    if loop is None:
        loop = asyncio.new_event_loop()
    if loop.get_debug() and access_log and access_log.name == "aiohttp.access":
        if access_log.level == logging.NOTSET:
            access_log.setLevel(logging.DEBUG)
        if not access_log.hasHandlers():
            access_log.addHandler(logging.StreamHandler())
    runner_options = {
        "handle_signals": handle_signals,
        "shutdown_timeout": shutdown_timeout,
        "keepalive_timeout": keepalive_timeout,
        "access_log_class": access_log_class,
        "access_log_format": access_log_format,
        "access_log": access_log,
        "handler_cancellation": handler_cancellation,
        **kwargs,
    }
    site_options = {"ssl_context": ssl_context, "backlog": backlog}
    tcp_options = {**site_options, "reuse_address": reuse_address, "reuse_port": reuse_port}

    def make_sites(runner: AppRunner) -> list[BaseSite]:
        return _make_sites(runner, host, port, path, sock, site_options, tcp_options)

    main_task = loop.create_task(_run_app(app, runner_options, make_sites, print))
    try:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(main_task)
    except (GracefulExit, KeyboardInterrupt):
        pass
    finally:
        try:
            # A task that ended by GracefulExit stopped the loop when it did; the loop would not stop for it again.
            if not main_task.done():
                main_task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    loop.run_until_complete(main_task)
        except (GracefulExit, KeyboardInterrupt):
            # The second signal: what is still in flight is dropped.
            pass
        finally:
            _cancel_tasks(asyncio.all_tasks(loop), loop)
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()
            asyncio.set_event_loop(None)


async def _run_app(
    app: Application | Awaitable[Application],
    runner_options: dict[str, Any],
    make_sites: Callable[[AppRunner], list[BaseSite]],
    print: Callable[..., None] | None,
) -> None:
    if isinstance(app, Awaitable):
        app = await app
    runner = AppRunner(app, **runner_options)
    try:
        await runner.setup()
        for site in make_sites(runner):
            await site.start()
        if print:
            names = sorted(str(site.name) for site in runner.sites)
            print(f"======== Running on {', '.join(names)} ========\n(Press CTRL+C to quit)")
        while True:
            await asyncio.sleep(_WAKE_SECONDS)
    finally:
        await runner.cleanup()


def _make_sites(
    runner: AppRunner,
    host: str | Iterable[str] | None,
    port: int | None,
    path: PathOrPaths | None,
    sock: socket.socket | Iterable[socket.socket] | None,
    options: dict[str, Any],
    tcp_options: dict[str, Any],
) -> list[BaseSite]:
    sites: list[BaseSite] = []
    if host is not None:
        hosts = (host,) if isinstance(host, (str, bytes, bytearray, memoryview)) else host
        sites += [TCPSite(runner, str(each), port, **tcp_options) for each in hosts]
    elif (path is None and sock is None) or port is not None:
        sites.append(TCPSite(runner, port=port, **tcp_options))
    if path is not None:
        paths: Iterable[Any] = (path,) if isinstance(path, (str, bytes, os.PathLike)) else path
        sites += [UnixSite(runner, each, **options) for each in paths]
    if sock is not None:
        socks: Iterable[socket.socket] = (sock,) if isinstance(sock, socket.socket) else sock
        sites += [SockSite(runner, each, **options) for each in socks]
    return sites


def _cancel_tasks(tasks: Set[asyncio.Task[Any]], loop: asyncio.AbstractEventLoop) -> None:
    if not tasks:
        return
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    for task in tasks:
        if not task.cancelled() and task.exception() is not None:
            loop.call_exception_handler(
                {
                    "message": "unhandled exception during asyncio.run() shutdown",
                    "exception": task.exception(),
                    "task": task,
                }
            )


__all__ = ("run_app",)
