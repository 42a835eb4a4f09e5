"""``aiohttp.http_parser``: adapters over our parsers."""

from aiohttp_core._connection.message_parsers import (
    DeflateBuffer,
    HeadersParser,
    HttpParser,
    HttpRequestParser,
    HttpResponseParser,
)
from aiohttp_core._connection.raw_messages import RawRequestMessage, RawResponseMessage
from aiohttp_core.compat._shims.payload_parser import HttpPayloadParser

# aiohttp names its twins; here one adapter stands over whichever is in use.
HttpRequestParserPy = HttpRequestParserC = HttpRequestParser
HttpResponseParserPy = HttpResponseParserC = HttpResponseParser
RawRequestMessagePy = RawRequestMessageC = RawRequestMessage
RawResponseMessagePy = RawResponseMessageC = RawResponseMessage

__all__ = (
    "HttpRequestParserC",
    "HttpRequestParserPy",
    "HttpResponseParserC",
    "HttpResponseParserPy",
    "RawRequestMessageC",
    "RawRequestMessagePy",
    "RawResponseMessageC",
    "RawResponseMessagePy",
    "DeflateBuffer",
    "HeadersParser",
    "HttpParser",
    "HttpPayloadParser",
    "HttpRequestParser",
    "HttpResponseParser",
    "RawRequestMessage",
    "RawResponseMessage",
)
