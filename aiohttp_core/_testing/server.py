"""Servers on a free port for the time of a test."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any

from yarl import URL

from .._server.application import Application
from .._server.request import BaseRequest
from .._server.runner import AppRunner, BaseRunner, ServerRunner
from .._server.server import Server
from .._server.sites import SockSite
from .ports import get_port_socket

_SocketFactory = Callable[[str, int, socket.AddressFamily], socket.socket]


class BaseTestServer(ABC):
    """Starts what ``_make_runner`` makes, and knows its address."""

    __test__ = False

    def __init__(
        self,
        *,
        scheme: str = "",
        loop: asyncio.AbstractEventLoop | None = None,
        host: str = "127.0.0.1",
        port: int | None = None,
        skip_url_asserts: bool = False,
        socket_factory: _SocketFactory = get_port_socket,
        **kwargs: Any,
    ) -> None:
        self._loop = loop
        self.runner: BaseRunner | None = None
        self._root: URL | None = None
        self.host = host
        self.port = port or 0
        self._closed = False
        self.scheme = scheme
        self.skip_url_asserts = skip_url_asserts
        self.socket_factory = socket_factory
        self._ssl: Any = None

    async def start_server(self, loop: asyncio.AbstractEventLoop | None = None, **kwargs: Any) -> None:
        """Listen; ``ssl`` is the SSLContext, the rest goes to the runner. Does nothing the second time."""
        if self.runner is not None:
            return
        self._loop = loop
        self._ssl = kwargs.pop("ssl", None)
        self.runner = await self._make_runner(handler_cancellation=True, **kwargs)
        await self.runner.setup()
        absolute_host = self.host
        try:
            version = ipaddress.ip_address(self.host).version
        except ValueError:
            version = 4
        if version == 6:
            absolute_host = f"[{self.host}]"
        family = socket.AF_INET6 if version == 6 else socket.AF_INET
        listening = self.socket_factory(self.host, self.port, family)
        self.host, self.port = listening.getsockname()[:2]
        await SockSite(self.runner, sock=listening, ssl_context=self._ssl).start()
        if not self.scheme:
            self.scheme = "https" if self._ssl else "http"
        self._root = URL(f"{self.scheme}://{absolute_host}:{self.port}")

    @abstractmethod
    async def _make_runner(self, **kwargs: Any) -> BaseRunner:
        """The runner that serves; subclasses of subclasses override it."""

    def make_url(self, path: str | URL) -> URL:
        """The address of ``path``, which is relative unless ``skip_url_asserts``."""
        if self._root is None:
            raise RuntimeError("the server is not started")
        url = URL(path)
        if not self.skip_url_asserts:
            if url.absolute:
                raise AssertionError(f"{url} is not relative")
            return self._root.join(url)
        return URL(str(self._root) + str(path))

    @property
    def started(self) -> bool:
        return self.runner is not None

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def handler(self) -> Server:
        """The low-level server; may be called to make a protocol."""
        if self.runner is None or self.runner.server is None:
            raise RuntimeError("the server is not started")
        return self.runner.server

    async def close(self) -> None:
        """Stop serving; once is enough and more do no harm."""
        if self.started and not self.closed and self.runner is not None:
            await self.runner.cleanup()
            self._root = None
            self.port = 0
            self._closed = True

    def __enter__(self) -> None:
        raise TypeError("Use async with instead")

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        raise TypeError("Use async with instead")

    async def __aenter__(self) -> BaseTestServer:
        await self.start_server(loop=self._loop)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()


class TestServer(BaseTestServer):
    """Serves an application."""

    def __init__(
        self,
        app: Application,
        *,
        scheme: str = "",
        host: str = "127.0.0.1",
        port: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.app = app
        super().__init__(scheme=scheme, host=host, port=port, **kwargs)

    async def _make_runner(self, **kwargs: Any) -> BaseRunner:
        return AppRunner(self.app, **kwargs)


class RawTestServer(BaseTestServer):
    """Serves a handler of the low-level server."""

    def __init__(
        self,
        handler: Callable[[BaseRequest], Awaitable[Any]],
        *,
        scheme: str = "",
        host: str = "127.0.0.1",
        port: int | None = None,
        **kwargs: Any,
    ) -> None:
        self._handler = handler
        super().__init__(scheme=scheme, host=host, port=port, **kwargs)

    async def _make_runner(self, debug: bool = True, **kwargs: Any) -> BaseRunner:
        return ServerRunner(Server(self._handler, loop=self._loop, debug=debug, **kwargs), debug=debug, **kwargs)
