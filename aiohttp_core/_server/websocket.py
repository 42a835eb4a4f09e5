"""The server's WebSocket response (RFC 6455 section 4.2): handshake, then the shared channel."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final
from zlib import Z_BEST_SPEED

import attr
from multidict import CIMultiDict

from .._connection.stream_writer import AbstractStreamWriter
from .._connection.websocket import WebSocketChannel
from .._connection.websocket_face import DecodeText, WebSocketFace
from .._semantics import field_names as hdrs
from .._wire.websocket import handshake
from .._wire.websocket.deflate import DeflateParams
from .._wire.websocket.frame import Role
from .._wire.websocket.messages import WSCloseCode
from .._wire.websocket.reader import MessageReader
from .._wire.websocket.writer import MessageWriter
from .exceptions import HTTPBadRequest, HTTPException, HTTPUpgradeRequired
from .logs import ws_logger
from .request import BaseRequest
from .response import StreamResponse

THRESHOLD_CONNLOST_ACCESS: Final = 5
"""Receives on a closed connection after which a handler that ignores CLOSED is stopped by RuntimeError."""


@attr.s(auto_attribs=True, frozen=True, slots=True)
class WebSocketReady:
    """What ``can_prepare`` found out."""

    ok: bool
    protocol: str | None

    def __bool__(self) -> bool:
        return self.ok


class WebSocketResponse(WebSocketFace[DecodeText], StreamResponse):
    """A response that becomes a WebSocket connection.

    ``timeout``: seconds to wait for the client's CLOSE. ``receive_timeout``: seconds a receive waits by
    default. ``heartbeat``: seconds of silence before a ping. ``max_msg_size``: octets of one message (0: any).
    ``writer_limit``: octets sent above which a send waits for the client to read.
    """

    _length_check: bool = False

    def __init__(
        self,
        *,
        timeout: float = 10.0,
        receive_timeout: float | None = None,
        autoclose: bool = True,
        autoping: bool = True,
        heartbeat: float | None = None,
        protocols: Iterable[str] = (),
        compress: bool = True,
        max_msg_size: int = 4 * 1024 * 1024,
        writer_limit: int = 262144,
        decode_text: bool = True,
    ) -> None:
        super().__init__(status=101)
        self._protocols = tuple(protocols or ())
        self._ws_protocol: str | None = None
        self._timeout = timeout
        self._receive_timeout = receive_timeout
        self._autoclose = autoclose
        self._autoping = autoping
        self._heartbeat = heartbeat
        self._compress: bool | int = compress
        self._max_msg_size = max_msg_size
        self._writer_limit = writer_limit
        self._decode_text = decode_text
        self._channel: WebSocketChannel | None = None

    # The handshake

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter:
        """Answer the handshake and take the connection; HTTPBadRequest or HTTPUpgradeRequired refuse it."""
        if self._payload_writer is not None:
            return self._payload_writer
        fields, protocol, deflate = self._handshake(request)
        # Frames begin behind the whole request (RFC 9110 section 7.8), which may have content.
        await request.release()
        self.set_status(101)
        self.headers.update(fields)
        self.force_close()
        self._ws_protocol = protocol
        self._compress = 0 if deflate is None else deflate.client_max_window_bits
        writer = await super().prepare(request)
        if writer is not None:
            writer.send_headers()
            self._take_connection(request, deflate)
        # A response that has ended is not prepared: to a program there is a writer.
        return writer  # type: ignore[return-value]

    def _handshake(self, request: BaseRequest) -> tuple[CIMultiDict[str], str | None, DeflateParams | None]:
        headers = request.headers
        try:
            key = handshake.check_request(request.method, request.version, headers)
            agreed = None
            if self._compress:
                agreed = handshake.negotiate_extensions(headers.getall(hdrs.SEC_WEBSOCKET_EXTENSIONS, ()))
        except handshake.HandshakeError as exc:
            refusal: type[HTTPException] = HTTPUpgradeRequired if exc.status == 426 else HTTPBadRequest
            raise refusal(text=exc.reason, headers=CIMultiDict(exc.fields)) from exc
        protocol = None
        if hdrs.SEC_WEBSOCKET_PROTOCOL in headers:
            offered = handshake.requested_protocols(headers.getall(hdrs.SEC_WEBSOCKET_PROTOCOL, ()))
            protocol = handshake.select_subprotocol(offered, self._protocols)
            if protocol is None:
                ws_logger.warning(
                    "%s: Client protocols %r don't overlap server-known ones %r",
                    request.remote,
                    offered,
                    self._protocols,
                )
        deflate, extension = agreed if agreed is not None else (None, None)
        return CIMultiDict(handshake.response_fields(key, protocol, extension)), protocol, deflate

    def can_prepare(self, request: BaseRequest) -> WebSocketReady:
        """Whether ``request`` is a handshake that can be accepted; RuntimeError once prepared."""
        if self._channel is not None:
            raise RuntimeError("Already started")
        try:
            _, protocol, _ = self._handshake(request)
        except HTTPException:
            return WebSocketReady(False, None)
        return WebSocketReady(True, protocol)

    def _take_connection(self, request: BaseRequest, deflate: DeflateParams | None) -> None:
        connection = request.protocol
        inflater = deflater = None
        if deflate is not None:
            inflater, deflater = deflate.inflater(Role.SERVER), deflate.deflater(Role.SERVER, Z_BEST_SPEED)
        channel = self._channel = WebSocketChannel(
            connection,
            MessageReader(Role.SERVER, self._max_msg_size, inflater, self._decode_text),
            MessageWriter(Role.SERVER, deflater),
            loop=asyncio.get_running_loop(),
            shut=connection.force_close,
            autoping=self._autoping,
            autoclose=self._autoclose,
            heartbeat=self._heartbeat,
            receive_timeout=self._receive_timeout,
            close_timeout=self._timeout,
            writer_limit=self._writer_limit,
            deflater=deflater,
            patience=THRESHOLD_CONNLOST_ACCESS,
        )
        rest = connection.upgrade(channel)
        if rest:
            channel.data_received(rest)

    # State

    @property
    def prepared(self) -> bool:
        return self._channel is not None

    @property
    def closed(self) -> bool:
        return self._channel is not None and self._channel.closed

    @property
    def close_code(self) -> int | None:
        return None if self._channel is None else self._channel.close_code

    @property
    def ws_protocol(self) -> str | None:
        """The subprotocol chosen, or None."""
        return self._ws_protocol

    @property
    def compress(self) -> int | bool:
        """The window bits of the client's compression, 0 without; before the handshake, what was asked for."""
        return self._compress

    def exception(self) -> BaseException | None:
        """What ended the connection abnormally."""
        return None if self._channel is None else self._channel.exception

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What the transport knows under ``name``."""
        request = self._req
        return default if request is None else request.get_extra_info(name, default)

    # Messages

    async def close(self, *, code: int = WSCloseCode.OK, message: bytes | str = b"", drain: bool = True) -> bool:
        """Close with ``code`` and wait for the client's CLOSE; false when it was closed before."""
        return await self._channel_in_use().close(code, message, drain)

    async def write(self, data: bytes | bytearray | memoryview) -> None:
        raise RuntimeError("Cannot call .write() for websocket")

    async def write_eof(self) -> None:  # type: ignore[override]
        """Close the connection, where the handler has not."""
        if self._eof_sent:
            return
        if self._payload_writer is None:
            raise RuntimeError("Response has not been started")
        await self.close()
        self._eof_sent = True
