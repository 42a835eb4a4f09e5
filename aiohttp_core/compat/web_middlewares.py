"""``aiohttp.web_middlewares``: re-exports."""

from aiohttp_core._server.abstract import Handler
from aiohttp_core._server.middlewares import middleware, normalize_path_middleware
from aiohttp_core._server.request import Request
from aiohttp_core._server.response import StreamResponse
from aiohttp_core.compat._shims.typing import Middleware

__all__ = (
    "Handler",
    "Middleware",
    "Request",
    "StreamResponse",
    "middleware",
    "normalize_path_middleware",
)
