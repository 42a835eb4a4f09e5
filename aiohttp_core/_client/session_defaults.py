"""What a session says of itself: the defaults of its requests, to be read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from multidict import CIMultiDict, istr

from .._semantics.basic_auth import BasicAuth
from .._semantics.deprecations import warn_caller
from .._semantics.versions import HttpVersion
from .abstract_cookie_jar import AbstractCookieJar
from .connector import BaseConnector
from .response import ClientResponse
from .timeouts import ClientTimeout
from .tracing import TraceConfig


class SessionDefaults:
    """The properties of a ClientSession, whose constructor fills in what they give."""

    _auto_decompress: bool
    _connector: BaseConnector | None
    _connector_owner: bool
    _cookie_jar: AbstractCookieJar
    _default_auth: BasicAuth | None
    _default_headers: CIMultiDict[str]
    _json_serialize: Callable[[Any], str]
    _loop: asyncio.AbstractEventLoop
    _raise_for_status: bool | Callable[[ClientResponse], Awaitable[None]]
    _requote_redirect_url: bool
    _skip_auto_headers: frozenset[istr]
    _timeout: ClientTimeout
    _trace_configs: list[TraceConfig]
    _trust_env: bool
    _version: HttpVersion

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
