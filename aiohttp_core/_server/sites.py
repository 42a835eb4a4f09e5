"""Where a runner listens."""

from __future__ import annotations

import asyncio
import socket
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable
from ssl import SSLContext
from typing import TYPE_CHECKING, Any

from yarl import URL

from .._semantics.arguments import PathLike

if TYPE_CHECKING:
    from .runner import BaseRunner


class BaseSite(ABC):
    """An address that a runner listens at; RuntimeError where the runner is not set up."""

    __slots__ = ("_backlog", "_runner", "_server", "_shutdown_timeout", "_ssl_context")

    def __init__(
        self,
        runner: BaseRunner,
        *,
        shutdown_timeout: float = 60.0,
        ssl_context: SSLContext | None = None,
        backlog: int = 128,
    ) -> None:
        if runner.server is None:
            raise RuntimeError("Call runner.setup() before making a site")
        if shutdown_timeout != 60.0:
            warnings.warn("shutdown_timeout should be set on BaseRunner", DeprecationWarning, stacklevel=3)
            runner._shutdown_timeout = shutdown_timeout
        self._runner = runner
        self._ssl_context = ssl_context
        self._backlog = backlog
        self._server: asyncio.AbstractServer | None = None

    @property
    @abstractmethod
    def name(self) -> str:
        """The address as a URL."""

    @abstractmethod
    async def start(self) -> None:
        """Listen."""
        self._runner._reg_site(self)

    async def stop(self) -> None:
        """Take no more connections; those there are stay."""
        self._runner._check_site(self)
        if self._server is not None:
            self._server.close()
        self._runner._unreg_site(self)

    def _factory(self) -> Callable[[], asyncio.BaseProtocol]:
        server = self._runner.server
        if server is None:
            raise RuntimeError("The runner is not set up")
        return server

    @property
    def sockets(self) -> tuple[socket.socket, ...]:
        """The listening sockets."""
        return tuple(getattr(self._server, "sockets", None) or ())


class TCPSite(BaseSite):
    """A host and port; by default all interfaces and 8080 (8443 with TLS). Port 0: any free one, see ``port``."""

    __slots__ = ("_host", "_port", "_reuse_address", "_reuse_port")

    def __init__(
        self,
        runner: BaseRunner,
        host: str | None = None,
        port: int | None = None,
        *,
        shutdown_timeout: float = 60.0,
        ssl_context: SSLContext | None = None,
        backlog: int = 128,
        reuse_address: bool | None = None,
        reuse_port: bool | None = None,
    ) -> None:
        super().__init__(runner, shutdown_timeout=shutdown_timeout, ssl_context=ssl_context, backlog=backlog)
        self._host = host
        self._port = (8443 if ssl_context else 8080) if port is None else port
        self._reuse_address = reuse_address
        self._reuse_port = reuse_port

    @property
    def name(self) -> str:
        host = "0.0.0.0" if not self._host else self._host
        return str(URL.build(scheme="https" if self._ssl_context else "http", host=host, port=self.port))

    @property
    def port(self) -> int:
        """The port; the one the system chose, once started with port 0."""
        sockets = self.sockets
        if self._port == 0 and sockets:
            port: int = sockets[0].getsockname()[1]
            return port
        return self._port

    async def start(self) -> None:
        await super().start()
        self._server = await asyncio.get_running_loop().create_server(
            self._factory(),
            self._host,
            self._port,
            ssl=self._ssl_context,
            backlog=self._backlog,
            reuse_address=self._reuse_address,
            reuse_port=self._reuse_port,
        )


class UnixSite(BaseSite):
    """A Unix domain socket."""

    __slots__ = ("_path",)

    def __init__(
        self,
        runner: BaseRunner,
        path: PathLike,
        *,
        shutdown_timeout: float = 60.0,
        ssl_context: SSLContext | None = None,
        backlog: int = 128,
    ) -> None:
        super().__init__(runner, shutdown_timeout=shutdown_timeout, ssl_context=ssl_context, backlog=backlog)
        self._path = path

    @property
    def name(self) -> str:
        scheme = "https" if self._ssl_context else "http"
        return f"{scheme}://unix:{self._path}:"

    async def start(self) -> None:
        await super().start()
        self._server = await asyncio.get_running_loop().create_unix_server(
            self._factory(), self._path, ssl=self._ssl_context, backlog=self._backlog
        )


class NamedPipeSite(BaseSite):
    """A named pipe of Windows; RuntimeError where the loop cannot do those."""

    __slots__ = ("_path",)

    def __init__(self, runner: BaseRunner, path: str, *, shutdown_timeout: float = 60.0) -> None:
        loop_type: Any = getattr(asyncio, "ProactorEventLoop", None)
        if loop_type is None or not isinstance(asyncio.get_event_loop(), loop_type):
            raise RuntimeError("Named Pipes only available in proactor loop under windows")
        super().__init__(runner, shutdown_timeout=shutdown_timeout)
        self._path = path

    @property
    def name(self) -> str:
        return self._path

    async def start(self) -> None:
        await super().start()
        loop: Any = asyncio.get_running_loop()
        (self._server,) = await loop.start_serving_pipe(self._factory(), self._path)


class SockSite(BaseSite):
    """A socket that is bound already."""

    __slots__ = ("_name", "_sock")

    def __init__(
        self,
        runner: BaseRunner,
        sock: socket.socket,
        *,
        shutdown_timeout: float = 60.0,
        ssl_context: SSLContext | None = None,
        backlog: int = 128,
    ) -> None:
        super().__init__(runner, shutdown_timeout=shutdown_timeout, ssl_context=ssl_context, backlog=backlog)
        self._sock = sock
        scheme = "https" if ssl_context else "http"
        if hasattr(socket, "AF_UNIX") and sock.family == socket.AF_UNIX:
            self._name = f"{scheme}://unix:{sock.getsockname()}:"
        else:
            host, port = sock.getsockname()[:2]
            self._name = str(URL.build(scheme=scheme, host=host, port=port))

    @property
    def name(self) -> str:
        return self._name

    async def start(self) -> None:
        await super().start()
        self._server = await asyncio.get_running_loop().create_server(
            self._factory(), sock=self._sock, ssl=self._ssl_context, backlog=self._backlog
        )


__all__ = ("BaseSite", "NamedPipeSite", "SockSite", "TCPSite", "UnixSite")
