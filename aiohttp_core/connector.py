"""Connectors, and the connections they give."""

from typing import Any

from ._client.connection import ResponseHandler as ResponseHandler
from ._client.connection_key import ConnectionKey as ConnectionKey
from ._client.connector import BaseConnector as BaseConnector
from ._client.errors import UnixClientConnectorError as UnixClientConnectorError
from ._client.fingerprint import Fingerprint as Fingerprint
from ._client.fingerprint import _merge_ssl_params as _merge_ssl_params
from ._client.lease import Connection as Connection
from ._client.local_connectors import NamedPipeConnector as NamedPipeConnector
from ._client.local_connectors import UnixConnector as UnixConnector
from ._client.tcp_connector import TCPConnector as TCPConnector
from ._net.dialling import AddrInfoType as AddrInfoType
from ._net.dialling import SocketFactoryType as SocketFactoryType
from ._net.dns_cache import DNSCacheTable as _DNSCacheTable
from ._net.tls import client_context

__all__ = (
    "AddrInfoType",
    "BaseConnector",
    "NamedPipeConnector",
    "SocketFactoryType",
    "TCPConnector",
    "UnixConnector",
    "_DNSCacheTable",
)


def __getattr__(name: str) -> Any:
    # Contexts cost milliseconds to make, so these two are made when somebody asks.
    if name == "_SSL_CONTEXT_VERIFIED":
        return client_context(True)
    if name == "_SSL_CONTEXT_UNVERIFIED":
        return client_context(False)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
