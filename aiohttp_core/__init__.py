"""Asynchronous HTTP client, server and WebSocket library for asyncio, with aiohttp's public API."""

import logging

from aiohttp_core._client.connection_key import ConnectionKey, RequestInfo
from aiohttp_core._client.connector import BaseConnector
from aiohttp_core._client.cookie_jar import CookieJar, DummyCookieJar
from aiohttp_core._client.digest_auth_middleware import DigestAuthMiddleware
from aiohttp_core._client.errors import (
    ClientConnectionError,
    ClientConnectionResetError,
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientError,
    ClientHttpProxyError,
    ClientOSError,
    ClientPayloadError,
    ClientProxyConnectionError,
    ClientResponseError,
    ClientSSLError,
    ConnectionTimeoutError,
    ContentTypeError,
    InvalidURL,
    InvalidUrlClientError,
    InvalidUrlRedirectClientError,
    NonHttpUrlClientError,
    NonHttpUrlRedirectClientError,
    RedirectClientError,
    ServerConnectionError,
    ServerDisconnectedError,
    ServerFingerprintMismatch,
    ServerTimeoutError,
    SocketTimeoutError,
    TooManyRedirects,
    UploadAbortedError,
    WSServerHandshakeError,
)
from aiohttp_core._client.fingerprint import Fingerprint
from aiohttp_core._client.local_connectors import NamedPipeConnector, UnixConnector
from aiohttp_core._client.middlewares import ClientHandlerType, ClientMiddlewareType
from aiohttp_core._client.request import ClientRequest
from aiohttp_core._client.response import ClientResponse
from aiohttp_core._client.session import ClientSession, request
from aiohttp_core._client.tcp_connector import TCPConnector
from aiohttp_core._client.timeouts import ClientTimeout
from aiohttp_core._client.tracing import (
    TraceConfig,
    TraceConnectionCreateEndParams,
    TraceConnectionCreateStartParams,
    TraceConnectionQueuedEndParams,
    TraceConnectionQueuedStartParams,
    TraceConnectionReuseconnParams,
    TraceDnsCacheHitParams,
    TraceDnsCacheMissParams,
    TraceDnsResolveHostEndParams,
    TraceDnsResolveHostStartParams,
    TraceRequestChunkSentParams,
    TraceRequestEndParams,
    TraceRequestExceptionParams,
    TraceRequestHeadersSentParams,
    TraceRequestRedirectParams,
    TraceRequestStartParams,
    TraceResponseChunkReceivedParams,
)
from aiohttp_core._client.upload_tracker import UploadTracker
from aiohttp_core._client.websocket import ClientWebSocketResponse, ClientWSTimeout
from aiohttp_core._connection.websocket import WebSocketError, WSMessageTypeError
from aiohttp_core._net.dialling import AddrInfoType, SocketFactoryType
from aiohttp_core._net.resolver import AsyncResolver, DefaultResolver, ThreadedResolver
from aiohttp_core._wire import _accel
from aiohttp_core._wire._accel import ACCELERATED
from aiohttp_core._wire.websocket.messages import WSCloseCode, WSMessage, WSMsgType

__version__ = "0.1.0"

__all__ = [
    "ACCELERATED",
    "AddrInfoType",
    "AsyncResolver",
    "BaseConnector",
    "ClientConnectionError",
    "ClientConnectionResetError",
    "ClientConnectorCertificateError",
    "ClientConnectorDNSError",
    "ClientConnectorError",
    "ClientConnectorSSLError",
    "ClientError",
    "ClientHandlerType",
    "ClientHttpProxyError",
    "ClientMiddlewareType",
    "ClientOSError",
    "ClientPayloadError",
    "ClientProxyConnectionError",
    "ClientRequest",
    "ClientResponse",
    "ClientResponseError",
    "ClientSSLError",
    "ClientSession",
    "ClientTimeout",
    "ClientWSTimeout",
    "ClientWebSocketResponse",
    "ConnectionKey",
    "ConnectionTimeoutError",
    "ContentTypeError",
    "CookieJar",
    "DefaultResolver",
    "DigestAuthMiddleware",
    "DummyCookieJar",
    "Fingerprint",
    "InvalidURL",
    "InvalidUrlClientError",
    "InvalidUrlRedirectClientError",
    "NamedPipeConnector",
    "NonHttpUrlClientError",
    "NonHttpUrlRedirectClientError",
    "RedirectClientError",
    "RequestInfo",
    "ServerConnectionError",
    "ServerDisconnectedError",
    "ServerFingerprintMismatch",
    "ServerTimeoutError",
    "SocketFactoryType",
    "SocketTimeoutError",
    "TCPConnector",
    "ThreadedResolver",
    "TooManyRedirects",
    "TraceConfig",
    "TraceConnectionCreateEndParams",
    "TraceConnectionCreateStartParams",
    "TraceConnectionQueuedEndParams",
    "TraceConnectionQueuedStartParams",
    "TraceConnectionReuseconnParams",
    "TraceDnsCacheHitParams",
    "TraceDnsCacheMissParams",
    "TraceDnsResolveHostEndParams",
    "TraceDnsResolveHostStartParams",
    "TraceRequestChunkSentParams",
    "TraceRequestEndParams",
    "TraceRequestExceptionParams",
    "TraceRequestHeadersSentParams",
    "TraceRequestRedirectParams",
    "TraceRequestStartParams",
    "TraceResponseChunkReceivedParams",
    "UnixConnector",
    "UploadAbortedError",
    "UploadTracker",
    "WSCloseCode",
    "WSMessage",
    "WSMessageTypeError",
    "WSMsgType",
    "WebSocketError",
    "WSServerHandshakeError",
    "__version__",
    "request",
]

if _accel.MISSING:
    logging.getLogger("aiohttp_core").warning(
        "the compiled extension is missing, so the pure Python implementation is in use (%s); "
        "AIOHTTP_NO_EXTENSIONS=1 chooses it silently",
        _accel.MISSING,
    )
