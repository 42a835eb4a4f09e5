"""Responses: ``StreamResponse``, which is written piece by piece, and ``Response``, whose body is there at once."""

from __future__ import annotations

import asyncio
import datetime
import json
import math
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from concurrent.futures import Executor
from http.cookies import Morsel, SimpleCookie
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast, overload

from multidict import CIMultiDict

from .._body.payload import Payload
from .._body.registry import PAYLOAD_REGISTRY
from .._body.registry import LookupError as NoPayload
from .._connection.stream_writer import AbstractStreamWriter, StreamWriter
from .._semantics import field_names as hdrs
from .._semantics.compression import compressor_for
from .._semantics.content_codings import ContentCoding, select_coding
from .._semantics.cookies import format_set_cookie
from .._semantics.dates import format_http_date, parse_http_date, rfc822_formatted_time
from .._semantics.etags import ETAG_ANY, ETag, format_etag, parse_etags, validate_etag_value
from .._semantics.media_types import parse_content_type
from .._semantics.product import SERVER_SOFTWARE
from .._semantics.sentinel import sentinel
from .._semantics.statuses import must_be_empty_body, reason_phrase, should_remove_content_length
from .._semantics.versions import HttpVersion10, HttpVersion11
from .._wire.http1.serializer import serialize_response_head
from .keys import ResponseKey

if TYPE_CHECKING:
    from .request import BaseRequest

_T = TypeVar("_T")
LooseHeaders = Mapping[str, str] | CIMultiDict[str] | Iterable[tuple[str, str]] | None

LARGE_BODY_SIZE: Final = 1024**2
_EPOCH: Final = "Thu, 01 Jan 1970 00:00:00 GMT"
_DEFAULT_CONTENT_TYPE: Final = "application/octet-stream"
_TEXT: Final = "text/plain; charset=utf-8"
_CONTENT_TYPE: Final = hdrs.CONTENT_TYPE
_CONTENT_LENGTH: Final = hdrs.CONTENT_LENGTH
_TRANSFER_ENCODING: Final = hdrs.TRANSFER_ENCODING
_DATE: Final = hdrs.DATE
_SERVER: Final = hdrs.SERVER
_CONNECTION: Final = hdrs.CONNECTION


AT_ONCE_LIMIT: Final = 65536
"""Octets of a body up to which it is copied behind its head."""
EMPTY_BODY_STATUSES: Final = frozenset({*range(100, 200), 204, 205, 304})


