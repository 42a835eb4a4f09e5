"""Signals around each step of a request, for measuring and logging."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar

from aiosignal import Signal
from multidict import CIMultiDict
from yarl import URL

if TYPE_CHECKING:
    from . import trace_params as params
    from .response import ClientResponse
    from .session import ClientSession

    _Params = TypeVar("_Params")
    _Step = Signal[ClientSession, SimpleNamespace, _Params]

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
    def on_request_start(self) -> _Step[params.TraceRequestStartParams]:
        return self._signals["request_start"]

    @property
    def on_request_chunk_sent(self) -> _Step[params.TraceRequestChunkSentParams]:
        return self._signals["request_chunk_sent"]

    @property
    def on_response_chunk_received(
        self,
    ) -> _Step[params.TraceResponseChunkReceivedParams]:
        return self._signals["response_chunk_received"]

    @property
    def on_request_end(self) -> _Step[params.TraceRequestEndParams]:
        return self._signals["request_end"]

    @property
    def on_request_exception(self) -> _Step[params.TraceRequestExceptionParams]:
        return self._signals["request_exception"]

    @property
    def on_request_redirect(self) -> _Step[params.TraceRequestRedirectParams]:
        return self._signals["request_redirect"]

    @property
    def on_connection_queued_start(
        self,
    ) -> _Step[params.TraceConnectionQueuedStartParams]:
        return self._signals["connection_queued_start"]

    @property
    def on_connection_queued_end(self) -> _Step[params.TraceConnectionQueuedEndParams]:
        return self._signals["connection_queued_end"]

    @property
    def on_connection_create_start(
        self,
    ) -> _Step[params.TraceConnectionCreateStartParams]:
        return self._signals["connection_create_start"]

    @property
    def on_connection_create_end(self) -> _Step[params.TraceConnectionCreateEndParams]:
        return self._signals["connection_create_end"]

    @property
    def on_connection_reuseconn(self) -> _Step[params.TraceConnectionReuseconnParams]:
        return self._signals["connection_reuseconn"]

    @property
    def on_dns_resolvehost_start(self) -> _Step[params.TraceDnsResolveHostStartParams]:
        return self._signals["dns_resolvehost_start"]

    @property
    def on_dns_resolvehost_end(self) -> _Step[params.TraceDnsResolveHostEndParams]:
        return self._signals["dns_resolvehost_end"]

    @property
    def on_dns_cache_hit(self) -> _Step[params.TraceDnsCacheHitParams]:
        return self._signals["dns_cache_hit"]

    @property
    def on_dns_cache_miss(self) -> _Step[params.TraceDnsCacheMissParams]:
        return self._signals["dns_cache_miss"]

    @property
    def on_request_headers_sent(self) -> _Step[params.TraceRequestHeadersSentParams]:
        return self._signals["request_headers_sent"]


class Trace:
    """One request's signals to one TraceConfig."""

    def __init__(self, session: ClientSession, trace_config: TraceConfig, trace_config_ctx: Any) -> None:
        self._session = session
        self._trace_config = trace_config
        self._trace_config_ctx = trace_config_ctx

    async def _send(self, signal: Signal[Any, Any, Any], step: str, *told: Any) -> None:
        if signal:
            # Sixteen classes, made for those who listen.
            from . import trace_params

            made = getattr(trace_params, f"Trace{step}Params")(*told)
            await signal.send(self._session, self._trace_config_ctx, made)

    async def send_request_start(self, method: str, url: URL, headers: CIMultiDict[str]) -> None:
        await self._send(self._trace_config.on_request_start, "RequestStart", method, url, headers)

    async def send_request_chunk_sent(self, method: str, url: URL, chunk: bytes) -> None:
        await self._send(self._trace_config.on_request_chunk_sent, "RequestChunkSent", method, url, chunk)

    async def send_response_chunk_received(self, method: str, url: URL, chunk: bytes) -> None:
        await self._send(self._trace_config.on_response_chunk_received, "ResponseChunkReceived", method, url, chunk)

    async def send_request_end(
        self, method: str, url: URL, headers: CIMultiDict[str], response: ClientResponse
    ) -> None:
        await self._send(self._trace_config.on_request_end, "RequestEnd", method, url, headers, response)

    async def send_request_exception(
        self, method: str, url: URL, headers: CIMultiDict[str], exception: BaseException
    ) -> None:
        await self._send(self._trace_config.on_request_exception, "RequestException", method, url, headers, exception)

    async def send_request_redirect(
        self, method: str, url: URL, headers: CIMultiDict[str], response: ClientResponse
    ) -> None:
        await self._send(self._trace_config.on_request_redirect, "RequestRedirect", method, url, headers, response)

    async def send_connection_queued_start(self) -> None:
        await self._send(self._trace_config.on_connection_queued_start, "ConnectionQueuedStart")

    async def send_connection_queued_end(self) -> None:
        await self._send(self._trace_config.on_connection_queued_end, "ConnectionQueuedEnd")

    async def send_connection_create_start(self) -> None:
        await self._send(self._trace_config.on_connection_create_start, "ConnectionCreateStart")

    async def send_connection_create_end(self) -> None:
        await self._send(self._trace_config.on_connection_create_end, "ConnectionCreateEnd")

    async def send_connection_reuseconn(self) -> None:
        await self._send(self._trace_config.on_connection_reuseconn, "ConnectionReuseconn")

    async def send_dns_resolvehost_start(self, host: str) -> None:
        await self._send(self._trace_config.on_dns_resolvehost_start, "DnsResolveHostStart", host)

    async def send_dns_resolvehost_end(self, host: str) -> None:
        await self._send(self._trace_config.on_dns_resolvehost_end, "DnsResolveHostEnd", host)

    async def send_dns_cache_hit(self, host: str) -> None:
        await self._send(self._trace_config.on_dns_cache_hit, "DnsCacheHit", host)

    async def send_dns_cache_miss(self, host: str) -> None:
        await self._send(self._trace_config.on_dns_cache_miss, "DnsCacheMiss", host)

    async def send_request_headers(self, method: str, url: URL, headers: CIMultiDict[str]) -> None:
        await self._send(self._trace_config.on_request_headers_sent, "RequestHeadersSent", method, url, headers)
