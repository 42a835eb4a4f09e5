"""The protocol of a server's connection, as asyncio and programs know it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from .access_log import AbstractAccessLogger, AccessLogger
from .errors import PayloadAccessError, RequestPayloadError
from .logs import access_logger, server_logger
from .protocol import ConnectionOptions, RequestCycle

if TYPE_CHECKING:
    from .server import Server


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


__all__ = ("PayloadAccessError", "RequestHandler", "RequestPayloadError")
