"""Connections over TCP, with TLS where the URL asks for it, and through proxies."""

from __future__ import annotations

import asyncio
import socket
import ssl as _ssl
import sys
import warnings
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, cast

import aiohappyeyeballs

from .._net.dialling import AddrInfoType, Dialling, SocketFactoryType, is_ip_address
from .._net.dns_cache import DNSCacheTable
from .._net.resolver import AbstractResolver, DefaultResolver, ResolveResult
from .._net.timeouts import Timeout
from .._net.tls import client_context
from .._semantics.deprecations import warn_caller
from .._semantics.hosts import is_address
from .._semantics.methods import METH_CONNECT
from .._semantics.sentinel import _SENTINEL, sentinel
from .connection import ResponseHandler
from .connector import HIGH_LEVEL_SCHEMA_SET, BaseConnector
from .errors import (
    ClientConnectionError,
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientHttpProxyError,
    ClientProxyConnectionError,
    InvalidUrlClientError,
    ServerFingerprintMismatch,
)
from .fingerprint import Fingerprint, _merge_ssl_params

if TYPE_CHECKING:
    from .request import ClientRequest
    from .timeouts import ClientTimeout
    from .tracing import Trace

DEFAULT_SHUTDOWN: Final = 30.0
"""Seconds that asyncio gives a TLS shutdown."""
_HAS_SHUTDOWN_TIMEOUT: Final = sys.version_info >= (3, 11)


