"""The fields of a request, put together from what the program gives: host, cookies, credentials, content."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from http.cookies import BaseCookie, Morsel, SimpleCookie
from typing import Any, Final
from urllib.parse import quote

from multidict import CIMultiDict, MultiDict, MultiDictProxy
from yarl import URL

from .._body.form import FormData
from .._body.payload import Payload
from .._body.payloads_in_memory import BytesPayload
from .._body.registry import LookupError as PayloadLookupError
from .._body.registry import get_payload
from .._semantics.basic_auth import BasicAuth
from .._semantics.compression import supported_codings
from .._semantics.cookies import (
    parse_cookie_header,
    preserve_morsel_with_coded_value,
)
from .._semantics.field_names import (
    ACCEPT,
    ACCEPT_ENCODING,
    AUTHORIZATION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    COOKIE,
    EXPECT,
    HOST,
    TRANSFER_ENCODING,
    USER_AGENT,
)
from .._semantics.methods import METH_DELETE, METH_GET, WITH_CONTENT, WITHOUT_CONTENT
from .._semantics.product import SERVER_SOFTWARE
from .._semantics.versions import HttpVersion, HttpVersion10
from .errors import InvalidURL
from .response import ClientResponse
from .upload_tracker import UploadTracker

BIG_BYTES: Final = 2**20
"""Octets from which a bytes object is handed to the transport by a task, with back-pressure."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
_ACCEPTED: Final = ", ".join(
    ["gzip", "deflate", *(coding for coding in ("br", "zstd") if coding in supported_codings())]
)
AUTO_FIELDS: Final = ((ACCEPT, "*/*"), (ACCEPT_ENCODING, _ACCEPTED), (USER_AGENT, SERVER_SOFTWARE))


