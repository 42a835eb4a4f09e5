"""What a session says of itself, the defaults of its requests, and what follows from these alone.

Also compiled from this source, with the types of ``_cparser/types``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from multidict import CIMultiDict, istr
from yarl import URL

from aiohttp_core._client.abstract_cookie_jar import AbstractCookieJar, DummyCookieJar
from aiohttp_core._client.connector import BaseConnector
from aiohttp_core._client.cookie_jar import CookieJar
from aiohttp_core._client.deadlines import DeadlineQueue, TimerContext  # compiled: a type
from aiohttp_core._client.middlewares import ClientMiddlewareType
from aiohttp_core._client.plain_request import Destinations  # compiled: a type
from aiohttp_core._client.read_options import ReadOptions
from aiohttp_core._client.request import ClientRequest
from aiohttp_core._client.response import ClientResponse
from aiohttp_core._client.timeouts import ClientTimeout
from aiohttp_core._client.tracing import TraceConfig
from aiohttp_core._semantics.basic_auth import BasicAuth
from aiohttp_core._semantics.deprecations import warn_caller
from aiohttp_core._semantics.versions import HttpVersion, HttpVersion11
from aiohttp_core._wire import _accel
from aiohttp_core._wire.http1.rules import Limits

_SEND: Final = ClientRequest.send
_KNOWN_JARS: Final = (CookieJar, DummyCookieJar)


class SessionDefaults:
    """The properties of a ClientSession, whose constructor fills in what they give."""

    _auto_decompress: bool
    _connector: BaseConnector | None
    _connector_owner: bool
    _cookie_jar: AbstractCookieJar
    _deadlines: DeadlineQueue | None
    _default_auth: BasicAuth | None
    _default_headers: CIMultiDict[str]
    _default_proxy: str | URL | None
    _default_proxy_auth: BasicAuth | None
    _destinations: Destinations
    _json_serialize: Callable[[Any], str]
    _loop: asyncio.AbstractEventLoop
    _max_field_size: int
    _max_headers: int
    _max_line_size: int
    _middlewares: Sequence[ClientMiddlewareType]
    _options: ReadOptions | None
    _options_of: ClientTimeout | None
    _raise_for_status: bool | Callable[[ClientResponse], Awaitable[None]]
    _read_bufsize: int
    _request_class: type[ClientRequest]
    _requote_redirect_url: bool
    _response_class: type[ClientResponse]
    _skip_auto_headers: frozenset[istr]
    _timeout: ClientTimeout
    _trace_configs: list[TraceConfig]
    _trust_env: bool
    _version: HttpVersion

    # What requests ask of them

    def _is_plain(self) -> bool:
        """Whether nothing that this session adds depends on the request."""
        connector = self._connector
        return (
            type(self._cookie_jar) in _KNOWN_JARS
            and self._default_auth is None
            and self._default_proxy is None
            and self._default_proxy_auth is None
            and not self._trust_env
            and self._version is HttpVersion11
            and self._request_class is ClientRequest
            and ClientRequest.send is _SEND
            and self._response_class is ClientResponse
            and connector is not None
            and not connector._force_close
        )

    def _reading(self, timeout: ClientTimeout) -> ReadOptions:
        """How responses are read unless a request asks for more."""
        options = self._options
        if options is None or timeout is not self._options_of:
            options = ReadOptions(
                True,
                self._auto_decompress,
                timeout.sock_read,
                self._read_bufsize,
                timeout.ceil_threshold,
                Limits(self._max_line_size, self._max_field_size, self._max_headers),
            )
            if timeout is self._timeout:
                self._options, self._options_of = options, timeout
        return options

    def _timer(self, timeout: ClientTimeout) -> TimerContext:
        """A timer that ends after ``timeout.total``."""
        total = timeout.total or 0.0
        if timeout is not self._timeout:
            timer = TimerContext(self._loop)
            timer.start(total, timeout.ceil_threshold)
            return timer
        queue = self._deadlines
        # Programs may give the session another timeout.
        if queue is None or queue._delay != total:
            queue = self._deadlines = DeadlineQueue(self._loop, total, timeout.ceil_threshold)
        return queue.timer()

    def _keep_cookies(self, response: ClientResponse) -> None:
        """Into the jar."""
        raw = response._raw_cookie_headers
        if raw:
            self._cookie_jar.update_cookies_from_headers(raw, response.url)

    # What programs ask of it

    @property
    def closed(self) -> bool:
        return self._connector is None or self._connector.closed

    @property
    def connector(self) -> BaseConnector | None:
        return self._connector

    @property
    def cookie_jar(self) -> AbstractCookieJar:
        return self._cookie_jar

    @property
    def version(self) -> tuple[int, int]:
        """The version of HTTP that requests say."""
        return self._version

    @property
    def requote_redirect_url(self) -> bool:
        """Whether the URL of a redirect is brought to its canonical form."""
        return self._requote_redirect_url

    @requote_redirect_url.setter
    def requote_redirect_url(self, val: bool) -> None:
        warn_caller("session.requote_redirect_url modification is deprecated #2778")
        self._requote_redirect_url = val

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """Deprecated."""
        warn_caller("client.loop property is deprecated")
        return self._loop

    @property
    def timeout(self) -> ClientTimeout:
        return self._timeout

    @property
    def headers(self) -> CIMultiDict[str]:
        """Fields of every request."""
        return self._default_headers

    @property
    def skip_auto_headers(self) -> frozenset[istr]:
        """Names of fields that are not added by themselves."""
        return self._skip_auto_headers

    @property
    def auth(self) -> BasicAuth | None:
        return self._default_auth

    @property
    def json_serialize(self) -> Callable[[Any], str]:
        return self._json_serialize

    @property
    def connector_owner(self) -> bool:
        """Whether closing the session closes the connector."""
        return self._connector_owner

    @property
    def raise_for_status(self) -> bool | Callable[[ClientResponse], Awaitable[None]]:
        return self._raise_for_status

    @property
    def auto_decompress(self) -> bool:
        """Whether content is decoded by its Content-Encoding."""
        return self._auto_decompress

    @property
    def trust_env(self) -> bool:
        """Whether proxies come from the environment and credentials from ~/.netrc."""
        return self._trust_env

    @property
    def trace_configs(self) -> list[TraceConfig]:
        return self._trace_configs


def warn_of_auth(auth: BasicAuth | None, proxy_auth: BasicAuth | None) -> None:
    """Warn of the credentials that are to be given as fields."""
    for value, parameter, field in ((auth, "auth", "Authorization"), (proxy_auth, "proxy_auth", "Proxy-Authorization")):
        if value is not None:
            headers = parameter.replace("auth", "headers")
            warn_caller(
                f"The {parameter!r} parameter is deprecated and will be removed in v4; "
                f"pass {headers}={{{field!r}: aiohttp.encode_basic_auth(login, password)}} instead"
            )


_accel.use_compiled(globals(), "session_defaults")