class StreamResponse(MutableMapping["str | ResponseKey[Any]", Any]):
    """A response that the handler prepares, writes and ends. As a mapping it keeps what middlewares put there."""

    ATTRS: Any = frozenset()

    _chunked = False
    _compression = False
    _compression_force: ContentCoding | None = None
    _compression_strategy: int | None = None
    _cookies: SimpleCookie | None = None
    _eof_sent = False
    _keep_alive: bool | None = None
    _length_check = True
    """WebSockets switch it off: their octets are no content."""
    _must_be_empty_body: bool | None = None
    _body_length = 0
    _payload_writer: AbstractStreamWriter | None = None
    _req: BaseRequest | None = None
    _send_headers_immediately = True
    _content_type_read: tuple[str, str, Mapping[str, str]] | None = None

    def __init__(
        self,
        *,
        status: int = 200,
        reason: str | None = None,
        headers: LooseHeaders = None,
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
        warnings.warn("output_length is deprecated", DeprecationWarning, stacklevel=2)
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
            warnings.warn("Chunk size is deprecated #1615", DeprecationWarning, stacklevel=2)
        self._chunked = True

    def enable_compression(self, force: bool | ContentCoding | None = None, strategy: int | None = None) -> None:
        """Code the content as the client likes, or with ``force`` whether it does or not. ``strategy`` is zlib's."""
        if isinstance(force, bool):
            warnings.warn("Using boolean for force is deprecated #3318", DeprecationWarning, stacklevel=2)
            force = ContentCoding.deflate if force else None
        elif force is not None and not isinstance(force, ContentCoding):
            raise TypeError("force should one of None, bool or ContentEncoding")
        self._compression = True
        self._compression_force = force
        self._compression_strategy = strategy

    # Fields

    @property
    def headers(self) -> CIMultiDict[str]:
        return self._headers

    @property
    def cookies(self) -> SimpleCookie:
        if self._cookies is None:
            self._cookies = SimpleCookie()
        return self._cookies

    def set_cookie(
        self,
        name: str,
        value: str,
        *,
        expires: str | None = None,
        domain: str | None = None,
        max_age: int | str | None = None,
        path: str = "/",
        secure: bool | None = None,
        httponly: bool | None = None,
        version: str | None = None,
        samesite: str | None = None,
        partitioned: bool | None = None,
    ) -> None:
        """Set a cookie; ValueError for what would break out of the field. ``max_age`` in seconds."""
        cookies = self.cookies
        if name in cookies and cookies[name].coded_value == "":
            del cookies[name]
        cookies[name] = value
        morsel = cookies[name]
        if expires is not None:
            morsel["expires"] = expires
        elif morsel.get("expires") == _EPOCH:
            del morsel["expires"]
        for key, given in (("domain", domain), ("path", path), ("secure", secure), ("httponly", httponly)):
            if given is not None:
                morsel[key] = given
        if max_age is not None:
            morsel["max-age"] = str(max_age)
        elif "max-age" in morsel:
            del morsel["max-age"]
        for key, given in (("version", version), ("samesite", samesite)):
            if given is not None:
                morsel[key] = given
        if partitioned is not None:
            _set_partitioned(morsel, partitioned)
        try:
            format_set_cookie(morsel)
        except ValueError:
            del cookies[name]
            raise

    def del_cookie(
        self,
        name: str,
        *,
        domain: str | None = None,
        path: str = "/",
        secure: bool | None = None,
        httponly: bool | None = None,
        samesite: str | None = None,
    ) -> None:
        """Tell the client to drop a cookie."""
        self.cookies.pop(name, None)
        self.set_cookie(
            name,
            "",
            max_age=0,
            expires=_EPOCH,
            domain=domain,
            path=path,
            secure=secure,
            httponly=httponly,
            samesite=samesite,
        )

    @property
    def content_length(self) -> int | None:
        raw = self._headers.get(_CONTENT_LENGTH)
        return None if raw is None else int(raw)

    @content_length.setter
    def content_length(self, value: int | None) -> None:
        if value is None:
            self._headers.pop(_CONTENT_LENGTH, None)
            return
        value = int(value)
        if self._chunked:
            raise RuntimeError("You can't set content length when chunked encoding is enable")
        self._headers[_CONTENT_LENGTH] = str(value)

    def _read_content_type(self) -> tuple[str, str, Mapping[str, str]]:
        raw = self._headers.get(_CONTENT_TYPE, "")
        read = self._content_type_read
        if read is None or read[0] != raw:
            media_type, parameters = parse_content_type(raw) if raw else (_DEFAULT_CONTENT_TYPE, {})
            read = self._content_type_read = (raw, media_type, parameters)
        return read

    @property
    def content_type(self) -> str:
        return self._read_content_type()[1]

    @content_type.setter
    def content_type(self, value: str) -> None:
        self._store_content_type(str(value), dict(self._read_content_type()[2]))

    @property
    def charset(self) -> str | None:
        return self._read_content_type()[2].get("charset")

    @charset.setter
    def charset(self, value: str | None) -> None:
        _, media_type, parameters = self._read_content_type()
        if media_type == _DEFAULT_CONTENT_TYPE:
            raise RuntimeError(
                "Setting charset for application/octet-stream doesn't make sense, setup content_type first"
            )
        changed = dict(parameters)
        if value is None:
            changed.pop("charset", None)
        else:
            changed["charset"] = str(value).lower()
        self._store_content_type(media_type, changed)

    def _store_content_type(self, media_type: str, parameters: Mapping[str, str]) -> None:
        self._headers[_CONTENT_TYPE] = "; ".join([media_type, *(f"{name}={v}" for name, v in parameters.items())])

    @property
    def last_modified(self) -> datetime.datetime | None:
        return parse_http_date(self._headers.get(hdrs.LAST_MODIFIED))

    @last_modified.setter
    def last_modified(self, value: int | float | datetime.datetime | str | None) -> None:
        if value is None:
            self._headers.pop(hdrs.LAST_MODIFIED, None)
        elif isinstance(value, (int, float)):
            self._headers[hdrs.LAST_MODIFIED] = format_http_date(math.ceil(value))
        elif isinstance(value, datetime.datetime):
            self._headers[hdrs.LAST_MODIFIED] = time.strftime("%a, %d %b %Y %H:%M:%S GMT", value.utctimetuple())
        elif isinstance(value, str):
            self._headers[hdrs.LAST_MODIFIED] = value
        else:
            raise TypeError(f"Unsupported type for last_modified: {type(value).__name__}")

    @property
    def etag(self) -> ETag | None:
        raw = self._headers.get(hdrs.ETAG)
        if not raw:
            return None
        if raw == ETAG_ANY:
            return ETag(value=ETAG_ANY)
        tags = parse_etags(raw)
        return tags[0] if tags else None

    @etag.setter
    def etag(self, value: ETag | str | None) -> None:
        if value is None:
            self._headers.pop(hdrs.ETAG, None)
            return
        if isinstance(value, str):
            value = ETag(value=value)
        elif not isinstance(value, ETag):
            raise ValueError(f"Unsupported etag type: {type(value)}. etag must be str, ETag or None")
        if value.value == ETAG_ANY:
            self._headers[hdrs.ETAG] = ETAG_ANY
            return
        validate_etag_value(value.value)
        self._headers[hdrs.ETAG] = format_etag(value)

    # Sending

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        """Hand over the head. May be called again, to no effect."""
        if self._eof_sent:
            return None
        if self._payload_writer is not None:
            return self._payload_writer
        self._must_be_empty_body = must_be_empty_body(request._method, self._status)
        return await self._start(request)

    async def _start(self, request: BaseRequest) -> AbstractStreamWriter:
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
                headers.add(hdrs.SET_COOKIE, _format_cookie(morsel))
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
        if self._chunked:
            if not has_chunks:
                raise RuntimeError("Using chunked encoding is forbidden for HTTP/1.0")
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
        warnings.warn("drain method is deprecated, use await resp.write()", DeprecationWarning, stacklevel=2)
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


class Response(StreamResponse):
    """A response whose body is there at once: text, octets, or anything that a payload is registered for.

    ``zlib_executor_size``: octets above which a body is compressed in a thread, by ``zlib_executor`` where given.
    """

    _compressed_body: bytes | None = None
    _send_headers_immediately = False
    _body: bytes | bytearray | Payload | None = None

    def __init__(
        self,
        *,
        body: Any = None,
        status: int = 200,
        reason: str | None = None,
        text: str | None = None,
        headers: LooseHeaders = None,
        content_type: str | None = None,
        charset: str | None = None,
        zlib_executor_size: int = 4096,
        zlib_executor: Executor | None = None,
    ) -> None:
        if body is not None and text is not None:
            raise ValueError("body and text are not allowed together")
        fields: CIMultiDict[str] = CIMultiDict() if headers is None else CIMultiDict(headers)
        if content_type is not None and "charset" in content_type:
            raise ValueError("charset must not be in content_type argument")
        if text is not None:
            body = _encode_text(text, fields, content_type, charset)
        elif content_type is not None or charset is not None:
            if _CONTENT_TYPE in fields:
                raise ValueError("passing both Content-Type header and content_type or charset params is forbidden")
            if content_type is not None:
                fields[_CONTENT_TYPE] = content_type if charset is None else f"{content_type}; charset={charset}"
        self._state = {}
        self._headers = fields
        self._set_status(status, reason)
        if type(body) is bytes:
            self._body = body
        elif body is not None:
            self.body = body
        self._zlib_executor_size = zlib_executor_size
        self._zlib_executor = zlib_executor

    @property
    def body(self) -> Any:
        return self._body

    @body.setter
    def body(self, body: Any) -> None:
        self._compressed_body = None
        if body is None or isinstance(body, (bytes, bytearray)):
            self._body = body
            return
        try:
            payload = PAYLOAD_REGISTRY.get(body)
        except NoPayload as exc:
            raise ValueError(f"Unsupported body type {type(body)!r}") from exc
        self._body = payload
        headers = self._headers
        if _CONTENT_TYPE not in headers:
            headers[_CONTENT_TYPE] = payload.content_type
        for name, value in payload.headers.items():
            if name not in headers:
                headers.add(name, value)

    @property
    def text(self) -> str | None:
        body = self._body
        if body is None:
            return None
        return body.decode(self.charset or "utf-8")

    @text.setter
    def text(self, text: str | None) -> None:
        if text is not None and not isinstance(text, str):
            raise TypeError(f"text argument must be str or None ({type(text)!r})")
        self._compressed_body = None
        if text is None:
            self._body = None
            return
        if _CONTENT_TYPE not in self._headers:
            self._headers[_CONTENT_TYPE] = _TEXT
            self._body = text.encode("utf-8")
            return
        if self.content_type == _DEFAULT_CONTENT_TYPE:
            self.content_type = "text/plain"
        if self.charset is None:
            self.charset = "utf-8"
        self._body = text.encode(self.charset or "utf-8")

    @property
    def content_length(self) -> int | None:
        if self._chunked:
            return None
        raw = self._headers.get(_CONTENT_LENGTH)
        if raw is not None:
            return int(raw)
        if self._compressed_body is not None:
            return len(self._compressed_body)
        body = self._body
        if body is None:
            return 0
        if isinstance(body, Payload):
            return None
        return len(body)

    @content_length.setter
    def content_length(self, value: int | None) -> None:
        raise RuntimeError("Content length is set automatically")

    def send_at_once(self, request: BaseRequest) -> bool:
        """``prepare`` and ``write_eof`` in one step, for the plainest of responses; false where this is not one.

        What it writes is what the long way would.
        """
        body = self._body
        writer = request._payload_writer
        if (
            self._payload_writer is not None
            or self._eof_sent
            or self._keep_alive is not None
            or self._compression
            or self._chunked
            or self._cookies
            or type(body) is not bytes
            or len(body) > AT_ONCE_LIMIT
            or type(writer) is not StreamWriter
            or writer.output_size
            or self._status in EMPTY_BODY_STATUSES
            or not request.wants_plain_answer
        ):
            return False
        headers = self._headers
        if _CONTENT_LENGTH in headers or _TRANSFER_ENCODING in headers or _CONNECTION in headers:
            return False
        headers[_CONTENT_LENGTH] = str(len(body))
        if body:
            headers.setdefault(_CONTENT_TYPE, _DEFAULT_CONTENT_TYPE)
        headers.setdefault(_DATE, rfc822_formatted_time())
        headers.setdefault(_SERVER, SERVER_SOFTWARE)
        head = serialize_response_head(HttpVersion11, self._status, self._reason, headers)
        self._keep_alive = True
        self._eof_sent = True
        self._must_be_empty_body = False
        self._body_length = len(head) + len(body)
        writer.send_whole(head + body)
        return True

    async def _start(self, request: BaseRequest) -> AbstractStreamWriter:
        headers = self._headers
        if self._compression and not isinstance(self._body, Payload):
            # Before the fields are completed, since it decides the length.
            await self._compress_body(request)
        if not self._chunked and _CONTENT_LENGTH not in headers:
            body = self._body if self._compressed_body is None else self._compressed_body
            if isinstance(body, Payload):
                size = None if self._compression else body.size
            else:
                size = 0 if body is None else len(body)
            if size is not None and (size or (self._status != 304 and request._method != "HEAD")):
                headers[_CONTENT_LENGTH] = str(size)
        return await super()._start(request)

    async def _compress_body(self, request: BaseRequest) -> None:
        coding = self._compression_force
        if coding is None:
            accepted = request.headers.get(hdrs.ACCEPT_ENCODING)
            coding = None if accepted is None else select_coding(accepted, ContentCoding)
        body = cast("bytes | bytearray | None", self._body)
        if not body or coding is None or coding is ContentCoding.identity:
            return
        if hdrs.CONTENT_ENCODING in self._headers:
            return
        if self._chunked:
            # Framed in chunks and coded by the writer.
            return
        name, strategy = coding.value, self._compression_strategy
        if len(body) > self._zlib_executor_size:
            loop = asyncio.get_running_loop()
            self._compressed_body = await loop.run_in_executor(
                self._zlib_executor, _compress, name, strategy, bytes(body)
            )
        else:
            self._compressed_body = _compress(name, strategy, bytes(body))
        self._content_coding = name

    async def _start_compression(self, request: BaseRequest) -> None:
        if self._compressed_body is not None:
            self._headers[hdrs.CONTENT_ENCODING] = self._content_coding
        elif isinstance(self._body, Payload) or self._chunked:
            await super()._start_compression(request)

    async def write_eof(self, data: bytes = b"") -> None:
        if self._eof_sent:
            return
        body = self._body if self._compressed_body is None else self._compressed_body
        writer = self._payload_writer
        if isinstance(body, Payload):
            try:
                if not self._must_be_empty_body and writer is not None:
                    await body.write_with_length(writer, writer.length)
                await super().write_eof()
            finally:
                await body.close()
        elif body is None or self._must_be_empty_body:
            await super().write_eof()
        elif type(writer) is StreamWriter and writer.length == len(body):
            await writer.write_eof(cast(bytes, body))
            self._eof_sent = True
            self._body_length = writer.output_size
            self._req = None
            self._payload_writer = None
        else:
            await super().write_eof(bytes(body))


def _encode_text(text: str, fields: CIMultiDict[str], content_type: str | None, charset: str | None) -> bytes:
    """The octets of ``text``, and its type in ``fields``."""
    if not isinstance(text, str):
        raise TypeError(f"text argument must be str ({type(text)!r})")
    if content_type is None and charset is None and not fields:
        fields[_CONTENT_TYPE] = _TEXT
        return text.encode("utf-8")
    if _CONTENT_TYPE in fields:
        if content_type or charset:
            raise ValueError("passing both Content-Type header and content_type or charset params is forbidden")
        return text.encode(parse_content_type(fields[_CONTENT_TYPE])[1].get("charset", "utf-8"))
    charset = charset or "utf-8"
    fields[_CONTENT_TYPE] = f"{content_type or 'text/plain'}; charset={charset}"
    return text.encode(charset)


def _compress(coding: str, strategy: int | None, body: bytes) -> bytes:
    machine = compressor_for(coding) if strategy is None else compressor_for(coding, strategy=strategy)
    return machine.compress(body) + machine.flush()


_PARTITIONED: Final = "partitioned"
_MORSEL_KNOWS_PARTITIONED: Final = Morsel[str]().isReservedKey(_PARTITIONED)
"""http.cookies does from Python 3.14 on."""


def _set_partitioned(morsel: Morsel[str], partitioned: bool) -> None:
    if _MORSEL_KNOWS_PARTITIONED:
        morsel[_PARTITIONED] = partitioned
    else:
        dict.__setitem__(morsel, _PARTITIONED, partitioned)


def _format_cookie(morsel: Morsel[str]) -> str:
    if _MORSEL_KNOWS_PARTITIONED or not morsel.get(_PARTITIONED):
        return format_set_cookie(morsel)
    return f"{format_set_cookie(morsel)}; Partitioned"


def json_response(
    data: Any = sentinel,
    *,
    text: str | None = None,
    body: bytes | None = None,
    status: int = 200,
    reason: str | None = None,
    headers: LooseHeaders = None,
    content_type: str = "application/json",
    dumps: Callable[[Any], str] = json.dumps,
) -> Response:
    """A response with ``data`` as JSON; ValueError where ``text`` or ``body`` is given beside it."""
    if data is not sentinel:
        if text or body:
            raise ValueError("only one of data, text, or body should be specified")
        text = dumps(data)
    return Response(text=text, body=body, status=status, reason=reason, headers=headers, content_type=content_type)


def json_bytes_response(
    data: Any = sentinel,
    *,
    dumps: Callable[[Any], bytes],
    body: bytes | None = None,
    status: int = 200,
    reason: str | None = None,
    headers: LooseHeaders = None,
    content_type: str = "application/json",
) -> Response:
    """A response with ``data`` as JSON by an encoder that makes bytes."""
    if data is not sentinel:
        if body:
            raise ValueError("only one of data or body should be specified")
        body = dumps(data)
    return Response(body=body, status=status, reason=reason, headers=headers, content_type=content_type)


__all__ = ("ContentCoding", "Response", "StreamResponse", "json_bytes_response", "json_response")
