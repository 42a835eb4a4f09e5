"""``aiohttp.web_response``: re-exports."""

from aiohttp_core._semantics.content_codings import ContentCoding
from aiohttp_core._semantics.product import SERVER_SOFTWARE
from aiohttp_core._server.keys import ResponseKey
from aiohttp_core._server.response import Response, StreamResponse, json_bytes_response, json_response

__all__ = (
    "ContentCoding",
    "Response",
    "ResponseKey",
    "SERVER_SOFTWARE",
    "StreamResponse",
    "json_bytes_response",
    "json_response",
)