class TCPConnector(BaseConnector):
    """Connects over TCP.

    ``ttl_dns_cache`` in seconds (None: for ever), ``dns_cache_max_size`` in entries; ``happy_eyeballs_delay`` in
    seconds (RFC 8305); ``ssl_shutdown_timeout`` in seconds: what a connection may take to close, 30 where it is None.
    With 0 the connector's own ``close`` drops TLS connections at once, and others get two seconds.
    """

    allowed_protocol_schema_set = HIGH_LEVEL_SCHEMA_SET | frozenset({"tcp"})

    def __init__(
        self,
        *,
        verify_ssl: bool = True,
        fingerprint: bytes | None = None,
        use_dns_cache: bool = True,
        ttl_dns_cache: int | None = 10,
        dns_cache_max_size: int = 1000,
        family: socket.AddressFamily = socket.AddressFamily.AF_UNSPEC,
        ssl_context: _ssl.SSLContext | None = None,
        ssl: bool | Fingerprint | _ssl.SSLContext = True,
        local_addr: tuple[str, int] | None = None,
        resolver: AbstractResolver | None = None,
        keepalive_timeout: float | _SENTINEL | None = sentinel,
        force_close: bool = False,
        limit: int = 100,
        limit_per_host: int = 0,
        enable_cleanup_closed: bool = False,
        loop: asyncio.AbstractEventLoop | None = None,
        timeout_ceil_threshold: float = 5,
        happy_eyeballs_delay: float | None = 0.25,
        interleave: int | None = None,
        socket_factory: SocketFactoryType | None = None,
        ssl_shutdown_timeout: _SENTINEL | float | None = sentinel,
    ) -> None:
        super().__init__(
            keepalive_timeout=keepalive_timeout,
            force_close=force_close,
            limit=limit,
            limit_per_host=limit_per_host,
            enable_cleanup_closed=enable_cleanup_closed,
            loop=loop,
            timeout_ceil_threshold=timeout_ceil_threshold,
        )
        self._ssl: Any = (
            ssl
            if (verify_ssl and fingerprint is None and ssl_context is None and ssl is True)
            else (_merge_ssl_params(ssl, None if verify_ssl else False, ssl_context, fingerprint))
        )
        self._resolver_owner = resolver is None
        self._resolver_made: AbstractResolver | None = resolver
        self._use_dns_cache = use_dns_cache
        self._cached_hosts = DNSCacheTable(ttl=ttl_dns_cache, max_size=dns_cache_max_size)
        self._lookups: dict[tuple[str, int], asyncio.Task[list[ResolveResult]]] = {}
        self._family = family
        self._dialling = Dialling(local_addr, happy_eyeballs_delay, interleave, socket_factory)
        if ssl_shutdown_timeout is not sentinel:
            warn_caller("The ssl_shutdown_timeout parameter is deprecated and will be removed in aiohttp 4.0")
            if not _HAS_SHUTDOWN_TIMEOUT and ssl_shutdown_timeout:
                warnings.warn("ssl_shutdown_timeout is ignored before Python 3.11", RuntimeWarning, stacklevel=2)
        self._ssl_shutdown_timeout: float | None = 0 if ssl_shutdown_timeout is sentinel else ssl_shutdown_timeout

    @property
    def _grace(self) -> float:
        timeout = self._ssl_shutdown_timeout
        return DEFAULT_SHUTDOWN if timeout is None else timeout or self._cleanup_closed_period

    @property
    def family(self) -> int:
        """AF_INET, AF_INET6, or AF_UNSPEC for both."""
        return self._family

    @property
    def use_dns_cache(self) -> bool:
        return self._use_dns_cache

    @property
    def _resolver(self) -> AbstractResolver:
        # Made when first needed: most tests and many services only talk to addresses.
        if self._resolver_made is None:
            self._resolver_made = DefaultResolver(loop=self._loop)
        return self._resolver_made

    @_resolver.setter
    def _resolver(self, resolver: AbstractResolver) -> None:
        self._resolver_made = resolver

    def clear_dns_cache(self, host: str | None = None, port: int | None = None) -> None:
        """Forget the addresses of one host and port, or of all."""
        if host is not None and port is not None:
            self._cached_hosts.remove((host, port))
        elif host is not None or port is not None:
            raise ValueError("either both host and port or none of them are allowed")
        else:
            self._cached_hosts.clear()

    async def close(self, *, abort_ssl: bool = False) -> None:
        """Close all connections, and return when their transports are gone."""
        await super().close(abort_ssl=abort_ssl)

    def _close(self, *, abort_ssl: bool = False) -> list[Awaitable[object]]:
        if self._closed:
            return []
        for task in self._lookups.values():
            task.cancel()
        waits: list[Awaitable[object]] = list(self._lookups.values())
        self._lookups.clear()
        waits += super()._close(abort_ssl=abort_ssl or self._ssl_shutdown_timeout == 0)
        resolver = self._resolver_made
        if self._resolver_owner and resolver is not None and not self._loop.is_closed():
            self._resolver_made = None
            waits.append(self._loop.create_task(resolver.close()))
        return waits

    # Names to addresses

    async def _resolve_host(self, host: str, port: int, traces: Sequence[Trace] | None = None) -> list[ResolveResult]:
        """The addresses of ``host``; one look-up at a time for each, whoever asks."""
        if is_ip_address(host):
            return [{"hostname": host, "host": host, "port": port, "family": self._family, "proto": 0, "flags": 0}]
        if is_address(host):
            # A resolver would take ``127.1`` for 127.0.0.1, past those who check URLs (#12827).
            raise InvalidUrlClientError(host, "is not a canonical IPv4 address")
        traces = traces or ()
        if not self._use_dns_cache:
            for trace in traces:
                await trace.send_dns_resolvehost_start(host)
            found = await self._resolver.resolve(host, port, family=self._family)
            for trace in traces:
                await trace.send_dns_resolvehost_end(host)
            return found
        key = (host, port)
        if key in self._cached_hosts and not self._cached_hosts.expired(key):
            addresses = self._cached_hosts.next_addrs(key)
            for trace in traces:
                await trace.send_dns_cache_hit(host)
            return addresses
        task = self._lookups.get(key)
        if task is not None:
            for trace in traces:
                await trace.send_dns_cache_hit(host)
        else:
            for trace in traces:
                await trace.send_dns_cache_miss(host)
            task = self._lookups.get(key)
            if task is None:
                task = self._lookups[key] = self._loop.create_task(self._look_up(key, host, port, traces))
                task.add_done_callback(_observe)
        # One that asked may be cancelled without taking the answer from the others.
        await asyncio.wait((task,))
        if task.cancelled():
            raise ClientConnectionError("Connector is closed.")
        found = task.result()
        return self._cached_hosts.next_addrs(key) if key in self._cached_hosts else list(found)

    async def _look_up(
        self, key: tuple[str, int], host: str, port: int, traces: Sequence[Trace]
    ) -> list[ResolveResult]:
        try:
            for trace in traces:
                await trace.send_dns_resolvehost_start(host)
            found = await self._resolver.resolve(host, port, family=self._family)
            for trace in traces:
                await trace.send_dns_resolvehost_end(host)
            self._cached_hosts.add(key, found)
            return found
        finally:
            self._lookups.pop(key, None)

    def _convert_hosts_to_addr_infos(self, hosts: list[ResolveResult]) -> list[AddrInfoType]:
        infos: list[AddrInfoType] = []
        for found in hosts:
            host, port = found["host"], found["port"]
            is_ipv6 = ":" in host
            family = socket.AF_INET6 if is_ipv6 else socket.AF_INET
            if self._family and self._family != family:
                continue
            address = _ipv6_address(host, port) if is_ipv6 else (host, port)
            infos.append((family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address))
        return infos

    # TLS

    def _get_ssl_context(self, req: ClientRequest) -> _ssl.SSLContext | None:
        """The context for ``req``: its own, else the connector's; None where it is not TLS."""
        if not req.is_ssl():
            return None
        for ssl in (req.ssl, self._ssl):
            if isinstance(ssl, _ssl.SSLContext):
                return ssl
            if ssl is not True and ssl is not None:
                # A fingerprint stands for the authorities; False for no check at all.
                return client_context(False)
        return client_context(True)

    def _get_fingerprint(self, req: ClientRequest) -> Fingerprint | None:
        for ssl in (req.ssl, self._ssl):
            if isinstance(ssl, Fingerprint):
                return ssl
        return None

    def _check_pin(self, req: ClientRequest, transport: asyncio.BaseTransport, protocol: ResponseHandler) -> None:
        """ServerFingerprintMismatch, and the end of the connection, where the certificate is not the pinned one."""
        pin = self._get_fingerprint(req)
        if pin is not None:
            try:
                pin.check(cast(asyncio.Transport, transport))
            except ServerFingerprintMismatch:
                self._dispose(protocol)
                raise

    # Connecting

    async def _create_connection(
        self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout
    ) -> ResponseHandler:
        if req.proxy:
            _, protocol = await self._create_proxy_connection(req, traces, timeout)
        else:
            _, protocol = await self._create_direct_connection(req, traces, timeout)
        return protocol

    async def _create_direct_connection(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,
        *,
        client_error: type[ClientConnectorError] = ClientConnectorError,
    ) -> tuple[asyncio.BaseTransport, ResponseHandler]:
        context = self._get_ssl_context(req)
        host = req.url.raw_host
        if not host:
            raise InvalidUrlClientError(req.url, "the URL has no host")
        if host.endswith(".."):
            host = host.rstrip(".") + "."
        port = req.port or 0
        try:
            hosts = await self._resolve_host(host, port, traces=traces)
        except OSError as exc:
            if exc.errno is None and isinstance(exc, asyncio.TimeoutError):
                raise
            raise ClientConnectorDNSError(req.connection_key, exc) from exc
        except UnicodeError as exc:
            raise InvalidUrlClientError(req.url, str(exc)) from exc
        try:
            addr_infos = self._convert_hosts_to_addr_infos(hosts)
        except OSError as exc:
            # The zone of an IPv6 address names no interface.
            raise client_error(req.connection_key, exc) from exc
        if not addr_infos:
            error = OSError(None, f"no address of {host} belongs to the connector's family")
            raise client_error(req.connection_key, error)
        server_hostname = None
        if context is not None:
            server_hostname = req.server_hostname or host.rstrip(".")
        failure: Exception | None = None
        while True:
            untried = len(addr_infos)
            try:
                transport, protocol = await self._wrap_create_connection(
                    self._factory,
                    timeout=timeout,
                    ssl=context,
                    addr_infos=addr_infos,
                    server_hostname=server_hostname,
                    req=req,
                    client_error=client_error,
                )
                self._check_pin(req, transport, protocol)
                return transport, protocol
            except (ClientConnectorError, ServerFingerprintMismatch, asyncio.TimeoutError) as exc:
                # One of a host's machines may hang, or fail at TLS: the other addresses get their time too. That one
                # refuses says less than what was wrong with another.
                if failure is None or type(exc) is not client_error:
                    failure = exc
                if len(addr_infos) == untried:
                    aiohappyeyeballs.pop_addr_infos_interleave(addr_infos, self._dialling.interleave or 1)
                if not addr_infos:
                    try:
                        raise failure
                    finally:
                        # Its traceback knows this frame.
                        failure = None

    async def _wrap_create_connection(
        self,
        *args: Any,
        addr_infos: list[AddrInfoType],
        req: ClientRequest,
        timeout: ClientTimeout,
        client_error: type[ClientConnectorError] = ClientConnectorError,
        **kwargs: Any,
    ) -> tuple[asyncio.Transport, ResponseHandler]:
        sock = None
        try:
            async with Timeout(timeout.sock_connect, timeout.ceil_threshold):
                try:
                    sock = await self._dialling.connect(addr_infos, self._loop)
                except OSError:
                    # That was each of them: none is left for another attempt.
                    addr_infos.clear()
                    raise
                with suppress(OSError, ValueError):  # gone already, or an address that a program's socket has made up
                    aiohappyeyeballs.remove_addr_infos(addr_infos, sock.getpeername())
                if kwargs.get("ssl") is not None and self._ssl_shutdown_timeout and _HAS_SHUTDOWN_TIMEOUT:
                    kwargs["ssl_shutdown_timeout"] = self._ssl_shutdown_timeout
                try:
                    made = await self._loop.create_connection(*args, **kwargs, sock=sock)
                except asyncio.CancelledError:
                    # The socket is its transport's, which asyncio does not close where TLS has not begun yet: closed
                    # beneath it, its number would be another connection's. The end of the stream ends both.
                    with suppress(OSError):
                        sock.shutdown(socket.SHUT_RDWR)
                    sock = None
                    raise
                sock = None
                return cast("tuple[asyncio.Transport, ResponseHandler]", made)
        except _ssl.CertificateError as exc:
            raise ClientConnectorCertificateError(req.connection_key, exc) from exc
        except _ssl.SSLError as exc:
            raise ClientConnectorSSLError(req.connection_key, exc) from exc
        except OSError as exc:
            if exc.errno is None and isinstance(exc, asyncio.TimeoutError):
                raise
            raise client_error(req.connection_key, exc) from exc
        finally:
            if sock is not None:
                # The loop did not take it over.
                sock.close()

    async def _wrap_existing_connection(
        self,
        *args: Any,
        req: ClientRequest,
        timeout: ClientTimeout,
        client_error: type[ClientConnectorError] = ClientConnectorError,
        **kwargs: Any,
    ) -> tuple[asyncio.Transport, ResponseHandler]:
        try:
            async with Timeout(timeout.sock_connect, timeout.ceil_threshold):
                made = await self._loop.create_connection(*args, **kwargs)
                return cast("tuple[asyncio.Transport, ResponseHandler]", made)
        except _ssl.CertificateError as exc:
            raise ClientConnectorCertificateError(req.connection_key, exc) from exc
        except _ssl.SSLError as exc:
            raise ClientConnectorSSLError(req.connection_key, exc) from exc
        except OSError as exc:
            if exc.errno is None and isinstance(exc, asyncio.TimeoutError):
                raise
            raise client_error(req.connection_key, exc) from exc

    # Proxies

    async def _create_proxy_connection(
        self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout
    ) -> tuple[asyncio.BaseTransport, ResponseHandler]:
        self._fail_on_no_start_tls(req)
        proxy_req = self._update_proxy_auth_header_and_build_proxy_req(req)
        transport, protocol = await self._create_direct_connection(
            proxy_req, [], timeout, client_error=ClientProxyConnectionError
        )
        if not req.is_ssl():
            # The exchange itself goes to the proxy, with the absolute URL (RFC 9112 section 3.2.2).
            return transport, protocol
        self._warn_about_tls_in_tls(cast(asyncio.Transport, transport), req)
        try:
            await self._open_tunnel(req, proxy_req, protocol)
            made = await self._start_tls_connection(cast(asyncio.Transport, transport), req, timeout)
        except BaseException:
            _take_back(cast(asyncio.Transport, transport), protocol)
            self._dispose(protocol)
            raise
        self._check_pin(req, *made)
        return made

    async def _open_tunnel(self, req: ClientRequest, proxy_req: ClientRequest, protocol: ResponseHandler) -> None:
        """CONNECT (RFC 9110 section 9.3.6); ClientHttpProxyError where the proxy refuses."""
        from .lease import Connection

        # The URL stays the target's: it is what CONNECT names.
        proxy_req.method = METH_CONNECT
        proxy_req.url = req.url
        key = req.connection_key._replace(proxy=None, proxy_auth=None, proxy_headers_hash=None)
        self._pool_free(protocol)
        conn = Connection(_Tunnel(), key, protocol, self._loop)  # type: ignore[arg-type]
        response = None
        try:
            response = await proxy_req.send(conn)
            protocol.set_response_params(read_until_eof=True, timeout_ceil_threshold=self._timeout_ceil_threshold)
            await response.start(conn)
            if response.status != 200:
                message = response.reason or ""
                raise ClientHttpProxyError(
                    proxy_req.request_info,
                    response.history,
                    status=response.status,
                    message=message,
                    headers=response.headers,
                )
            # Not by ``is_connected``: that an answer is the last of its connection (HTTP/1.0) says nothing of a tunnel.
            transport = protocol.transport
            if transport is None or transport.is_closing():
                error = ConnectionResetError("the proxy closed the tunnel")
                raise ClientProxyConnectionError(proxy_req.connection_key, error)
        finally:
            if response is not None:
                response._forget_connection()
            conn._protocol = None

    def _pool_free(self, protocol: ResponseHandler) -> None:
        """A tunnel's protocol is no connection of the pool yet."""
        self._acquired.discard(protocol)

    async def _start_tls_connection(
        self,
        underlying_transport: asyncio.Transport,
        req: ClientRequest,
        timeout: ClientTimeout,
        client_error: type[ClientConnectorError] = ClientConnectorError,
    ) -> tuple[asyncio.BaseTransport, ResponseHandler]:
        """TLS with the target inside the tunnel."""
        context = self._get_ssl_context(req)
        if context is None:
            raise RuntimeError("a tunnel without TLS")
        protocol = self._factory()
        options: dict[str, Any] = {}
        if self._ssl_shutdown_timeout and _HAS_SHUTDOWN_TIMEOUT:
            options["ssl_shutdown_timeout"] = self._ssl_shutdown_timeout
        try:
            async with Timeout(timeout.sock_connect, timeout.ceil_threshold):
                try:
                    transport = await self._loop.start_tls(
                        underlying_transport,
                        protocol,
                        context,
                        server_hostname=req.server_hostname or req.url.raw_host,
                        ssl_handshake_timeout=timeout.total,
                        **options,
                    )
                except BaseException:
                    underlying_transport.close()
                    raise
                if transport is None:
                    raise ClientConnectionError("the connection to the proxy was lost while TLS was set up")
        except _ssl.CertificateError as exc:
            raise ClientConnectorCertificateError(req.connection_key, exc) from exc
        except _ssl.SSLError as exc:
            raise ClientConnectorSSLError(req.connection_key, exc) from exc
        except OSError as exc:
            if exc.errno is None and isinstance(exc, asyncio.TimeoutError):
                raise
            raise client_error(req.connection_key, exc) from exc
        except TypeError as exc:
            # uvloop refuses TLS over a transport of its own kind that has TLS already.
            raise ClientConnectionError(f"Cannot initialize a TLS-in-TLS connection to {req.url}") from exc
        protocol.connection_made(transport)
        return transport, protocol

    def _loop_supports_start_tls(self) -> bool:
        return hasattr(self._loop, "start_tls")

    def _check_loop_for_start_tls(self) -> None:
        if not self._loop_supports_start_tls():
            raise RuntimeError("the event loop cannot start TLS inside a tunnel")

    def _fail_on_no_start_tls(self, req: ClientRequest) -> None:
        if req.is_ssl():
            self._check_loop_for_start_tls()

    def _warn_about_tls_in_tls(self, underlying_transport: asyncio.Transport, req: ClientRequest) -> None:
        proxy = req.proxy
        if proxy is None or proxy.scheme != "https":
            return
        if sys.version_info >= (3, 11) or getattr(underlying_transport, "_start_tls_compatible", False):
            return
        # asyncio before 3.11 refuses TLS in TLS unless the transport says that it can.
        underlying_transport._start_tls_compatible = True  # type: ignore[attr-defined]


