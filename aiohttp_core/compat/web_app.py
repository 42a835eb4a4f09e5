"""``aiohttp.web_app``: re-exports."""

from aiohttp_core._server.application import Application
from aiohttp_core._server.dispatcher import UrlDispatcher
from aiohttp_core._server.keys import AppKey, NotAppKeyWarning
from aiohttp_core._server.request import Request
from aiohttp_core._server.request_handler import RequestHandler
from aiohttp_core._server.response import StreamResponse
from aiohttp_core._server.server import Server
from aiohttp_core._server.signals import CleanupContext, CleanupError

__all__ = (
    "AppKey",
    "Application",
    "CleanupContext",
    "CleanupError",
    "NotAppKeyWarning",
    "Request",
    "RequestHandler",
    "Server",
    "StreamResponse",
    "UrlDispatcher",
)
