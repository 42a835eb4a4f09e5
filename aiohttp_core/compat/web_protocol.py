"""``aiohttp.web_protocol``: re-exports."""

from aiohttp_core._server.abstract import Handler
from aiohttp_core._server.errors import PayloadAccessError, RequestPayloadError
from aiohttp_core._server.request import BaseRequest
from aiohttp_core._server.request_handler import RequestHandler
from aiohttp_core._server.response import Response, StreamResponse
from aiohttp_core.compat._shims.typing import _RequestHandler

__all__ = (
    "BaseRequest",
    "Handler",
    "PayloadAccessError",
    "RequestHandler",
    "RequestPayloadError",
    "Response",
    "StreamResponse",
    "_RequestHandler",
)
