"""The abstract classes that programs may implement: resolvers, cookie jars, routers, access loggers, views."""

from typing import TYPE_CHECKING

from aiohttp_core._client.abstract_cookie_jar import AbstractCookieJar
from aiohttp_core._connection.stream_writer import AbstractStreamWriter
from aiohttp_core._net.resolver import AbstractResolver, ResolveResult
from aiohttp_core._semantics.cookies import parse_set_cookie_headers
from aiohttp_core._server.abstract import AbstractMatchInfo, AbstractRouter, AbstractView
from aiohttp_core._server.access_log import AbstractAccessLogger

__all__ = (
    "TYPE_CHECKING",
    "AbstractAccessLogger",
    "AbstractCookieJar",
    "AbstractMatchInfo",
    "AbstractResolver",
    "AbstractRouter",
    "AbstractStreamWriter",
    "AbstractView",
    "ResolveResult",
    "parse_set_cookie_headers",
)
