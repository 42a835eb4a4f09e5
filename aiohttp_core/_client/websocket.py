"""The client's WebSocket: the opening handshake (RFC 6455 section 4.1), then the shared channel."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final
from zlib import Z_BEST_SPEED

import attr
from multidict import CIMultiDict

from .._connection.websocket import WebSocketChannel
from .._connection.websocket_face import DecodeText, WebSocketFace
from .._semantics.deprecations import warn_caller
from .._semantics.sentinel import sentinel
from .._wire.websocket import deflate, handshake
from .._wire.websocket.extensions import Extension
from .._wire.websocket.frame import Role
from .._wire.websocket.messages import WSCloseCode
from .._wire.websocket.reader import MessageReader
from .._wire.websocket.writer import MessageWriter
from .errors import ServerTimeoutError, WSServerHandshakeError

if TYPE_CHECKING:
    from .response import ClientResponse
    from .session import ClientSession

WRITER_LIMIT: Final = 65536
_HANDSHAKE_MESSAGES: Final = (
    ("switch protocols", "Invalid response status"),
    ("Upgrade field", "Invalid upgrade header"),
    ("Connection field", "Invalid connection header"),
    ("Sec-WebSocket-Accept", "Invalid challenge response"),
)


@attr.s(auto_attribs=True, frozen=True, slots=True)
class ClientWSTimeout:
    """Seconds a receive waits, and seconds ``close`` waits for the server's CLOSE; None is for ever."""

    ws_receive: float | None = None
    ws_close: float | None = None


DEFAULT_WS_CLIENT_TIMEOUT: Final = ClientWSTimeout(ws_receive=None, ws_close=10.0)


class ClientWebSocketResponse(WebSocketFace[DecodeText]):
    """A WebSocket connection that ``ClientSession.ws_connect`` opened."""

    _channel: WebSocketChannel

    def __init__(
        self,
        reader: MessageReader,
        writer: MessageWriter,
        protocol: str | None,
        response: ClientResponse,
        timeout: ClientWSTimeout,
        autoclose: bool,
        autoping: bool,
        loop: asyncio.AbstractEventLoop,
        *,
        heartbeat: float | None = None,
        compress: int = 0,
        client_notakeover: bool = False,
        deflater: Any = None,
    ) -> None:
        self._response = response
        self._conn = response.connection
        self._protocol = protocol
        self._timeout = timeout
        self._compress = compress
        self._client_notakeover = client_notakeover
        if self._conn is None:
            raise RuntimeError("the response of a WebSocket handshake has no connection")
        connection = self._conn.protocol
        # A response may be late; a WebSocket may be silent for ever.
        connection.read_timeout = None
        channel = self._channel = WebSocketChannel(
            connection,
            reader,
            writer,
            loop=loop,
            shut=response.close,
            autoping=autoping,
            autoclose=autoclose,
            heartbeat=heartbeat,
            heartbeat_error=ServerTimeoutError,
            receive_timeout=timeout.ws_receive,
            close_timeout=timeout.ws_close,
            writer_limit=WRITER_LIMIT,
            deflater=deflater,
            close_late=True,
        )
        rest = connection.upgrade(channel)
        if rest:
            channel.data_received(rest)

    @property
    def _writer(self) -> WebSocketChannel:
        """What third-party code calls the writer: the channel, which knows its transport."""
        return self._channel

    @property
    def _closing(self) -> bool:
        return self._channel.closing

    @property
    def closed(self) -> bool:
        return self._channel.closed

    @property
    def close_code(self) -> int | None:
        return self._channel.close_code

    @property
    def protocol(self) -> str | None:
        """The subprotocol that the server chose."""
        return self._protocol

    @property
    def compress(self) -> int:
        """The window bits of our compression, 0 without."""
        return self._compress

    @property
    def client_notakeover(self) -> bool:
        """Whether our compressor forgets its context after each message."""
        return self._client_notakeover

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What the transport knows under ``name``."""
        # Not the connection's ``transport``: nobody gets to close it here.
        transport = None if self._conn is None or self._conn.protocol is None else self._conn.protocol.transport
        return default if transport is None else transport.get_extra_info(name, default)

    def exception(self) -> BaseException | None:
        """What ended the connection abnormally."""
        return self._channel.exception

    async def close(self, *, code: int = WSCloseCode.OK, message: bytes | str = b"") -> bool:
        """Close with ``code`` and wait for the server's CLOSE; false when it was closed before."""
        return await self._channel.close(code, message)

    async def __aenter__(self) -> ClientWebSocketResponse[DecodeText]:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        await self.close()


