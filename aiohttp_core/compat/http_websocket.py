"""``aiohttp.http_websocket``: re-exports."""

from aiohttp_core._connection.websocket import WebSocketError
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
from aiohttp_core.compat._shims.websocket_extensions import (
    PACK_CLOSE_CODE,
    PACK_LEN1,
    PACK_LEN2,
    PACK_LEN3,
    WSHandshakeError,
    ws_ext_gen,
    ws_ext_parse,
)
from aiohttp_core.compat._shims.websocket_streams import WebSocketDataQueue, WebSocketReader, WebSocketWriter

__all__ = (
    "PACK_CLOSE_CODE",
    "PACK_LEN1",
    "PACK_LEN2",
    "PACK_LEN3",
    "WSCloseCode",
    "WSHandshakeError",
    "WSMessage",
    "WSMessageDecodeText",
    "WSMessageNoDecodeText",
    "WSMessageTextBytes",
    "WSMsgType",
    "WS_CLOSED_MESSAGE",
    "WS_CLOSING_MESSAGE",
    "WS_KEY",
    "WebSocketDataQueue",
    "WebSocketError",
    "WebSocketReader",
    "WebSocketWriter",
    "ws_ext_gen",
    "ws_ext_parse",
)
