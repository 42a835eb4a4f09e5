"""Parsers in aiohttp's shape over our own: octets in, pairs of message and body stream out.

For programs that drive a parser themselves (recorders, mocks, proxies). The library does not use them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import takewhile
from typing import Any, ClassVar

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from .._semantics.compression import CodingError, decompressor_for
from .._semantics.field_names import CONTENT_LENGTH, SEC_WEBSOCKET_KEY1
from .._semantics.methods import METH_CONNECT
from .._wire.errors import HttpWireError
from .._wire.http1 import grammar
from .._wire.http1.messages import Chunks, RawHeaders, RequestHead, ResponseHead
from .._wire.http1.parser import request_parser, response_parser
from .._wire.http1.rules import Limits, Role
from .body_receiver import BodyReceiver, receiver_for
from .errors import ContentEncodingError, translate
from .raw_messages import RawRequestMessage, RawResponseMessage
from .stream_core import NO_CAUSE
from .stream_reader import EMPTY_PAYLOAD, StreamReader


class _NoFlowControl:
    """Stands in for a connection that the parser was not given."""

    def pause_reading(self) -> None:
        """Nothing to pause."""

    def resume_reading(self) -> None:
        """Nothing to resume."""


class HeadersParser:
    """Parses the lines of a field section; raises InvalidHeader or LineTooLong."""

    def __init__(
        self, max_line_size: int = 8190, max_headers: int = 32768, max_field_size: int = 8190, lax: bool = False
    ) -> None:
        self._limits = Limits(max_line_size, max_field_size, max_headers)
        self._role = Role.RESPONSE if lax else Role.REQUEST

    def parse_headers(self, lines: Sequence[bytes]) -> tuple[CIMultiDictProxy[str], RawHeaders]:
        """The fields in ``lines``, which have no line ends; an empty one ends them."""
        fields = list(takewhile(bool, lines))
        section = b"".join(line + b"\r\n" for line in fields) + b"\r\n"
        try:
            pairs = grammar.parse_section(section, self._role, self._limits)
        except HttpWireError as exc:
            raise translate(exc) from exc
        mapping = CIMultiDict(
            [(name.decode("ascii"), value.decode("utf-8", "surrogateescape")) for name, value in pairs]
        )
        return CIMultiDictProxy(mapping), tuple(pairs)


class HttpParser:
    """What the request and the response parser share."""

    lax: ClassVar[bool] = False
    protocol: Any = None

    def __init__(
        self,
        protocol: Any = None,
        loop: asyncio.AbstractEventLoop | None = None,
        limit: int = 2**16,
        max_line_size: int = 8190,
        max_headers: int = 128,
        max_field_size: int = 8190,
        timer: Any = None,
        code: int | None = None,
        method: str | None = None,
        payload_exception: type[BaseException] | None = None,
        response_with_body: bool = True,
        read_until_eof: bool = False,
        auto_decompress: bool = True,
        max_msg_queue_size: int = 0,
    ) -> None:
        self.protocol = protocol
        self.loop = loop
        self.max_line_size = max_line_size
        self.max_headers = max_headers
        self.max_field_size = max_field_size
        self.timer = timer
        self.code = code
        self.method = method
        self.payload_exception = payload_exception
        self.response_with_body = response_with_body
        self.read_until_eof = read_until_eof
        self._limit = limit
        self._auto_decompress = auto_decompress
        self._upgraded = False
        self._body: BodyReceiver | None = None
        self._parser: Any = self._make_parser(Limits(max_line_size, max_field_size, max_headers))

    def _make_parser(self, limits: Limits) -> Any:
        raise NotImplementedError

    def _message(self, head: Any) -> Any:
        raise NotImplementedError

    def set_upgraded(self, val: bool) -> None:
        """Say that what follows is another protocol's."""
        self._upgraded = val

    def pause_reading(self) -> None:
        """Kept for aiohttp's interface: nothing is parsed unless data is fed."""

    def message_consumed(self) -> None:
        """Kept for aiohttp's interface: messages are not queued here."""

    def parse_message(self, lines: Sequence[bytes]) -> Any:
        """The head in ``lines``, a start line and fields without line ends. Raises BadHttpMessage."""
        parser = self._make_parser(Limits(self.max_line_size, self.max_field_size, self.max_headers))
        parser.feed(b"".join(line + b"\r\n" for line in takewhile(bool, lines)) + b"\r\n")
        if isinstance(self, HttpResponseParser):
            parser.expect(self.method or "GET")
        try:
            return self._message(parser.next_event())
        except HttpWireError as exc:
            raise translate(exc) from exc

    def parse_headers(
        self, lines: Sequence[bytes]
    ) -> tuple[CIMultiDictProxy[str], RawHeaders, bool | None, str | None, bool, bool]:
        """Fields, the same as octets, whether they close (None: they do not say), coding, upgrade, chunked."""
        parser = HeadersParser(self.max_line_size, self.max_headers, self.max_field_size, self.lax)
        headers, raw = parser.parse_headers(lines)
        options = {option.strip().lower() for option in headers.get("Connection", "").split(",")}
        close = True if "close" in options else False if "keep-alive" in options else None
        coding = headers.get("Content-Encoding", "").lower()
        chunked = "chunked" in headers.get("Transfer-Encoding", "").lower()
        upgrade = "upgrade" in options and "Upgrade" in headers
        return headers, raw, close, coding if coding in ("gzip", "deflate", "br", "zstd") else None, upgrade, chunked

    def feed_data(
        self,
        data: bytes,
        SEP: bytes = b"\r\n",
        EMPTY: bytes = b"",
        CONTENT_LENGTH: str = CONTENT_LENGTH,
        METH_CONNECT: str = METH_CONNECT,
        SEC_WEBSOCKET_KEY1: str = SEC_WEBSOCKET_KEY1,
    ) -> tuple[list[tuple[Any, StreamReader]], bool, bytes]:
        """The messages that begin in ``data``, whether the connection is upgraded, and the octets behind it.

        Raises BadHttpMessage or a subclass. The other parameters are aiohttp's and change nothing.
        """
        messages: list[tuple[Any, StreamReader]] = []
        if self._upgraded:
            return messages, True, bytes(data)
        self._parser.feed(data)
        try:
            while (event := self._next()) is not None:
                kind = type(event)
                if kind is RequestHead or kind is ResponseHead:
                    messages.append((self._message(event), self._begin(event)))
                    if event.upgrade and not event.body:
                        self._upgraded = True
                        return messages, True, self._parser.take_rest()
                elif self._body is None:
                    continue
                elif kind is bytes:
                    self._body.data(event)
                elif kind is Chunks:
                    self._body.chunks(event)
                else:
                    self._body.end(event)
                    self._body = None
        except (HttpWireError, CodingError) as exc:
            error = translate(exc)
            if self._body is None:
                raise error from exc
            self._fail(error, exc)
        return messages, False, b""

    def feed_eof(self) -> Any:
        """The peer has closed: a body that lasts until then ends, any other fails."""
        self._parser.feed_eof()
        try:
            event = self._next()
            if event is not None and self._body is not None:
                self._body.end(event)
                self._body = None
        except (HttpWireError, CodingError) as exc:
            self._fail(translate(exc), exc)

    def _next(self) -> Any:
        return self._parser.next_event()

    def _fail(self, error: Exception, cause: Exception) -> None:
        body, self._body = self._body, None
        if body is not None:
            if self.payload_exception is not None:
                replacement = self.payload_exception(str(error))
                replacement.__cause__ = error
                body.fail(replacement)
            else:
                body.fail(error, cause)

    def _begin(self, head: RequestHead | ResponseHead) -> StreamReader:
        if not head.body or not self.response_with_body:
            self._body = None
            return EMPTY_PAYLOAD
        source = self.protocol if hasattr(self.protocol, "pause_reading") else _NoFlowControl()
        reader = StreamReader(source, self._limit, timer=self.timer, loop=self.loop)
        coding = ", ".join(head.headers.getall("Content-Encoding", ())) if self._auto_decompress else None
        self._body = receiver_for(reader, coding)
        return reader


