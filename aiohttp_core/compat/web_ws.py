"""``aiohttp.web_ws``: re-exports."""

from aiohttp_core._client.errors import WSMessageTypeError
from aiohttp_core._connection.websocket import WebSocketError
from aiohttp_core._server.websocket import THRESHOLD_CONNLOST_ACCESS, WebSocketReady, WebSocketResponse
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
from aiohttp_core.compat._shims.websocket_extensions import WSHandshakeError, ws_ext_gen, ws_ext_parse
from aiohttp_core.compat._shims.websocket_streams import WebSocketDataQueue, WebSocketReader, WebSocketWriter

__all__ = (
    "THRESHOLD_CONNLOST_ACCESS",
    "WSCloseCode",
    "WSHandshakeError",
    "WSMessage",
    "WSMessageDecodeText",
    "WSMessageNoDecodeText",
    "WSMessageTextBytes",
    "WSMessageTypeError",
    "WSMsgType",
    "WS_CLOSED_MESSAGE",
    "WS_CLOSING_MESSAGE",
    "WebSocketDataQueue",
    "WebSocketError",
    "WebSocketReader",
    "WebSocketReady",
    "WebSocketResponse",
    "WebSocketWriter",
    "ws_ext_gen",
    "ws_ext_parse",
)
