"""The types of arguments, under the names that annotations of other libraries use."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

from yarl import Query

from aiohttp_core._client.request_options import RequestOptions as _RequestOptions
from aiohttp_core._semantics.arguments import (
    LooseCookies,
    LooseCookiesIterables,
    LooseCookiesMappings,
    LooseHeaders,
    PathLike,
    StrOrURL,
)
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
RawHeaders = tuple[tuple[bytes, bytes], ...]

_RequestHandler = Callable[["BaseRequest"], Awaitable["StreamResponse"]]


class Middleware(Protocol):
    """What ``web.middleware`` makes."""

    def __call__(self, request: Request, handler: Handler) -> Awaitable[StreamResponse]: ...


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
