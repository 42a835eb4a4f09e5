"""aiohttp's WebSocket reader, writer and queue, as adapters over our frames."""

from __future__ import annotations

import asyncio
import random as _random
from typing import Any, Final

from aiohttp_core._connection.data_queue import DataQueue
from aiohttp_core._connection.protocol import BaseProtocol
from aiohttp_core._connection.websocket import WebSocketError
from aiohttp_core._wire.websocket.contract import Message
from aiohttp_core._wire.websocket.deflate import MAX_WINDOW_BITS, DeflateParams, Inflater
from aiohttp_core._wire.websocket.frame import MASKED, Role
from aiohttp_core._wire.websocket.messages import WSCloseCode, WSMsgType
from aiohttp_core._wire.websocket.reader import MessageReader
from aiohttp_core._wire.websocket.writer import MessageWriter

WRITER_LIMIT: Final = 2**18
"""Octets after which a writer waits for its transport."""


class WebSocketDataQueue(DataQueue[Message]):
    """Messages for one reader; pauses ``protocol`` above twice ``limit`` octets."""

    def __init__(self, protocol: BaseProtocol, limit: int, *, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._protocol = protocol
        self._limit = limit * 2
        self._size = 0

    def feed_data(self, data: Message, size: int = 0) -> None:
        super().feed_data(data, size)
        self._size += size
        if self._size > self._limit and not self._protocol._reading_paused:
            self._protocol.pause_reading()

    def _taken(self, data: Message, size: int) -> Message:
        self._size -= size
        if self._size < self._limit and self._protocol._reading_paused:
            self._protocol.resume_reading()
        return data


class WebSocketReader:
    """Feeds ``queue`` with the messages in what it is fed.

    Like aiohttp's it is not told its role: the first frame's mask bit tells who the peer is.
    """

    def __init__(self, queue: Any, max_msg_size: int, compress: bool = True, decode_text: bool = True) -> None:
        self.queue = queue
        self._max_msg_size = max_msg_size
        self._compress = compress
        self._decode_text = decode_text
        self._reader: MessageReader | None = None
        self._early = b""
        self._exc: WebSocketError | None = None

    def feed_eof(self) -> None:
        self.queue.feed_eof()

    def feed_data(self, data: bytes | bytearray | memoryview) -> tuple[bool, bytes]:
        """Take octets; true and those octets once the peer broke the protocol, which the queue raises."""
        if self._exc is not None:
            return True, bytes(data)
        reader = self._reader
        if reader is None:
            data = self._early + bytes(data)
            if len(data) < 2:
                self._early = data
                return False, b""
            reader = self._reader = self._reader_for(data[1])
        for message in reader.feed(data):
            size = len(message.data) if message.type is not WSMsgType.CLOSE else 0
            self.queue.feed_data(message, size)
        error = reader.error
        if error is None:
            return False, b""
        self._exc = WebSocketError(error.code, error.reason)
        self._exc.__cause__ = error
        self.queue.set_exception(self._exc)
        return True, b""

    def _reader_for(self, second_octet: int) -> MessageReader:
        role = Role.SERVER if second_octet & MASKED else Role.CLIENT
        inflater = Inflater(MAX_WINDOW_BITS, False) if self._compress else None
        return MessageReader(role, self._max_msg_size, inflater, self._decode_text)


class WebSocketWriter:
    """Sends frames on ``transport``; ``compress`` is the window in bits, 0 for none.

    ``random`` is taken for aiohttp's sake: masks come from the system's entropy (RFC 6455 section 10.3).
    """

    def __init__(
        self,
        protocol: BaseProtocol,
        transport: asyncio.Transport,
        *,
        use_mask: bool = False,
        limit: int = WRITER_LIMIT,
        random: _random.Random = _random.Random(),  # noqa: B008  (aiohttp's default, which callers may inspect)
        compress: int = 0,
        notakeover: bool = False,
    ) -> None:
        self.protocol = protocol
        self.transport = transport
        self.use_mask = use_mask
        self.compress = compress
        self.notakeover = notakeover
        self._limit = limit
        self._unsent = 0
        self._closing = False
        self._role = Role.CLIENT if use_mask else Role.SERVER
        self._writer = self._writer_for(compress)

    def _writer_for(self, compress: int) -> MessageWriter:
        if not compress:
            return MessageWriter(self._role)
        agreed = DeflateParams(self.notakeover, self.notakeover, compress, compress)
        return MessageWriter(self._role, agreed.deflater(self._role))

    async def send_frame(self, message: bytes, opcode: int, compress: int | None = None) -> None:
        """Send one whole message. Raises ClientConnectionResetError once the connection is closing."""
        if self._closing and not opcode & 0x8:
            raise self.protocol.lost_error("Cannot write to closing transport")
        writer = self._writer
        if compress and not self.compress:
            writer = self._writer_for(compress)
        self._send(writer.frame(opcode, message, compress))
        if self._unsent > self._limit:
            self._unsent = 0
            await self.protocol._drain_helper()

    async def close(self, code: int = WSCloseCode.OK.value, message: bytes | str = b"") -> None:
        """Send a CLOSE with ``code`` and ``message``; nothing but control frames may follow."""
        try:
            self._send(self._writer.close(code, message))
        finally:
            self._closing = True

    def _send(self, wire: bytes | tuple[bytes, bytes]) -> None:
        if self.transport.is_closing():
            raise self.protocol.lost_error("Cannot write to closing transport")
        for piece in (wire,) if isinstance(wire, bytes) else wire:
            self._unsent += len(piece)
            self.transport.write(piece)
