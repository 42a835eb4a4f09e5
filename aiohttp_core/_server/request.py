"""A request as a handler sees it: everything derived is computed on first use."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, MutableMapping
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast, overload

from multidict import CIMultiDict, CIMultiDictProxy, MultiDictProxy
from yarl import URL

from .._body.form import FileField
from .._body.multipart_reader import MultipartReader
from .._connection.protocol import transport_to_show
from .._connection.raw_messages import RawRequestMessage
from .._connection.stream_reader import EMPTY_PAYLOAD, StreamReader
from .._connection.stream_writer import AbstractStreamWriter, StreamWriter
from .._semantics import field_names as hdrs
from .._semantics import methods
from .._semantics.arguments import LooseHeaders, StrOrURL
from .._semantics.charsets import charset_codec
from .._semantics.deprecations import DEBUG, warn_caller, warn_of_custom_attribute
from .._semantics.sentinel import _SENTINEL, sentinel
from .._semantics.versions import HttpVersion
from .._wire.http1.messages import RequestHead
from .keys import NotAppKeyWarning, RequestKey
from .request_fields import RequestFields

if TYPE_CHECKING:
    from typing_extensions import Self

    from .._semantics.chain_map import ChainMapProxy
    from .application import Application
    from .request_handler import RequestHandler
    from .response import StreamResponse
    from .url_mapping import UrlMappingMatchInfo

_T = TypeVar("_T")
DEFAULT_CLIENT_MAX_SIZE: Final = 1024**2
DEFAULT_CLIENT_MAX_FIELDS: Final = 1000


class BaseRequest(RequestFields, MutableMapping["str | RequestKey[Any]", Any]):
    """A request of the low-level server. As a mapping it keeps what middlewares and handlers put there.

    ``client_max_size`` bounds what ``read``, ``text``, ``json`` and ``post`` hold, in octets after decoding
    (0: no bound); above it they raise HTTPRequestEntityTooLarge. ``client_max_fields`` bounds the fields of a form.
    """

    POST_METHODS = frozenset(
        {methods.METH_PATCH, methods.METH_POST, methods.METH_PUT, methods.METH_TRACE, methods.METH_DELETE}
    )
    ATTRS: Any = frozenset()

    _rel_url: URL | None = None
    _url: URL | None = None
    _post: MultiDictProxy[str | bytes | FileField] | None = None
    _read_bytes: bytes | None = None
    _scheme: str | None = None
    _host: str | None = None
    _remote: str | None = None
    _raw_message: RawRequestMessage | None = None
    _match_info: UrlMappingMatchInfo | None = None

    def __init__(
        self,
        message: RequestHead | RawRequestMessage,
        payload: StreamReader,
        protocol: RequestHandler,
        payload_writer: AbstractStreamWriter | None,
        task: asyncio.Task[None],
        loop: asyncio.AbstractEventLoop,
        *,
        client_max_size: int = DEFAULT_CLIENT_MAX_SIZE,
        client_max_fields: int = DEFAULT_CLIENT_MAX_FIELDS,
        state: dict[Any, Any] | None = None,
        scheme: str | None = None,
        host: str | None = None,
        remote: str | None = None,
    ) -> None:
        self._begin(message, payload, protocol, payload_writer, task, loop, client_max_size, client_max_fields, state)
        if scheme is not None:
            self._scheme = scheme
        if host is not None:
            self._host = host
        if remote is not None:
            self._remote = remote

    def _begin(
        self,
        message: RequestHead | RawRequestMessage,
        payload: StreamReader,
        protocol: RequestHandler,
        payload_writer: AbstractStreamWriter | None,
        task: asyncio.Task[None],
        loop: asyncio.AbstractEventLoop,
        client_max_size: int,
        client_max_fields: int,
        state: dict[Any, Any] | None,
    ) -> None:
        self._message = message
        self._payload = payload
        self._protocol = protocol
        self._writer = payload_writer
        self._task = task
        self._loop = loop
        self._client_max_size = client_max_size
        self._client_max_fields = client_max_fields
        self._state: dict[Any, Any] = {} if state is None else state
        self._method = message.method
        self._version = message.version
        if type(message) is RequestHead:
            self._expects: bytes | str | None = message.fields.first(b"expect")
            self._target = target = message.target
            if not target.startswith("/"):
                self._take_absolute()
        else:
            raw = self._raw_message = cast(RawRequestMessage, message)
            self._target = raw.path
            self._rel_url = raw.url
            self._headers = raw.headers
            self._expects = raw.headers.get(hdrs.EXPECT)
            if raw.url.absolute:
                self._take_url(raw.url)

    def _take_absolute(self) -> None:
        """Take an absolute-form target apart: its authority outranks the Host field (RFC 9112 section 3.2.2)."""
        if self._method == methods.METH_CONNECT or "://" not in self._target:
            return
        try:
            url = URL(self._target, encoded=True)
            if url.absolute and url.host and url.port != 0:
                self._take_url(url)
        except ValueError:
            # Whoever needs the URL answers 400.
            self._rel_url = None

    def _take_url(self, url: URL) -> None:
        self._rel_url = url.relative()
        self._url = url
        self._host = url.host_port_subcomponent
        self._scheme = url.scheme

    if DEBUG and not TYPE_CHECKING:

        def __setattr__(self, name: str, val: Any) -> None:
            warn_of_custom_attribute(self, type(self).__name__, name)
            super().__setattr__(name, val)

    def __repr__(self) -> str:
        # Nobody gets to see an error for looking: the target itself where it is no path.
        path = self.path if self._rel_url is not None or self._target.startswith("/") else self._target
        shown = path.encode("ascii", "backslashreplace").decode("ascii")
        return f"<{type(self).__name__} {self._method} {shown} >"

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __bool__(self) -> bool:
        return True

    # The mapping

    @overload
    def __getitem__(self, key: RequestKey[_T]) -> _T: ...

    @overload
    def __getitem__(self, key: str) -> Any: ...

    def __getitem__(self, key: str | RequestKey[Any]) -> Any:
        return self._state[key]

    @overload
    def __setitem__(self, key: RequestKey[_T], value: _T) -> None: ...

    @overload
    def __setitem__(self, key: str, value: Any) -> None: ...

    def __setitem__(self, key: str | RequestKey[Any], value: Any) -> None:
        if not isinstance(key, RequestKey):
            warn_caller("It is recommended to use web.RequestKey instances for keys.", NotAppKeyWarning)
        self._state[key] = value

    def __delitem__(self, key: str | RequestKey[Any]) -> None:
        del self._state[key]

    def __len__(self) -> int:
        return len(self._state)

    def __iter__(self) -> Iterator[str | RequestKey[Any]]:
        return iter(self._state)

    def clone(
        self,
        *,
        method: str | _SENTINEL = sentinel,
        rel_url: StrOrURL | _SENTINEL = sentinel,
        headers: LooseHeaders | _SENTINEL = sentinel,
        scheme: str | _SENTINEL = sentinel,
        host: str | _SENTINEL = sentinel,
        remote: str | _SENTINEL = sentinel,
        client_max_size: int | _SENTINEL = sentinel,
        client_max_fields: int | _SENTINEL = sentinel,
    ) -> Self:
        """A request with some parts replaced; RuntimeError once the content was read."""
        if self._read_bytes is not None:
            raise RuntimeError("Cannot clone request after reading its content")
        changes: dict[str, Any] = {}
        if method is not sentinel:
            changes["method"] = method
        if rel_url is not sentinel:
            new_url = URL(rel_url)
            changes["url"] = new_url
            changes["path"] = str(new_url)
        if headers is not sentinel:
            fields = CIMultiDictProxy(CIMultiDict(headers))
            changes["headers"] = fields
            changes["raw_headers"] = tuple((k.encode("utf-8"), v.encode("utf-8")) for k, v in fields.items())
        passed: dict[str, Any] = {}
        for name, value in (("scheme", scheme), ("host", host), ("remote", remote)):
            if value is not sentinel:
                passed[name] = value
        return self.__class__(
            self._raw()._replace(**changes),
            self._payload,
            self._protocol,
            self._payload_writer,
            self._task,
            self._loop,
            client_max_size=self._client_max_size if client_max_size is sentinel else client_max_size,
            client_max_fields=self._client_max_fields if client_max_fields is sentinel else client_max_fields,
            state=self._state.copy(),
            **passed,
        )

    # The connection

    @property
    def task(self) -> asyncio.Task[None]:
        return self._task

    @property
    def protocol(self) -> RequestHandler:
        return self._protocol

    @property
    def transport(self) -> asyncio.Transport | None:
        return cast("asyncio.Transport | None", transport_to_show(self._protocol))

    @property
    def _transport(self) -> Any:
        return getattr(self._protocol, "transport", None)

    @property
    def writer(self) -> AbstractStreamWriter:
        return self._payload_writer

    @property
    def _payload_writer(self) -> AbstractStreamWriter:
        # Made when it is asked for: a plain answer goes without.
        writer = self._writer
        if writer is None:
            writer = self._writer = StreamWriter(self._protocol, self._loop)
        return writer

    @property
    def client_max_size(self) -> int:
        return self._client_max_size

    @property
    def client_max_fields(self) -> int:
        return self._client_max_fields

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        warn_caller("request.loop property is deprecated")
        return self._loop

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What the transport knows under ``name``; ``default`` also when the connection is gone."""
        transport = self._transport
        return default if transport is None else transport.get_extra_info(name, default)

    @property
    def message(self) -> RawRequestMessage:
        """The head as aiohttp's parsers delivered it. Deprecated."""
        warn_caller("Request.message is deprecated")
        return self._raw()

    def _raw(self) -> RawRequestMessage:
        raw = self._raw_message
        if raw is None:
            raw = self._raw_message = RawRequestMessage.from_head(cast(RequestHead, self._message), self.rel_url)
        return raw

    @property
    def head(self) -> RequestHead | RawRequestMessage:
        """What the parser delivered."""
        return self._message

    # The request line

    @property
    def method(self) -> str:
        """The method, as sent: methods are case-sensitive."""
        return self._method

    @property
    def version(self) -> HttpVersion:
        return self._version

    @property
    def rel_url(self) -> URL:
        url = self._rel_url
        if url is None:
            url = self._rel_url = self._target_url()
        return url

    def _target_url(self) -> URL:
        target = self._target
        if self._method == methods.METH_CONNECT:
            return URL.build(authority=target, encoded=True)
        if target.startswith("/"):
            rest, _, fragment = target.partition("#")
            path, _, query = rest.partition("?")
            return URL.build(path=path, query_string=query, fragment=fragment, encoded=True)
        if target == "*":
            return URL.build(path="*", encoded=True)
        from .exceptions import HTTPBadRequest

        raise HTTPBadRequest(text="The request target is no URL")

    @property
    def url(self) -> URL:
        url = self._url
        if url is None:
            rel_url = self.rel_url
            if rel_url.absolute:
                url = rel_url
            else:
                url = URL.build(scheme=self.scheme, authority=self.host, encoded=True).join(rel_url)
            self._url = url
        return url

    @property
    def path(self) -> str:
        """The path, decoded."""
        target = self._target
        if self._rel_url is None and target.startswith("/") and "%" not in target:
            return target.partition("#")[0].partition("?")[0]
        return self.rel_url.path

    @property
    def raw_path(self) -> str:
        """The target, as sent."""
        return self._target

    @property
    def path_qs(self) -> str:
        return str(self.rel_url.relative() if self.rel_url.absolute else self.rel_url)

    @property
    def query(self) -> MultiDictProxy[str]:
        return self.rel_url.query

    @property
    def query_string(self) -> str:
        return self.rel_url.query_string

    @property
    def routing_path(self) -> str:
        """The path as resources compare it: decoded, but for ``%2F`` and ``%25``."""
        target = self._target
        if target.startswith("/") and "%" not in target:
            return target.partition("#")[0].partition("?")[0]
        return self.rel_url.path_safe

    # Where it came from

    @property
    def scheme(self) -> str:
        scheme = self._scheme
        if scheme is None:
            transport = self._transport
            secure = transport is not None and transport.get_extra_info("sslcontext") is not None
            scheme = self._scheme = "https" if secure else "http"
        return scheme

    @property
    def secure(self) -> bool:
        return self.scheme == "https"

    @property
    def host(self) -> str:
        """The Host field, or this machine's address where a client sent none; its name is never looked up."""
        host = self._host
        if host is None:
            message = self._message
            if self._headers is None and type(message) is RequestHead:
                raw = message.fields.first(b"host")
                host = None if raw is None else raw.decode("ascii")
            else:
                host = self.headers.get(hdrs.HOST)
            if host is None:
                host = self._own_address()
            self._host = host
        return host

    def _own_address(self) -> str:
        address = self.get_extra_info("sockname")
        if isinstance(address, tuple) and len(address) >= 2:
            return f"[{address[0]}]" if ":" in str(address[0]) else str(address[0])
        return "127.0.0.1"

    @property
    def remote(self) -> str | None:
        """The client's address; the path for a Unix socket."""
        remote = self._remote
        if remote is None:
            peer = self.get_extra_info("peername")
            if isinstance(peer, (list, tuple)):
                remote = self._remote = str(peer[0])
            elif peer is not None:
                remote = self._remote = str(peer)
        return remote

    @property
    def _closing(self) -> bool:
        """Whether the connection is about to go."""
        return getattr(self._protocol, "closing", False) is True

    # Content

    @property
    def content(self) -> StreamReader:
        return self._payload

    @property
    def has_body(self) -> bool:
        warn_caller("Deprecated, use .can_read_body #2005")
        return not self._payload.at_eof()

    @property
    def can_read_body(self) -> bool:
        """Whether there is content that was not read."""
        return not self._payload.at_eof()

    @property
    def body_exists(self) -> bool:
        return self._payload is not EMPTY_PAYLOAD

    async def release(self) -> None:
        """Read and drop what is left of the content."""
        while not self._payload.at_eof():
            await self._payload.readany()

    async def read(self) -> bytes:
        """The content; HTTPRequestEntityTooLarge above ``client_max_size``. Read once, then kept."""
        if self._read_bytes is None:
            limit = self._client_max_size
            payload: Any = self._payload
            body = await (payload.read_whole(limit) if isinstance(payload, StreamReader) else _whole_of(payload, limit))
            if limit and len(body) > limit:
                self._too_large(len(body))
            self._read_bytes = body
        return self._read_bytes

    def _too_large(self, actual_size: int) -> None:
        from .exceptions import HTTPRequestEntityTooLarge

        raise HTTPRequestEntityTooLarge(max_size=self._client_max_size, actual_size=actual_size)

    async def text(self) -> str:
        """The content as text, by the charset it names or UTF-8; HTTPUnsupportedMediaType for an unknown charset."""
        content = await self.read()
        try:
            return content.decode(charset_codec(self.charset or "utf-8"))
        except LookupError as exc:
            from .exceptions import HTTPUnsupportedMediaType

            raise HTTPUnsupportedMediaType from exc
        except UnicodeDecodeError as exc:
            self._blame(exc)
            raise

    async def json(self, *, loads: Callable[[str], Any] = json.loads) -> Any:
        """The content as JSON; what ``loads`` raises where it is none."""
        text = await self.text()
        try:
            return loads(text)
        except (ValueError, RecursionError) as exc:
            self._blame(exc)
            raise

    async def multipart(self) -> MultipartReader:
        """A reader for a multipart content."""
        reader = MultipartReader(
            self.headers,
            self._payload,
            max_field_size=self._protocol.max_field_size,
            max_headers=self._protocol.max_headers,
        )
        reader.on_fault = self._blame
        return reader

    async def post(self) -> MultiDictProxy[str | bytes | FileField]:
        """The fields of a form; files are spooled to disk. Empty for other content and methods."""
        if self._post is None:
            from .posted_form import read_form

            self._post = await read_form(self)
            self.attended = self.attended or any(isinstance(value, FileField) for value in self._post.values())
        return self._post

    # The end

    def _cancel(self, exc: BaseException) -> None:
        self._payload.set_exception(exc)

    async def _prepare_hook(self, response: StreamResponse) -> None:
        """Called with a response before its head is written."""

    def _finish(self) -> None:
        """Let go of what was spooled for this request."""
        post = self._post
        if post is None or self.content_type != "multipart/form-data":
            return
        for field in post.values():
            if isinstance(field, FileField):
                field.file.close()


async def _whole_of(payload: Any, limit: int) -> bytes:
    """``StreamReader.read_whole`` of a stream that a program made."""
    body = bytearray()
    while piece := await payload.readany():
        body += piece
        if limit and len(body) > limit:
            break
    return bytes(body)


class Request(BaseRequest):
    """A request routed by an application."""

    @property
    def match_info(self) -> UrlMappingMatchInfo:
        """What routing found."""
        return cast("UrlMappingMatchInfo", self._match_info)

    @property
    def app(self) -> Application:
        """The application whose route matched, the innermost where they are nested."""
        return self.match_info.current_app

    @property
    def config_dict(self) -> ChainMapProxy:
        """The application's state with that of those around it."""
        from .._semantics.chain_map import ChainMapProxy

        apps = self.match_info.apps
        return ChainMapProxy(reversed(apps[: apps.index(self.app) + 1]))

    async def _prepare_hook(self, response: StreamResponse) -> None:
        match_info = self._match_info
        if match_info is None:
            return
        for app in match_info.apps:
            if on_response_prepare := app.on_response_prepare:
                await on_response_prepare.send(self, response)


__all__ = ("BaseRequest", "Request")
