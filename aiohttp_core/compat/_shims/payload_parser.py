"""aiohttp's parser of one message's content, over ours."""

from __future__ import annotations

from typing import Any

from aiohttp_core._connection.body_receiver import BodyReceiver, receiver_for
from aiohttp_core._connection.errors import translate
from aiohttp_core._connection.stream_reader import StreamReader
from aiohttp_core._semantics.compression import CodingError
from aiohttp_core._wire.errors import HttpWireError
from aiohttp_core._wire.http1.messages import Chunks, ResponseHead
from aiohttp_core._wire.http1.parser import response_parser
from aiohttp_core._wire.http1.rules import Limits


class HttpPayloadParser:
    """Feeds ``payload`` with the content of one message: of ``length`` octets, ``chunked``, or until the end.

    ``code``, ``method``, ``lax`` and ``headers_parser`` are aiohttp's; our parser needs none of them.
    """

    def __init__(
        self,
        payload: StreamReader,
        length: int | None = None,
        chunked: bool = False,
        compression: str | None = None,
        code: int | None = None,
        method: str | None = None,
        response_with_body: bool = True,
        auto_decompress: bool = True,
        lax: bool = False,
        *,
        headers_parser: Any = None,
        max_line_size: int = 8190,
        max_field_size: int = 8190,
        max_trailers: int = 128,
        limit: int = 2**18,
    ) -> None:
        self.payload = payload
        self.done = False
        self._parser: Any = response_parser(Limits(max_line_size, max_field_size, max_trailers))
        self._body: BodyReceiver = receiver_for(payload, compression if auto_decompress else None)
        self._feed_head(length if response_with_body else 0, chunked and response_with_body)

    def _feed_head(self, length: int | None, chunked: bool) -> None:
        framing = b"Transfer-Encoding: chunked\r\n" if chunked else b""
        if length is not None and not chunked:
            framing = b"Content-Length: %d\r\n" % length
        self._parser.expect("GET")
        self._parser.feed(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n")
        self._advance()

    def feed_data(self, chunk: bytes) -> tuple[bool, bytes]:
        """Take octets; whether the content is complete, and what stands behind it. Raises TransferEncodingError."""
        if self.done:
            return True, chunk
        self._parser.feed(chunk)
        return self._advance()

    def feed_eof(self) -> None:
        """The peer has closed: content without a length ends. Raises what says that more was promised."""
        if not self.done:
            self._parser.feed_eof()
            self._advance()

    def _advance(self) -> tuple[bool, bytes]:
        try:
            while (event := self._parser.next_event()) is not None:
                kind = type(event)
                if kind is bytes:
                    self._body.data(event)
                elif kind is Chunks:
                    self._body.chunks(event)
                elif kind is not ResponseHead:
                    self._body.end(event)
                    self.done = True
                    return True, self._parser.take_rest()
                elif not event.body:
                    self.done = True
                    self.payload.feed_eof()
                    return True, b""
        except (HttpWireError, CodingError) as exc:
            error = translate(exc)
            self._body.fail(error, exc)
            raise error from exc
        return False, b""
