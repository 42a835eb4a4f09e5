"""What the coroutines of a TraceConfig are told; a module of its own, since most programs trace nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attr
from multidict import CIMultiDict
from yarl import URL

if TYPE_CHECKING:
    from .response import ClientResponse


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceRequestStartParams:
    """Of on_request_start."""

    method: str
    url: URL
    headers: CIMultiDict[str]


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceRequestChunkSentParams:
    """Of on_request_chunk_sent."""

    method: str
    url: URL
    chunk: bytes


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceResponseChunkReceivedParams:
    """Of on_response_chunk_received."""

    method: str
    url: URL
    chunk: bytes


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceRequestEndParams:
    """Of on_request_end."""

    method: str
    url: URL
    headers: CIMultiDict[str]
    response: ClientResponse


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceRequestExceptionParams:
    """Of on_request_exception."""

    method: str
    url: URL
    headers: CIMultiDict[str]
    exception: BaseException


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceRequestRedirectParams:
    """Of on_request_redirect."""

    method: str
    url: URL
    headers: CIMultiDict[str]
    response: ClientResponse


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceConnectionQueuedStartParams:
    """Of on_connection_queued_start."""


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceConnectionQueuedEndParams:
    """Of on_connection_queued_end."""


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceConnectionCreateStartParams:
    """Of on_connection_create_start."""


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceConnectionCreateEndParams:
    """Of on_connection_create_end."""


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceConnectionReuseconnParams:
    """Of on_connection_reuseconn."""


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceDnsResolveHostStartParams:
    """Of on_dns_resolvehost_start."""

    host: str


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceDnsResolveHostEndParams:
    """Of on_dns_resolvehost_end."""

    host: str


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceDnsCacheHitParams:
    """Of on_dns_cache_hit."""

    host: str


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceDnsCacheMissParams:
    """Of on_dns_cache_miss."""

    host: str


@attr.s(auto_attribs=True, frozen=True, slots=True)
class TraceRequestHeadersSentParams:
    """Of on_request_headers_sent."""

    method: str
    url: URL
    headers: CIMultiDict[str]
