"""The session: defaults for requests, a pool of connections and a jar of cookies that they share."""

from __future__ import annotations

import asyncio
import json
import sys
import traceback
import warnings
from collections.abc import Awaitable, Callable, Iterable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Literal, overload

from multidict import CIMultiDict, MultiDict, MultiDictProxy, istr
from yarl import URL

from .._body.payload import Payload
from .._body.payloads_in_memory import BytesPayload, JsonBytesPayload, JsonPayload
from .._semantics.arguments import LooseCookies, LooseHeaders
from .._semantics.basic_auth import BasicAuth
from .._semantics.deprecations import DEBUG, warn_caller, warn_of_custom_attribute
from .._semantics.sentinel import _SENTINEL, sentinel
from .._semantics.versions import HttpVersion, HttpVersion11
from .._wire.http1.rules import DEFAULT_MAX_FIELD_SIZE, DEFAULT_MAX_FIELDS, DEFAULT_MAX_LINE_SIZE
from .abstract_cookie_jar import AbstractCookieJar
from .charset_guess import guess_charset
from .connector import BaseConnector
from .cookie_jar import CookieJar
from .errors import InvalidUrlClientError, NonHttpUrlClientError
from .middlewares import ClientMiddlewareType
from .option_types import DataOptions, RedirectOptions, RequestOptions, Unpack, WebSocketConnectOptions
from .plain_request import JSON, Destinations
from .read_options import READ_BUFFER_SIZE
from .request import ClientRequest
from .request_contexts import _BaseRequestContextManager, _RequestContextManager
from .response import ClientResponse
from .sending import Sending
from .session_defaults import SessionDefaults, warn_of_auth
from .tcp_connector import TCPConnector
from .timeouts import ClientTimeout, session_timeout
from .tracing import TraceConfig
from .websocket import ClientWebSocketResponse, WebSocketOptions, checked_timeout, open_websocket

if TYPE_CHECKING:
    _CharsetResolver = Callable[[ClientResponse, bytes], str]
else:
    _CharsetResolver = Any  # for whoever evaluates annotations


class _Unmade:
    """What a session holds whose constructor did not run, as those that tests make; compiled, SessionDefaults sees to
    it."""

    _connector: Any = None
    _deadlines: Any = None
    _options: Any = None


