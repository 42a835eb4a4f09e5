"""A request with nothing of its own but fields: no credentials or proxy, and JSON, octets or nothing as content.

Most requests of most programs are such. Their fields are the same each time, so they are put together, checked and
serialised once for each origin, and a request is made of what is left: a request line, cookies and a content.

Also compiled from this source, with the types of ``_cparser/types``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from multidict import CIMultiDict, getversion
from yarl import URL

from aiohttp_core._client.connection_key import ConnectionKey
from aiohttp_core._client.request import ClientRequest
from aiohttp_core._client.request_fields import AUTO_FIELDS, wire_target
from aiohttp_core._client.response import ClientResponse
from aiohttp_core._semantics.field_names import (
    CONNECTION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    COOKIE,
    EXPECT,
    HOST,
    TRANSFER_ENCODING,
)
from aiohttp_core._semantics.methods import METH_GET
from aiohttp_core._semantics.versions import HttpVersion11
from aiohttp_core._wire import _accel
from aiohttp_core._wire.http1.serializer import serialize_request_head

if TYPE_CHECKING:
    from aiohttp_core._client.sending import Sending
    from aiohttp_core._client.session import ClientSession

JSON: Final = "application/json"
OCTETS: Final = "application/octet-stream"
COMPOSED_FIELDS: Final = (CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, COOKIE, EXPECT, HOST, TRANSFER_ENCODING)
"""Fields that depend on what else is sent, or say something of it: a request that has its own of these is composed."""
_OF_CONTENT: Final = frozenset({CONTENT_LENGTH.lower(), CONTENT_TYPE.lower()})
_REMEMBERED: Final = 256
_version_of: Any = getversion
"""A number that changes when the fields do."""


class Origin:
    """What all plain requests to one origin have in common."""

    __slots__ = ("added", "fields", "items", "key")

    def __init__(self, session: ClientSession, url: URL) -> None:
        request = ClientRequest(
            METH_GET, url, headers=session._default_headers, skip_auto_headers=session._skipped(None)
        )
        head = serialize_request_head(METH_GET, "/", HttpVersion11, request.headers)
        self.fields = head[head.index(b"\n") + 1 : -2]
        self.items = tuple(request.headers.items())
        skipped = {name.lower() for name in session._skip_auto_headers}
        self.added = tuple(pair for pair in AUTO_FIELDS if pair[0].lower() not in skipped)
        self.key: ConnectionKey = request.connection_key


class Destination:
    """A URL that plain requests are sent to; ``origin`` is None where they are composed."""

    __slots__ = ("_fields", "heads", "key", "origin", "path", "url")

    def __init__(self, url: URL, origin: Origin | None) -> None:
        self.url = url
        self.origin = origin
        self.path = wire_target(url.raw_path_qs)
        self.heads: dict[str, bytes] = {}
        """Requests with nothing but a method, whole."""
        if origin is not None:
            self.key = origin.key
            # Checked as any other target before it is used again and again.
            head = serialize_request_head(METH_GET, self.path, HttpVersion11, {})
            self._fields = head[len(METH_GET) : -2] + origin.fields

    def head(self, method: str) -> bytes:
        """The head of a request with ``method``; what it has of its own, and the empty line, are to follow."""
        return method.encode() + self._fields

    def with_query(self, params: Any) -> Destination:
        """The same with ``params`` in its query, for one request."""
        return Destination(self.url.extend_query(params), self.origin)


class Destinations:
    """The destinations of a session, by URL; those used again and again stay.

    None stays where the session builds its URLs by another function than ``builder``: that may build others next time.
    """

    __slots__ = ("_base", "_builder", "_known", "_origins", "_version")

    def __init__(self, builder: Any) -> None:
        self._builder = builder
        self._known: dict[str | URL, Destination] = {}
        self._origins: dict[tuple[str, str | None, int | None], Origin] = {}
        self._version = -1
        self._base: URL | None = None

    def of(self, session: ClientSession, given: str | URL) -> Destination:
        """The destination; all are made anew where the session's fields have changed. Raises as for any URL."""
        version = _version_of(session._default_headers)
        if version != self._version or session._base_url is not self._base:
            self._version = version
            self._base = session._base_url
            self._known.clear()
            self._origins.clear()
        known = self._known.get(given)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            url = session._usable_url(given)
            known = Destination(url, self._origin_of(session, url))
            if getattr(session._build_url, "__func__", None) is self._builder:
                self._known[given] = known
        return known

    def _origin_of(self, session: ClientSession, url: URL) -> Origin | None:
        if url.raw_user is not None or url.raw_password is not None or url.raw_fragment:
            return None
        place = (url.scheme, url.raw_host, url.port)
        origin = self._origins.get(place)
        if origin is None:
            defaults = session._default_headers
            if CONTENT_TYPE in defaults or any(name in defaults for name in COMPOSED_FIELDS):
                return None
            if any(name.lower() in _OF_CONTENT for name in session._skip_auto_headers):
                return None
            if len(self._origins) >= _REMEMBERED:
                self._origins.clear()
            origin = self._origins[place] = Origin(session, url)
        return origin


class PlainRequest(ClientRequest):
    """As ClientRequest to whoever looks at it; its fields are put together only then."""

    version = HttpVersion11
    response_class = ClientResponse
    # Never used to send: what is plain leaves as ``Sending.message``.
    _ssl = True
    _traces: Any = ()
    _fields: CIMultiDict[str] | None = None

    def __init__(self, sending: Sending) -> None:
        session = sending.session
        origin = sending.destination.origin
        if origin is None:
            raise ValueError("requests to this URL are composed")
        self.method = sending.method
        self.url = self.original_url = sending.url
        self.loop = session._loop
        self._session = session
        self._timer = sending.timer
        self.origin = origin
        self._own = sending.own
        self._body = self.content = sending.content
        self._content_type = sending.content_type
        self._cookies = sending.cookie_field

    @property
    def connection_key(self) -> ConnectionKey:
        return self.origin.key

    @property
    def headers(self) -> CIMultiDict[str]:  # type: ignore[override]
        fields = self._fields
        if fields is None:
            own, origin = self._own, self.origin
            if own is None:
                fields = CIMultiDict(origin.items)
            else:
                fields = CIMultiDict(origin.items[:1])
                fields.extend(own)
                for name, value in origin.added:
                    if name not in fields:
                        fields[name] = value
            if self._cookies is not None:
                fields[COOKIE] = self._cookies
            content = self.content
            if content is not None:
                fields[CONTENT_LENGTH] = str(len(content))
                if CONTENT_TYPE not in fields:
                    fields[CONTENT_TYPE] = self._content_type
            self._fields = fields
        return fields


_accel.use_compiled(globals(), "plain_request")
