"""What connectors share: acting on the pool's plans, keeping idle connections for a while, closing for good."""

from __future__ import annotations

import asyncio
import sys
import traceback
import warnings
from collections.abc import Awaitable, Callable, Generator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from multidict import CIMultiDict

from .._net.timeouts import Timeout
from .._semantics.field_names import AUTHORIZATION, HOST, PROXY_AUTHORIZATION
from .._semantics.methods import METH_GET
from .._semantics.sentinel import _SENTINEL, sentinel
from .connection import ResponseHandler
from .connection_key import ConnectionKey
from .endings import Endings
from .errors import ClientConnectionError
from .lease import Connection, Lender
from .pool import Pool, Ticket, TicketState

if TYPE_CHECKING:
    from .request import ClientRequest
    from .timeouts import ClientTimeout
    from .tracing import Trace

HTTP_SCHEMA_SET: Final = frozenset({"http", "https"})
WS_SCHEMA_SET: Final = frozenset({"ws", "wss"})
HTTP_AND_EMPTY_SCHEMA_SET: Final = HTTP_SCHEMA_SET | {""}
HIGH_LEVEL_SCHEMA_SET: Final = HTTP_AND_EMPTY_SCHEMA_SET | WS_SCHEMA_SET

DEFAULT_KEEPALIVE: Final = 15.0
"""Seconds that a connection may be idle."""


class _Closing:
    """What ``close`` returns: awaited, it waits until all transports are gone; left alone, it does not matter."""

    __slots__ = ("_waits",)

    def __init__(self, waits: list[Awaitable[Any]]) -> None:
        self._waits = waits

    def __await__(self) -> Generator[Any, None, None]:
        if self._waits:
            yield from asyncio.gather(*self._waits, return_exceptions=True)


