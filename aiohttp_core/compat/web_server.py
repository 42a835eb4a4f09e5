"""``aiohttp.web_server``: re-exports."""

from aiohttp_core._server.request import BaseRequest
from aiohttp_core._server.request_handler import RequestHandler
from aiohttp_core._server.server import Server
from aiohttp_core.compat._shims.typing import _RequestHandler

__all__ = (
    "BaseRequest",
    "RequestHandler",
    "Server",
    "_RequestHandler",
)
