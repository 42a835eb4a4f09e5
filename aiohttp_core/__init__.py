"""Asynchronous HTTP client, server and WebSocket library for asyncio, with aiohttp's public API.

Every name is loaded when it is first asked for (PEP 562): a server does not pay for the client, nor the other way
round.
"""

import logging
import os
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from aiohttp_core._wire import _accel
from aiohttp_core._wire._accel import ACCELERATED

if TYPE_CHECKING:
    from aiohttp_core import hdrs as hdrs
    from aiohttp_core._body.body_part import BodyPartReader
    from aiohttp_core._body.form import FormData
    from aiohttp_core._body.multipart_reader import MultipartReader
    from aiohttp_core._body.multipart_writer import MultipartWriter
    from aiohttp_core._body.payload import Payload
    from aiohttp_core._body.payloads_from_files import (
        BufferedReaderPayload,
        BytesIOPayload,
        IOBasePayload,
        TextIOPayload,
    )
    from aiohttp_core._body.payloads_from_streams import AsyncIterablePayload
    from aiohttp_core._body.payloads_in_memory import BytesPayload, JsonPayload, StringIOPayload, StringPayload
    from aiohttp_core._body.registry import PAYLOAD_REGISTRY, get_payload, payload_type
    from aiohttp_core._client.abstract_cookie_jar import DummyCookieJar
    from aiohttp_core._client.connection_key import ConnectionKey, RequestInfo
    from aiohttp_core._client.connector import BaseConnector
    from aiohttp_core._client.cookie_jar import CookieJar
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
    from aiohttp_core._client.session import ClientSession
    from aiohttp_core._client.single_request import request
    from aiohttp_core._client.tcp_connector import TCPConnector
    from aiohttp_core._client.timeouts import ClientTimeout
    from aiohttp_core._client.trace_params import (
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
    from aiohttp_core._client.tracing import TraceConfig
    from aiohttp_core._client.upload_tracker import UploadTracker
    from aiohttp_core._client.websocket import ClientWebSocketResponse, ClientWSTimeout
    from aiohttp_core._connection.data_queue import DataQueue, FlowControlDataQueue
    from aiohttp_core._connection.stream_reader import EMPTY_PAYLOAD, EofStream, StreamReader
    from aiohttp_core._connection.websocket import WebSocketError, WSMessageTypeError
    from aiohttp_core._net.dialling import AddrInfoType, SocketFactoryType
    from aiohttp_core._net.resolver import AsyncResolver, DefaultResolver, ThreadedResolver
    from aiohttp_core._semantics.basic_auth import BasicAuth, encode_basic_auth
    from aiohttp_core._semantics.chain_map import ChainMapProxy
    from aiohttp_core._semantics.compression import set_zlib_backend
    from aiohttp_core._semantics.content_disposition import (
        BadContentDispositionHeader,
        BadContentDispositionParam,
        content_disposition_filename,
        parse_content_disposition,
    )
    from aiohttp_core._semantics.etags import ETag
    from aiohttp_core._semantics.versions import HttpVersion, HttpVersion10, HttpVersion11
    from aiohttp_core._wire.websocket.messages import WSCloseCode, WSMessage, WSMsgType
    from aiohttp_core.compat._shims.streamer import streamer

__version__ = "0.1.0"

__all__ = [
    "ACCELERATED",
    "AddrInfoType",
    "AsyncIterablePayload",
    "AsyncResolver",
    "BadContentDispositionHeader",
    "BadContentDispositionParam",
    "BaseConnector",
    "BasicAuth",
    "BodyPartReader",
    "BufferedReaderPayload",
    "BytesIOPayload",
    "BytesPayload",
    "ChainMapProxy",
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
    "DataQueue",
    "DefaultResolver",
    "DigestAuthMiddleware",
    "DummyCookieJar",
    "EMPTY_PAYLOAD",
    "ETag",
    "EofStream",
    "Fingerprint",
    "FlowControlDataQueue",
    "FormData",
    "GunicornUVLoopWebWorker",
    "GunicornWebWorker",
    "HttpVersion",
    "HttpVersion10",
    "HttpVersion11",
    "IOBasePayload",
    "InvalidURL",
    "InvalidUrlClientError",
    "InvalidUrlRedirectClientError",
    "JsonPayload",
    "MultipartReader",
    "MultipartWriter",
    "NamedPipeConnector",
    "NonHttpUrlClientError",
    "NonHttpUrlRedirectClientError",
    "PAYLOAD_REGISTRY",
    "Payload",
    "RedirectClientError",
    "RequestInfo",
    "ServerConnectionError",
    "ServerDisconnectedError",
    "ServerFingerprintMismatch",
    "ServerTimeoutError",
    "SocketFactoryType",
    "SocketTimeoutError",
    "StreamReader",
    "StringIOPayload",
    "StringPayload",
    "TCPConnector",
    "TextIOPayload",
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
    "WSServerHandshakeError",
    "WebSocketError",
    "__version__",
    "content_disposition_filename",
    "encode_basic_auth",
    "get_payload",
    "hdrs",
    "install_as_aiohttp",
    "parse_content_disposition",
    "payload_type",
    "request",
    "set_zlib_backend",
    "streamer",
]

if _accel.MISSING:
    logging.getLogger("aiohttp_core").warning(
        "the compiled extension is missing, so the pure Python implementation is in use (%s); "
        "AIOHTTP_NO_EXTENSIONS=1 chooses it silently",
        _accel.MISSING,
    )

# aiohttp's other module names (DESIGN section 7).
__path__.append(os.path.join(os.path.dirname(__file__), "compat"))


def install_as_aiohttp() -> None:
    """Make ``import aiohttp`` and every ``aiohttp.X`` give this package's modules, in the whole process.

    Call it before anything imports aiohttp; RuntimeError where the real one was imported. From then on
    ``__version__`` is that of the API, 3.14.5, and so, with a local part, is what importlib.metadata answers.
    """
    from aiohttp_core.compat._alias import install

    install()


if TYPE_CHECKING:
    from aiohttp_core import abc as abc
    from aiohttp_core import client as client
    from aiohttp_core import client_exceptions as client_exceptions
    from aiohttp_core import connector as connector
    from aiohttp_core import helpers as helpers
    from aiohttp_core import http as http
    from aiohttp_core import payload as payload
    from aiohttp_core import streams as streams
    from aiohttp_core import tracing as tracing
    from aiohttp_core import typedefs as typedefs
    from aiohttp_core.compat.worker import GunicornUVLoopWebWorker as GunicornUVLoopWebWorker
    from aiohttp_core.compat.worker import GunicornWebWorker as GunicornWebWorker
else:

    def __getattr__(name: str) -> Any:
        home = _HOME_OF.get(name)
        if home is not None:
            value = globals()[name] = getattr(import_module(__name__ + home), name)
            return value
        # They need Gunicorn, and are None without it, as in aiohttp.
        if name in ("GunicornUVLoopWebWorker", "GunicornWebWorker"):
            try:
                worker = import_module(f"{__name__}.worker")
            except ImportError:
                return None
            return getattr(worker, name)
        # After `import aiohttp` alone, programs use aiohttp.client_exceptions and the like: these come when asked for.
        if name in _LOADED_BY_AIOHTTP:
            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


_HOMES: Final = {
    "._body.body_part": "BodyPartReader",
    "._body.form": "FormData",
    "._body.multipart_reader": "MultipartReader",
    "._body.multipart_writer": "MultipartWriter",
    "._body.payload": "Payload",
    "._body.payloads_from_files": "BufferedReaderPayload BytesIOPayload IOBasePayload TextIOPayload",
    "._body.payloads_from_streams": "AsyncIterablePayload",
    "._body.payloads_in_memory": "BytesPayload JsonPayload StringIOPayload StringPayload",
    "._body.registry": "PAYLOAD_REGISTRY get_payload payload_type",
    "._client.connection_key": "ConnectionKey RequestInfo",
    "._client.connector": "BaseConnector",
    "._client.abstract_cookie_jar": "DummyCookieJar",
    "._client.cookie_jar": "CookieJar",
    "._client.digest_auth_middleware": "DigestAuthMiddleware",
    "._client.errors": (
        "ClientConnectionError ClientConnectionResetError ClientConnectorCertificateError ClientConnectorDNSError "
        "ClientConnectorError ClientConnectorSSLError ClientError ClientHttpProxyError ClientOSError "
        "ClientPayloadError ClientProxyConnectionError ClientResponseError ClientSSLError ConnectionTimeoutError "
        "ContentTypeError InvalidURL InvalidUrlClientError InvalidUrlRedirectClientError NonHttpUrlClientError "
        "NonHttpUrlRedirectClientError RedirectClientError ServerConnectionError ServerDisconnectedError "
        "ServerFingerprintMismatch ServerTimeoutError SocketTimeoutError TooManyRedirects UploadAbortedError "
        "WSServerHandshakeError"
    ),
    "._client.fingerprint": "Fingerprint",
    "._client.local_connectors": "NamedPipeConnector UnixConnector",
    "._client.middlewares": "ClientHandlerType ClientMiddlewareType",
    "._client.request": "ClientRequest",
    "._client.response": "ClientResponse",
    "._client.session": "ClientSession",
    "._client.single_request": "request",
    "._client.tcp_connector": "TCPConnector",
    "._client.timeouts": "ClientTimeout",
    "._client.trace_params": (
        "TraceConnectionCreateEndParams TraceConnectionCreateStartParams "
        "TraceConnectionQueuedEndParams TraceConnectionQueuedStartParams TraceConnectionReuseconnParams "
        "TraceDnsCacheHitParams TraceDnsCacheMissParams TraceDnsResolveHostEndParams "
        "TraceDnsResolveHostStartParams TraceRequestChunkSentParams TraceRequestEndParams "
        "TraceRequestExceptionParams TraceRequestHeadersSentParams TraceRequestRedirectParams "
        "TraceRequestStartParams TraceResponseChunkReceivedParams"
    ),
    "._client.tracing": "TraceConfig",
    "._client.upload_tracker": "UploadTracker",
    "._client.websocket": "ClientWebSocketResponse ClientWSTimeout",
    "._connection.data_queue": "DataQueue FlowControlDataQueue",
    "._connection.stream_reader": "EMPTY_PAYLOAD EofStream StreamReader",
    "._connection.websocket": "WebSocketError WSMessageTypeError",
    "._net.dialling": "AddrInfoType SocketFactoryType",
    "._net.resolver": "AsyncResolver DefaultResolver ThreadedResolver",
    "._semantics.basic_auth": "BasicAuth encode_basic_auth",
    "._semantics.chain_map": "ChainMapProxy",
    "._semantics.compression": "set_zlib_backend",
    "._semantics.content_disposition": (
        "BadContentDispositionHeader BadContentDispositionParam content_disposition_filename parse_content_disposition"
    ),
    "._semantics.etags": "ETag",
    "._semantics.versions": "HttpVersion HttpVersion10 HttpVersion11",
    "._wire.websocket.messages": "WSCloseCode WSMessage WSMsgType",
    ".compat._shims.streamer": "streamer",
}
"""Where the names come from: a module of this package, and what it has of them."""

_HOME_OF: Final = {name: module for module, names in _HOMES.items() for name in names.split()}

_LOADED_BY_AIOHTTP = frozenset(
    [
        "abc",
        "base_protocol",
        "client",
        "client_exceptions",
        "client_middleware_digest_auth",
        "client_middlewares",
        "client_proto",
        "client_reqrep",
        "client_ws",
        "compression_utils",
        "connector",
        "cookiejar",
        "formdata",
        "hdrs",
        "helpers",
        "http",
        "http_exceptions",
        "http_parser",
        "http_websocket",
        "http_writer",
        "log",
        "multipart",
        "payload",
        "payload_streamer",
        "resolver",
        "streams",
        "tcp_helpers",
        "tracing",
        "typedefs",
    ]
)


def __dir__() -> list[str]:
    return [*__all__, "__doc__"]