class HttpRequestParser(HttpParser):
    """Requests."""

    def _make_parser(self, limits: Limits) -> Any:
        return request_parser(limits)

    def _message(self, head: RequestHead) -> RawRequestMessage:
        return RawRequestMessage.from_head(head, URL(head.target, encoded=True))


class HttpResponseParser(HttpParser):
    """Responses; each answers a request with ``method``, GET unless told."""

    lax = True

    def _make_parser(self, limits: Limits) -> Any:
        return response_parser(limits)

    def _next(self) -> Any:
        self._parser.expect(self.method or "GET")
        return self._parser.next_event()

    def _message(self, head: ResponseHead) -> RawResponseMessage:
        return RawResponseMessage.from_head(head)


class DeflateBuffer:
    """Decodes what is fed into ``out``."""

    def __init__(self, out: StreamReader, encoding: str | None, max_decompress_size: int = 262144) -> None:
        self.out = out
        self.encoding = encoding
        self._machine = decompressor_for(encoding or "identity")
        self._step = max_decompress_size

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = NO_CAUSE) -> None:
        self.out.set_exception(exc, exc_cause)

    def feed_data(self, chunk: bytes, size: int = 0) -> bool:
        """Decode ``chunk``; raises ContentEncodingError. True where the stream is full."""
        machine = self._machine
        if machine is None:
            self.out.feed_data(chunk)
            return self.out.full
        try:
            self.out.feed_data(machine.decompress(chunk, self._step))
            while machine.pending:
                self.out.feed_data(machine.decompress(b"", self._step))
        except CodingError as exc:
            raise ContentEncodingError(f"Can not decode content-encoding: {self.encoding}") from exc
        return self.out.full

    def feed_eof(self) -> None:
        """The content ends; raises ContentEncodingError where its coding does not."""
        if self._machine is not None:
            try:
                self._machine.finish()
            except CodingError as exc:
                raise ContentEncodingError(str(exc)) from exc
        self.out.feed_eof()

    def begin_http_chunk_receiving(self) -> None:
        self.out.begin_http_chunk_receiving()

    def end_http_chunk_receiving(self) -> None:
        self.out.end_http_chunk_receiving()
