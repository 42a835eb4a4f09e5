"""``aiohttp.client_ws``: re-exports."""

from aiohttp_core._client.errors import ClientError, ServerTimeoutError, WSMessageTypeError
from aiohttp_core._client.websocket import DEFAULT_WS_CLIENT_TIMEOUT, ClientWebSocketResponse, ClientWSTimeout
from aiohttp_core._connection.websocket import WebSocketError
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
    "ClientError",
    "ClientWSTimeout",
    "ClientWebSocketResponse",
    "DEFAULT_WS_CLIENT_TIMEOUT",
    "ServerTimeoutError",
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
    "WebSocketWriter",
    "ws_ext_gen",
    "ws_ext_parse",
)
