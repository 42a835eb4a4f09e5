"""What identifies a connection in the pool, and what a response tells of its request."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from multidict import CIMultiDictProxy
from yarl import URL

from .._semantics.basic_auth import BasicAuth
from .._semantics.sentinel import _SENTINEL, sentinel

if TYPE_CHECKING:
    from ssl import SSLContext

    from .fingerprint import Fingerprint


class ConnectionKey(NamedTuple):
    """Everything that makes two connections different; a pooled connection serves only its own key."""

    host: str
    port: int | None
    is_ssl: bool
    ssl: SSLContext | bool | Fingerprint
    proxy: URL | None
    proxy_auth: BasicAuth | None
    proxy_headers_hash: int | None
    server_hostname: str | None = None


class _RequestInfo(NamedTuple):
    url: URL
    method: str
    headers: CIMultiDictProxy[str]
    real_url: URL


class RequestInfo(_RequestInfo):
    """The request that a response answers; ``real_url`` has the fragment."""

    __slots__ = ()

    def __new__(
        cls, url: URL, method: str, headers: CIMultiDictProxy[str], real_url: URL | _SENTINEL = sentinel
    ) -> RequestInfo:
        return tuple.__new__(cls, (url, method, headers, url if real_url is sentinel else real_url))
