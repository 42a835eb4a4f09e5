"""Runners: set up a server, keep its sites, and take it down in order."""

from __future__ import annotations

import asyncio
import signal
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, NoReturn

from .access_log import AbstractAccessLogger, AccessLogger
from .application import Application
from .server import Server
from .sites import BaseSite


class GracefulExit(SystemExit):
    """A signal asked for the end."""

    code = 1


def raise_graceful_exit() -> NoReturn:
    raise GracefulExit


class BaseRunner(ABC):
    """What runs a server. ``shutdown_timeout``: seconds that requests in flight get at the end."""

    __slots__ = ("_handle_signals", "_kwargs", "_server", "_shutdown_timeout", "_sites")

    def __init__(self, *, handle_signals: bool = False, shutdown_timeout: float = 60.0, **kwargs: Any) -> None:
        self._handle_signals = handle_signals
        self._kwargs = kwargs
        self._server: Server | None = None
        self._sites: list[BaseSite] = []
        self._shutdown_timeout = shutdown_timeout

    @property
    def server(self) -> Server | None:
        return self._server

    @property
    def addresses(self) -> list[Any]:
        """The addresses of all listening sockets."""
        return [sock.getsockname() for site in self._sites for sock in site.sockets]

    @property
    def sites(self) -> set[BaseSite]:
        return set(self._sites)

    async def setup(self) -> None:
        """Make the server; start the application."""
        if self._handle_signals:
            loop = asyncio.get_running_loop()
            try:
                loop.add_signal_handler(signal.SIGINT, raise_graceful_exit)
                loop.add_signal_handler(signal.SIGTERM, raise_graceful_exit)
            except NotImplementedError:
                # Not on Windows: there KeyboardInterrupt comes instead.
                self._handle_signals = False
        self._server = await self._make_server()

    @abstractmethod
    async def shutdown(self) -> None:
        """Tell what stays open that the end is near."""

    async def cleanup(self) -> None:
        """Stop listening, let requests in flight finish, cancel those that do not, and clean up."""
        # One after the other: an error leaves the rest registered.
        for site in list(self._sites):
            await site.stop()
        if self._server is not None:
            # Requests that arrived already are taken first.
            await asyncio.sleep(0)
            self._server.pre_shutdown()
        try:
            await self._end()
        finally:
            self._server = None
            if self._handle_signals:
                loop = asyncio.get_running_loop()
                loop.remove_signal_handler(signal.SIGINT)
                loop.remove_signal_handler(signal.SIGTERM)

    async def _end(self) -> None:
        # Each step is taken, whatever went wrong in the one before.
        try:
            if self._server is not None:
                try:
                    await self.shutdown()
                finally:
                    await self._server.shutdown(self._shutdown_timeout)
        finally:
            await self._cleanup_server()

    @abstractmethod
    async def _make_server(self) -> Server:
        """Make the server."""

    @abstractmethod
    async def _cleanup_server(self) -> None:
        """Clean up what the server served."""

    def _reg_site(self, site: BaseSite) -> None:
        if site in self._sites:
            raise RuntimeError(f"Site {site} is already registered in runner {self}")
        self._sites.append(site)

    def _check_site(self, site: BaseSite) -> None:
        if site not in self._sites:
            raise RuntimeError(f"Site {site} is not registered in runner {self}")

    def _unreg_site(self, site: BaseSite) -> None:
        self._check_site(site)
        self._sites.remove(site)


class ServerRunner(BaseRunner):
    """Runs a low-level server."""

    __slots__ = ("_web_server",)

    def __init__(self, web_server: Server, *, handle_signals: bool = False, **kwargs: Any) -> None:
        super().__init__(handle_signals=handle_signals, **kwargs)
        self._web_server = web_server

    async def shutdown(self) -> None:
        pass

    async def _make_server(self) -> Server:
        return self._web_server

    async def _cleanup_server(self) -> None:
        pass


class AppRunner(BaseRunner):
    """Runs an application; other keyword arguments go to each connection's protocol."""

    __slots__ = ("_app",)

    def __init__(
        self,
        app: Application,
        *,
        handle_signals: bool = False,
        access_log_class: type[AbstractAccessLogger] = AccessLogger,
        **kwargs: Any,
    ) -> None:
        if not isinstance(app, Application):
            raise TypeError(f"The first argument should be web.Application instance, got {app!r}")
        kwargs["access_log_class"] = access_log_class
        super().__init__(handle_signals=handle_signals, **kwargs)
        self._app = app

    @property
    def app(self) -> Application:
        return self._app

    async def shutdown(self) -> None:
        await self._app.shutdown()

    async def _make_server(self) -> Server:
        self._app._set_loop(asyncio.get_running_loop())
        self._app.on_startup.freeze()
        await self._app.startup()
        self._app.freeze()
        return self._app._make_handler(loop=asyncio.get_running_loop(), **self._kwargs)

    async def _cleanup_server(self) -> None:
        await self._app.cleanup()


__all__: Sequence[str] = ("AppRunner", "BaseRunner", "GracefulExit", "ServerRunner")
