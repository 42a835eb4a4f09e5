"""``aiohttp.typedefs``: re-exports."""

from typing import TYPE_CHECKING

from aiohttp_core.compat._shims.typing import (
    DEFAULT_JSON_DECODER,
    DEFAULT_JSON_ENCODER,
    Byteish,
    Handler,
    JSONBytesEncoder,
    JSONDecoder,
    JSONEncoder,
    LooseCookies,
    LooseCookiesIterables,
    LooseCookiesMappings,
    LooseHeaders,
    Middleware,
    PathLike,
    Query,
    RawHeaders,
    StrOrURL,
)

__all__ = (
    "DEFAULT_JSON_DECODER",
    "DEFAULT_JSON_ENCODER",
    "TYPE_CHECKING",
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
)
