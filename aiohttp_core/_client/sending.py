"""From a request to its response: redirects > retry > middlewares > attempt.

The redirects are outermost, as in aiohttp: a middleware sees each hop, and each resending, as a request of its own.

Also compiled from this source, with the types of ``_cparser/types``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Any, Final

from multidict import CIMultiDict
from yarl import URL

from aiohttp_core._body.payload import Payload
from aiohttp_core._body.payloads_in_memory import BytesPayload
from aiohttp_core._client.composing import compose
from aiohttp_core._client.connector import HTTP_AND_EMPTY_SCHEMA_SET, BaseConnector
from aiohttp_core._client.cookie_jar import CookieJar
from aiohttp_core._client.deadlines import BaseTimerContext
from aiohttp_core._client.errors import (
    ClientConnectionError,
    ClientConnectionResetError,
    ClientConnectorError,
    ClientError,
    ClientOSError,
    ClientPayloadError,
    ConnectionTimeoutError,
    InvalidUrlRedirectClientError,
    NonHttpUrlRedirectClientError,
    ServerDisconnectedError,
    TooManyRedirects,
)
from aiohttp_core._client.middlewares import ClientMiddlewareType, build_client_middlewares
from aiohttp_core._client.plain_request import (
    COMPOSED_FIELDS,
    JSON,
    OCTETS,
    Destination,  # compiled: a type
    PlainRequest,
)
from aiohttp_core._client.request_fields import BIG_BYTES, format_cookies, wire_target
from aiohttp_core._client.response import answering
from aiohttp_core._semantics.field_names import (
    AUTHORIZATION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    COOKIE,
    LOCATION,
    PROXY_AUTHORIZATION,
    TRANSFER_ENCODING,
    URI,
)
from aiohttp_core._semantics.methods import IDEMPOTENT, METH_GET, METH_HEAD, METH_POST, WITH_CONTENT, WITHOUT_CONTENT
from aiohttp_core._semantics.versions import HttpVersion11
from aiohttp_core._wire import _accel
from aiohttp_core._wire.http1.sendable import check_target
from aiohttp_core._wire.http1.serializer import serialize_request_head

if TYPE_CHECKING:
    from aiohttp_core._client.connection_key import RequestInfo
    from aiohttp_core._client.lease import Lease
    from aiohttp_core._client.read_options import ReadOptions
    from aiohttp_core._client.request import ClientRequest
    from aiohttp_core._client.response import ClientResponse
    from aiohttp_core._client.session import ClientSession
    from aiohttp_core._client.timeouts import ClientTimeout
    from aiohttp_core._client.tracing import Trace
    from aiohttp_core._client.upload_tracker import UploadTracker
    from aiohttp_core._semantics.basic_auth import BasicAuth

RETRIED: Final = (ClientOSError, ClientConnectionResetError, ServerDisconnectedError)
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
CREDENTIAL_FIELDS: Final = (AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION)
"""Fields that another origin must not see, each copy of them."""
_CONNECT: Final = BaseConnector.connect
CONTENT_FIELDS: Final = (CONTENT_LENGTH, CONTENT_TYPE, CONTENT_ENCODING, TRANSFER_ENCODING)


class Sending:
    """One call of ``ClientSession.request``: what it was asked for, and the links of the chain."""

    __slots__ = (
        "allow_redirects",
        "auth",
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
        "traces",
        "unsent",
        "upload_tracker",
        "url",
    )

    url: URL
    headers: CIMultiDict[str]
    read_options: ReadOptions
    timeout: ClientTimeout
    timer: BaseTimerContext
    destination: Destination

    def __init__(self, session: ClientSession, method: str, allow_redirects: bool, max_redirects: int) -> None:
        self.session = session
        self.method = method
        self.allow_redirects = allow_redirects
        self.max_redirects = max_redirects
        self.params: Any = None
        self.data: Any = None
        self.cookies: Any = None
        self.auth: BasicAuth | None = None
        self.skip_headers: Any = None
        self.proxy: URL | None = None
        self.proxy_auth: BasicAuth | None = None
        self.proxy_headers: Any = None
        self.ssl: Any = True
        self.server_hostname: str | None = None
        self.compress: str | bool | None = None
        self.chunked: bool | None = None
        self.expect100 = False
        self.middlewares: Sequence[ClientMiddlewareType] = ()
        self.upload_tracker: UploadTracker | None = None
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

    # Plain requests

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

    def message(self) -> bytes:
        """All of a plain request, for one write. Raises ValueError where something may not be sent."""
        jar = self.session._cookie_jar
        if type(jar) is CookieJar and jar.count:
            matching = jar.matching(self.url)
            if matching:
                self.cookie_field = format_cookies(matching)
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

    # Redirects (RFC 9110 section 15.4)

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
            if response._raw_cookie_headers is not None:
                self.session._keep_cookies(response)
            if response.status not in REDIRECTS or not self.allow_redirects:
                return response
            request = self.seen()
            if response._request_info is self:
                # It is to tell of this hop, and not to know what knows it.
                response._request_info = request
            target = await self._redirect(request, response)
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

    async def _redirect(self, request: ClientRequest, response: ClientResponse) -> URL | None:
        """Where to go next; None where the response names nothing. Changes method, content and fields for it."""
        for trace in self.traces:
            await trace.send_request_redirect(self.method, request.original_url, self.headers, response)
        self.history += (response,)
        if self.max_redirects and len(self.history) >= self.max_redirects:
            response.close()
            raise TooManyRedirects(self.history[0].request_info, self.history)
        where = response.headers.get(LOCATION) or response.headers.get(URI)
        if where is None:
            self.history = self.history[:-1]
            return None
        try:
            target = self._target(request.original_url, where)
            self._choose_content(request, response.status)
        except BaseException:
            response.close()
            raise
        if _origin(request.url) != _origin(target):
            self.origin_changed = True
            self.headers = CIMultiDict(self.headers)
            self.auth = None
            self.cookies = None
            for name in CREDENTIAL_FIELDS:
                if name in self.headers:
                    del self.headers[name]
        return target

    def _target(self, base: URL, where: str) -> URL:
        try:
            target = URL(where, encoded=not self.session.requote_redirect_url)
        except ValueError as exc:
            raise InvalidUrlRedirectClientError(
                where, "Server attempted redirecting to a location that does not look like a URL"
            ) from exc
        if target.scheme not in HTTP_AND_EMPTY_SCHEMA_SET:
            raise NonHttpUrlRedirectClientError(where)
        try:
            if not target.scheme:
                target = base.join(target)
            # The fragment goes along unless the redirect has its own (RFC 9110 section 10.2.2).
            if base.raw_fragment and not target.raw_fragment:
                target = target.with_fragment(base.fragment)
            target.origin()
            check_target(wire_target(target.raw_path_qs))
        except ValueError as exc:
            raise InvalidUrlRedirectClientError(target, "Invalid redirect URL origin") from exc
        return target

    def _choose_content(self, request: ClientRequest, status: int) -> None:
        method = request.method
        if (status == 303 and method != METH_HEAD) or (status in (301, 302) and method == METH_POST):
            self.method = METH_GET
            self.data = None
            self.compress = self.chunked = None
            self.expect100 = False
            self.headers = CIMultiDict(self.headers)
            for name in CONTENT_FIELDS:
                if name in self.headers:
                    del self.headers[name]
            return
        body = request._body
        if isinstance(body, Payload):
            if body.consumed:
                raise ClientPayloadError(
                    "Cannot follow redirect with a consumed request body. Use bytes, a seekable file-like object, "
                    "or set allow_redirects=False."
                )
            self.data = body
        elif self.content is not None and self.data is None:
            self.data = BytesPayload(self.content, content_type=JSON)

    # Retry

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

    # Attempt

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
                response = answering(self, len(message))
                waiter = protocol.arrival()
                if waiter is not None:
                    await waiter
                response.arrived(connection, protocol)
            else:
                protocol.read_as(self.timer, self.read_options)
                response = await request.send(connection)  # type: ignore[union-attr]
                await response.start(connection)
        except BaseException as exc:
            self.connection_lost = not protocol.received
            self.unsent = response is None or response.sent == 0
            if response is not None:
                response.close()
            connection.close()
            if isinstance(exc, OSError) and not isinstance(exc, (ClientError, asyncio.TimeoutError)):
                raise ClientOSError(*exc.args) from exc
            raise
        return response


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    return url.scheme, url.raw_host, url.port


_accel.use_compiled(globals(), "sending")
