"""One response: its head, and its content as it comes."""

from __future__ import annotations

import asyncio
import codecs
import json
import sys
import traceback
import warnings
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from http.cookies import SimpleCookie
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Final, cast

import attr
from multidict import CIMultiDictProxy, MultiDict, MultiDictProxy
from yarl import URL

from .._connection.errors import HttpProcessingError
from .._connection.stream_reader import StreamReader
from .._net.timeouts import BaseTimerContext
from .._semantics.content_disposition import content_disposition_filename, parse_content_disposition
from .._semantics.cookies import parse_set_cookie_headers
from .._semantics.deprecations import warn_caller
from .._semantics.media_types import is_expected_content_type, parse_content_type, parse_mimetype
from .._semantics.versions import HttpVersion
from .connection_key import RequestInfo
from .errors import ClientConnectionError, ClientResponseError, ContentTypeError

if TYPE_CHECKING:
    from .._wire.http1.messages import RawHeaders, ResponseHead
    from .connection import ResponseHandler
    from .lease import Lease
    from .request import ClientRequest
    from .session import ClientSession
    from .tracing import Trace

_CLOSED: Final = "Connection closed"
_new: Final = object.__new__


@attr.s(auto_attribs=True, frozen=True, slots=True)
class ContentDisposition:
    """The Content-Disposition field, read."""

    type: str | None
    parameters: MappingProxyType[str, str]
    filename: str | None


