"""One request as it will be sent: its fields, its content, and the sending of both."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from .._body.payload import Payload
from .._body.payloads_in_memory import BytesPayload, JsonBytesPayload, JsonPayload, StringPayload
from .._connection.stream_writer import COALESCE_LIMIT, StreamWriter
from .._semantics.basic_auth import BasicAuth
from .._semantics.field_names import (
    CONNECTION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    EXPECT,
    TRANSFER_ENCODING,
)
from .._semantics.methods import (
    METH_CONNECT,
)
from .._semantics.versions import HttpVersion, HttpVersion10, HttpVersion11
from .._wire.http1.serializer import serialize_request_head
from .connection_key import ConnectionKey, RequestInfo
from .deadlines import BaseTimerContext, TimerNoop
from .errors import ClientConnectionError, ClientOSError, InvalidURL
from .request_fields import BIG_BYTES, RequestFields, wire_target
from .response import ClientResponse

if TYPE_CHECKING:
    from .connection import ResponseHandler
    from .lease import Lease
    from .session import ClientSession
    from .tracing import Trace

CONTINUE_WAIT: Final = 1.0
"""Seconds to wait for ``100 Continue`` before the content is sent anyway (RFC 9110 section 10.1.1)."""

_NOT_TOKEN: Final = re.compile(r"[^!#$%&'*+\-.^_`|~0-9A-Za-z]")
_NOOP: Final = TimerNoop()
_new_key: Final = tuple.__new__
_IN_MEMORY: Final = frozenset({BytesPayload, StringPayload, JsonPayload, JsonBytesPayload})
"""Payloads whose octets are there: they are sent with the head, without a task."""
_ROOT_SCHEMES: Final = frozenset({"https", "wss"})


class ClientRequest(RequestFields):
    """A request. Middlewares may change ``headers``, ``url`` is final, and the body is changed by ``update_body``."""

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
        if data is not None or self.method not in self.GET_METHODS or self.chunked or TRANSFER_ENCODING in self.headers:
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
        if self._body is None and headers.get(CONTENT_LENGTH, "0").strip("0"):
            # The peer would take the next request on this connection for the content.
            raise ValueError(f"Content-Length is {headers[CONTENT_LENGTH]!r}, but there is no content")
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
            return wire_target(str(url))
        return wire_target(url.raw_path_qs)

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