class ClientSession(SessionDefaults, _Unmade):
    """Sends requests. One for a program (or for each service it talks to) is the right number; close it at the end.

    ``read_bufsize`` in octets read ahead of the program; ``max_line_size`` and ``max_field_size`` in octets of a line
    of a response's head, ``max_headers`` in lines.
    """

    ATTRS: Final = frozenset(
        {
            "_base_url",
            "_base_url_origin",
            "_source_traceback",
            "_connector",
            "_loop",
            "_cookie_jar",
            "_connector_owner",
            "_default_auth",
            "_version",
            "_json_serialize",
            "_json_serialize_bytes",
            "_requote_redirect_url",
            "_timeout",
            "_raise_for_status",
            "_auto_decompress",
            "_trust_env",
            "_default_headers",
            "_skip_auto_headers",
            "_request_class",
            "_response_class",
            "_ws_response_class",
            "_trace_configs",
            "_read_bufsize",
            "_max_line_size",
            "_max_field_size",
            "_max_headers",
            "_resolve_charset",
            "_default_proxy",
            "_default_proxy_auth",
            "_retry_connection",
            "_middlewares",
            "_destinations",
            "requote_redirect_url",
        }
    )

    _source_traceback: traceback.StackSummary | None = None

    def __init__(
        self,
        base_url: str | URL | None = None,
        *,
        connector: BaseConnector | None = None,
        loop: asyncio.AbstractEventLoop | None = None,
        cookies: LooseCookies | None = None,
        headers: LooseHeaders | None = None,
        proxy: str | URL | None = None,
        proxy_auth: BasicAuth | None = None,
        skip_auto_headers: Iterable[str] | None = None,
        auth: BasicAuth | None = None,
        json_serialize: Callable[[Any], str] = json.dumps,
        json_serialize_bytes: Callable[[Any], bytes] | None = None,
        request_class: type[ClientRequest] = ClientRequest,
        response_class: type[ClientResponse] = ClientResponse,
        ws_response_class: type[ClientWebSocketResponse[Any]] = ClientWebSocketResponse,
        version: HttpVersion = HttpVersion11,
        cookie_jar: AbstractCookieJar | None = None,
        connector_owner: bool = True,
        raise_for_status: bool | Callable[[ClientResponse], Awaitable[None]] = False,
        read_timeout: float | _SENTINEL = sentinel,
        conn_timeout: float | None = None,
        timeout: object | ClientTimeout = sentinel,
        auto_decompress: bool = True,
        trust_env: bool = False,
        requote_redirect_url: bool = True,
        trace_configs: list[TraceConfig] | None = None,
        read_bufsize: int = READ_BUFFER_SIZE,
        max_line_size: int = DEFAULT_MAX_LINE_SIZE,
        max_field_size: int = DEFAULT_MAX_FIELD_SIZE,
        max_headers: int = DEFAULT_MAX_FIELDS,
        fallback_charset_resolver: _CharsetResolver = guess_charset,
        middlewares: Sequence[ClientMiddlewareType] = (),
        ssl_shutdown_timeout: _SENTINEL | float | None = sentinel,
    ) -> None:
        self._connector = None
        self._set_base_url(base_url)
        if proxy_auth is not None and not isinstance(proxy_auth, BasicAuth):
            raise ValueError("proxy_auth must be None or BasicAuth() tuple")
        warn_of_auth(auth, proxy_auth)
        loop = loop or (connector._loop if connector is not None else None) or asyncio.get_running_loop()
        self._loop = loop
        if loop.get_debug():
            self._source_traceback = traceback.extract_stack(sys._getframe(1))
        self._timeout = session_timeout(timeout, read_timeout, conn_timeout)
        if ssl_shutdown_timeout is not sentinel:
            warn_caller("The ssl_shutdown_timeout parameter is deprecated and will be removed in aiohttp 4.0")
        if connector is None:
            connector = TCPConnector(loop=loop)
            if ssl_shutdown_timeout is not sentinel:
                connector._ssl_shutdown_timeout = ssl_shutdown_timeout
        if connector._loop is not loop:
            raise RuntimeError("Session and connector has to use same event loop")
        self._cookie_jar = CookieJar(loop=loop) if cookie_jar is None else cookie_jar
        if cookies:
            self._cookie_jar.update_cookies(cookies)
        self._default_auth = auth
        self._default_proxy = proxy
        self._default_proxy_auth = proxy_auth
        self._version = version
        self._json_serialize = json_serialize
        self._json_serialize_bytes = json_serialize_bytes
        self._raise_for_status = raise_for_status
        self._auto_decompress = auto_decompress
        self._trust_env = trust_env
        self._requote_redirect_url = requote_redirect_url
        self._read_bufsize = read_bufsize
        self._max_line_size = max_line_size
        self._max_field_size = max_field_size
        self._max_headers = max_headers
        self._default_headers: CIMultiDict[str] = CIMultiDict(headers) if headers else CIMultiDict()
        self._skip_auto_headers = frozenset(istr(name) for name in skip_auto_headers or ())
        self._request_class = request_class
        self._response_class = response_class
        self._ws_response_class = ws_response_class
        self._trace_configs = trace_configs or []
        for trace_config in self._trace_configs:
            trace_config.freeze()
        self._resolve_charset = fallback_charset_resolver
        self._middlewares = middlewares
        self._retry_connection = True
        self._deadlines = None
        self._options = self._options_of = None
        self._destinations = Destinations(ClientSession._build_url)
        # Last: a session whose constructor fails has nothing to close.
        self._connector = connector
        self._connector_owner = connector_owner

    def _set_base_url(self, base_url: str | URL | None) -> None:
        self._base_url: URL | None = None
        self._base_url_origin: URL | None = None
        if base_url is None:
            return
        url = URL(base_url)
        if not url.absolute:
            raise ValueError("URL should be absolute")
        self._base_url = url
        self._base_url_origin = url.origin()
        if not url.path.endswith("/"):
            raise ValueError("base_url must have a trailing '/'")

    def __init_subclass__(cls) -> None:
        warnings.warn(
            f"Inheritance class {cls.__name__} from ClientSession is discouraged", DeprecationWarning, stacklevel=2
        )

    if DEBUG and not TYPE_CHECKING:

        def __setattr__(self, name: str, val: Any) -> None:
            warn_of_custom_attribute(self, "ClientSession", name)
            super().__setattr__(name, val)

    def __del__(self, _warnings: Any = warnings) -> None:
        try:
            closed = self.closed
        except AttributeError:
            # The constructor failed.
            return
        if closed:
            return
        _warnings.warn(f"Unclosed client session {self!r}", ResourceWarning, source=self)
        context = {"client_session": self, "message": "Unclosed client session"}
        if self._source_traceback is not None:
            context["source_traceback"] = self._source_traceback
        self._loop.call_exception_handler(context)

    # Requests

    def request(self, method: str, url: str | URL, **kwargs: Unpack[RequestOptions]) -> _RequestContextManager:
        """Send a request; await it, or use it by ``async with``."""
        return _RequestContextManager(self._request(method, url, **kwargs))

    def get(
        self, url: str | URL, *, allow_redirects: bool = True, **kwargs: Unpack[DataOptions]
    ) -> _RequestContextManager:
        """GET."""
        return _RequestContextManager(self._request("GET", url, allow_redirects=allow_redirects, **kwargs))

    def options(
        self, url: str | URL, *, allow_redirects: bool = True, **kwargs: Unpack[DataOptions]
    ) -> _RequestContextManager:
        """OPTIONS."""
        return _RequestContextManager(self._request("OPTIONS", url, allow_redirects=allow_redirects, **kwargs))

    def head(
        self, url: str | URL, *, allow_redirects: bool = False, **kwargs: Unpack[DataOptions]
    ) -> _RequestContextManager:
        """HEAD; redirects are not followed unless asked for."""
        return _RequestContextManager(self._request("HEAD", url, allow_redirects=allow_redirects, **kwargs))

    def post(self, url: str | URL, *, data: Any = None, **kwargs: Unpack[RedirectOptions]) -> _RequestContextManager:
        """POST."""
        return _RequestContextManager(self._request("POST", url, data=data, **kwargs))

    def put(self, url: str | URL, *, data: Any = None, **kwargs: Unpack[RedirectOptions]) -> _RequestContextManager:
        """PUT."""
        return _RequestContextManager(self._request("PUT", url, data=data, **kwargs))

    def patch(self, url: str | URL, *, data: Any = None, **kwargs: Unpack[RedirectOptions]) -> _RequestContextManager:
        """PATCH."""
        return _RequestContextManager(self._request("PATCH", url, data=data, **kwargs))

    def delete(self, url: str | URL, **kwargs: Unpack[RequestOptions]) -> _RequestContextManager:
        """DELETE."""
        return _RequestContextManager(self._request("DELETE", url, **kwargs))

    @overload
    def ws_connect(
        self, url: str | URL, *, decode_text: Literal[True] = ..., **options: Unpack[WebSocketConnectOptions]
    ) -> _BaseRequestContextManager[ClientWebSocketResponse[Literal[True]]]: ...

    @overload
    def ws_connect(
        self, url: str | URL, *, decode_text: Literal[False], **options: Unpack[WebSocketConnectOptions]
    ) -> _BaseRequestContextManager[ClientWebSocketResponse[Literal[False]]]: ...

    @overload
    def ws_connect(
        self, url: str | URL, *, decode_text: bool = ..., **options: Unpack[WebSocketConnectOptions]
    ) -> _BaseRequestContextManager[ClientWebSocketResponse[bool]]: ...

    def ws_connect(
        self,
        url: str | URL,
        *,
        method: str = "GET",
        protocols: Iterable[str] = (),
        timeout: Any = sentinel,
        receive_timeout: float | None = None,
        autoclose: bool = True,
        autoping: bool = True,
        heartbeat: float | None = None,
        auth: BasicAuth | None = None,
        origin: str | None = None,
        params: Any = None,
        headers: LooseHeaders | None = None,
        proxy: str | URL | None = None,
        proxy_auth: BasicAuth | None = None,
        ssl: Any = True,
        verify_ssl: bool | None = None,
        fingerprint: bytes | None = None,
        ssl_context: Any = None,
        server_hostname: str | None = None,
        proxy_headers: LooseHeaders | None = None,
        compress: int = 0,
        max_msg_size: int = 4 * 1024 * 1024,
        decode_text: bool = True,
    ) -> _BaseRequestContextManager[Any]:
        """Open a WebSocket connection; await it, or use it by ``async with``.

        ``compress``: window bits (9 to 15) to offer compression with, 0 for none. ``heartbeat``: seconds of
        silence before a ping. ``max_msg_size``: octets of one message (0: any). Raises WSServerHandshakeError.
        """
        options = WebSocketOptions(
            tuple(protocols or ()),
            checked_timeout(timeout, receive_timeout),
            autoclose,
            autoping,
            heartbeat,
            origin,
            compress,
            max_msg_size,
            decode_text,
        )
        request = {
            "params": params,
            "auth": auth,
            "proxy": proxy,
            "proxy_auth": proxy_auth,
            "ssl": ssl,
            "verify_ssl": verify_ssl,
            "fingerprint": fingerprint,
            "ssl_context": ssl_context,
            "server_hostname": server_hostname,
            "proxy_headers": proxy_headers,
        }
        return _BaseRequestContextManager(open_websocket(self, method, url, headers, options, request))

    async def _request(
        self,
        method: str,
        str_or_url: str | URL,
        *,
        params: Any = None,
        data: Any = None,
        json: Any = None,
        headers: Any = None,
        allow_redirects: bool = True,
        timeout: ClientTimeout | float | _SENTINEL | None = sentinel,
        **others: Any,
    ) -> ClientResponse:
        # Parameters that are rarely given cost each request as much as those that are.
        sending = Sending(self, method, allow_redirects)
        sending.take(str_or_url, params, data, json, headers, timeout, others)
        return await sending.complete()

    def _json_content(self, value: Any) -> bytes:
        if self._json_serialize_bytes is not None:
            return self._json_serialize_bytes(value)
        return self._json_serialize(value).encode()

    def _json_payload(self, value: Any, content: bytes | None = None) -> Payload:
        if content is not None:
            return BytesPayload(content, content_type=JSON)
        if self._json_serialize_bytes is not None:
            return JsonBytesPayload(value, dumps=self._json_serialize_bytes)
        return JsonPayload(value, dumps=self._json_serialize)

    def _build_url(self, str_or_url: str | URL) -> URL:
        url = URL(str_or_url)
        base = self._base_url
        if base and not url.absolute:
            return base.join(url)
        return url

    def _usable_url(self, str_or_url: str | URL) -> URL:
        """The URL to ask; InvalidUrlClientError or NonHttpUrlClientError for one that cannot be asked."""
        try:
            url = self._build_url(str_or_url)
        except ValueError as exc:
            raise InvalidUrlClientError(str_or_url) from exc
        connector = self._connector
        if connector is not None and url.scheme not in connector.allowed_protocol_schema_set:
            raise NonHttpUrlClientError(url)
        if not url.raw_host or not url.scheme:
            raise InvalidUrlClientError(url)
        return url

    def _prepare_headers(self, headers: Any) -> CIMultiDict[str]:
        """The session's fields, with those of ``headers`` in their places.

        A name that is repeated as it was written is kept repeated; in another spelling it takes the place of the first.
        """
        result: CIMultiDict[str]
        if not self._default_headers:
            result = CIMultiDict(headers or ())
            if len(set(map(str.lower, result))) == len(result):
                return result
        result = CIMultiDict(self._default_headers)
        if headers:
            if not isinstance(headers, (MultiDictProxy, MultiDict)):
                headers = CIMultiDict(headers)
            seen: set[str] = set()
            for name, value in headers.items():
                if name in seen:
                    result.add(name, value)
                else:
                    result[name] = value
                    seen.add(name)
        return result

    def _skipped(self, skip_auto_headers: Iterable[str] | None) -> Any:
        if skip_auto_headers is None:
            return self._skip_auto_headers or None
        return {istr(name) for name in skip_auto_headers} | self._skip_auto_headers

    # The session itself

    async def close(self) -> None:
        """Close the session, and the connector where the session owns it; returns when the transports are gone."""
        if self._deadlines is not None:
            self._deadlines.rest()
        if not self.closed:
            connector = self._connector
            if connector is not None and self._connector_owner:
                await connector.close()
            self._connector = None

    def detach(self) -> None:
        """Give up the connector without closing it."""
        self._connector = None

    def __enter__(self) -> None:
        raise TypeError("Use async with instead")

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        """Never reached."""

    async def __aenter__(self) -> ClientSession:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        await self.close()