class BaseConnector(Lender):
    """Pools connections. ``limit`` counts those in use (0: no limit), ``limit_per_host`` those of one key.

    ``keepalive_timeout`` in seconds; ``force_close`` uses each connection once. A connection that has not closed two
    seconds after it should have is dropped, whatever ``enable_cleanup_closed`` says.
    """

    _closed = True
    _source_traceback = None
    _cleanup_closed_period = 2.0

    allowed_protocol_schema_set = HIGH_LEVEL_SCHEMA_SET

    def __init__(
        self,
        *,
        keepalive_timeout: _SENTINEL | float | None = sentinel,
        force_close: bool = False,
        limit: int = 100,
        limit_per_host: int = 0,
        enable_cleanup_closed: bool = False,
        loop: asyncio.AbstractEventLoop | None = None,
        timeout_ceil_threshold: float = 5,
    ) -> None:
        if force_close:
            if keepalive_timeout is not None and keepalive_timeout is not sentinel:
                raise ValueError("keepalive_timeout cannot be set if force_close is True")
            keepalive_timeout = None
        elif keepalive_timeout is sentinel:
            keepalive_timeout = DEFAULT_KEEPALIVE
        loop = loop or asyncio.get_running_loop()
        super().__init__(loop, Pool(limit, limit_per_host), keepalive_timeout, force_close)
        self._timeout_ceil_threshold = timeout_ceil_threshold
        self._factory: Callable[[], ResponseHandler] = _Factory(loop)
        self._endings = Endings(loop)
        self._closed = False
        if loop.get_debug():
            self._source_traceback = traceback.extract_stack(sys._getframe(1))

    def __del__(self, _warnings: Any = warnings) -> None:
        if self._closed or not self._conns:
            return
        conns = [repr(idle) for idle in self._conns.values()]
        self._close()
        _warnings.warn(f"Unclosed connector {self!r}", ResourceWarning, source=self)
        context = {"connector": self, "connections": conns, "message": "Unclosed connector"}
        if self._source_traceback is not None:
            context["source_traceback"] = self._source_traceback
        self._loop.call_exception_handler(context)

    def __enter__(self) -> BaseConnector:
        warnings.warn(
            '"with Connector():" is deprecated, use "async with Connector():" instead', DeprecationWarning, stacklevel=2
        )
        return self

    def __exit__(self, *exc: Any) -> None:
        self._close()

    async def __aenter__(self) -> BaseConnector:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        exc_traceback: TracebackType | None = None,
    ) -> None:
        await self.close()

    @property
    def limit(self) -> int:
        """Connections in use at the same time; 0 is no limit."""
        return self._pool.limit

    @property
    def limit_per_host(self) -> int:
        """Connections of one key in use at the same time; 0 is no limit."""
        return self._pool.limit_per_host

    @property
    def closed(self) -> bool:
        return self._closed

    # Names that other libraries read

    @property
    def _conns(self) -> dict[ConnectionKey, Any]:
        return {key: waiting for key, waiting in self._pool.idle.items() if waiting}

    @property
    def _limit(self) -> int:
        return self._pool.limit

    @_limit.setter
    def _limit(self, limit: int) -> None:
        self._pool.limit = limit

    @property
    def _limit_per_host(self) -> int:
        return self._pool.limit_per_host

    @_limit_per_host.setter
    def _limit_per_host(self, limit: int) -> None:
        self._pool.limit_per_host = limit

    def _available_connections(self, key: ConnectionKey) -> int:
        return self._pool.available(key)

    # Getting a connection

    async def connect(self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout) -> Connection:
        """An idle connection for ``req``, or a new one. Waits while the limits are reached."""
        if self._closed:
            raise ClientConnectionError("Connector is closed.")
        key = req.connection_key
        if self._pool.try_acquire(key):
            protocol = self._take_idle(key)
            if protocol is not None:
                if req.proxy is None and not traces:
                    return self._lease(key, protocol)
                return await self._reuse(key, protocol, req, traces)
            if not timeout.connect:
                return await self._open(key, req, traces, timeout)
            async with Timeout(timeout.connect, timeout.ceil_threshold):
                return await self._open(key, req, traces, timeout)
        async with Timeout(timeout.connect, timeout.ceil_threshold):
            await self._wait_for_slot(key, traces)
            protocol = self._take_idle(key)
            if protocol is None:
                return await self._open(key, req, traces, timeout)
            return await self._reuse(key, protocol, req, traces)

    async def _get(self, key: ConnectionKey, traces: list[Trace]) -> Connection | None:
        """An idle connection where there is one and a slot is free."""
        if self._closed or not self._pool.try_acquire(key):
            return None
        protocol = self._take_idle(key)
        if protocol is None:
            self._pool.release(key)
            return None
        connection = self._lease(key, protocol)
        for trace in traces:
            await self._guarded(connection, trace.send_connection_reuseconn())
        return connection

    async def _wait_for_available_connection(self, key: ConnectionKey, traces: list[Trace]) -> None:
        """Wait until a slot is free; another may take it."""
        if self._pool.try_acquire(key):
            self._pool.release(key)
            return
        await self._wait_for_slot(key, traces)
        self._pool.release(key)

    def _update_proxy_auth_header_and_build_proxy_req(self, req: ClientRequest) -> ClientRequest:
        """The request to the proxy itself; ``req`` gets the proxy's credentials where they must travel with it."""
        from .request import ClientRequest

        proxy = req.proxy
        if proxy is None:
            raise ValueError("the request has no proxy")
        headers: CIMultiDict[str] = CIMultiDict(req.proxy_headers or ())
        headers[HOST] = req.headers[HOST]
        proxy_req = ClientRequest(METH_GET, proxy, headers=headers, auth=req.proxy_auth, loop=self._loop, ssl=req.ssl)
        auth = proxy_req.headers.pop(AUTHORIZATION, None)
        if auth is not None:
            if req.is_ssl():
                proxy_req.headers[PROXY_AUTHORIZATION] = auth
            else:
                req.headers[PROXY_AUTHORIZATION] = auth
        return proxy_req

    async def _guarded(self, connection: Connection, step: Awaitable[None]) -> None:
        try:
            await step
        except BaseException:
            connection.close()
            raise

    def _take_idle(self, key: ConnectionKey) -> ResponseHandler | None:
        pool = self._pool
        if not pool.idle:
            return None
        keepalive = self._keepalive_timeout
        waiting = pool.idle.get(key)
        protocol: ResponseHandler
        while waiting:
            protocol, since = waiting.pop()
            if not waiting:
                del pool.idle[key]
            if protocol.is_connected() and (keepalive is None or self._loop.time() - since <= keepalive):
                return protocol
            self._dispose(protocol)
        return None

    async def _reuse(
        self, key: ConnectionKey, protocol: ResponseHandler, req: ClientRequest, traces: list[Trace]
    ) -> Connection:
        connection = self._lease(key, protocol)
        if req.proxy is not None:
            # Credentials for the proxy travel with each request that it reads.
            try:
                self._update_proxy_auth_header_and_build_proxy_req(req)
            except BaseException:
                connection.close()
                raise
        for trace in traces:
            await self._guarded(connection, trace.send_connection_reuseconn())
        return connection

    def _lease(self, key: ConnectionKey, protocol: ResponseHandler) -> Connection:
        self._acquired.add(protocol)
        return Connection(self, key, protocol, self._loop)

    async def _open(
        self, key: ConnectionKey, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout
    ) -> Connection:
        """A new connection for the slot that the caller holds; on failure the slot is given on."""
        protocol = None
        try:
            for trace in traces:
                await trace.send_connection_create_start()
            protocol = await self._create_connection(req, traces, timeout)
            if self._closed:
                protocol.close()
                raise ClientConnectionError("Connector is closed.")
            for trace in traces:
                await trace.send_connection_create_end()
        except BaseException:
            self._pool.release(key)
            if protocol is not None:
                self._dispose(protocol)
            raise
        return self._lease(key, protocol)

    async def _wait_for_slot(self, key: ConnectionKey, traces: list[Trace]) -> None:
        for trace in traces:
            await trace.send_connection_queued_start()
        future: asyncio.Future[None] = self._loop.create_future()

        def wake() -> None:
            if not future.done():
                future.set_result(None)

        if self._pool.try_acquire(key):
            # A slot came free while the traces ran.
            ticket = Ticket(key, wake)
            ticket.state = TicketState.GRANTED
        else:
            ticket = self._pool.queue(key, wake)
            try:
                await future
            except BaseException:
                self._pool.leave(ticket)
                raise
        if ticket.state is TicketState.LEFT:
            raise ClientConnectionError("Connector is closed.")
        try:
            for trace in traces:
                await trace.send_connection_queued_end()
        except BaseException:
            self._pool.leave(ticket)
            raise

    async def _create_connection(
        self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout
    ) -> ResponseHandler:
        raise NotImplementedError

    # Giving it back

    def _release(self, key: ConnectionKey, protocol: ResponseHandler, *, should_close: bool = False) -> None:
        if self._closed:
            self._acquired.discard(protocol)
            protocol.close()
            return
        if protocol not in self._acquired:
            return
        self._acquired.discard(protocol)
        if should_close or self._force_close or not protocol.is_connected():
            self._dispose(protocol)
            self._pool.forget(key)
            self._pool.release(key)
            return
        self._keep(key, protocol)

    def _release_acquired(self, key: ConnectionKey, proto: ResponseHandler) -> None:
        if proto in self._acquired:
            self._acquired.discard(proto)
            self._pool.release(key)

    def _release_waiter(self) -> None:
        """The pool wakes waiters itself."""

    def _dispose(self, protocol: ResponseHandler) -> None:
        """Close, and remember it until it is gone, so that ``close`` can wait for it."""
        self._endings.close(protocol, self._grace)

    @property
    def _grace(self) -> float:
        """Seconds that a connection may take to close."""
        return self._cleanup_closed_period

    def _cleanup(self) -> None:
        """Close what was idle for too long. One timer for all, and none while nothing is idle."""
        if self._cleanup_handle is not None:
            self._cleanup_handle.cancel()
            self._cleanup_handle = None
        keepalive = self._keepalive_timeout
        if keepalive is None:
            return
        for protocol in self._pool.expire(self._loop.time() - keepalive):
            self._dispose(protocol)
        if self._pool.idle:
            oldest = min(waiting[0][1] for waiting in self._pool.idle.values())
            self._cleanup_handle = self._loop.call_at(max(oldest + keepalive, self._loop.time() + 1.0), self._cleanup)

    def _cleanup_closed(self) -> None:
        """Kept for its name: with or without ``enable_cleanup_closed``, no transport hangs in a TLS shutdown."""

    # Closing

    def close(self, *, abort_ssl: bool = False) -> Awaitable[None]:
        """Close all connections; awaited, it returns when their transports are gone."""
        if not (waits := self._close(abort_ssl=abort_ssl)):
            return _Closing([])
        return _Closing(list(waits))

    def _close(self, *, abort_ssl: bool = False) -> list[Awaitable[object]]:
        if self._closed:
            return []
        self._closed = True
        if self._cleanup_handle is not None:
            self._cleanup_handle.cancel()
            self._cleanup_handle = None
        pool = self._pool
        protocols = [protocol for waiting in pool.idle.values() for protocol, _ in waiting]
        protocols += self._endings
        protocols += self._acquired
        pool.idle.clear()
        self._acquired.clear()
        for ticket in pool.abandon():
            ticket.wake()
        if self._loop.is_closed():
            return []
        waits: list[Awaitable[object]] = []
        for protocol in protocols:
            transport = protocol.transport
            if abort_ssl and transport is not None and transport.get_extra_info("sslcontext") is not None:
                protocol.abort()
            else:
                self._endings.close(protocol, self._grace)
            closed = protocol.closed
            if closed is not None:
                waits.append(closed)
        return waits


class _Factory:
    """Makes the protocols of one loop."""

    __slots__ = ("_loop",)

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def __call__(self) -> ResponseHandler:
        return ResponseHandler(loop=self._loop)
