"""``aiohttp.client``: re-exports."""

from multidict import CIMultiDict, MultiDict, MultiDictProxy, istr
from yarl import URL

from aiohttp_core._client.abstract_cookie_jar import AbstractCookieJar
from aiohttp_core._client.connection_key import RequestInfo
from aiohttp_core._client.connector import HTTP_AND_EMPTY_SCHEMA_SET, BaseConnector
from aiohttp_core._client.cookie_jar import CookieJar
from aiohttp_core._client.environment import get_env_proxy_for_url, strip_auth_from_url
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
    WSMessageTypeError,
    WSServerHandshakeError,
)
from aiohttp_core._client.fingerprint import Fingerprint, _merge_ssl_params
from aiohttp_core._client.local_connectors import NamedPipeConnector, UnixConnector
from aiohttp_core._client.middlewares import ClientMiddlewareType, build_client_middlewares
from aiohttp_core._client.request import ClientRequest
from aiohttp_core._client.request_contexts import (
    _BaseRequestContextManager,
    _RequestContextManager,
    _SessionRequestContextManager,
    _WSRequestContextManager,
)
from aiohttp_core._client.response import ClientResponse
from aiohttp_core._client.session import ClientSession
from aiohttp_core._client.single_request import request
from aiohttp_core._client.tcp_connector import TCPConnector
from aiohttp_core._client.timeouts import DEFAULT_TIMEOUT, ClientTimeout
from aiohttp_core._client.tracing import Trace, TraceConfig
from aiohttp_core._client.upload_tracker import UploadTracker
from aiohttp_core._client.websocket import DEFAULT_WS_CLIENT_TIMEOUT, ClientWebSocketResponse, ClientWSTimeout
from aiohttp_core._semantics.basic_auth import BasicAuth
from aiohttp_core._semantics.sentinel import sentinel
from aiohttp_core._semantics.versions import HttpVersion
from aiohttp_core._wire.websocket.handshake import WS_KEY
from aiohttp_core.compat._shims.typing import _RequestOptions
from aiohttp_core.compat._shims.websocket_extensions import WSHandshakeError, ws_ext_gen, ws_ext_parse
from aiohttp_core.compat._shims.websocket_streams import WebSocketDataQueue, WebSocketReader, WebSocketWriter

__all__ = (
    "AbstractCookieJar",
    "BaseConnector",
    "BasicAuth",
    "CIMultiDict",
    "ClientConnectionError",
    "ClientConnectionResetError",
    "ClientConnectorCertificateError",
    "ClientConnectorDNSError",
    "ClientConnectorError",
    "ClientConnectorSSLError",
    "ClientError",
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
    "ConnectionTimeoutError",
    "ContentTypeError",
    "CookieJar",
    "DEFAULT_TIMEOUT",
    "DEFAULT_WS_CLIENT_TIMEOUT",
    "Fingerprint",
    "HTTP_AND_EMPTY_SCHEMA_SET",
    "HttpVersion",
    "InvalidURL",
    "InvalidUrlClientError",
    "InvalidUrlRedirectClientError",
    "MultiDict",
    "MultiDictProxy",
    "NamedPipeConnector",
    "NonHttpUrlClientError",
    "NonHttpUrlRedirectClientError",
    "RedirectClientError",
    "RequestInfo",
    "ServerConnectionError",
    "ServerDisconnectedError",
    "ServerFingerprintMismatch",
    "ServerTimeoutError",
    "SocketTimeoutError",
    "TCPConnector",
    "TooManyRedirects",
    "Trace",
    "TraceConfig",
    "URL",
    "UnixConnector",
    "UploadAbortedError",
    "UploadTracker",
    "WSHandshakeError",
    "WSMessageTypeError",
    "WSServerHandshakeError",
    "WS_KEY",
    "WebSocketDataQueue",
    "WebSocketReader",
    "WebSocketWriter",
    "_BaseRequestContextManager",
    "_RequestContextManager",
    "_RequestOptions",
    "_SessionRequestContextManager",
    "_WSRequestContextManager",
    "_merge_ssl_params",
    "build_client_middlewares",
    "get_env_proxy_for_url",
    "istr",
    "request",
    "sentinel",
    "strip_auth_from_url",
    "ws_ext_gen",
    "ws_ext_parse",
)