class _Tunnel:
    """The connector's side of a connection that only carries CONNECT."""

    __slots__ = ()

    force_close = False

    def _release(self, key: Any, protocol: ResponseHandler, *, should_close: bool = False) -> None:
        if should_close:
            protocol.close()

    def give_back(self, key: Any, protocol: ResponseHandler) -> None:
        """The tunnel goes on."""


def _take_back(transport: asyncio.Transport, protocol: ResponseHandler) -> None:
    """Let ``protocol`` hear of the end of a tunnel in which TLS failed, so that closing can wait for it."""
    current = transport.get_protocol()
    if current is None:
        # It has ended already, and only the TLS that failed was told.
        protocol.connection_lost(None)
    elif current is not protocol:
        transport.set_protocol(protocol)
        # The TLS that failed hears of no end any more: without this its timer, and an open transport, would stay.
        current.connection_lost(None)


def _observe(task: asyncio.Task[Any]) -> None:
    """Take note of a failed look-up that nobody waits for any more."""
    if not task.cancelled():
        task.exception()


def _ipv6_address(host: str, port: int) -> tuple[Any, ...]:
    # In a URL the zone's percent sign is itself encoded (RFC 6874); resolvers give it plain.
    address, _, zone = host.replace("%25", "%", 1).partition("%")
    if not zone:
        return (host, port, 0, 0)
    scope = int(zone) if zone.isdigit() else socket.if_nametoindex(zone)
    return (address, port, 0, scope)
