"""The server's protocol, under aiohttp's name for the module."""

from .._server.errors import PayloadAccessError, RequestPayloadError
from .._server.protocol import RequestHandler

_RequestHandler = RequestHandler

__all__ = (
    "PayloadAccessError",
    "RequestHandler",
    "RequestPayloadError",
)
