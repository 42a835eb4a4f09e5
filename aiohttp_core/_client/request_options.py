"""What ``ClientSession.request`` and its kin take, for type checkers and editors."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from http.cookies import BaseCookie, Morsel
from ssl import SSLContext
from typing import Any, TypedDict

from multidict import CIMultiDict, CIMultiDictProxy, istr
from yarl import URL, Query

from .._semantics.basic_auth import BasicAuth
from .._semantics.sentinel import _SENTINEL
from .fingerprint import Fingerprint
from .middlewares import ClientMiddlewareType
from .response import ClientResponse
from .timeouts import ClientTimeout
from .upload_tracker import UploadTracker

LooseHeaders = (
    Mapping[str, str] | Mapping[istr, str] | CIMultiDict[str] | CIMultiDictProxy[str] | Iterable[tuple[str | istr, str]]
)
LooseCookiesMappings = Mapping[str, str | BaseCookie[str] | Morsel[Any]]
LooseCookiesIterables = Iterable[tuple[str, str | BaseCookie[str] | Morsel[Any]]]
LooseCookies = LooseCookiesMappings | LooseCookiesIterables | BaseCookie[str]
StrOrURL = str | URL
PathLike = str | os.PathLike[str]


class _Options(TypedDict, total=False):
    params: Query
    json: Any
    cookies: LooseCookies | None
    headers: LooseHeaders | None
    skip_auto_headers: Iterable[str] | None
    auth: BasicAuth | None
    max_redirects: int
    compress: str | bool | None
    chunked: bool | None
    expect100: bool
    raise_for_status: bool | Callable[[ClientResponse], Awaitable[None]] | None
    read_until_eof: bool
    proxy: StrOrURL | None
    proxy_auth: BasicAuth | None
    timeout: ClientTimeout | _SENTINEL | None
    ssl: SSLContext | bool | Fingerprint
    server_hostname: str | None
    proxy_headers: LooseHeaders | None
    trace_request_ctx: object
    read_bufsize: int | None
    auto_decompress: bool | None
    max_line_size: int | None
    max_field_size: int | None
    max_headers: int | None
    middlewares: Sequence[ClientMiddlewareType] | None
    upload_tracker: UploadTracker | None


class DataOptions(_Options, total=False):
    """Without ``allow_redirects``, which some methods name themselves."""

    data: Any


class RedirectOptions(_Options, total=False):
    """Without ``data``."""

    allow_redirects: bool


class RequestOptions(DataOptions, total=False):
    """The keyword arguments of ``ClientSession.request``, without those that are deprecated."""

    allow_redirects: bool
