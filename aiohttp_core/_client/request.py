"""One request as it will be sent: its fields, its content, and the sending of both."""

from __future__ import annotations

import asyncio
import re
import sys
import warnings
from collections.abc import Iterable, Mapping
from http.cookies import BaseCookie, Morsel, SimpleCookie
from typing import TYPE_CHECKING, Any, Final

from multidict import CIMultiDict, CIMultiDictProxy, MultiDict, MultiDictProxy
from yarl import URL

from .._body.form import FormData
from .._body.payload import Payload
from .._body.payloads_in_memory import BytesPayload, JsonBytesPayload, JsonPayload, StringPayload
from .._body.registry import LookupError as PayloadLookupError
from .._body.registry import get_payload
from .._connection.stream_writer import COALESCE_LIMIT, StreamWriter
from .._net.timeouts import BaseTimerContext, TimerNoop
from .._semantics.basic_auth import BasicAuth
from .._semantics.compression import supported_codings
from .._semantics.cookies import (
    parse_cookie_header,
    preserve_morsel_with_coded_value,
)
from .._semantics.field_names import (
    ACCEPT,
    ACCEPT_ENCODING,
    AUTHORIZATION,
    CONNECTION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    COOKIE,
    EXPECT,
    HOST,
    TRANSFER_ENCODING,
    USER_AGENT,
)
from .._semantics.methods import (
    METH_CONNECT,
    METH_DELETE,
    METH_GET,
    METH_HEAD,
    METH_OPTIONS,
    METH_PATCH,
    METH_POST,
    METH_PUT,
    METH_TRACE,
)
from .._semantics.product import SERVER_SOFTWARE
from .._semantics.versions import HttpVersion, HttpVersion10, HttpVersion11
from .._wire.http1.serializer import serialize_request_head
from .connection_key import ConnectionKey, RequestInfo
from .errors import ClientConnectionError, ClientOSError, InvalidURL
from .response import ClientResponse
from .upload_tracker import UploadTracker

if TYPE_CHECKING:
    from .connection import ResponseHandler
    from .lease import Lease
    from .session import ClientSession
    from .tracing import Trace

CONTINUE_WAIT: Final = 1.0
"""Seconds to wait for ``100 Continue`` before the content is sent anyway (RFC 9110 section 10.1.1)."""
BIG_BYTES: Final = 2**20
"""Octets from which a bytes object is handed to the transport by a task, with back-pressure."""

