"""The head of a response, read: its status and fields, and what the fields say."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from http.cookies import SimpleCookie
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attr
from multidict import CIMultiDictProxy, MultiDict, MultiDictProxy
from yarl import URL

from .._semantics.content_disposition import content_disposition_filename, parse_content_disposition
from .._semantics.cookies import parse_set_cookie_headers
from .._semantics.media_types import parse_content_type
from .._semantics.versions import HttpVersion
from .connection_key import RequestInfo

if TYPE_CHECKING:
    from .._wire.http1.messages import RawHeaders, ResponseHead
    from .response import ClientResponse


@attr.s(auto_attribs=True, frozen=True, slots=True)
class ContentDisposition:
    """The Content-Disposition field, read."""

    type: str | None
    parameters: MappingProxyType[str, str]
    filename: str | None


class ResponseFields:
    """The reading half of ClientResponse. Each property is put together when it is first asked for."""

    _real_url: URL
    _request_info: Any
    method: str = ""
    reason: str | None = None
    status: int = None  # type: ignore[assignment]
    version: HttpVersion | None = None
    _head: ResponseHead | None = None
    _headers: CIMultiDictProxy[str] | None = None
    _raw_headers: RawHeaders | None = None
    _history: tuple[ClientResponse, ...] = ()
    _cookies: SimpleCookie | None = None
    _raw_cookie_headers: tuple[str, ...] | None = None
    _stored_content_type: str | None = None
    _content_type = ""
    _content_dict: Mapping[str, str] = MappingProxyType({})

    @property
    def url(self) -> URL:
        """The URL of the request without its fragment."""
        url = self._real_url
        return url.with_fragment(None) if url.raw_fragment else url

    @property
    def url_obj(self) -> URL:
        """Deprecated name of ``url``."""
        warnings.warn("Deprecated, use .url #1654", DeprecationWarning, stacklevel=2)
        return self.url

    @property
    def real_url(self) -> URL:
        """The URL of the request with its fragment."""
        return self._real_url

    @property
    def host(self) -> str:
        # A request has one.
        return self._real_url.host  # type: ignore[return-value]

    @property
    def request_info(self) -> RequestInfo:
        info = self._request_info
        if type(info) is tuple:
            url, method, headers, real_url = info
            info = self._request_info = RequestInfo(url, method, CIMultiDictProxy(headers), real_url)
        elif not isinstance(info, RequestInfo):
            # A request, which knows nothing of this response: no cycle.
            info = self._request_info = info.request_info
        return info  # type: ignore[no-any-return]

    def _headers_or_none(self) -> CIMultiDictProxy[str] | None:
        if self._headers is None and self._head is not None:
            self._headers = self._head.headers
        return self._headers

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """The fields; values are UTF-8 with surrogate escapes."""
        headers = self._headers
        if headers is None and self._head is not None:
            headers = self._headers = self._head.headers
        return headers  # type: ignore[return-value]

    @property
    def raw_headers(self) -> RawHeaders:
        """Names and values as they came."""
        raw = self._raw_headers
        if raw is None and self._head is not None:
            raw = self._raw_headers = self._head.raw_headers
        return raw  # type: ignore[return-value]

    @property
    def cookies(self) -> SimpleCookie:
        """The cookies that this response sets."""
        if self._cookies is None:
            cookies = SimpleCookie()
            for name, morsel in parse_set_cookie_headers(self._raw_cookie_headers or ()):
                dict.__setitem__(cookies, name, morsel)
            self._cookies = cookies
        return self._cookies

    @cookies.setter
    def cookies(self, cookies: SimpleCookie) -> None:
        self._cookies = cookies
        self._raw_cookie_headers = tuple(morsel.OutputString() for morsel in cookies.values())

    @property
    def content_type(self) -> str:
        """The media type without parameters; application/octet-stream where the field is missing."""
        self._read_content_type()
        return self._content_type

    @property
    def charset(self) -> str | None:
        """The charset parameter of Content-Type."""
        self._read_content_type()
        return self._content_dict.get("charset") or None

    @property
    def content_length(self) -> int | None:
        """Content-Length as a number."""
        text = self.headers.get("Content-Length")
        return None if text is None else int(text)

    def _read_content_type(self) -> None:
        head = self._head
        raw: str | None
        if self._headers is None and head is not None:
            # The mapping of all fields is made when somebody wants it.
            first = head.fields.first(b"content-type")
            raw = None if first is None else first.decode("utf-8", "surrogateescape")
        else:
            raw = self.headers.get("Content-Type")
        if raw != self._stored_content_type or not self._content_type:
            self._stored_content_type = raw
            if raw is None:
                self._content_type, self._content_dict = "application/octet-stream", {}
            else:
                self._content_type, self._content_dict = parse_content_type(raw)

    @property
    def content_disposition(self) -> ContentDisposition | None:
        raw = self.headers.get("Content-Disposition")
        if raw is None:
            return None
        kind, parameters = parse_content_disposition(raw)
        return ContentDisposition(kind, MappingProxyType(parameters), content_disposition_filename(parameters))

    @property
    def links(self) -> MultiDictProxy[MultiDictProxy[str | URL]]:
        """The Link fields by relation; each has its ``url``, made absolute (RFC 8288)."""
        from .._semantics.links import parse_links

        links: MultiDict[MultiDictProxy[str | URL]] = MultiDict()
        for link in parse_links(self.headers.getall("Link", ())):
            try:
                target = self.url.join(URL(link.target))
            except ValueError:
                # No URL: one bad link does not take the others away.
                continue
            parameters: MultiDict[str | URL] = MultiDict(link.parameters)
            parameters.add("url", target)
            links.add(str(link.relation), MultiDictProxy(parameters))
        return MultiDictProxy(links)

    @property
    def history(self) -> tuple[ClientResponse, ...]:
        """The responses that led here by redirects, oldest first."""
        return self._history

    @property
    def ok(self) -> bool:
        """Whether the status is below 400."""
        return self.status < 400
