"""``aiohttp.client_reqrep``: re-exports."""

from types import MappingProxyType

from multidict import CIMultiDict, CIMultiDictProxy, MultiDict, MultiDictProxy
from yarl import URL

from aiohttp_core._body.form import FormData
from aiohttp_core._client.connection_key import ConnectionKey, RequestInfo
from aiohttp_core._client.deadlines import BaseTimerContext, TimerNoop
from aiohttp_core._client.errors import (
    ClientConnectionError,
    ClientOSError,
    ClientResponseError,
    ContentTypeError,
    InvalidURL,
    ServerFingerprintMismatch,
    UploadAbortedError,
)
from aiohttp_core._client.fingerprint import Fingerprint, _merge_ssl_params
from aiohttp_core._client.request import ClientRequest
from aiohttp_core._client.response import ClientResponse, ContentDisposition
from aiohttp_core._client.upload_tracker import UploadTracker
from aiohttp_core._connection.stream_reader import StreamReader
from aiohttp_core._connection.stream_writer import AbstractStreamWriter, StreamWriter
from aiohttp_core._semantics.basic_auth import BasicAuth
from aiohttp_core._semantics.product import SERVER_SOFTWARE
from aiohttp_core._semantics.versions import HttpVersion, HttpVersion10, HttpVersion11
from aiohttp_core.compat._shims.content_fields import HeadersMixin

__all__ = (
    "AbstractStreamWriter",
    "BaseTimerContext",
    "BasicAuth",
    "CIMultiDict",
    "CIMultiDictProxy",
    "ClientConnectionError",
    "ClientOSError",
    "ClientRequest",
    "ClientResponse",
    "ClientResponseError",
    "ConnectionKey",
    "ContentDisposition",
    "ContentTypeError",
    "Fingerprint",
    "FormData",
    "HeadersMixin",
    "HttpVersion",
    "HttpVersion10",
    "HttpVersion11",
    "InvalidURL",
    "MappingProxyType",
    "MultiDict",
    "MultiDictProxy",
    "RequestInfo",
    "SERVER_SOFTWARE",
    "ServerFingerprintMismatch",
    "StreamReader",
    "StreamWriter",
    "TimerNoop",
    "URL",
    "UploadAbortedError",
    "UploadTracker",
    "_merge_ssl_params",
)
