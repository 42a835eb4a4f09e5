"""A request with nothing of its own but fields: no credentials or proxy, and JSON, octets or nothing as content.

Most requests of most programs are such. Their fields are the same each time, so they are put together, checked and
serialised once for each origin, and a request is made of what is left: a request line, cookies and a content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from multidict import CIMultiDict, getversion
from yarl import URL

from .._semantics.field_names import (
    CONNECTION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    COOKIE,
    EXPECT,
    HOST,
    TRANSFER_ENCODING,
)
from .._semantics.methods import METH_GET, WITH_CONTENT, WITHOUT_CONTENT
from .._semantics.versions import HttpVersion11
from .._wire.http1.serializer import serialize_request_head
from .connection_key import ConnectionKey
from .cookie_jar import CookieJar
from .request import ClientRequest
from .request_fields import AUTO_FIELDS, BIG_BYTES, format_cookies, wire_target
from .response import ClientResponse, answering

if TYPE_CHECKING:
    from .connection import ResponseHandler
    from .sending import Sending
    from .session import ClientSession

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

    __slots__ = ("heads", "origin", "path", "target", "url")

    def __init__(self, url: URL, origin: Origin | None) -> None:
        self.url = url
        self.origin = origin
        self.path = wire_target(url.raw_path_qs)
        if origin is not None:
            # Checked as any other target before it is used again and again.
            head = serialize_request_head(METH_GET, self.path, HttpVersion11, {})
            self.target = head[len(METH_GET) : -2]
        self.heads: dict[str, bytes] = {}

    def with_query(self, params: Any) -> Destination:
        """The same with ``params`` in its query, for one request."""
        return Destination(self.url.extend_query(params), self.origin)


class Destinations:
    """The destinations of a session, by URL; those used again and again stay."""

    __slots__ = ("_base", "_known", "_origins", "_version")

    def __init__(self) -> None:
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
            known = self._known[given] = Destination(url, self._origin_of(session, url))
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


def take_plain(
    sending: Sending, given: str | URL, params: Any, data: Any, json: Any, own: CIMultiDict[str] | None
) -> bool:
    """Let ``sending`` be plain; False, with the JSON kept, where its method, content or ``own`` fields forbid it."""
    session = sending.session
    if json is None and data is None:
        if sending.method not in WITHOUT_CONTENT:
            return False
    elif sending.method not in WITH_CONTENT or (data is not None and type(data) is not bytes):
        return False
    # Not by the key view: that of multidict in pure Python before 6.2 minds the case of names.
    if own is not None and any(map(own.__contains__, COMPOSED_FIELDS)):
        return False
    if json is not None:
        sending.content = data = session._json_content(json)
    if data is not None and len(data) >= BIG_BYTES:
        return False
    destination = session._destinations.of(session, given)
    if params:
        destination = destination.with_query(params)
    if json is None and data is not None:
        sending.content = sending.data = data
        sending.content_type = OCTETS
    sending.plain = True
    sending.own = own
    sending.destination = destination
    sending.url = destination.url
    return True


class PlainRequest(ClientRequest):
    """As ClientRequest to whoever looks at it; its fields are put together only then."""

    version = HttpVersion11
    response_class = ClientResponse
    # Never used to send: what is plain leaves by ``send_now``.
    _ssl = True
    _traces: Any = ()
    _fields: CIMultiDict[str] | None = None
    _cookies: str | None
    _content_type: str

    def __init__(self, sending: Sending, origin: Origin) -> None:
        session = sending.session
        self.method = sending.method
        self.url = self.original_url = sending.url
        self.loop = session._loop
        self._session = session
        self._timer = sending.timer
        self.origin = origin
        self._own = sending.own
        self._body = self.content = content = sending.content
        if content is not None:
            self._content_type = sending.content_type
        self._cookies = None
        jar = session._cookie_jar
        if type(jar) is CookieJar and jar.count:
            matching = jar.matching(sending.url)
            if matching:
                self._cookies = format_cookies(matching)

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

    def message(self, destination: Destination) -> bytes:
        """All of it, for one write. Raises ValueError where something may not be sent."""
        content = self.content
        if self._own is not None:
            head = serialize_request_head(self.method, destination.path, HttpVersion11, self.headers)
            return head + content if content else head
        method = self.method.encode()
        if content is None:
            if self._cookies is not None:
                field = self._cookies.encode("utf-8", "surrogateescape")
                return b"%b%b%bCookie: %b\r\n\r\n" % (method, destination.target, self.origin.fields, field)
            message = destination.heads.get(self.method)
            if message is None:
                message = b"%b%b%b\r\n" % (method, destination.target, self.origin.fields)
                destination.heads[self.method] = message
            return message
        cookies = b""
        if self._cookies is not None:
            cookies = b"Cookie: %b\r\n" % self._cookies.encode("utf-8", "surrogateescape")
        return b"%b%b%b%bContent-Length: %d\r\nContent-Type: %b\r\n\r\n%b" % (
            method,
            destination.target,
            self.origin.fields,
            cookies,
            len(content),
            self._content_type.encode(),
            content,
        )

    def send_now(self, message: bytes, protocol: ResponseHandler, sending: Sending) -> ClientResponse:
        """Send ``message``, and give the response that is to come."""
        protocol.ask(self.method, sending.url, message, sending.timer, sending.read_options)
        return answering(self, len(message))
