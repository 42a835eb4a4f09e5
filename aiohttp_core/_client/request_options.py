"""What ``ClientSession.request`` and its kin take, for type checkers and editors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from ssl import SSLContext
from typing import Any, Final, TypedDict

from yarl import Query

from .._semantics.arguments import LooseCookies, LooseHeaders, StrOrURL
from .._semantics.basic_auth import BasicAuth
from .._semantics.sentinel import _SENTINEL
from .fingerprint import Fingerprint
from .middlewares import ClientMiddlewareType
from .response import ClientResponse
from .timeouts import ClientTimeout
from .upload_tracker import UploadTracker
from .websocket import ClientWSTimeout


class _Options(TypedDict, total=False):
    """What all requests take."""

    params: Query
    json: Any
    cookies: LooseCookies | None
    headers: LooseHeaders | None
    skip_auto_headers: Iterable[str] | None
    auth: BasicAuth | None
    max_redirects: int
    compress: str | bool | None
    chunked: bool | None
    expect100: bool
    raise_for_status: bool | Callable[[ClientResponse], Awaitable[None]] | None
    read_until_eof: bool
    proxy: StrOrURL | None
    proxy_auth: BasicAuth | None
    timeout: ClientTimeout | _SENTINEL | None
    ssl: SSLContext | bool | Fingerprint
    server_hostname: str | None
    proxy_headers: LooseHeaders | None
    trace_request_ctx: object
    read_bufsize: int | None
    auto_decompress: bool | None
    max_line_size: int | None
    max_field_size: int | None
    max_headers: int | None
    middlewares: Sequence[ClientMiddlewareType] | None
    upload_tracker: UploadTracker | None


class DataOptions(_Options, total=False):
    """For ``get``, ``options`` and ``head``, which name ``allow_redirects`` themselves."""

    data: Any


class RedirectOptions(_Options, total=False):
    """For ``post``, ``put`` and ``patch``, which name ``data`` themselves."""

    allow_redirects: bool


class RequestOptions(DataOptions, total=False):
    """The keyword arguments of ``ClientSession.request``, without those that are deprecated."""

    allow_redirects: bool


_DEPRECATED: Final = frozenset(("verify_ssl", "fingerprint", "ssl_context"))


def unknown_option(names: Iterable[str]) -> str | None:
    """The first of ``names`` that no request takes, or None."""
    return next(
        (name for name in names if name not in RequestOptions.__annotations__ and name not in _DEPRECATED), None
    )


class WebSocketConnectOptions(TypedDict, total=False):
    """The keyword arguments of ``ClientSession.ws_connect`` but ``decode_text``."""

    method: str
    protocols: Iterable[str]
    timeout: ClientWSTimeout | _SENTINEL
    receive_timeout: float | None
    autoclose: bool
    autoping: bool
    heartbeat: float | None
    auth: BasicAuth | None
    origin: str | None
    params: Query
    headers: LooseHeaders | None
    proxy: StrOrURL | None
    proxy_auth: BasicAuth | None
    ssl: SSLContext | bool | Fingerprint
    verify_ssl: bool | None
    fingerprint: bytes | None
    ssl_context: SSLContext | None
    server_hostname: str | None
    proxy_headers: LooseHeaders | None
    compress: int
    max_msg_size: int
