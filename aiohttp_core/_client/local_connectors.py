"""Connections within one machine: Unix sockets, and Windows' named pipes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from .._net.timeouts import Timeout
from .._semantics.sentinel import _SENTINEL, sentinel
from .connection import ResponseHandler
from .connector import HIGH_LEVEL_SCHEMA_SET, BaseConnector
from .errors import ClientConnectorError, UnixClientConnectorError

if TYPE_CHECKING:
    from .request import ClientRequest
    from .timeouts import ClientTimeout
    from .tracing import Trace


class UnixConnector(BaseConnector):
    """All connections go to the Unix socket at ``path``, whatever host the URL names."""

    allowed_protocol_schema_set = HIGH_LEVEL_SCHEMA_SET | frozenset({"unix"})

    def __init__(
        self,
        path: str,
        force_close: bool = False,
        keepalive_timeout: _SENTINEL | float | None = sentinel,
        limit: int = 100,
        limit_per_host: int = 0,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(
            force_close=force_close,
            keepalive_timeout=keepalive_timeout,
            limit=limit,
            limit_per_host=limit_per_host,
            loop=loop,
        )
        self._path = path

    @property
    def path(self) -> str:
        """Path of the socket."""
        return self._path

    async def _create_connection(
        self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout
    ) -> ResponseHandler:
        try:
            async with Timeout(timeout.sock_connect, timeout.ceil_threshold):
                _, protocol = await self._loop.create_unix_connection(self._factory, self._path)
        except OSError as exc:
            if exc.errno is None and isinstance(exc, asyncio.TimeoutError):
                raise
            raise UnixClientConnectorError(self.path, req.connection_key, exc) from exc
        return protocol


class NamedPipeConnector(BaseConnector):
    """All connections go to the named pipe at ``path``; only on Windows' proactor loop."""

    allowed_protocol_schema_set = HIGH_LEVEL_SCHEMA_SET | frozenset({"npipe"})

    def __init__(
        self,
        path: str,
        force_close: bool = False,
        keepalive_timeout: _SENTINEL | float | None = sentinel,
        limit: int = 100,
        limit_per_host: int = 0,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(
            force_close=force_close,
            keepalive_timeout=keepalive_timeout,
            limit=limit,
            limit_per_host=limit_per_host,
            loop=loop,
        )
        proactor = getattr(asyncio, "ProactorEventLoop", None)
        if proactor is None or not isinstance(self._loop, proactor):
            raise RuntimeError("Named Pipes only available in proactor loop under windows")
        self._path = path

    @property
    def path(self) -> str:
        """Path of the pipe."""
        return self._path

    async def _create_connection(
        self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout
    ) -> ResponseHandler:
        try:
            async with Timeout(timeout.sock_connect, timeout.ceil_threshold):
                _, protocol = await self._loop.create_pipe_connection(  # type: ignore[attr-defined]
                    self._factory, self._path
                )
        except OSError as exc:
            if exc.errno is None and isinstance(exc, asyncio.TimeoutError):
                raise
            raise ClientConnectorError(req.connection_key, exc) from exc
        return cast(ResponseHandler, protocol)
