"""Workers for Gunicorn: ``gunicorn module:app --worker-class aiohttp_core.GunicornWebWorker``."""

from __future__ import annotations

import asyncio
import inspect
import os
import re
import signal
import ssl
import sys
from types import FrameType
from typing import Any

from gunicorn.config import AccessLogFormat as GunicornAccessLogFormat  # type: ignore[import-untyped,import-not-found,unused-ignore]
from gunicorn.workers import base  # type: ignore[import-untyped,import-not-found,unused-ignore]

from .access_log import AccessLogger
from .application import Application
from .runner import AppRunner
from .sites import SockSite

NOTIFY_SECONDS = 1.0
"""Seconds between two signs of life to Gunicorn's arbiter."""
GRACE = 0.95
"""The part of Gunicorn's graceful timeout that requests in flight get."""


class GunicornWebWorker(base.Worker):  # type: ignore[misc,unused-ignore]
    """Serves an application, or what an async function returns: an application or an ``AppRunner``."""

    alive: bool
    DEFAULT_AIOHTTP_LOG_FORMAT = AccessLogger.LOG_FORMAT
    DEFAULT_GUNICORN_LOG_FORMAT = GunicornAccessLogFormat.default

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._task: asyncio.Task[None] | None = None
        self.exit_code = 0
        self._wake: asyncio.Event | None = None

    def init_process(self) -> None:
        self.loop = self._new_loop()
        asyncio.set_event_loop(self.loop)
        super().init_process()

    def _new_loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.new_event_loop()

    def run(self) -> None:
        self._task = self.loop.create_task(self._run())
        try:
            self.loop.run_until_complete(self._task)
        except Exception:
            self.log.exception("Exception in gunicorn worker")
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()
        sys.exit(self.exit_code)

    async def _run(self) -> None:
        self._wake = asyncio.Event()
        runner = await self._make_runner()
        await runner.setup()
        context = self._create_ssl_context(self.cfg) if self.cfg.is_ssl else None
        try:
            for sock in self.sockets:
                await SockSite(runner, sock, ssl_context=context).start()
            await self._stay(runner)
        finally:
            await runner.cleanup()

    async def _make_runner(self) -> AppRunner:
        app = self.wsgi
        if not isinstance(app, Application):
            if not callable(app):
                raise RuntimeError(
                    f"wsgi app should be either Application or async function returning Application, got {app}"
                )
            app = app()
            if inspect.isawaitable(app):
                app = await app
        if isinstance(app, AppRunner):
            return app
        return AppRunner(
            app,
            logger=self.log,
            keepalive_timeout=self.cfg.keepalive,
            access_log=self.log.access_log if self.cfg.accesslog else None,
            access_log_format=self._get_valid_log_format(self.cfg.access_log_format),
            shutdown_timeout=self.cfg.graceful_timeout * GRACE,
        )

    async def _stay(self, runner: AppRunner) -> None:
        """Tell the arbiter that the worker lives, until it is to end."""
        pid, wake, server = os.getpid(), self._wake, runner.server
        while self.alive and wake is not None and server is not None:
            self.notify()
            if self.max_requests and server.requests_count > self.max_requests:
                self.alive = False
                self.log.info("Max requests, shutting down: %s", self)
            elif pid == os.getpid() and self.ppid != os.getppid():
                self.alive = False
                self.log.info("Parent changed, shutting down: %s", self)
            else:
                try:
                    await asyncio.wait_for(wake.wait(), NOTIFY_SECONDS)
                except asyncio.TimeoutError:
                    continue

    def init_signals(self) -> None:
        loop = self.loop
        for number, handler in (
            (signal.SIGQUIT, self.handle_quit),
            (signal.SIGTERM, self.handle_exit),
            (signal.SIGINT, self.handle_quit),
            (signal.SIGWINCH, self.handle_winch),
            (signal.SIGUSR1, self.handle_usr1),
            (signal.SIGABRT, self.handle_abort),
        ):
            loop.add_signal_handler(number, handler, number, None)
        # System calls go on after these, as Gunicorn's own workers have it.
        signal.siginterrupt(signal.SIGTERM, False)
        signal.siginterrupt(signal.SIGUSR1, False)
        # The arbiter's handler makes no sense here.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        self.alive = False
        self.cfg.worker_int(self)
        self._stop_waiting()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.alive = False
        self._stop_waiting()

    def handle_abort(self, sig: int, frame: FrameType | None) -> None:
        self.alive = False
        self.exit_code = 1
        self.cfg.worker_abort(self)
        sys.exit(1)

    def _stop_waiting(self) -> None:
        if self._wake is not None:
            self._wake.set()

    @staticmethod
    def _create_ssl_context(cfg: Any) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cfg.certfile, cfg.keyfile)
        context.verify_mode = cfg.cert_reqs
        if cfg.ca_certs:
            context.load_verify_locations(cfg.ca_certs)
        if cfg.ciphers:
            context.set_ciphers(cfg.ciphers)
        return context

    def _get_valid_log_format(self, source_format: str) -> str:
        if source_format == self.DEFAULT_GUNICORN_LOG_FORMAT:
            return self.DEFAULT_AIOHTTP_LOG_FORMAT
        if re.search(r"%\([^\)]+\)", source_format):
            raise ValueError(
                "Gunicorn's style options in form of `%(name)s` are not supported for the log formatting. "
                "Please use aiohttp's format specification to configure access log formatting: "
                "http://docs.aiohttp.org/en/stable/logging.html#format-specification"
            )
        return source_format


class GunicornUVLoopWebWorker(GunicornWebWorker):
    """The same on uvloop."""

    def _new_loop(self) -> asyncio.AbstractEventLoop:
        import uvloop

        loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
        return loop


__all__ = ("GunicornUVLoopWebWorker", "GunicornWebWorker")
