"""``aiohttp.log``: the loggers, under the names that programs configure."""

import logging
from typing import Final

from aiohttp_core._server.logs import access_logger, server_logger, web_logger, ws_logger

client_logger: Final = logging.getLogger("aiohttp.client")
internal_logger: Final = logging.getLogger("aiohttp.internal")

__all__ = ("access_logger", "client_logger", "internal_logger", "server_logger", "web_logger", "ws_logger")