_NOT_TOKEN: Final = re.compile(r"[^!#$%&'*+\-.^_`|~0-9A-Za-z]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_NOOP: Final = TimerNoop()
_ACCEPTED: Final = ", ".join(
    ["gzip", "deflate", *(coding for coding in ("br", "zstd") if coding in supported_codings())]
)
_AUTO_FIELDS: Final = ((ACCEPT, "*/*"), (ACCEPT_ENCODING, _ACCEPTED), (USER_AGENT, SERVER_SOFTWARE))
_new_key: Final = tuple.__new__
_IN_MEMORY: Final = frozenset({BytesPayload, StringPayload, JsonPayload, JsonBytesPayload})
"""Payloads whose octets are there: they are sent with the head, without a task."""
_ROOT_SCHEMES: Final = frozenset({"https", "wss"})


class ClientRequest:
    """A request. Middlewares may change ``headers``, ``url`` is final, and the body is changed by ``update_body``."""

    GET_METHODS: Final = {METH_GET, METH_HEAD, METH_OPTIONS, METH_TRACE}
    POST_METHODS: Final = {METH_PATCH, METH_POST, METH_PUT}
    ALL_METHODS: Final = GET_METHODS | POST_METHODS | {METH_DELETE}
    DEFAULT_HEADERS: Final = {ACCEPT: "*/*", ACCEPT_ENCODING: _ACCEPTED}

    url: URL = URL()
    headers: CIMultiDict[str]
    method = METH_GET
    auth: BasicAuth | None = None
    response: ClientResponse | None = None
    chunked: bool | None = None
    compress: str | bool | None = None
    length: int | None = None
    proxy: URL | None = None
    proxy_auth: BasicAuth | None = None
    proxy_headers: CIMultiDict[str] | None = None
    server_hostname: str | None = None
    # Payload, bytes that are not worth one, or None.
    _body: Payload | bytes | None = None
    _continue: bool | asyncio.Future[bool] | None = None
    _skip_auto_headers: CIMultiDict[None] | None = None
    _writer_task: asyncio.Task[None] | None = None
    _upload_tracker: UploadTracker | None = None
    _upload_gen = 0
    _body_done = False

    def __init__(
        self,
        method: str,
        url: URL,
        *,
        params: Any = None,
        headers: Any = None,
        skip_auto_headers: Iterable[str] | None = None,
        data: Any = None,
        cookies: Any = None,
        auth: BasicAuth | None = None,
        version: HttpVersion = HttpVersion11,
        compress: str | bool | None = None,
        chunked: bool | None = None,
        expect100: bool = False,
        loop: asyncio.AbstractEventLoop | None = None,
        response_class: type[ClientResponse] | None = None,
        proxy: URL | None = None,
        proxy_auth: BasicAuth | None = None,
        timer: BaseTimerContext | None = None,
        session: ClientSession | None = None,
        ssl: Any = True,
        proxy_headers: Any = None,
        traces: list[Trace] | None = None,
        trust_env: bool = False,
        server_hostname: str | None = None,
    ) -> None:
        if method in self.ALL_METHODS:
            self.method = method
        elif _NOT_TOKEN.search(method) or not method:
            found = _NOT_TOKEN.search(method)
            raise ValueError(
                f"Method cannot contain non-token characters {method!r}"
                + (f" (found at least {found.group()!r})" if found else "")
            )
        else:
            self.method = method.upper()
        if params:
            url = url.extend_query(params)
        self.original_url = url
        self.url = url.with_fragment(None) if url.raw_fragment else url
        self.loop = asyncio.get_event_loop() if loop is None else loop
        self.response_class = ClientResponse if response_class is None else response_class
        self._session = session
        self._timer = _NOOP if timer is None else timer
        self._ssl = ssl if ssl is not None else True
        self._traces = [] if traces is None else traces
        if chunked is not None:
            self.chunked = chunked
        if compress:
            self.compress = compress
        if server_hostname is not None:
            self.server_hostname = server_hostname
        self.update_host(url)
        if version is HttpVersion11:
            self.version = version
        else:
            self.update_version(version)
        self.update_headers(headers)
        self.update_auto_headers(skip_auto_headers)
        if cookies:
            self.update_cookies(cookies)
        if data is not None or compress:
            self.update_content_encoding(data)
        if auth is not None or self.auth is not None:
            self.update_auth(auth, trust_env)
        if proxy is not None or proxy_auth is not None or proxy_headers is not None:
            self.update_proxy(proxy, proxy_auth, proxy_headers)
        self.update_body_from_data(data)
        if data is not None or self.method not in self.GET_METHODS or self.chunked:
            self.update_transfer_encoding()
        if expect100 or EXPECT in self.headers:
            self.update_expect_continue(expect100)

    # What is asked of a request

    @property
    def skip_auto_headers(self) -> CIMultiDict[None]:
        """Names of fields that are not added by themselves."""
        return self._skip_auto_headers if self._skip_auto_headers is not None else CIMultiDict()

    @property
    def connection_key(self) -> ConnectionKey:
        """What a connection must match to carry this request."""
        proxy_headers = self.proxy_headers
        url = self.url
        # One is made for each request: past the named tuple's own constructor, which takes three times as long.
        return _new_key(
            ConnectionKey,
            (
                url.raw_host or "",
                url.port,
                url.scheme in _ROOT_SCHEMES,
                self._ssl,
                self.proxy,
                self.proxy_auth,
                None if proxy_headers is None else hash(tuple(proxy_headers.items())),
                self.server_hostname,
            ),
        )

    @property
    def ssl(self) -> Any:
        """The ``ssl`` parameter: True, False, a context or a Fingerprint."""
        return self._ssl

    @property
    def session(self) -> ClientSession:
        """The session that sends this request."""
        return self._session  # type: ignore[return-value]

    @property
    def host(self) -> str:
        host = self.url.raw_host
        if host is None:
            raise InvalidURL(self.url, "the URL has no host")
        return host

    @property
    def port(self) -> int | None:
        return self.url.port

    @property
    def request_info(self) -> RequestInfo:
        """What responses and errors tell of this request."""
        return RequestInfo(self.url, self.method, CIMultiDictProxy(self.headers), self.original_url)

    def is_ssl(self) -> bool:
        """Whether the URL asks for TLS."""
        return self.url.scheme in _ROOT_SCHEMES

    @property
    def body(self) -> Payload | bytes:
        """The content: a Payload, or ``b""`` where there is none. Change it by ``update_body``."""
        body = self._body
        if body is None:
            return b""
        if isinstance(body, bytes):
            body = self._body = BytesPayload(body)
        return body

    @body.setter
    def body(self, value: Any) -> None:
        self.update_body_from_data(value)

    # Composing

    def update_host(self, url: URL) -> None:
        """Take the credentials out of the URL; InvalidURL where it names no host."""
        if not url.raw_host:
            raise InvalidURL(url)
        if url.raw_user is not None or url.raw_password is not None:
            self.auth = BasicAuth.from_url(url)
            self.url = self.url.with_user(None)
            self.original_url = url

    def update_version(self, version: HttpVersion | str) -> None:
        """The version as a pair or as text; ValueError for what is none."""
        if isinstance(version, str):
            parts = [part.strip() for part in version.split(".", 1)]
            if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
                raise ValueError(f"Can not parse http version number: {version}")
            version = HttpVersion(int(parts[0]), int(parts[1]))
        self.version = version

    def update_headers(self, headers: Any) -> None:
        """Host first, then what the program gave; a Host of its own wins."""
        own: CIMultiDict[str]
        host = self.url.host_port_subcomponent or ""
        if not headers:
            self.headers = CIMultiDict(((HOST, host),))
            return
        self.headers = own = CIMultiDict(((HOST, host),))
        items = headers.items() if isinstance(headers, (dict, MultiDict, MultiDictProxy, Mapping)) else headers
        for name, value in items:
            if name.lower() == "host":
                own[HOST] = value
            else:
                own.add(name, value)

    def update_auto_headers(self, skip_auto_headers: Iterable[str] | None) -> None:
        """Add Accept, Accept-Encoding and User-Agent where they are neither given nor to be skipped."""
        headers = self.headers
        if skip_auto_headers is None:
            if len(headers) == 1:
                headers.extend(_AUTO_FIELDS)
                return
            for name, value in _AUTO_FIELDS:
                if name not in headers:
                    headers[name] = value
            return
        skipped = CIMultiDict((name, None) for name in sorted(skip_auto_headers))
        self._skip_auto_headers = skipped
        for name, value in _AUTO_FIELDS:
            if name not in headers and name not in skipped:
                headers[name] = value

    def update_cookies(self, cookies: Any) -> None:
        """Set Cookie, with the cookies that the program put there itself; ValueError for one that would inject."""
        if not cookies:
            return
        jar: SimpleCookie = SimpleCookie()
        if COOKIE in self.headers:
            for name, morsel in parse_cookie_header(self.headers[COOKIE]):
                dict.__setitem__(jar, name, morsel)
            del self.headers[COOKIE]
        pairs = cookies.items() if isinstance(cookies, Mapping) else cookies
        for name, value in pairs:
            if isinstance(value, Morsel):
                dict.__setitem__(jar, name, preserve_morsel_with_coded_value(value))
            elif isinstance(value, BaseCookie):
                for inner, morsel in value.items():
                    dict.__setitem__(jar, inner, morsel)
            else:
                jar[name] = value
        self.headers[COOKIE] = format_cookies(jar)

    def update_content_encoding(self, data: Any) -> None:
        """Whether and how the content is compressed; False where there is none."""
        if data is None:
            self.compress = None
            return
        if self.headers.get(CONTENT_ENCODING):
            if self.compress:
                raise ValueError("compress can not be set if Content-Encoding header is set")
            self.compress = None
        elif self.compress:
            if not isinstance(self.compress, str):
                self.compress = "deflate"
            from .._semantics.compression import UnsupportedCoding, compressor_for

            try:
                compressor_for(self.compress)
            except UnsupportedCoding as exc:
                raise ValueError(str(exc)) from exc
            self.headers[CONTENT_ENCODING] = self.compress
            self.chunked = True

    def update_transfer_encoding(self) -> None:
        """Chunked where asked for or needed, else a Content-Length."""
        headers = self.headers
        coding = headers.get(TRANSFER_ENCODING, "")
        if "chunked" in coding.lower():
            if self.chunked:
                raise ValueError('chunked can not be set if "Transfer-Encoding: chunked" header is set')
            if CONTENT_LENGTH in headers:
                del headers[CONTENT_LENGTH]
            self.chunked = True
        elif self.chunked:
            if CONTENT_LENGTH in headers:
                raise ValueError("chunked can not be set if Content-Length header is set")
            headers[TRANSFER_ENCODING] = "chunked"

    def update_auth(self, auth: BasicAuth | None, trust_env: bool = False) -> None:
        """Set Authorization from ``auth``, else from the credentials in the URL."""
        if auth is None:
            auth = self.auth
        if auth is None:
            return
        if not isinstance(auth, BasicAuth):
            raise TypeError("BasicAuth() tuple is required instead")
        self.headers[AUTHORIZATION] = auth.encode()

    def update_body_from_data(self, body: Any, _stacklevel: int = 3) -> None:
        """Take ``body`` as the content and set the fields that describe it; the old content is not closed."""
        headers = self.headers
        if body is None:
            self._body = None
            if self.method not in self.GET_METHODS and not self.chunked and CONTENT_LENGTH not in headers:
                headers[CONTENT_LENGTH] = "0"
            return
        if type(body) is bytes and len(body) < BIG_BYTES:
            self._body = body
            if not self.chunked and CONTENT_LENGTH not in headers:
                headers[CONTENT_LENGTH] = str(len(body))
            if CONTENT_TYPE not in headers and not self._skips(CONTENT_TYPE):
                headers[CONTENT_TYPE] = "application/octet-stream"
            return
        payload = self._payload_of(body)
        self._body = payload
        self._body_done = False
        if not self.chunked and CONTENT_LENGTH not in headers:
            size = payload.size
            if size is None:
                self.chunked = True
            else:
                headers[CONTENT_LENGTH] = str(size)
        for name, value in payload.headers.items():
            if name not in headers and not self._skips(name):
                headers[name] = value

    def _payload_of(self, body: Any) -> Payload:
        if isinstance(body, FormData):
            return body()
        try:
            return get_payload(body, disposition=None)
        except PayloadLookupError:
            boundary = None
            if CONTENT_TYPE in self.headers:
                from .._semantics.media_types import parse_mimetype

                boundary = parse_mimetype(self.headers[CONTENT_TYPE]).parameters.get("boundary")
            form = FormData(body)
            if boundary:
                form._writer._boundary = boundary.encode("ascii")
            return form()

    def _skips(self, name: str) -> bool:
        return self._skip_auto_headers is not None and name in self._skip_auto_headers

    async def update_body(self, body: Any) -> None:
        """Replace the content, close the old one, and set the fields that describe the new one."""
        old = self._body
        if isinstance(old, Payload):
            for name in old.headers:
                if self.headers.get(name) == old.headers[name] and name != CONTENT_TYPE:
                    del self.headers[name]
            if old is not body:
                await old.close()
        if CONTENT_LENGTH in self.headers:
            del self.headers[CONTENT_LENGTH]
        if self.chunked and not self.compress and not isinstance(body, (bytes, bytearray)):
            self.chunked = None
            self.headers.pop(TRANSFER_ENCODING, None)
        self.update_body_from_data(body)
        if body is not None or self.method not in self.GET_METHODS:
            if TRANSFER_ENCODING not in self.headers:
                self.update_transfer_encoding()

    def update_expect_continue(self, expect: bool = False) -> None:
        """Ask for ``100 Continue`` before the content is sent (RFC 9110 section 10.1.1)."""
        if expect:
            self.headers[EXPECT] = "100-continue"
        elif self.headers.get(EXPECT, "").lower() == "100-continue" and self.version != HttpVersion10:
            expect = True
        if expect:
            self._continue = True

    def update_proxy(self, proxy: URL | None, proxy_auth: BasicAuth | None, proxy_headers: Any) -> None:
        """Send by way of ``proxy``."""
        self.proxy = proxy
        if proxy is None:
            self.proxy_auth = None
            self.proxy_headers = None
            return
        if proxy_auth is not None and not isinstance(proxy_auth, BasicAuth):
            raise ValueError("proxy_auth must be None or BasicAuth() tuple")
        self.proxy_auth = proxy_auth
        if proxy_headers is not None and not isinstance(proxy_headers, (MultiDict, MultiDictProxy)):
            proxy_headers = CIMultiDict(proxy_headers)
        self.proxy_headers = proxy_headers

    # Sending

    async def send(self, conn: Lease) -> ClientResponse:
        """Send the head and what is there of the content, the rest in a task; the response is not awaited."""
        protocol = conn.protocol
        if protocol is None:
            raise ClientConnectionError("the connection was given back")
        method = self.method
        headers = self.headers
        if method in self.POST_METHODS and CONTENT_TYPE not in headers and not self._skips(CONTENT_TYPE):
            headers[CONTENT_TYPE] = "application/octet-stream"
        version = self.version
        if CONNECTION not in headers:
            if version is HttpVersion11 or version == HttpVersion11:
                if conn._connector.force_close:
                    headers[CONNECTION] = "close"
            elif version == HttpVersion10 and not conn._connector.force_close:
                headers[CONNECTION] = "keep-alive"
        head = serialize_request_head(method, self._target(), version, headers)
        protocol.expect(method, self.original_url)
        body = self._body
        octets = body if body is None or type(body) is bytes else self._octets_in_memory()
        task: asyncio.Task[None] | None = None
        if (
            (octets is not None or body is None)
            and not self.chunked
            and not self._traces
            and self._continue is None
            and self._upload_tracker is None
            and (octets is None or headers.get(CONTENT_LENGTH) == str(len(octets)))
            and type(self).write_bytes is ClientRequest.write_bytes
        ):
            sent: Any = Sent(len(head) + (len(octets) if octets else 0))
            if octets and len(octets) > COALESCE_LIMIT:
                # Not copied behind its head.
                protocol.write(head)
                protocol.write(octets)
            else:
                protocol.write(head + octets if octets else head)
            if protocol.options.read_timeout:
                protocol.start_timeout()
        else:
            sent, task = await self._start_writing(protocol, conn, head)
        response_class = self.response_class
        info: Any
        if response_class is ClientResponse:
            # Made a RequestInfo when somebody asks.
            info = (self.url, method, headers, self.original_url)
        else:
            info = self.request_info
        response = response_class(
            method,
            self.original_url,
            writer=task,
            continue100=None,
            timer=self._timer,
            request_info=info,
            traces=self._traces,
            loop=self.loop,
            session=self._session,  # type: ignore[arg-type]
            stream_writer=sent,
        )
        self.response = response
        return response

    def _octets_in_memory(self) -> bytes | None:
        """The content where it is small and at hand."""
        body = self._body
        if type(body) in _IN_MEMORY and isinstance(body, Payload):
            value = body._value
            if type(value) is bytes and len(value) < BIG_BYTES:
                return value
        return None

    def _target(self) -> str:
        """The request target (RFC 9112 section 3.2)."""
        url = self.url
        if self.method == METH_CONNECT:
            host = url.host_subcomponent
            if host is None:
                raise InvalidURL(url)
            return f"{host}:{url.port}"
        if self.proxy is not None and not self.is_ssl():
            return str(url)
        return url.raw_path_qs

    async def _start_writing(
        self, protocol: ResponseHandler, conn: Lease, head: bytes
    ) -> tuple[StreamWriter, asyncio.Task[None] | None]:
        traced = bool(self._traces)
        writer = StreamWriter(
            protocol,
            self.loop,
            on_chunk_sent=self._on_chunk_request_sent if traced else None,
        )
        length = self._get_content_length()
        writer.length = length
        if self.compress and isinstance(self.compress, str):
            writer.enable_compression(self.compress)
            writer.length = None
        if self.chunked:
            writer.enable_chunking()
            writer.length = None
        if traced:
            await self._on_headers_request_sent(self.headers)
        writer.set_head(head)
        tracker = self._upload_tracker
        if tracker is not None:
            tracker._attempt_writing(self._upload_gen, writer)
        if self._continue is not None:
            self._continue = protocol.expect_continue()
        body = self._body
        if body is None and self._continue is None:
            await writer.write_eof()
            protocol.start_timeout()
            if tracker is not None:
                tracker._attempt_finished(self._upload_gen)
            return writer, None
        coroutine = self.write_bytes(writer, conn, length)
        if sys.version_info >= (3, 12):
            task = asyncio.Task(coroutine, loop=self.loop, eager_start=True)
        else:
            task = self.loop.create_task(coroutine)
        if task.done():
            return writer, None
        self._writer_task = task
        return writer, task

    def _get_content_length(self) -> int | None:
        text = self.headers.get(CONTENT_LENGTH)
        if text is None:
            return None
        if not (text.isascii() and text.isdigit()):
            raise ValueError(f"Invalid Content-Length header: {text}")
        return int(text)

    async def write_bytes(self, writer: StreamWriter, conn: Lease, content_length: int | None = None) -> None:
        """Send the content; what fails is told to whoever waits for the response."""
        protocol = conn.protocol
        if protocol is None:
            return
        tracker, generation = self._upload_tracker, self._upload_gen
        try:
            if self._continue is not None:
                writer.send_headers()
                await writer.drain()
                if not await self._may_continue():
                    # A final status came instead: the content stays here, and the connection cannot go on.
                    protocol.force_close()
                    if tracker is not None:
                        tracker._attempt_failed(generation, None)
                    return
            await self._write_content(writer, content_length)
            await writer.write_eof()
            if writer.length:
                raise ClientConnectionError(f"the content is {writer.length} octets shorter than its Content-Length")
        except asyncio.CancelledError:
            conn.close()
            if tracker is not None:
                tracker._attempt_failed(generation, None)
            raise
        except Exception as exc:  # noqa: BLE001  (told to whoever waits for the response)
            if tracker is not None:
                tracker._attempt_failed(generation, exc)
            self._writing_failed(protocol, exc)
        else:
            protocol.start_timeout()
            if tracker is not None:
                tracker._attempt_finished(generation)
        finally:
            self._writer_task = None
            if self._body_done:
                await self._close_body()

    async def _write_content(self, writer: StreamWriter, content_length: int | None) -> None:
        body = self._body
        if isinstance(body, Payload):
            await body.write_with_length(writer, None if self.chunked else content_length)
        elif body:
            await writer.write(body)

    async def _may_continue(self) -> bool:
        future = self._continue
        if not isinstance(future, asyncio.Future):
            return True
        done, _ = await asyncio.wait((future,), timeout=CONTINUE_WAIT)
        return future.result() if done else True

    def _writing_failed(self, protocol: ResponseHandler, exc: Exception) -> None:
        url = self.url
        if isinstance(exc, OSError) and not isinstance(exc, ClientConnectionError):
            text = f"Can not write request body for {url}"
            error: Exception = ClientOSError(exc.errno, text) if exc.errno is not None else ClientOSError(text)
        elif isinstance(exc, ClientConnectionError):
            error = exc
        else:
            error = ClientConnectionError(f"Failed to send bytes into the underlying connection {url}: {exc!r}")
        if error is not exc:
            error.__cause__ = exc
        protocol.set_exception(error)
        if not isinstance(exc, ConnectionError) and protocol.transport is not None:
            # Half a request was sent: nothing sensible can follow it.
            protocol.abort()

    async def _close_body(self) -> None:
        body = self._body
        if isinstance(body, Payload) and not body.autoclose:
            await body.close()

    async def finish_body(self) -> None:
        """The content is not needed again: close it, now or when it has left."""
        self._body_done = True
        if self._writer_task is None or self._writer_task.done():
            await self._close_body()

    @property
    def can_resend(self) -> bool:
        """Whether sending again would send the same content."""
        body = self._body
        return not isinstance(body, Payload) or not body.consumed

    async def close(self) -> None:
        """Wait until the content was sent."""
        task = self._writer_task
        if task is not None and not task.done():
            await asyncio.shield(task)

    def terminate(self) -> None:
        """Stop sending."""
        task = self._writer_task
        if task is not None:
            if not self.loop.is_closed():
                task.cancel()
            self._writer_task = None

    async def _on_chunk_request_sent(self, chunk: bytes) -> None:
        for trace in self._traces:
            await trace.send_request_chunk_sent(self.method, self.url, chunk)

    async def _on_headers_request_sent(self, headers: CIMultiDict[str]) -> None:
        for trace in self._traces:
            await trace.send_request_headers(self.method, self.url, headers)


class Sent:
    """What a response knows of a request that left in one write."""

    __slots__ = ("output_size",)

    def __init__(self, output_size: int) -> None:
        self.output_size = output_size


def format_cookies(jar: SimpleCookie) -> str:
    """The value of Cookie: values as they came, or as http.cookies quotes them."""
    pieces = []
    for name, morsel in jar.items():
        piece = f"{name}={morsel.coded_value}"
        if not piece.isprintable() and _CONTROL.search(piece):
            raise ValueError(f"cookie {name!r} holds a control character")
        pieces.append(piece)
    return "; ".join(pieces)


def warn_chunked_type() -> None:
    warnings.warn("Chunk size is deprecated #1615", DeprecationWarning, stacklevel=4)
