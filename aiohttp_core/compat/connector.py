"""``aiohttp.connector``: re-exports."""

from typing import Any

from aiohttp_core._client.connection import ResponseHandler
from aiohttp_core._client.connection_key import ConnectionKey
from aiohttp_core._client.connector import (
    HIGH_LEVEL_SCHEMA_SET,
    HTTP_AND_EMPTY_SCHEMA_SET,
    HTTP_SCHEMA_SET,
    WS_SCHEMA_SET,
    BaseConnector,
)
from aiohttp_core._client.errors import (
    ClientConnectionError,
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientHttpProxyError,
    ClientProxyConnectionError,
    InvalidUrlClientError,
    ServerFingerprintMismatch,
    UnixClientConnectorError,
)
from aiohttp_core._client.fingerprint import Fingerprint, _merge_ssl_params
from aiohttp_core._client.lease import Connection
from aiohttp_core._client.local_connectors import NamedPipeConnector, UnixConnector
from aiohttp_core._client.request import ClientRequest
from aiohttp_core._client.tcp_connector import TCPConnector
from aiohttp_core._net.dialling import AddrInfoType, SocketFactoryType, is_ip_address
from aiohttp_core._net.dns_cache import DNSCacheTable as _DNSCacheTable
from aiohttp_core._net.resolver import AbstractResolver, DefaultResolver, ResolveResult
from aiohttp_core._net.tls import client_context

__all__ = (
    "_DNSCacheTable",
    "AbstractResolver",
    "AddrInfoType",
    "BaseConnector",
    "ClientConnectionError",
    "ClientConnectorCertificateError",
    "ClientConnectorDNSError",
    "ClientConnectorError",
    "ClientConnectorSSLError",
    "ClientHttpProxyError",
    "ClientProxyConnectionError",
    "ClientRequest",
    "Connection",
    "ConnectionKey",
    "DefaultResolver",
    "Fingerprint",
    "HIGH_LEVEL_SCHEMA_SET",
    "HTTP_AND_EMPTY_SCHEMA_SET",
    "HTTP_SCHEMA_SET",
    "InvalidUrlClientError",
    "NamedPipeConnector",
    "ResolveResult",
    "ResponseHandler",
    "ServerFingerprintMismatch",
    "SocketFactoryType",
    "TCPConnector",
    "UnixClientConnectorError",
    "UnixConnector",
    "WS_SCHEMA_SET",
    "_merge_ssl_params",
    "is_ip_address",
)


def __getattr__(name: str) -> Any:
    # Contexts cost milliseconds to make, so these two are made when somebody asks.
    if name == "_SSL_CONTEXT_VERIFIED":
        return client_context(True)
    if name == "_SSL_CONTEXT_UNVERIFIED":
        return client_context(False)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
