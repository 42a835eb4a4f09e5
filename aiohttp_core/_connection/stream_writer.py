"""Messages to the transport: head and content of one message at a time, framed, coded and with back-pressure.

The head waits for the first octets of the content, so that a small message leaves in one write.
"""

from __future__ import annotations

import asyncio
import zlib
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Final

from multidict import CIMultiDict

from .._semantics.compression import Compressor, compressor_for
from .._wire.http1.serializer import LAST_CHUNK, serialize_chunk, serialize_trailers
from .protocol import BaseProtocol, transport_to_show

Octets = bytes | bytearray | memoryview

WRITE_LIMIT: Final = 65536
"""Octets written since the last wait after which ``write`` waits for the transport."""
COALESCE_LIMIT: Final = 65536
"""Content above this is not copied behind its head but handed over beside it."""

_OnChunkSent = Callable[[bytes], Awaitable[None]] | None
_OnHeadersSent = Callable[["CIMultiDict[str]"], Awaitable[None]] | None


class AbstractStreamWriter(ABC):
    """What a payload and a response write to."""

    buffer_size: int = 0
    output_size: int = 0
    length: int | None = 0
    on_body_write: Callable[[int], None] | None = None

    @property
    def transport(self) -> asyncio.Transport | None:
        """Where the octets go; None for a writer without one."""
        return None

    @abstractmethod
    async def write(self, chunk: Octets) -> None:
        """Send content."""

    @abstractmethod
    async def write_eof(self, chunk: bytes = b"") -> None:
        """Send the last of the content and end the message."""

    @abstractmethod
    async def drain(self) -> None:
        """Wait until the transport takes more."""

    @abstractmethod
    def enable_compression(self, encoding: str = "deflate", strategy: int | None = None) -> None:
        """Code the content from here on."""

    @abstractmethod
    def enable_chunking(self) -> None:
        """Send the content in chunks (RFC 9112 section 7.1)."""

    @abstractmethod
    async def write_headers(self, status_line: str, headers: CIMultiDict[str]) -> None:
        """Take a start line and fields; they leave with the content or by ``send_headers``."""

    def send_headers(self) -> None:  # noqa: B027  (writers without a buffer have nothing to do)
        """Send the head now, without waiting for content."""


