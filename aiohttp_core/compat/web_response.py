"""Responses, under aiohttp's name for the module."""

from .._semantics.content_codings import ContentCoding
from .._server.response import Response, StreamResponse, json_bytes_response, json_response

__all__ = (
    "ContentCoding",
    "Response",
    "StreamResponse",
    "json_bytes_response",
    "json_response",
)
