"""A response that is prepared, written piece by piece and ended."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

from multidict import CIMultiDict

from .._connection.stream_writer import AbstractStreamWriter, StreamWriter
from .._semantics import field_names as hdrs
from .._semantics.arguments import LooseHeaders
from .._semantics.content_codings import ContentCoding, select_coding
from .._semantics.dates import rfc822_formatted_time
from .._semantics.deprecations import warn_caller
from .._semantics.product import SERVER_SOFTWARE
from .._semantics.statuses import must_be_empty_body, reason_phrase, should_remove_content_length
from .._semantics.versions import HttpVersion10, HttpVersion11
from .._wire.http1.serializer import serialize_response_head
from .keys import NotAppKeyWarning, ResponseKey
from .response_fields import ResponseFields, format_response_cookie

if TYPE_CHECKING:
    from .request import BaseRequest

_T = TypeVar("_T")

RESET_CONTENT: Final = 205
"""Has no content, and says so by its length (RFC 9110 section 15.3.6)."""
_DEFAULT_CONTENT_TYPE: Final = "application/octet-stream"
_CONTENT_TYPE: Final = hdrs.CONTENT_TYPE
_CONTENT_LENGTH: Final = hdrs.CONTENT_LENGTH
_TRANSFER_ENCODING: Final = hdrs.TRANSFER_ENCODING
_DATE: Final = hdrs.DATE
_SERVER: Final = hdrs.SERVER
_CONNECTION: Final = hdrs.CONNECTION


class StreamResponse(ResponseFields, MutableMapping["str | ResponseKey[Any]", Any]):
    """A response that the handler prepares, writes and ends. As a mapping it keeps what middlewares put there."""

    ATTRS: Any = frozenset()

    _compression = False
    _compression_force: ContentCoding | None = None
    _compression_strategy: int | None = None
    _eof_sent = False
    _keep_alive: bool | None = None
    _length_check = True
    """WebSockets switch it off: their octets are no content."""
    _must_be_empty_body: bool | None = None
    _body_length = 0
    _payload_writer: AbstractStreamWriter | None = None
    _req: BaseRequest | None = None
    _send_headers_immediately = True

    def __init__(
        self,
        *,
        status: int = 200,
        reason: str | None = None,
        headers: LooseHeaders | None = None,
        _real_headers: CIMultiDict[str] | None = None,
    ) -> None:
        self._state: dict[Any, Any] = {}
        if _real_headers is not None:
            self._headers = _real_headers
        elif headers is not None:
            self._headers = CIMultiDict(headers)
        else:
            self._headers = CIMultiDict()
        self._set_status(status, reason)

    def __repr__(self) -> str:
        if self._eof_sent:
            info = "eof"
        elif self.prepared and self._req is not None:
            info = f"{self._req.method} {self._req.path} "
        else:
            info = "not prepared"
        return f"<{type(self).__name__} {self.reason} {info}>"

    # The mapping

    @overload
    def __getitem__(self, key: ResponseKey[_T]) -> _T: ...

    @overload
    def __getitem__(self, key: str) -> Any: ...

    def __getitem__(self, key: str | ResponseKey[Any]) -> Any:
        return self._state[key]

    @overload
    def __setitem__(self, key: ResponseKey[_T], value: _T) -> None: ...

    @overload
    def __setitem__(self, key: str, value: Any) -> None: ...

    def __setitem__(self, key: str | ResponseKey[Any], value: Any) -> None:
        if not isinstance(key, ResponseKey):
            warn_caller("It is recommended to use web.ResponseKey instances for keys.", NotAppKeyWarning)
        self._state[key] = value

    def __delitem__(self, key: str | ResponseKey[Any]) -> None:
        del self._state[key]

    def __len__(self) -> int:
        return len(self._state)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._state)

    def __hash__(self) -> int:
        return hash(id(self))

    def __eq__(self, other: object) -> bool:
        return self is other

    def __bool__(self) -> bool:
        return True

    # The status line

    @property
    def prepared(self) -> bool:
        """Whether the head was handed over."""
        return self._eof_sent or self._payload_writer is not None

    @property
    def task(self) -> asyncio.Task[None] | None:
        return None if self._req is None else self._req.task

    @property
    def status(self) -> int:
        return self._status

    @property
    def reason(self) -> str:
        return self._reason

    def set_status(self, status: int, reason: str | None = None) -> None:
        """Change the status; RuntimeError once the head was handed over."""
        if self.prepared:
            raise RuntimeError("Cannot change the response status code after the headers have been sent")
        self._set_status(status, reason)

    def _set_status(self, status: int, reason: str | None) -> None:
        self._status = int(status)
        if reason is None:
            reason = reason_phrase(self._status)
        elif "\r" in reason or "\n" in reason:
            raise ValueError("Reason cannot contain \\r or \\n")
        self._reason = reason

    # The connection

    @property
    def keep_alive(self) -> bool | None:
        return self._keep_alive

    def force_close(self) -> None:
        """End the connection after this response."""
        self._keep_alive = False

    @property
    def body_length(self) -> int:
        """Octets sent, the head included; known at the end."""
        return self._body_length

    @property
    def output_length(self) -> int:
        warn_caller("output_length is deprecated")
        if self._payload_writer is None:
            raise RuntimeError("Response is not started")
        return self._payload_writer.buffer_size

    # Coding and framing

    @property
    def chunked(self) -> bool:
        return self._chunked

    @property
    def compression(self) -> bool:
        return self._compression

    def enable_chunked_encoding(self, chunk_size: int | None = None) -> None:
        """Send the content in chunks; RuntimeError where a length was set."""
        if _CONTENT_LENGTH in self._headers:
            raise RuntimeError("You can't enable chunked encoding when a content length is set")
        if chunk_size is not None:
            warn_caller("Chunk size is deprecated #1615")
        self._chunked = True
        self._plain = False

    def enable_compression(self, force: bool | ContentCoding | None = None, strategy: int | None = None) -> None:
        """Code the content as the client likes, or with ``force`` whether it does or not. ``strategy`` is zlib's."""
        if isinstance(force, bool):
            warn_caller("Using boolean for force is deprecated #3318")
            force = ContentCoding.deflate if force else None
        elif force is not None and not isinstance(force, ContentCoding):
            raise TypeError("force should one of None, bool or ContentEncoding")
        self._plain = False
        self._compression = True
        self._compression_force = force
        self._compression_strategy = strategy

    # Sending

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        """Hand over the head. May be called again, to no effect."""
        if self._eof_sent:
            return None
        if self._payload_writer is not None:
            return self._payload_writer
        self._must_be_empty_body = must_be_empty_body(request._method, self._status) or self._status == RESET_CONTENT
        return await self._start(request)

    async def _start(self, request: BaseRequest) -> AbstractStreamWriter:
        self._plain = False
        self._req = request
        writer = self._payload_writer = request._payload_writer
        await self._prepare_headers()
        await request._prepare_hook(self)
        await self._write_headers()
        return writer

    async def _prepare_headers(self) -> None:
        request, writer, headers = self._req, self._payload_writer, self._headers
        if request is None or writer is None:
            raise RuntimeError("Response is not started")
        version = request._version
        if self._cookies:
            for morsel in self._cookies.values():
                headers.add(hdrs.SET_COOKIE, format_response_cookie(morsel))
        if self._compression:
            await self._start_compression(request)
        keep_alive = self._frame(request, writer, version >= HttpVersion11)
        if not self._must_be_empty_body and (writer.length != 0 or self._chunked):
            headers.setdefault(_CONTENT_TYPE, _DEFAULT_CONTENT_TYPE)
        headers.setdefault(_DATE, rfc822_formatted_time())
        headers.setdefault(_SERVER, SERVER_SOFTWARE)
        self._keep_alive = keep_alive
        if _CONNECTION not in headers:
            if not keep_alive:
                if version == HttpVersion11:
                    headers[_CONNECTION] = "close"
            elif version == HttpVersion10:
                headers[_CONNECTION] = "keep-alive"
        elif headers[_CONNECTION].lower() == "close":
            self._keep_alive = False

    def _frame(self, request: BaseRequest, writer: AbstractStreamWriter, has_chunks: bool) -> bool:
        """Say how the content ends (RFC 9112 section 6); whether the connection can go on after it."""
        headers = self._headers
        keep_alive = self._keep_alive
        if keep_alive is None:
            keep_alive = request.keep_alive
        if keep_alive and request._closing:
            keep_alive = False
        if _TRANSFER_ENCODING in headers and self._length_check:
            # A program that passes on another server's head; the framing is this connection's own.
            self._chunked = self._chunked or has_chunks
            del headers[_TRANSFER_ENCODING]
        if self._chunked and not has_chunks:
            # HTTP/1.0 knows no chunks: the content ends with the connection.
            self._chunked = keep_alive = False
        elif self._chunked:
            if not self._must_be_empty_body:
                headers.pop(_CONTENT_LENGTH, None)
                writer.length = None
                writer.enable_chunking()
                headers[_TRANSFER_ENCODING] = "chunked"
        elif self._length_check:
            length = writer.length = self.content_length
            if length is None and not self._must_be_empty_body:
                if has_chunks:
                    writer.enable_chunking()
                    headers[_TRANSFER_ENCODING] = "chunked"
                else:
                    keep_alive = False
        if self._must_be_empty_body and should_remove_content_length(request._method, self._status):
            headers.pop(_CONTENT_LENGTH, None)
        elif self._status == RESET_CONTENT:
            headers[_CONTENT_LENGTH] = "0"
        return keep_alive

    async def _start_compression(self, request: BaseRequest) -> None:
        coding = self._compression_force
        if coding is None:
            accepted = request.headers.get(hdrs.ACCEPT_ENCODING)
            coding = None if accepted is None else select_coding(accepted, ContentCoding)
        if coding is not None and coding is not ContentCoding.identity and hdrs.CONTENT_ENCODING not in self._headers:
            await self._do_start_compression(coding)

    async def _do_start_compression(self, coding: ContentCoding) -> None:
        self._headers[hdrs.CONTENT_ENCODING] = coding.value
        if self._payload_writer is not None and not self._must_be_empty_body:
            self._payload_writer.enable_compression(coding.value, self._compression_strategy)
        self._headers.pop(_CONTENT_LENGTH, None)

    async def _write_headers(self) -> None:
        request, writer = self._req, self._payload_writer
        if request is None or writer is None:
            raise RuntimeError("Response is not started")
        version = request._version
        if type(writer) is StreamWriter:
            writer.set_head(serialize_response_head(version, self._status, self._reason, self._headers))
        else:
            await writer.write_headers(f"HTTP/{version[0]}.{version[1]} {self._status} {self._reason}", self._headers)
        if self._send_headers_immediately:
            writer.send_headers()

    async def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send content; waits while the client is slower. RuntimeError before ``prepare`` and after ``write_eof``."""
        writer = self._payload_writer
        if type(data) is bytes and type(writer) is StreamWriter and not self._must_be_empty_body:
            if writer.write_now(data):
                await writer.drain()
            return
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"data argument must be byte-ish ({type(data)!r})")
        if self._eof_sent:
            raise RuntimeError("Cannot call write() after write_eof()")
        if writer is None:
            raise RuntimeError("Cannot call write() before prepare()")
        if not self._must_be_empty_body:
            await writer.write(data)

    async def drain(self) -> None:
        """Wait until the client has taken what was written."""
        if self._eof_sent:
            raise RuntimeError("Response has already been sent")
        if self._payload_writer is None:
            raise RuntimeError("Response has not been started")
        warn_caller("drain method is deprecated, use await resp.write()")
        await self._payload_writer.drain()

    async def write_eof(self, data: bytes = b"") -> None:
        """Send the last of the content and end the response; calling it again does nothing."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"data argument must be byte-ish ({type(data)!r})")
        if self._eof_sent:
            return
        writer = self._payload_writer
        if writer is None:
            raise RuntimeError("Response has not been started")
        if self._must_be_empty_body:
            if isinstance(writer, StreamWriter):
                writer.set_eof()
            else:
                await writer.write_eof()
        else:
            await writer.write_eof(bytes(data))
            if writer.length and self._length_check:
                # The client would take the next response for the rest of this one.
                self._keep_alive = False
        self._eof_sent = True
        self._body_length = writer.output_size
        self._req = None
        self._payload_writer = None


__all__ = ("StreamResponse",)
