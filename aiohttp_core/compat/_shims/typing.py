"""The types of arguments, under the names that annotations of other libraries use."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping
from http.cookies import BaseCookie, Morsel
from typing import TYPE_CHECKING, Any, Protocol, TypedDict

from multidict import CIMultiDict, CIMultiDictProxy, istr
from yarl import URL, Query

from aiohttp_core._server.abstract import Handler

if TYPE_CHECKING:
    from aiohttp_core._server.request import BaseRequest, Request
    from aiohttp_core._server.response import StreamResponse

DEFAULT_JSON_ENCODER = json.dumps
DEFAULT_JSON_DECODER = json.loads
JSONEncoder = Callable[[Any], str]
JSONBytesEncoder = Callable[[Any], bytes]
JSONDecoder = Callable[[str], Any]

Byteish = bytes | bytearray | memoryview
LooseHeaders = (
    Mapping[str, str] | Mapping[istr, str] | CIMultiDict[str] | CIMultiDictProxy[str] | Iterable[tuple[str | istr, str]]
)
RawHeaders = tuple[tuple[bytes, bytes], ...]
StrOrURL = str | URL
PathLike = str | os.PathLike[str]

LooseCookiesMappings = Mapping[str, str | BaseCookie[str] | Morsel[Any]]
LooseCookiesIterables = Iterable[tuple[str, str | BaseCookie[str] | Morsel[Any]]]
LooseCookies = LooseCookiesMappings | LooseCookiesIterables | BaseCookie[str]

_RequestHandler = Callable[["BaseRequest"], Awaitable["StreamResponse"]]


class Middleware(Protocol):
    """What ``web.middleware`` makes."""

    def __call__(self, request: Request, handler: Handler) -> Awaitable[StreamResponse]: ...


class _RequestOptions(TypedDict, total=False):
    """The keyword arguments of ``ClientSession.request``."""

    params: Query
    data: Any
    json: Any
    cookies: LooseCookies | None
    headers: LooseHeaders | None
    skip_auto_headers: Iterable[str] | None
    auth: Any
    allow_redirects: bool
    max_redirects: int
    compress: str | bool | None
    chunked: bool | None
    expect100: bool
    raise_for_status: bool | Callable[[Any], Awaitable[None]] | None
    read_until_eof: bool
    proxy: StrOrURL | None
    proxy_auth: Any
    timeout: Any
    ssl: Any
    server_hostname: str | None
    proxy_headers: LooseHeaders | None
    trace_request_ctx: Mapping[str, Any] | object | None
    read_bufsize: int | None
    auto_decompress: bool | None
    max_line_size: int | None
    max_field_size: int | None
    max_headers: int | None
    middlewares: Any
    upload_tracker: Any


__all__ = (
    "DEFAULT_JSON_DECODER",
    "DEFAULT_JSON_ENCODER",
    "Byteish",
    "Handler",
    "JSONBytesEncoder",
    "JSONDecoder",
    "JSONEncoder",
    "LooseCookies",
    "LooseCookiesIterables",
    "LooseCookiesMappings",
    "LooseHeaders",
    "Middleware",
    "PathLike",
    "Query",
    "RawHeaders",
    "StrOrURL",
    "_RequestHandler",
    "_RequestOptions",
)
