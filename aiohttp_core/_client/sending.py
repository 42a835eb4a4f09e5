"""From a request to its response: redirects > retry > middlewares > attempt.

The redirects are outermost, as in aiohttp: a middleware sees each hop, and each resending, as a request of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Any, Final

from multidict import CIMultiDict
from yarl import URL

from .._body.payload import Payload
from .._body.payloads_in_memory import BytesPayload
from .._net.timeouts import BaseTimerContext
from .._semantics.field_names import (
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
from .._semantics.methods import IDEMPOTENT, METH_GET, METH_HEAD, METH_POST
from .._wire.http1.sendable import check_target
from .composing import compose
from .connector import HTTP_AND_EMPTY_SCHEMA_SET, BaseConnector
from .errors import (
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
from .middlewares import ClientMiddlewareType, build_client_middlewares
from .plain_request import JSON, PlainRequest
from .request_fields import wire_target

if TYPE_CHECKING:
    from .._semantics.basic_auth import BasicAuth
    from .lease import Lease
    from .plain_request import Destination
    from .read_options import ReadOptions
    from .request import ClientRequest
    from .response import ClientResponse
    from .session import ClientSession
    from .timeouts import ClientTimeout
    from .tracing import Trace
    from .upload_tracker import UploadTracker

RETRIED: Final = (ClientOSError, ClientConnectionResetError, ServerDisconnectedError)
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
CREDENTIAL_FIELDS: Final = (AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION)
"""Fields that another origin must not see, each copy of them."""
_CONNECT: Final = BaseConnector.connect
CONTENT_FIELDS: Final = (CONTENT_LENGTH, CONTENT_TYPE, CONTENT_ENCODING, TRANSFER_ENCODING)


class Sending:
    """One call of ``ClientSession.request``: what it was asked for, and the links of the chain."""

    session: ClientSession
    method: str
    allow_redirects: bool
    max_redirects: int
    url: URL
    headers: CIMultiDict[str]
    read_options: ReadOptions
    timeout: ClientTimeout
    timer: BaseTimerContext

    # One is made for each request: what most never set is kept by the class.
    traces: Sequence[Trace] = ()
    history: tuple[ClientResponse, ...] = ()
    params: Any = None
    data: Any = None
    cookies: Any = None
    auth: BasicAuth | None = None
    skip_headers: Any = None
    proxy: URL | None = None
    proxy_auth: BasicAuth | None = None
    proxy_headers: Any = None
    ssl: Any = True
    server_hostname: str | None = None
    compress: str | bool | None = None
    chunked: bool | None = None
    expect100 = False
    middlewares: Sequence[ClientMiddlewareType] = ()
    upload_tracker: UploadTracker | None = None

    plain = False
    """Whether a PlainRequest will do; its fields (with the session's), its content and its destination come with it."""
    own: CIMultiDict[str] | None = None
    content: bytes | None = None
    content_type = JSON
    destination: Destination
    request: ClientRequest | None = None
    origin_changed = False
    connection_lost = False
    unsent = False

    # Redirects (RFC 9110 section 15.4)

    async def run(self) -> ClientResponse:
        """The final response."""
        request: ClientRequest
        while True:
            if self.plain and self.destination.origin is not None:
                request = PlainRequest(self, self.destination.origin)
            else:
                request = compose(self)
            self.request = request
            try:
                response = await (self.attempt(request) if self.plain else self._by_middlewares(request))
            except RETRIED as exc:
                if not self._may_retry(request, exc):
                    raise
                request.terminate()
                self.connection_lost = self.unsent = False
                response = await self._by_middlewares(request)
            if response._raw_cookie_headers is not None:
                self.session._keep_cookies(response)
            if response.status not in REDIRECTS or not self.allow_redirects:
                return response
            target = await self._redirect(request, response)
            if target is None:
                return response
            response.release()
            await self._leave(request)
            self.url = target
            self.params = None
            self.plain = False

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

    async def attempt(self, request: ClientRequest) -> ClientResponse:
        """Get a connection, send, and wait for the head of the response."""
        connector = self.session._connector
        if connector is None:
            raise RuntimeError("Session is closed")
        plain = request if isinstance(request, PlainRequest) else None
        connection: Lease | None = None
        if plain is not None:
            message = plain.message(self.destination)
            if getattr(connector.connect, "__func__", None) is _CONNECT:
                connection = connector.lease_idle(plain.origin.key)
        if connection is None:
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
            if plain is not None:
                response = plain.send_now(message, protocol, self)
                waiter = protocol.arrival()
                if waiter is not None:
                    await waiter
                response.arrived(connection, protocol)
            else:
                protocol.read_as(self.timer, self.read_options)
                response = await request.send(connection)
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
