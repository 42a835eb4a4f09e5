"""WebSockets, under aiohttp's name for the module."""

from .._server.websocket import WebSocketReady, WebSocketResponse
from .._wire.websocket.messages import WSMsgType

__all__ = (
    "WSMsgType",
    "WebSocketReady",
    "WebSocketResponse",
)
