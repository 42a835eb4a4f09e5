"""Signals around each step of a request, for measuring and logging."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import attr
from aiosignal import Signal
from multidict import CIMultiDict
from yarl import URL

if TYPE_CHECKING:
    from .response import ClientResponse
    from .session import ClientSession

_SIGNALS = (
    "request_start",
    "request_chunk_sent",
    "response_chunk_received",
    "request_end",
    "request_exception",
    "request_redirect",
    "connection_queued_start",
    "connection_queued_end",
    "connection_create_start",
    "connection_create_end",
    "connection_reuseconn",
    "dns_resolvehost_start",
    "dns_resolvehost_end",
    "dns_cache_hit",
    "dns_cache_miss",
    "request_headers_sent",
)


class TraceConfig:
    """Lists of coroutines ``(session, context, params)`` that run at each step; frozen by the session's first use."""

    def __init__(self, trace_config_ctx_factory: Any = SimpleNamespace) -> None:
        self._trace_config_ctx_factory = trace_config_ctx_factory
        self._signals: dict[str, Signal[Any, Any, Any]] = {name: Signal(self) for name in _SIGNALS}

    def trace_config_ctx(self, trace_request_ctx: Any = None) -> Any:
        """The context of one request."""
        return self._trace_config_ctx_factory(trace_request_ctx=trace_request_ctx)

    def freeze(self) -> None:
        """Take no more coroutines."""
        for signal in self._signals.values():
            signal.freeze()

    @property
    def on_request_start(self) -> Signal[Any, Any, Any]:
        return self._signals["request_start"]

    @property
    def on_request_chunk_sent(self) -> Signal[Any, Any, Any]:
        return self._signals["request_chunk_sent"]

    @property
    def on_response_chunk_received(self) -> Signal[Any, Any, Any]:
        return self._signals["response_chunk_received"]

    @property
    def on_request_end(self) -> Signal[Any, Any, Any]:
        return self._signals["request_end"]

    @property
    def on_request_exception(self) -> Signal[Any, Any, Any]:
        return self._signals["request_exception"]

    @property
    def on_request_redirect(self) -> Signal[Any, Any, Any]:
        return self._signals["request_redirect"]

    @property
    def on_connection_queued_start(self) -> Signal[Any, Any, Any]:
        return self._signals["connection_queued_start"]

    @property
    def on_connection_queued_end(self) -> Signal[Any, Any, Any]:
        return self._signals["connection_queued_end"]

    @property
    def on_connection_create_start(self) -> Signal[Any, Any, Any]:
        return self._signals["connection_create_start"]

    @property
    def on_connection_create_end(self) -> Signal[Any, Any, Any]:
        return self._signals["connection_create_end"]

    @property
    def on_connection_reuseconn(self) -> Signal[Any, Any, Any]:
        return self._signals["connection_reuseconn"]

    @property
    def on_dns_resolvehost_start(self) -> Signal[Any, Any, Any]:
        return self._signals["dns_resolvehost_start"]

    @property
    def on_dns_resolvehost_end(self) -> Signal[Any, Any, Any]:
        return self._signals["dns_resolvehost_end"]

    @property
    def on_dns_cache_hit(self) -> Signal[Any, Any, Any]:
        return self._signals["dns_cache_hit"]

    @property
    def on_dns_cache_miss(self) -> Signal[Any, Any, Any]:
        return self._signals["dns_cache_miss"]

    @property
    def on_request_headers_sent(self) -> Signal[Any, Any, Any]:
        return self._signals["request_headers_sent"]


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


class Trace:
    """One request's signals to one TraceConfig."""

    def __init__(self, session: ClientSession, trace_config: TraceConfig, trace_config_ctx: Any) -> None:
        self._session = session
        self._trace_config = trace_config
        self._trace_config_ctx = trace_config_ctx

    async def _send(self, signal: Signal[Any, Any, Any], params: Any) -> None:
        if signal:
            await signal.send(self._session, self._trace_config_ctx, params)

    async def send_request_start(self, method: str, url: URL, headers: CIMultiDict[str]) -> None:
        await self._send(self._trace_config.on_request_start, TraceRequestStartParams(method, url, headers))

    async def send_request_chunk_sent(self, method: str, url: URL, chunk: bytes) -> None:
        await self._send(self._trace_config.on_request_chunk_sent, TraceRequestChunkSentParams(method, url, chunk))

    async def send_response_chunk_received(self, method: str, url: URL, chunk: bytes) -> None:
        params = TraceResponseChunkReceivedParams(method, url, chunk)
        await self._send(self._trace_config.on_response_chunk_received, params)

    async def send_request_end(
        self, method: str, url: URL, headers: CIMultiDict[str], response: ClientResponse
    ) -> None:
        await self._send(self._trace_config.on_request_end, TraceRequestEndParams(method, url, headers, response))

    async def send_request_exception(
        self, method: str, url: URL, headers: CIMultiDict[str], exception: BaseException
    ) -> None:
        params = TraceRequestExceptionParams(method, url, headers, exception)
        await self._send(self._trace_config.on_request_exception, params)

    async def send_request_redirect(
        self, method: str, url: URL, headers: CIMultiDict[str], response: ClientResponse
    ) -> None:
        params = TraceRequestRedirectParams(method, url, headers, response)
        await self._send(self._trace_config.on_request_redirect, params)

    async def send_connection_queued_start(self) -> None:
        await self._send(self._trace_config.on_connection_queued_start, TraceConnectionQueuedStartParams())

    async def send_connection_queued_end(self) -> None:
        await self._send(self._trace_config.on_connection_queued_end, TraceConnectionQueuedEndParams())

    async def send_connection_create_start(self) -> None:
        await self._send(self._trace_config.on_connection_create_start, TraceConnectionCreateStartParams())

    async def send_connection_create_end(self) -> None:
        await self._send(self._trace_config.on_connection_create_end, TraceConnectionCreateEndParams())

    async def send_connection_reuseconn(self) -> None:
        await self._send(self._trace_config.on_connection_reuseconn, TraceConnectionReuseconnParams())

    async def send_dns_resolvehost_start(self, host: str) -> None:
        await self._send(self._trace_config.on_dns_resolvehost_start, TraceDnsResolveHostStartParams(host))

    async def send_dns_resolvehost_end(self, host: str) -> None:
        await self._send(self._trace_config.on_dns_resolvehost_end, TraceDnsResolveHostEndParams(host))

    async def send_dns_cache_hit(self, host: str) -> None:
        await self._send(self._trace_config.on_dns_cache_hit, TraceDnsCacheHitParams(host))

    async def send_dns_cache_miss(self, host: str) -> None:
        await self._send(self._trace_config.on_dns_cache_miss, TraceDnsCacheMissParams(host))

    async def send_request_headers(self, method: str, url: URL, headers: CIMultiDict[str]) -> None:
        params = TraceRequestHeadersSentParams(method, url, headers)
        await self._send(self._trace_config.on_request_headers_sent, params)
