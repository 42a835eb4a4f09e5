"""From a request to its response: redirects > retry > middlewares > attempt.

The redirects are outermost, as in aiohttp: a middleware sees each hop, and each resending, as a request of its own.

Also compiled from this source, with the types of ``_cparser/types``.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from multidict import CIMultiDict
from yarl import URL

from aiohttp_core._body.payload import Payload
from aiohttp_core._client.answer import Answer  # compiled: a type
from aiohttp_core._client.composing import choose_proxy, compose
from aiohttp_core._client.connector import BaseConnector
from aiohttp_core._client.cookie_jar import CookieJar
from aiohttp_core._client.deadlines import BaseTimerContext, TimerContext, TimerNoop
from aiohttp_core._client.errors import (
    ClientConnectionError,
    ClientConnectionResetError,
    ClientConnectorError,
    ClientError,
    ClientOSError,
    ConnectionTimeoutError,
    ServerDisconnectedError,
)
from aiohttp_core._client.fingerprint import _merge_ssl_params
from aiohttp_core._client.middlewares import ClientMiddlewareType, build_client_middlewares
from aiohttp_core._client.plain_request import (
    COMPOSED_FIELDS,
    JSON,
    OCTETS,
    Destination,  # compiled: a type
    PlainRequest,
)
from aiohttp_core._client.redirects import REDIRECTS, redirected
from aiohttp_core._client.request_fields import BIG_BYTES, format_cookies
from aiohttp_core._client.response import ClientResponse
from aiohttp_core._client.session_defaults import warn_of_auth
from aiohttp_core._client.timeouts import request_timeout
from aiohttp_core._client.tracing import Trace
from aiohttp_core._semantics.deprecations import warn_caller
from aiohttp_core._semantics.methods import IDEMPOTENT, WITH_CONTENT, WITHOUT_CONTENT
from aiohttp_core._semantics.sentinel import _SENTINEL, sentinel
from aiohttp_core._semantics.versions import HttpVersion11
from aiohttp_core._wire import _accel
from aiohttp_core._wire.http1.serializer import serialize_request_head

if TYPE_CHECKING:
    from aiohttp_core._client.connection_key import RequestInfo
    from aiohttp_core._client.lease import Lease
    from aiohttp_core._client.read_options import ReadOptions
    from aiohttp_core._client.request import ClientRequest
    from aiohttp_core._client.session import ClientSession
    from aiohttp_core._client.timeouts import ClientTimeout
    from aiohttp_core._client.upload_tracker import UploadTracker
    from aiohttp_core._semantics.basic_auth import BasicAuth

RETRIED: Final = (ClientOSError, ClientConnectionResetError, ServerDisconnectedError)
_CONNECT: Final = BaseConnector.connect
_NOOP: Final = TimerNoop()


class Sending:
    """One call of ``ClientSession.request``: what it was asked for, and the links of the chain."""

    __slots__ = (
        "allow_redirects",
        "auth",
        "check",
        "chunked",
        "compress",
        "connection_lost",
        "content",
        "content_type",
        "cookie_field",
        "cookies",
        "data",
        "destination",
        "expect100",
        "headers",
        "history",
        "max_redirects",
        "method",
        "middlewares",
        "origin_changed",
        "own",
        "params",
        "plain",
        "proxy",
        "proxy_auth",
        "proxy_headers",
        "read_options",
        "request",
        "server_hostname",
        "session",
        "skip_headers",
        "ssl",
        "timeout",
        "timer",
        "trace_context",
        "traces",
        "unsent",
        "upload_tracker",
        "url",
    )

    url: URL
    headers: CIMultiDict[str]
    read_options: ReadOptions
    timeout: ClientTimeout
    destination: Destination

    def __init__(self, session: ClientSession, method: str, allow_redirects: bool) -> None:
        self.session = session
        self.method = method
        self.allow_redirects = allow_redirects
        self.max_redirects = 10
        self.params: Any = None
        self.data: Any = None
        self.cookies: Any = None
        self.auth: BasicAuth | None = None
        self.skip_headers: Any = None
        self.proxy: Any = None
        self.proxy_auth: BasicAuth | None = None
        self.proxy_headers: Any = None
        self.ssl: Any = True
        self.server_hostname: str | None = None
        self.compress: str | bool | None = None
        self.chunked: bool | None = None
        self.expect100 = False
        self.middlewares: Sequence[ClientMiddlewareType] = session._middlewares
        self.upload_tracker: UploadTracker | None = None
        self.check: Any = session._raise_for_status
        self.timer: BaseTimerContext = _NOOP
        self.trace_context: Any = None
        self.traces: Sequence[Trace] = ()
        self.history: tuple[ClientResponse, ...] = ()
        self.plain = False
        """Whether nothing of the request but its fields, cookies and content is its own: see ``be_plain``."""
        self.own: CIMultiDict[str] | None = None
        self.content: bytes | None = None
        self.content_type = JSON
        self.cookie_field: str | None = None
        self.request: ClientRequest | None = None
        self.origin_changed = False
        self.connection_lost = False
        self.unsent = False

    # What is asked for

    def take(
        self,
        given: str | URL,
        params: Any,
        data: Any,
        json: Any,
        headers: Any,
        timeout: ClientTimeout | float | _SENTINEL | None,
        others: dict[str, Any],
    ) -> None:
        """Take over what ``ClientSession.request`` was given, the rarer options in ``others``. Raises as that does."""
        session = self.session
        connector = session._connector
        if connector is None or connector._closed:
            raise RuntimeError("Session is closed")
        if json is not None and data is not None:
            raise ValueError("data and json parameters can not be used at the same time")
        own_timeout = session._timeout
        if timeout is not sentinel and timeout is not None:
            own_timeout = request_timeout(timeout)
        self.timeout = own_timeout
        self.read_options = session._reading(own_timeout)
        plain = self._take_others(others) if others else True
        own = session._prepare_headers(headers) if headers else None
        self.headers = session._default_headers if own is None else own
        if not (
            plain
            and not self.middlewares
            and not session._trace_configs
            and session._is_plain()
            and self.be_plain(given, params, data, json, own)
        ):
            self.params = params
            self.data = data if json is None else session._json_payload(json, self.content)
            self.url = session._usable_url(given)
            choose_proxy(self)
            if self.upload_tracker is not None:
                self.upload_tracker._bind()
        if self.skip_headers is not None or session._skip_auto_headers:
            self.skip_headers = session._skipped(self.skip_headers)

    def _take_others(self, others: dict[str, Any]) -> bool:
        try:
            return self._take_options(**others)
        except TypeError:
            from aiohttp_core._client.request_options import unknown_option

            unknown = unknown_option(others)
            if unknown is None:
                raise
            raise TypeError(f"ClientSession._request() got an unexpected keyword argument {unknown!r}") from None

    def _take_options(
        self,
        *,
        cookies: Any = None,
        skip_auto_headers: Iterable[str] | None = None,
        auth: BasicAuth | None = None,
        max_redirects: int = 10,
        compress: str | bool | None = None,
        chunked: bool | None = None,
        expect100: bool = False,
        raise_for_status: bool | Callable[[ClientResponse], Awaitable[None]] | None = None,
        read_until_eof: bool = True,
        proxy: str | URL | None = None,
        proxy_auth: BasicAuth | None = None,
        verify_ssl: bool | None = None,
        fingerprint: bytes | None = None,
        ssl_context: Any = None,
        ssl: Any = True,
        server_hostname: str | None = None,
        proxy_headers: Any = None,
        trace_request_ctx: Any = None,
        read_bufsize: int | None = None,
        auto_decompress: bool | None = None,
        max_line_size: int | None = None,
        max_field_size: int | None = None,
        max_headers: int | None = None,
        middlewares: Sequence[ClientMiddlewareType] | None = None,
        upload_tracker: UploadTracker | None = None,
    ) -> bool:
        """Whether a plain request will still do."""
        if chunked is not None and not isinstance(chunked, bool):
            warn_caller("Chunk size is deprecated #1615")
        if auth is not None or proxy_auth is not None:
            warn_of_auth(auth, proxy_auth)
        self.cookies = cookies
        self.skip_headers = skip_auto_headers
        self.auth = auth
        self.max_redirects = max_redirects
        self.compress = compress
        self.chunked = chunked
        self.expect100 = expect100
        if raise_for_status is not None:
            self.check = raise_for_status
        self.proxy = proxy
        self.proxy_auth = proxy_auth
        self.ssl = _merge_ssl_params(ssl, verify_ssl, ssl_context, fingerprint)
        self.server_hostname = server_hostname
        self.proxy_headers = proxy_headers
        self.trace_context = trace_request_ctx
        if middlewares is not None:
            self.middlewares = middlewares
        self.upload_tracker = upload_tracker
        reading = (read_bufsize, auto_decompress, max_line_size, max_field_size, max_headers)
        if not read_until_eof or reading.count(None) != len(reading):
            self.read_options = self.read_options.changed(read_until_eof, *reading)
        told = (auth, compress, chunked, proxy, proxy_auth, proxy_headers, server_hostname, upload_tracker)
        return (
            self.ssl is True
            and not cookies
            and not expect100
            and skip_auto_headers is None
            and told.count(None) == len(told)
        )

    def be_plain(self, given: str | URL, params: Any, data: Any, json: Any, own: CIMultiDict[str] | None) -> bool:
        """Let this be plain; False, with the JSON kept, where its method, content or ``own`` fields forbid it, or
        where it goes."""
        if json is None and data is None:
            if self.method not in WITHOUT_CONTENT:
                return False
        elif self.method not in WITH_CONTENT or (data is not None and type(data) is not bytes):
            return False
        # Not by the key view: that of multidict in pure Python before 6.2 minds the case of names.
        if own is not None and any(map(own.__contains__, COMPOSED_FIELDS)):
            return False
        session = self.session
        if json is not None:
            self.content = data = session._json_content(json)
        if data is not None and len(data) >= BIG_BYTES:
            return False
        destination = session._destinations.of(session, given)
        if params:
            destination = destination.with_query(params)
        if destination.origin is None:
            return False
        if json is None and data is not None:
            self.content = self.data = data
            self.content_type = OCTETS
        self.plain = True
        self.own = own
        self.destination = destination
        self.url = destination.url
        return True

    def seen(self) -> ClientRequest:
        """The request as an object: a plain one is made where somebody asks for it."""
        request = self.request
        if request is None:
            request = self.request = PlainRequest(self)
        return request

    @property
    def request_info(self) -> RequestInfo:
        """What the response tells of its request."""
        return self.seen().request_info

    def _answer(self, sent: int) -> ClientResponse:
        """The response that is to come; quicker than by the constructor, which users' subclasses extend."""
        session = self.session
        response = ClientResponse.__new__(ClientResponse)
        # A RequestInfo is made of this when somebody asks.
        Answer.__init__(response, self.method, self.url, self, session, session._loop)
        response._sent = sent
        if session._loop.get_debug():
            response._source_traceback = traceback.extract_stack()
        return response

    def message(self) -> bytes:
        """All of a plain request, for one write. Raises ValueError where something may not be sent."""
        jar = self.session._cookie_jar
        matching = jar.matching(self.url) if type(jar) is CookieJar and jar.count else None
        self.cookie_field = format_cookies(matching) if matching else None
        destination = self.destination
        content = self.content
        if self.own is not None:
            head = serialize_request_head(self.method, destination.path, HttpVersion11, self.seen().headers)
            return head + content if content else head
        if self.cookie_field is None and content is None:
            message = destination.heads.get(self.method)
            if message is None:
                message = destination.heads[self.method] = destination.head(self.method) + b"\r\n"
            return message
        head = destination.head(self.method)
        if self.cookie_field is not None:
            head += b"Cookie: %b\r\n" % self.cookie_field.encode("utf-8", "surrogateescape")
        if content is None:
            return head + b"\r\n"
        return b"%bContent-Length: %d\r\nContent-Type: %b\r\n\r\n%b" % (
            head,
            len(content),
            self.content_type.encode(),
            content,
        )

    # The life of a request

    async def complete(self) -> ClientResponse:
        """The response, its status checked where that is asked for, its deadline running on while content is read."""
        session = self.session
        if session._trace_configs:
            await self._begin_traces()
        total = self.timeout.total
        timer: TimerContext | None = None
        response: ClientResponse | None = None
        if total and total > 0:
            self.timer = timer = session._timer(self.timeout)
        try:
            with self.timer:
                response = await self.run()
                if self.history:
                    response._history = self.history
                if self.check:
                    await self._check(response)
            if not self.plain:
                await self._sent()
            if timer is not None:
                connection = response._connection
                if connection is None:
                    timer.stop()
                else:
                    connection.add_callback(timer.stop)
            for trace in self.traces:
                await trace.send_request_end(self.method, response.url, self.headers, response)
            return response
        except BaseException as exc:
            if timer is not None:
                timer.stop()
            if response is not None:
                # Nobody else has it.
                response.close()
            await self._failed(exc)
            raise

    async def _begin_traces(self) -> None:
        session = self.session
        if self.headers is session._default_headers:
            # The chain copies the session's own fields before it changes them; traces may change them at once.
            self.headers = CIMultiDict(session._default_headers)
        context = self.trace_context
        self.traces = [
            Trace(session, config, config.trace_config_ctx(trace_request_ctx=context))
            for config in session._trace_configs
        ]
        url = self.url.update_query(self.params) if self.params else self.url
        for trace in self.traces:
            await trace.send_request_start(self.method, url, self.headers)

    async def _sent(self) -> None:
        """The response is there: close the content as soon as nothing more of it is to leave."""
        request = self.request
        if request is not None:
            if request._body is not None and isinstance(request._body, Payload):
                await request.finish_body()
            if self.upload_tracker is not None:
                self.upload_tracker._finalize(writing=request._writer_task is not None)

    async def _check(self, response: ClientResponse) -> None:
        if callable(self.check):
            await self.check(response)
        else:
            response.raise_for_status()

    async def _failed(self, exc: BaseException) -> None:
        request = self.request
        if request is not None:
            request.terminate()
            if request._body is not None and isinstance(request._body, Payload):
                request._body_done = True
                await request._close_body()
        elif isinstance(self.data, Payload) and not self.data.autoclose:
            await self.data.close()
        if self.upload_tracker is not None:
            self.upload_tracker._finalize()
        for trace in self.traces:
            await trace.send_request_exception(self.method, self.url, self.headers, exc)

    async def run(self) -> ClientResponse:
        """The final response."""
        while True:
            try:
                if self.plain:
                    response = await self.attempt(None)
                else:
                    self.request = compose(self)
                    response = await self._by_middlewares(self.request)
            except RETRIED as exc:
                request = self.seen()
                if not self._may_retry(request, exc):
                    raise
                request.terminate()
                self.connection_lost = self.unsent = False
                response = await self._by_middlewares(request)
            try:
                if response._raw_cookie_headers is not None:
                    self.session._keep_cookies(response)
                if response.status not in REDIRECTS or not self.allow_redirects:
                    return response
                request = self.seen()
                if response._request_info is self:
                    # It is to tell of this hop, and not to know what knows it.
                    response._request_info = request
                target = await redirected(self, request, response)
            except BaseException:
                response.close()
                raise
            if target is None:
                return response
            response.release()
            await self._leave(request)
            self.url = target
            self.params = None
            self.plain = False
            self.request = None

    def _by_middlewares(self, request: ClientRequest) -> Awaitable[ClientResponse]:
        if not self.middlewares:
            return self.attempt(request)
        return build_client_middlewares(self.attempt, self.middlewares)(request)

    async def _leave(self, request: ClientRequest) -> None:
        """``request`` was answered by a redirect: what it still sends is of no use."""
        task = request._writer_task
        if task is not None and not task.done():
            request.terminate()
        if self.data is None:
            await request.finish_body()

    def _may_retry(self, request: ClientRequest, exc: ClientError) -> bool:
        """Whether to send again: the connection died before the response began, and nothing speaks against it."""
        return (
            self.session._retry_connection
            and self.connection_lost
            and not isinstance(exc, ClientConnectorError)
            and request.can_resend
            # What never left may be sent again, whatever it would do.
            and (self.unsent or request.method in IDEMPOTENT)
        )

    async def attempt(self, request: ClientRequest | None) -> ClientResponse:
        """Get a connection, send, and wait for the head of the response. None is a plain request."""
        connector = self.session._connector
        if connector is None:
            raise RuntimeError("Session is closed")
        plain = request is None or isinstance(request, PlainRequest)
        connection: Lease | None = None
        if plain:
            message = self.message()
            if getattr(connector.connect, "__func__", None) is _CONNECT:
                connection = connector.lease_idle(self.destination.key)
        if connection is None:
            if request is None:
                request = self.seen()
            tracker = self.upload_tracker
            if tracker is not None:
                request._upload_tracker = tracker
                request._upload_gen = tracker._attempt_started()
            try:
                connection = await connector.connect(request, traces=list(self.traces), timeout=self.timeout)
            except asyncio.TimeoutError as exc:
                raise ConnectionTimeoutError(f"Connection timeout to host {request.url}") from exc
        protocol = connection._protocol
        if protocol is None:
            raise ClientConnectionError("the connection was lost")
        response = None
        try:
            if plain:
                protocol.ask(self.method, self.url, message, self.timer, self.read_options)
                response = self._answer(len(message))
                waiter = protocol.arrival()
                if waiter is not None:
                    await waiter
                response._arrived(connection, protocol)
            else:
                protocol.read_as(self.timer, self.read_options)
                response = await request.send(connection)  # type: ignore[union-attr]
                await response.start(connection)
        except BaseException as exc:
            self.connection_lost = not protocol.received
            self.unsent = response is None or response._octets_sent == 0
            if response is not None:
                response.close()
            connection.close()
            if isinstance(exc, OSError) and not isinstance(exc, (ClientError, asyncio.TimeoutError)):
                raise ClientOSError(*exc.args) from exc
            raise
        return response


_accel.use_compiled(globals(), "sending")