class ClientResponse:
    """A response. ``status``, ``reason``, ``headers`` and ``version`` are there; the content comes by ``read``,
    ``text``, ``json`` or ``content``. Leaving ``async with`` gives the connection back."""

    # For users' subclasses that look at what may be set.
    ATTRS: Final = frozenset({"_content_type", "_content_dict", "_stored_content_type"})

    version: HttpVersion | None = None
    status: int = None  # type: ignore[assignment]
    reason: str | None = None

    _content: StreamReader | None = None
    _whole: bytes | None = None
    _body: bytes | None = None
    _head: ResponseHead | None = None
    _headers: CIMultiDictProxy[str] | None = None
    _raw_headers: RawHeaders | None = None
    _history: tuple[ClientResponse, ...] = ()
    _connection: Lease | None = None
    _cookies: SimpleCookie | None = None
    _raw_cookie_headers: tuple[str, ...] | None = None
    _continue: asyncio.Future[bool] | None = None
    _source_traceback: traceback.StackSummary | None = None
    _session: ClientSession | None = None
    _closed = True
    _released = False
    _in_context = False
    _stream_writer: Any = None
    _stored_content_type: str | None = None
    _content_type = ""
    _content_dict: Mapping[str, str] = MappingProxyType({})
    method: str = ""
    _writer: asyncio.Task[None] | None = None
    _traces: list[Trace] | tuple[()] = ()
    _sent = 0
    _timer: BaseTimerContext | None = None

    @classmethod
    def answering(cls, request: ClientRequest, sent: int) -> ClientResponse:
        """The response to a request that has left; quicker than the constructor, which users' subclasses extend."""
        self: ClientResponse = _new(cls)
        self.method = request.method
        self._real_url = request.original_url
        # Made a RequestInfo when somebody asks.
        self._request_info = request
        self._loop = loop = request.loop
        self._session = request._session
        self._sent = sent
        # As the class has them, but found at once: they are asked for each time.
        self._content = self._writer = self._raw_cookie_headers = None
        self._traces = ()
        if loop.get_debug():
            self._source_traceback = traceback.extract_stack(sys._getframe(1))
        return self

    def __init__(
        self,
        method: str,
        url: URL,
        *,
        writer: asyncio.Task[None] | None,
        continue100: asyncio.Future[bool] | None,
        timer: BaseTimerContext | None,
        request_info: RequestInfo,
        traces: list[Trace],
        loop: asyncio.AbstractEventLoop,
        session: ClientSession,
        stream_writer: Any = None,
    ) -> None:
        self.method = method
        self._real_url = url
        self._request_info: Any = request_info
        self._writer = writer
        self._traces = traces
        self._loop = loop
        self._session = session
        self._stream_writer = stream_writer
        self._timer = timer
        self._closed = False
        if continue100 is not None:
            self._continue = continue100
        if loop.get_debug():
            self._source_traceback = traceback.extract_stack(sys._getframe(1))

    def __del__(self, _warnings: Any = warnings) -> None:
        if self._closed:
            return
        connection = self._connection
        if connection is None:
            return
        connection.release()
        self._cleanup_writer()
        if self._loop.get_debug():
            _warnings.warn(f"Unclosed response {self!r}", ResourceWarning, source=self)
            context = {"client_response": self, "message": "Unclosed response"}
            if self._source_traceback:
                context["source_traceback"] = self._source_traceback
            self._loop.call_exception_handler(context)

    def __repr__(self) -> str:
        reason = self.reason.encode("ascii", "backslashreplace").decode("ascii") if self.reason else "None"
        return f"<{type(self).__name__}({self.url}) [{self.status} {reason}]>\n{self._headers_or_none()!r}\n"

    @property
    def content(self) -> StreamReader:
        """The content as a stream."""
        content = self._content
        if content is None and self._whole is not None:
            # It came in one piece, with the head: few ask for the stream then.
            content = self._content = StreamReader(_NOTHING, len(self._whole) + 1, loop=self._loop)
            if self._body is None:
                content.feed_data(self._whole)
            content.feed_eof()
        return content  # type: ignore[return-value]

    @content.setter
    def content(self, content: StreamReader) -> None:
        self._content = content
        self._whole = None

    # The head

    @property
    def url(self) -> URL:
        """The URL of the request without its fragment."""
        url = self._real_url
        return url.with_fragment(None) if url.raw_fragment else url

    @property
    def url_obj(self) -> URL:
        """Deprecated name of ``url``."""
        warnings.warn("Deprecated, use .url #1654", DeprecationWarning, stacklevel=2)
        return self.url

    @property
    def real_url(self) -> URL:
        """The URL of the request with its fragment."""
        return self._real_url

    @property
    def host(self) -> str | None:
        return self._real_url.host

    @property
    def request_info(self) -> RequestInfo:
        info = self._request_info
        if type(info) is tuple:
            url, method, headers, real_url = info
            info = self._request_info = RequestInfo(url, method, CIMultiDictProxy(headers), real_url)
        elif not isinstance(info, RequestInfo):
            # A request, which knows nothing of this response: no cycle.
            info = self._request_info = info.request_info
        return info  # type: ignore[no-any-return]

    def _headers_or_none(self) -> CIMultiDictProxy[str] | None:
        if self._headers is None and self._head is not None:
            self._headers = self._head.headers
        return self._headers

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """The fields; values are UTF-8 with surrogate escapes."""
        headers = self._headers
        if headers is None and self._head is not None:
            headers = self._headers = self._head.headers
        return headers  # type: ignore[return-value]

    @property
    def raw_headers(self) -> RawHeaders:
        """Names and values as they came."""
        raw = self._raw_headers
        if raw is None and self._head is not None:
            raw = self._raw_headers = self._head.raw_headers
        return raw  # type: ignore[return-value]

    @property
    def cookies(self) -> SimpleCookie:
        """The cookies that this response sets."""
        if self._cookies is None:
            cookies = SimpleCookie()
            for name, morsel in parse_set_cookie_headers(self._raw_cookie_headers or ()):
                dict.__setitem__(cookies, name, morsel)
            self._cookies = cookies
        return self._cookies

    @cookies.setter
    def cookies(self, cookies: SimpleCookie) -> None:
        self._cookies = cookies
        self._raw_cookie_headers = tuple(morsel.OutputString() for morsel in cookies.values())

    @property
    def content_type(self) -> str:
        """The media type without parameters; application/octet-stream where the field is missing."""
        self._read_content_type()
        return self._content_type

    @property
    def charset(self) -> str | None:
        """The charset parameter of Content-Type."""
        self._read_content_type()
        return self._content_dict.get("charset")

    @property
    def content_length(self) -> int | None:
        """Content-Length as a number."""
        text = self.headers.get("Content-Length")
        return None if text is None else int(text)

    def _read_content_type(self) -> None:
        head = self._head
        raw: str | None
        if self._headers is None and head is not None:
            # The mapping of all fields is made when somebody wants it.
            first = head.fields.first(b"content-type")
            raw = None if first is None else first.decode("utf-8", "surrogateescape")
        else:
            raw = self.headers.get("Content-Type")
        if raw != self._stored_content_type or not self._content_type:
            self._stored_content_type = raw
            if raw is None:
                self._content_type, self._content_dict = "application/octet-stream", {}
            else:
                self._content_type, self._content_dict = parse_content_type(raw)

    @property
    def content_disposition(self) -> ContentDisposition | None:
        raw = self.headers.get("Content-Disposition")
        if raw is None:
            return None
        kind, parameters = parse_content_disposition(raw)
        return ContentDisposition(kind, MappingProxyType(parameters), content_disposition_filename(parameters))

    @property
    def links(self) -> MultiDictProxy[MultiDictProxy[str | URL]]:
        """The Link fields by relation; each has its ``url``, made absolute (RFC 8288)."""
        from .._semantics.links import parse_links

        links: MultiDict[MultiDictProxy[str | URL]] = MultiDict()
        for link in parse_links(self.headers.getall("Link", ())):
            try:
                target = self.url.join(URL(link.target))
            except ValueError:
                # No URL: one bad link does not take the others away.
                continue
            parameters: MultiDict[str | URL] = MultiDict(link.parameters)
            parameters.add("url", target)
            links.add(str(link.relation), MultiDictProxy(parameters))
        return MultiDictProxy(links)

    @property
    def history(self) -> tuple[ClientResponse, ...]:
        """The responses that led here by redirects, oldest first."""
        return self._history

    @property
    def ok(self) -> bool:
        """Whether the status is below 400."""
        return self.status < 400

    # The exchange

    @property
    def connection(self) -> Lease | None:
        """The connection, until the content was received."""
        return self._connection

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def output_size(self) -> int:
        """Octets that the request took on the wire, its head included. Deprecated: UploadTracker knows more."""
        warn_caller("ClientResponse.output_size is deprecated, use aiohttp.UploadTracker instead")
        return self.sent

    @property
    def sent(self) -> int:
        """Octets that the request took on the wire so far."""
        return self._sent if self._stream_writer is None else int(self._stream_writer.output_size)

    @property
    def upload_complete(self) -> bool:
        """Whether the content of the request was sent in full. Deprecated: UploadTracker knows more."""
        warn_caller("ClientResponse.upload_complete is deprecated, use aiohttp.UploadTracker instead")
        return self._writer is None or self._writer.done()

    async def start(self, connection: Lease) -> ClientResponse:
        """Wait for the head. ClientResponseError where what comes is no response."""
        protocol = connection._protocol
        if protocol is None:
            raise ClientConnectionError("the connection was given back")
        self._closed = False
        self._connection = connection
        waiter = protocol.arrival()
        if waiter is not None:
            await waiter
        self.arrived(connection, protocol)
        return self

    def arrived(self, connection: Lease, protocol: ResponseHandler) -> None:
        """As ``start``, once there is nothing to wait for: the head is there, and the content or its stream."""
        try:
            head, payload = protocol.taken()
        except HttpProcessingError as exc:
            raise self._malformed(exc) from exc
        self._timer = None
        self._head = head
        self.version = head.version
        self.status = head.status
        self.reason = head.reason
        fields = head.fields
        if fields.first(b"set-cookie") is not None:
            self._raw_cookie_headers = tuple(
                value.decode("utf-8", "surrogateescape") for name, value in fields.raw if name.lower() == b"set-cookie"
            )
        if type(payload) is bytes:
            self._whole = payload
            self._closed = True
            if self._writer is None:
                self._connection = None
                connection.release()
            else:
                self._connection = connection
                self._cleanup_writer()
                self._release_connection()
            return
        self._closed = False
        self._connection = connection
        self._content = payload = cast("StreamReader", payload)
        if payload.is_eof():
            if not protocol.handed_over:
                self._response_eof()
        else:
            payload.on_eof(self._response_eof)

    def _malformed(self, exc: HttpProcessingError) -> ClientResponseError:
        return ClientResponseError(
            self.request_info,
            self.history,
            status=exc.code,
            message=exc.message,
            headers=exc.headers,  # type: ignore[arg-type]
        )

    def _response_eof(self) -> None:
        if self._closed:
            return
        connection = self._connection
        if connection is not None:
            protocol = connection._protocol
            if protocol is not None and protocol.upgraded:
                return
            self._closed = True
            self._cleanup_writer()
            self._release_connection()
            return
        self._closed = True
        self._cleanup_writer()

    def _release_connection(self) -> None:
        connection = self._connection
        if connection is not None:
            writer = self._writer
            if writer is not None and not writer.done():
                # The content of the request is still on its way: the connection waits for it.
                writer.add_done_callback(lambda _: self._release_connection())
                return
            self._connection = None
            connection.release()

    def _forget_connection(self) -> None:
        """Leave the connection to whoever took it over."""
        self._closed = True
        self._connection = None

    def _cleanup_writer(self) -> None:
        writer = self._writer
        if writer is not None and writer.done():
            self._writer = None

    def close(self) -> None:
        """End the exchange and its connection."""
        if not self._released:
            self._notify_content()
        self._closed = True
        if self._loop.is_closed():
            return
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.cancel()
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def release(self) -> Any:
        """Give the connection back; where content is still to come, end it instead."""
        if not self._released:
            self._notify_content()
        self._closed = True
        connection = self._connection
        if connection is not None and (content := self._content) is not None and not content.is_eof():
            protocol = connection.protocol
            if protocol is not None:
                protocol.force_close()
        writer = self._writer
        if writer is not None and not writer.done() and connection is not None and connection.protocol is not None:
            connection.protocol.force_close()
            writer.cancel()
            self._writer = None
        self._release_connection()
        return _NOOP

    def _notify_content(self) -> None:
        content = self._content
        if content is not None and content.exception() is None and not content.is_eof():
            content.set_exception(ClientConnectionError(_CLOSED))
        self._released = True

    async def wait_for_close(self) -> None:
        """Wait until the request's content was sent, then give the connection back."""
        writer = self._writer
        if writer is not None and not writer.done():
            await writer
        self._writer = None
        self.release()

    async def _wait_released(self) -> None:
        writer = self._writer
        if writer is not None and not writer.done():
            await writer
        self._release_connection()

    def raise_for_status(self) -> None:
        """ClientResponseError where the status is 400 or more; the connection is given back then."""
        if not self.ok:
            # Inside ``async with`` the content may be wanted by the handler of the error.
            if not self._in_context:
                self.release()
            raise ClientResponseError(
                self.request_info,
                self.history,
                status=self.status,
                message=self.reason or "",
                headers=self.headers,
            )

    # The content

    async def read(self) -> bytes:
        """All of the content; read again, it is the same."""
        body = self._body
        if body is not None:
            return body
        if self._released:
            raise ClientConnectionError(_CLOSED)
        try:
            whole = self._whole
            if whole is not None and self._content is None:
                body = whole
            else:
                body = await self.content.read()
            self._body = body
        except BaseException:
            self.close()
            raise
        for trace in self._traces:
            await trace.send_response_chunk_received(self.method, self.url, body)
        if self._connection is not None and self._content is not None and self._content.is_eof():
            await self._wait_released()
        return body

    def get_encoding(self) -> str:
        """The charset of the content: the one told, what JSON implies, or a guess; RuntimeError before ``read``."""
        text = self.headers.get("Content-Type", "").lower()
        mimetype = parse_mimetype(text)
        encoding = mimetype.parameters.get("charset")
        if encoding:
            # One that is not known, or makes no text of octets, is as if it had not been told.
            with suppress(LookupError, ValueError):
                codec = codecs.lookup(encoding)
                if codec._is_text_encoding:
                    return codec.name
        if mimetype.type == "application" and mimetype.subtype in ("json", "rdap"):
            # RFC 8259 section 8.1 and RFC 7483.
            return "utf-8"
        if self._body is None:
            raise RuntimeError("Cannot compute fallback encoding of a not yet read body")
        session = self._session
        return "utf-8" if session is None else session._resolve_charset(self, self._body)

    async def text(self, encoding: str | None = None, errors: str = "strict") -> str:
        """The content as text."""
        if self._body is None:
            await self.read()
        body = self._body or b""
        if encoding is None:
            encoding = self.get_encoding()
        return body.decode(encoding, errors=errors)

    async def json(
        self,
        *,
        encoding: str | None = None,
        loads: Callable[[str], Any] = json.loads,
        content_type: str | None = "application/json",
    ) -> Any:
        """The content as JSON; ContentTypeError where it is of another type (None: of any), None where it is empty."""
        if self._body is None:
            await self.read()
        own = self.content_type
        if content_type and own != content_type and not is_expected_content_type(own, content_type):
            raise ContentTypeError(
                self.request_info,
                self.history,
                status=self.status,
                message=f"Attempt to decode JSON with unexpected mimetype: {self.content_type}",
                headers=self.headers,
            )
        stripped = (self._body or b"").strip()
        if not stripped:
            return None
        if encoding is None:
            # RFC 8259 section 8.1: nothing needs to be said of it.
            encoding = "utf-8" if own == "application/json" and not self._content_dict else self.get_encoding()
        return loads(stripped.decode(encoding))

    async def __aenter__(self) -> ClientResponse:
        self._in_context = True
        return self

    def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> Coroutine[Any, Any, None]:
        self._in_context = False
        if self._connection is None and self._writer is None and self._closed:
            self._released = True
            return _NOOP  # type: ignore[return-value]
        # Content that nobody read ends with its connection.
        self.release()
        return self.wait_for_close()


class _Nothing:
    """Feeds a stream that is whole already."""

    def pause_reading(self) -> None:
        """Nothing is read."""

    def resume_reading(self) -> None:
        """Nothing is read."""


_NOTHING: Final = _Nothing()


class _Noop:
    """Can be awaited, and does nothing."""

    __slots__ = ()

    # A fresh iterator at its end, without a frame of Python.
    __await__: Any = ().__iter__


_NOOP: Final = _Noop()

__all__ = ["ClientResponse", "ContentDisposition"]
