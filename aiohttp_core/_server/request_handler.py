"""The protocol of a server's connection, as asyncio and programs know it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .access_log import AbstractAccessLogger, AccessLogger
from .errors import PayloadAccessError, RequestPayloadError
from .logs import access_logger, server_logger
from .protocol import ConnectionOptions, RequestCycle

if TYPE_CHECKING:
    from .request import BaseRequest
    from .server import Server
    from .stream_response import StreamResponse


class RequestHandler(RequestCycle, asyncio.Protocol):
    """Speaks HTTP/1 with one client.

    ``keepalive_timeout``: seconds an idle connection stays open. ``lingering_time``: seconds the rest of an
    unread body is waited for, so that the client can read the answer. ``read_bufsize``: octets of a body held.
    """

    __slots__ = ()

    def __init__(
        self,
        manager: Server,
        *,
        loop: asyncio.AbstractEventLoop,
        keepalive_timeout: float = 3630,
        tcp_keepalive: bool = True,
        logger: logging.Logger = server_logger,
        access_log_class: type[AbstractAccessLogger] = AccessLogger,
        access_log: logging.Logger | None = access_logger,
        access_log_format: str = AccessLogger.LOG_FORMAT,
        debug: bool = False,
        max_line_size: int = 8190,
        max_headers: int = 128,
        max_field_size: int = 8190,
        lingering_time: float = 10.0,
        read_bufsize: int = 262144,
        auto_decompress: bool = True,
        timeout_ceil_threshold: float = 5,
    ) -> None:
        super().__init__(
            manager,
            loop,
            ConnectionOptions(
                keepalive_timeout,
                tcp_keepalive,
                logger,
                access_log_class,
                access_log,
                access_log_format,
                debug,
                max_line_size,
                max_headers,
                max_field_size,
                lingering_time,
                read_bufsize,
                auto_decompress,
                timeout_ceil_threshold,
            ),
        )

    # As functions of Python, compiled or not: programs wrap and replace these by name and signature.

    async def start(self) -> None:
        """Wait for the connection's task; the requests are handled by themselves."""
        await super().start()

    async def shutdown(self, timeout: float | None = 15.0) -> None:
        """Let the current request finish for ``timeout`` seconds, then cancel its handler; close."""
        await super().shutdown(timeout)

    def close(self) -> None:
        """Close the connection: now when it is idle, otherwise after the current request."""
        super().close()

    def force_close(self) -> None:
        """Close the connection now; a handler that runs is not cancelled."""
        super().force_close()

    def keep_alive(self, val: bool) -> None:
        """Say whether the connection may go on after the current response."""
        super().keep_alive(val)

    def set_parser(self, parser: Any, data_received_cb: Callable[[], None] | None = None) -> None:
        """Give the connection to ``parser`` (``feed_data``, ``feed_eof``), as upgrades in aiohttp's shape do."""
        super().set_parser(parser, data_received_cb)

    async def finish_response(
        self, request: BaseRequest, resp: Any, start_time: float | None
    ) -> tuple[StreamResponse, bool]:
        """Prepare ``resp``, write its end and log it; true where the connection cannot go on."""
        return await super().finish_response(request, resp, start_time)

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> StreamResponse:
        """The answer to a failure, as HTML where the client takes that; the traceback is shown in debug only."""
        return super().handle_error(request, status, exc, message)

    def log_access(self, request: BaseRequest, response: StreamResponse, time: float | None) -> None:
        """Log a request that began at ``time`` (of the monotonic clock)."""
        super().log_access(request, response, time)

    def log_debug(self, *args: Any, **kw: Any) -> None:
        """Log where the server runs in debug mode."""
        super().log_debug(*args, **kw)

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Log the exception that is being handled."""
        super().log_exception(*args, **kw)


__all__ = ("PayloadAccessError", "RequestHandler", "RequestPayloadError")
