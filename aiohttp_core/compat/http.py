"""``aiohttp.http``: re-exports."""

from aiohttp_core._connection.errors import HttpProcessingError
from aiohttp_core._connection.message_parsers import HeadersParser, HttpParser, HttpRequestParser, HttpResponseParser
from aiohttp_core._connection.raw_messages import RawRequestMessage, RawResponseMessage
from aiohttp_core._connection.stream_writer import StreamWriter
from aiohttp_core._connection.websocket import WebSocketError
from aiohttp_core._semantics.product import SERVER_SOFTWARE
from aiohttp_core._semantics.statuses import RESPONSES
from aiohttp_core._semantics.versions import HttpVersion, HttpVersion10, HttpVersion11
from aiohttp_core._wire.websocket.handshake import WS_KEY
from aiohttp_core._wire.websocket.messages import (
    WS_CLOSED_MESSAGE,
    WS_CLOSING_MESSAGE,
    WSCloseCode,
    WSMessage,
    WSMessageDecodeText,
    WSMessageNoDecodeText,
    WSMessageTextBytes,
    WSMsgType,
)
from aiohttp_core.compat._shims.websocket_extensions import ws_ext_gen, ws_ext_parse
from aiohttp_core.compat._shims.websocket_streams import WebSocketReader, WebSocketWriter

__all__ = (
    "HeadersParser",
    "HttpParser",
    "HttpProcessingError",
    "HttpRequestParser",
    "HttpResponseParser",
    "HttpVersion",
    "HttpVersion10",
    "HttpVersion11",
    "RESPONSES",
    "RawRequestMessage",
    "RawResponseMessage",
    "SERVER_SOFTWARE",
    "StreamWriter",
    "WSCloseCode",
    "WSMessage",
    "WSMessageDecodeText",
    "WSMessageNoDecodeText",
    "WSMessageTextBytes",
    "WSMsgType",
    "WS_CLOSED_MESSAGE",
    "WS_CLOSING_MESSAGE",
    "WS_KEY",
    "WebSocketError",
    "WebSocketReader",
    "WebSocketWriter",
    "ws_ext_gen",
    "ws_ext_parse",
)