class StreamWriter(AbstractStreamWriter):
    """Writes one HTTP/1 message.

    ``length`` is the content length that the head promised, or None. Writing more than it promised is cut
    off there, as aiohttp does; the head's owner learns of less by ``length`` at the end.
    """

    # One is made for each message: what most never set is kept by the class.
    length: int | None = None
    chunked = False
    trailers: CIMultiDict[str] | None = None
    """Trailer fields to send behind a chunked content."""
    on_body_write: Callable[[int], None] | None = None
    _eof = False
    _compress: Compressor | None = None
    _head: bytes | None = None
    _on_chunk_sent: _OnChunkSent = None
    _on_headers_sent: _OnHeadersSent = None

    def __init__(
        self,
        protocol: BaseProtocol,
        loop: asyncio.AbstractEventLoop,
        on_chunk_sent: _OnChunkSent = None,
        on_headers_sent: _OnHeadersSent = None,
    ) -> None:
        self._protocol = protocol
        self.loop = loop
        if on_chunk_sent is not None:
            self._on_chunk_sent = on_chunk_sent
        if on_headers_sent is not None:
            self._on_headers_sent = on_headers_sent

    @property
    def transport(self) -> asyncio.Transport | None:
        transport: asyncio.Transport | None = transport_to_show(self._protocol)
        return transport

    @property
    def protocol(self) -> BaseProtocol:
        return self._protocol

    def enable_chunking(self) -> None:
        self.chunked = True

    def enable_compression(self, encoding: str = "deflate", strategy: int | None = None) -> None:
        self._compress = compressor_for(encoding, strategy=zlib.Z_DEFAULT_STRATEGY if strategy is None else strategy)

    # Heads

    def set_head(self, head: bytes) -> None:
        """Take a serialised head; it leaves with the first content, at the end or by ``send_headers``."""
        self._head = head

    async def write_headers(self, status_line: str, headers: CIMultiDict[str]) -> None:
        if self._on_headers_sent is not None:
            await self._on_headers_sent(headers)
        lines = [status_line, *(f"{name}: {value}" for name, value in headers.items())]
        for line in lines:
            if "\r" in line or "\n" in line or "\0" in line:
                raise ValueError("Newline, carriage return, or null byte detected in headers.")
        self._head = "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")

    def send_headers(self) -> None:
        head = self._head
        if head is not None:
            self._head = None
            self._send(head)

    # Content

    async def write(self, chunk: Octets, *, drain: bool = True, LIMIT: int = WRITE_LIMIT) -> None:
        """Send ``chunk``; waits for the transport once ``LIMIT`` octets have left since the last wait."""
        if type(chunk) is not bytes:
            # Where it is no octets this is a TypeError; bytes() would make zeros of a number.
            chunk = memoryview(chunk)
            if chunk.nbytes != len(chunk):
                chunk = chunk.cast("B")
        if self._on_chunk_sent is not None:
            await self._on_chunk_sent(bytes(chunk))
        if self.on_body_write is not None:
            self.on_body_write(len(chunk))
        if self._compress is not None:
            chunk = self._compress.compress(bytes(chunk))
        if not self._put(chunk):
            return
        if drain and self.buffer_size > LIMIT:
            self.buffer_size = 0
            await self.drain()

    def write_now(self, chunk: bytes) -> bool:
        """``write`` in one step, for a message that nobody watches; true where the caller is to ``drain`` next."""
        if self.chunked and self._head is None and self._compress is None and chunk:
            framed = serialize_chunk(chunk)
            size = len(framed)
            self._protocol.write(framed)
            self.output_size += size
            self.buffer_size = waiting = self.buffer_size + size
        else:
            if self._compress is not None:
                chunk = self._compress.compress(chunk)
            self._put(chunk)
            waiting = self.buffer_size
        if waiting <= WRITE_LIMIT:
            return False
        self.buffer_size = 0
        return True

    def _put(self, chunk: Octets) -> bool:
        """Frame and send; false where nothing was left to send."""
        if not chunk:
            return False
        if self.length is not None:
            if self.length < len(chunk):
                chunk = chunk[: self.length]
            self.length -= len(chunk)
            if not chunk:
                return False
        head, self._head = self._head, None
        if self.chunked:
            chunk = serialize_chunk(bytes(chunk))
        if head is None:
            self._send(chunk)
        elif len(chunk) <= COALESCE_LIMIT:
            self._send(head + chunk)
        else:
            self._send_pieces(head, chunk)
        return True

    def _send(self, data: Octets) -> None:
        size = len(data)
        # Only what was really handed over counts: a request of which nothing was may be sent again.
        self._protocol.write(data)
        self.buffer_size += size
        self.output_size += size

    def _send_pieces(self, *pieces: Octets) -> None:
        for piece in pieces:
            self._send(piece)

    async def write_eof(self, chunk: bytes = b"") -> None:
        """Send the last of the content and end the message; more calls do nothing."""
        if self._eof:
            return
        if chunk and self._on_chunk_sent is not None:
            await self._on_chunk_sent(chunk)
        if chunk and self.on_body_write is not None:
            self.on_body_write(len(chunk))
        if self._compress is not None:
            chunk = (self._compress.compress(chunk) if chunk else b"") + self._compress.flush()
        self.finish(chunk)
        if self.buffer_size > WRITE_LIMIT or self._protocol.writing_paused:
            await self.drain()

    def finish(self, chunk: bytes = b"") -> None:
        """``write_eof`` for content that needs no coding, without waiting."""
        self._eof = True
        if not self.chunked:
            self._put(chunk)
            self.send_headers()
            return
        end = LAST_CHUNK if self.trailers is None else serialize_trailers(self.trailers)
        head, self._head = self._head or b"", None
        if not chunk:
            self._send(head + end)
        elif len(chunk) <= COALESCE_LIMIT:
            self._send(head + serialize_chunk(chunk) + end)
        else:
            self._send_pieces(head, serialize_chunk(chunk), end)

    def set_eof(self) -> None:
        """Say that the message ends here: the head leaves, and no content follows."""
        if self._eof:
            return
        if self.chunked:
            self.finish()
        else:
            self._eof = True
            self.send_headers()

    @property
    def ended(self) -> bool:
        """Whether the end of the message was written."""
        return self._eof

    async def drain(self) -> None:
        """Wait until the transport takes more; raises the protocol's ``lost_error`` when it goes meanwhile."""
        if self._protocol.transport is not None:
            await self._protocol.drain()