class RequestFields:
    """The composing half of ClientRequest: each step sets the fields that are its own."""

    GET_METHODS: Final = set(WITHOUT_CONTENT)
    POST_METHODS: Final = set(WITH_CONTENT)
    ALL_METHODS: Final = GET_METHODS | POST_METHODS | {METH_DELETE}
    DEFAULT_HEADERS: Final = {ACCEPT: "*/*", ACCEPT_ENCODING: _ACCEPTED}

    url: URL = URL()
    headers: CIMultiDict[str]
    method = METH_GET
    auth: BasicAuth | None = None
    response: ClientResponse | None = None
    chunked: bool | None = None
    compress: str | bool | None = None
    length: int | None = None
    proxy: URL | None = None
    proxy_auth: BasicAuth | None = None
    proxy_headers: CIMultiDict[str] | None = None
    server_hostname: str | None = None
    # Payload, bytes that are not worth one, or None.
    _body: Payload | bytes | None = None
    _continue: bool | asyncio.Future[bool] | None = None
    _skip_auto_headers: CIMultiDict[None] | None = None
    _writer_task: asyncio.Task[None] | None = None
    _upload_tracker: UploadTracker | None = None
    _upload_gen = 0
    _body_done = False

    @property
    def body(self) -> Payload | bytes:
        """The content: a Payload, or ``b""`` where there is none. Change it by ``update_body``."""
        body = self._body
        if body is None:
            return b""
        if isinstance(body, bytes):
            body = self._body = BytesPayload(body)
        return body

    @body.setter
    def body(self, value: Any) -> None:
        self.update_body_from_data(value)

    def update_host(self, url: URL) -> None:
        """Take the credentials out of the URL; InvalidURL where it names no host."""
        if not url.raw_host:
            raise InvalidURL(url)
        if url.raw_user is not None or url.raw_password is not None:
            self.auth = BasicAuth.from_url(url)
            self.url = self.url.with_user(None)
            self.original_url = url

    def update_version(self, version: HttpVersion | str) -> None:
        """The version as a pair or as text; ValueError for what is none."""
        if isinstance(version, str):
            parts = [part.strip() for part in version.split(".", 1)]
            if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
                raise ValueError(f"Can not parse http version number: {version}")
            version = HttpVersion(int(parts[0]), int(parts[1]))
        self.version = version

    def update_headers(self, headers: Any) -> None:
        """Host first, then what the program gave; a Host of its own wins."""
        own: CIMultiDict[str]
        host = self.url.host_port_subcomponent or ""
        if not headers:
            self.headers = CIMultiDict(((HOST, host),))
            return
        self.headers = own = CIMultiDict(((HOST, host),))
        items = headers.items() if isinstance(headers, (dict, MultiDict, MultiDictProxy, Mapping)) else headers
        for name, value in items:
            if name.lower() == "host":
                own[HOST] = value
            else:
                own.add(name, value)

    def update_auto_headers(self, skip_auto_headers: Iterable[str] | None) -> None:
        """Add Accept, Accept-Encoding and User-Agent where they are neither given nor to be skipped."""
        headers = self.headers
        if skip_auto_headers is None:
            if len(headers) == 1:
                headers.extend(AUTO_FIELDS)
                return
            for name, value in AUTO_FIELDS:
                if name not in headers:
                    headers[name] = value
            return
        skipped = CIMultiDict((name, None) for name in sorted(skip_auto_headers))
        self._skip_auto_headers = skipped
        for name, value in AUTO_FIELDS:
            if name not in headers and name not in skipped:
                headers[name] = value

    def update_cookies(self, cookies: Any) -> None:
        """Set Cookie, with the cookies that the program put there itself; ValueError for one that would inject."""
        if not cookies:
            return
        jar: SimpleCookie = SimpleCookie()
        if COOKIE in self.headers:
            for name, morsel in parse_cookie_header(self.headers[COOKIE]):
                dict.__setitem__(jar, name, morsel)
            del self.headers[COOKIE]
        pairs = cookies.items() if isinstance(cookies, Mapping) else cookies
        for name, value in pairs:
            if isinstance(value, Morsel):
                dict.__setitem__(jar, name, preserve_morsel_with_coded_value(value))
            elif isinstance(value, BaseCookie):
                for inner, morsel in value.items():
                    dict.__setitem__(jar, inner, morsel)
            else:
                jar[name] = value
        self.headers[COOKIE] = format_cookies(jar)

    def update_content_encoding(self, data: Any) -> None:
        """Whether and how the content is compressed; not where there is none."""
        if not data:
            self.compress = None
            return
        if self.headers.get(CONTENT_ENCODING):
            if self.compress:
                raise ValueError("compress can not be set if Content-Encoding header is set")
            self.compress = None
        elif self.compress:
            if not isinstance(self.compress, str):
                self.compress = "deflate"
            from .._semantics.compression import UnsupportedCoding, compressor_for

            try:
                compressor_for(self.compress)
            except UnsupportedCoding as exc:
                raise ValueError(str(exc)) from exc
            self.headers[CONTENT_ENCODING] = self.compress
            self.chunked = True

    def update_transfer_encoding(self) -> None:
        """Chunked where asked for or needed, else a Content-Length."""
        headers = self.headers
        coding = headers.get(TRANSFER_ENCODING, "")
        if "chunked" in coding.lower():
            if self.chunked:
                raise ValueError('chunked can not be set if "Transfer-Encoding: chunked" header is set')
            if CONTENT_LENGTH in headers:
                del headers[CONTENT_LENGTH]
            self.chunked = True
        elif self.chunked:
            if CONTENT_LENGTH in headers:
                raise ValueError("chunked can not be set if Content-Length header is set")
            headers[TRANSFER_ENCODING] = "chunked"

    def update_auth(self, auth: BasicAuth | None, trust_env: bool = False) -> None:
        """Set Authorization from ``auth``, else from the credentials in the URL."""
        if auth is None:
            auth = self.auth
        if auth is None:
            return
        if not isinstance(auth, BasicAuth):
            raise TypeError("BasicAuth() tuple is required instead")
        self.headers[AUTHORIZATION] = auth.encode()

    def update_body_from_data(self, body: Any, _stacklevel: int = 3) -> None:
        """Take ``body`` as the content and set the fields that describe it; the old content is not closed."""
        headers = self.headers
        if body is None:
            self._body = None
            if self.method not in self.GET_METHODS and not self.chunked and CONTENT_LENGTH not in headers:
                headers[CONTENT_LENGTH] = "0"
            return
        if type(body) is bytes and len(body) < BIG_BYTES:
            self._body = body
            if not self.chunked and CONTENT_LENGTH not in headers:
                headers[CONTENT_LENGTH] = str(len(body))
            if CONTENT_TYPE not in headers and not self._skips(CONTENT_TYPE):
                headers[CONTENT_TYPE] = "application/octet-stream"
            return
        payload = self._payload_of(body)
        self._body = payload
        self._body_done = False
        if not self.chunked and CONTENT_LENGTH not in headers:
            size = payload.size
            if size is None:
                self.chunked = True
            else:
                headers[CONTENT_LENGTH] = str(size)
        for name, value in payload.headers.items():
            if name not in headers and not self._skips(name):
                headers[name] = value

    def _payload_of(self, body: Any) -> Payload:
        if isinstance(body, FormData):
            return body()
        try:
            return get_payload(body, disposition=None)
        except PayloadLookupError:
            boundary = None
            if CONTENT_TYPE in self.headers:
                from .._semantics.media_types import parse_mimetype

                boundary = parse_mimetype(self.headers[CONTENT_TYPE]).parameters.get("boundary")
            form = FormData(body)
            if boundary:
                form._writer._boundary = boundary.encode("ascii")
            return form()

    def _skips(self, name: str) -> bool:
        return self._skip_auto_headers is not None and name in self._skip_auto_headers

    async def update_body(self, body: Any) -> None:
        """Replace the content, close the old one, and set the fields that describe the new one."""
        old = self._body
        if isinstance(old, Payload):
            for name in old.headers:
                if self.headers.get(name) == old.headers[name] and name != CONTENT_TYPE:
                    del self.headers[name]
            if old is not body:
                await old.close()
        if CONTENT_LENGTH in self.headers:
            del self.headers[CONTENT_LENGTH]
        if self.chunked and not self.compress and not isinstance(body, (bytes, bytearray)):
            self.chunked = None
            self.headers.pop(TRANSFER_ENCODING, None)
        self.update_body_from_data(body)
        if body is not None or self.method not in self.GET_METHODS:
            if TRANSFER_ENCODING not in self.headers:
                self.update_transfer_encoding()

    def update_expect_continue(self, expect: bool = False) -> None:
        """Ask for ``100 Continue`` before the content is sent (RFC 9110 section 10.1.1)."""
        if expect:
            self.headers[EXPECT] = "100-continue"
        elif self.headers.get(EXPECT, "").lower() == "100-continue" and self.version != HttpVersion10:
            expect = True
        if expect:
            self._continue = True

    def update_proxy(self, proxy: URL | None, proxy_auth: BasicAuth | None, proxy_headers: Any) -> None:
        """Send by way of ``proxy``."""
        self.proxy = proxy
        if proxy is None:
            self.proxy_auth = None
            self.proxy_headers = None
            return
        if proxy_auth is not None and not isinstance(proxy_auth, BasicAuth):
            raise ValueError("proxy_auth must be None or BasicAuth() tuple")
        self.proxy_auth = proxy_auth
        if proxy_headers is not None and not isinstance(proxy_headers, (MultiDict, MultiDictProxy)):
            proxy_headers = CIMultiDict(proxy_headers)
        self.proxy_headers = proxy_headers


def wire_target(target: str) -> str:
    """``target`` as a request line may have it: a URL that is encoded already, and is so in part only, gets the rest
    of what is not ASCII as RFC 3987 section 3.1 says."""
    if target.isascii():
        return target
    return _NOT_ASCII.sub(lambda found: quote(found[0], errors="surrogateescape"), target)


def format_cookies(jar: Mapping[str, Morsel[str]]) -> str:
    """The value of Cookie: values as they came, or as http.cookies quotes them."""
    pieces = []
    for name, morsel in jar.items():
        piece = f"{name}={morsel.coded_value}"
        if not piece.isprintable() and _CONTROL.search(piece):
            raise ValueError(f"cookie {name!r} holds a control character")
        pieces.append(piece)
    return "; ".join(pieces)
