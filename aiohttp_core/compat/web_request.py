"""``aiohttp.web_request``: re-exports."""

from aiohttp_core._body.form import FileField
from aiohttp_core._semantics.versions import HttpVersion
from aiohttp_core._server.keys import RequestKey
from aiohttp_core._server.request import BaseRequest, Request

__all__ = (
    "BaseRequest",
    "FileField",
    "HttpVersion",
    "Request",
    "RequestKey",
)