def checked_timeout(timeout: Any, receive_timeout: float | None) -> ClientWSTimeout:
    """The timeouts of ``ws_connect``, deprecated forms included."""
    if timeout is sentinel or timeout is None:
        checked = DEFAULT_WS_CLIENT_TIMEOUT
    elif isinstance(timeout, ClientWSTimeout):
        checked = timeout
    else:
        warn_caller(
            "parameter 'timeout' of type 'float' is deprecated, please use 'timeout=ClientWSTimeout(ws_close=...)'"
        )
        checked = ClientWSTimeout(ws_close=timeout)
    if receive_timeout is not None:
        warn_caller(
            "float parameter 'receive_timeout' is deprecated, please use parameter "
            "'timeout=ClientWSTimeout(ws_receive=...)'"
        )
        checked = attr.evolve(checked, ws_receive=receive_timeout)
    return checked


@dataclass(frozen=True)
class WebSocketOptions:
    """What a program asks of ``ws_connect`` besides the request's own options."""

    protocols: tuple[str, ...]
    timeout: ClientWSTimeout
    autoclose: bool
    autoping: bool
    heartbeat: float | None
    origin: str | None
    compress: int
    max_msg_size: int
    decode_text: bool


async def open_websocket(
    session: ClientSession, method: str, url: Any, headers: Any, options: WebSocketOptions, request: dict[str, Any]
) -> ClientWebSocketResponse[bool]:
    """Do the opening handshake; ``request`` goes to ``ClientSession.request``. Raises WSServerHandshakeError."""
    offered = deflate.offer(options.compress) if options.compress else None
    key = handshake.new_key()
    fields = CIMultiDict(headers or {})
    extensions = (offered,) if offered else ()
    for name, value in handshake.request_fields(key, options.protocols, extensions, options.origin):
        fields[name] = value
    response = await session.request(method, url, headers=fields, read_until_eof=False, **request)
    try:
        agreement = _agreed(response, key, options.protocols, offered)
        return _channelled(session, response, agreement, options)
    except BaseException:
        response.close()
        raise


def _agreed(
    response: ClientResponse, key: str, protocols: Sequence[str], offered: Extension | None
) -> handshake.Agreement:
    try:
        return handshake.check_response(response.status, response.headers, key, protocols, offered)
    except handshake.HandshakeError as exc:
        message = next((text for part, text in _HANDSHAKE_MESSAGES if part in exc.reason), exc.reason)
        raise WSServerHandshakeError(
            response.request_info,
            response.history,
            message=message,
            status=response.status,
            headers=response.headers,
        ) from exc


def _channelled(
    session: ClientSession, response: ClientResponse, agreement: handshake.Agreement, options: WebSocketOptions
) -> ClientWebSocketResponse[bool]:
    params = agreement.deflate
    inflater = deflater = None
    if params is not None:
        inflater, deflater = params.inflater(Role.CLIENT), params.deflater(Role.CLIENT, Z_BEST_SPEED)
    result: ClientWebSocketResponse[bool] = session._ws_response_class(
        MessageReader(Role.CLIENT, options.max_msg_size, inflater, options.decode_text),
        MessageWriter(Role.CLIENT, deflater),
        agreement.protocol,
        response,
        options.timeout,
        options.autoclose,
        options.autoping,
        asyncio.get_running_loop(),
        heartbeat=options.heartbeat,
        compress=0 if params is None else params.client_max_window_bits,
        client_notakeover=params is not None and params.client_no_context_takeover,
        **({} if deflater is None else {"deflater": deflater}),
    )
    return result
