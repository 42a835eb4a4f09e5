"""A request with nothing of its own: no fields, credentials or proxy, and JSON or nothing as content.

Most requests of most programs are such. Their fields are the same each time, so they are put together, checked and
serialised once for each URL, and a request is made of what is left: a request line, cookies and a content.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, cast

from multidict import CIMultiDict, getversion
from yarl import URL

from .._semantics.field_names import (
    CONNECTION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    COOKIE,
    EXPECT,
    TRANSFER_ENCODING,
)
from .._semantics.methods import METH_GET
from .._semantics.versions import HttpVersion11
from .._wire.http1.serializer import serialize_request_head
from .connection_key import ConnectionKey
from .request import ClientRequest
from .response import ClientResponse

if TYPE_CHECKING:
    from .connection import ResponseHandler
    from .sending import Sending
    from .session import ClientSession

METHODS_WITHOUT_CONTENT: Final = frozenset(ClientRequest.GET_METHODS)
METHODS_WITH_CONTENT: Final = frozenset(ClientRequest.POST_METHODS)
JSON: Final = "application/json"
_SPECIAL: Final = (CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, EXPECT, TRANSFER_ENCODING)
"""A session's own fields that depend on what else is sent, or say something of it: such requests are composed."""
_REMEMBERED: Final = 256
_version_of: Any = getversion
"""A number that changes when the fields do."""


class Destination:
    """What all plain requests to one URL have in common; ``usable`` is false where there are none."""

    __slots__ = ("base", "fields", "heads", "items", "key", "target", "url", "usable", "version")

    def __init__(self, session: ClientSession, url: URL) -> None:
        defaults = session._default_headers
        self.version = _version_of(session._default_headers)
        self.base = session._base_url
        self.url = url
        self.heads: dict[str, bytes] = {}
        self.usable = (
            url.raw_user is None
            and url.raw_password is None
            and not url.raw_fragment
            and not any(name in defaults for name in _SPECIAL)
        )
        if not self.usable:
            return
        request = ClientRequest(METH_GET, url, headers=defaults, skip_auto_headers=session._skipped(None))
        head = serialize_request_head(METH_GET, request._target(), HttpVersion11, request.headers)
        line, _, self.fields = head[:-2].partition(b"\r\n")
        self.target = line[len(METH_GET) :] + b"\r\n"
        self.items = tuple(request.headers.items())
        self.key: ConnectionKey = request.connection_key


class Destinations:
    """The destinations of a session, by URL; those used again and again stay."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[str | URL, Destination] = {}

    def of(self, session: ClientSession, given: str | URL) -> Destination:
        """The destination; made anew where the session's fields have changed. Raises as for any URL."""
        known = self._known.get(given)
        if (
            known is None
            or known.version != _version_of(session._default_headers)
            or known.base is not session._base_url
        ):
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[given] = Destination(session, session._usable_url(given))
        return known


class PlainRequest(ClientRequest):
    """As ClientRequest to whoever looks at it; its fields are put together only then."""

    version = HttpVersion11
    response_class = ClientResponse
    # Never used to send: what is plain leaves by ``send_now``.
    _ssl = True
    _traces: Any = ()
    _fields: CIMultiDict[str] | None = None

    def __init__(self, sending: Sending, loop: asyncio.AbstractEventLoop, cookies: str | None) -> None:
        self.method = sending.method
        self.url = self.original_url = sending.url
        self.loop = loop
        self._session = sending.session
        self._timer = sending.timer
        self.destination = sending.destination
        self._body = sending.content
        self._cookies = cookies

    @property
    def connection_key(self) -> ConnectionKey:
        return self.destination.key

    @property
    def headers(self) -> CIMultiDict[str]:  # type: ignore[override]
        fields = self._fields
        if fields is None:
            fields = self._fields = CIMultiDict(self.destination.items)
            if self._cookies is not None:
                fields[COOKIE] = self._cookies
            body = self._body
            if isinstance(body, bytes):
                fields[CONTENT_LENGTH] = str(len(body))
                fields[CONTENT_TYPE] = JSON
        return fields

    def send_now(self, protocol: ResponseHandler, sending: Sending) -> ClientResponse:
        """Send all of it in one write."""
        destination = self.destination
        body = cast("bytes | None", self._body)
        message: bytes | None
        if self._cookies is not None:
            message = self._with_cookies(self._cookies)
        elif body is None:
            message = destination.heads.get(self.method)
            if message is None:
                message = b"%b%b%b\r\n" % (self.method.encode(), destination.target, destination.fields)
                destination.heads[self.method] = message
        else:
            message = b"%b%b%bContent-Length: %d\r\nContent-Type: application/json\r\n\r\n%b" % (
                self.method.encode(),
                destination.target,
                destination.fields,
                len(body),
                body,
            )
        protocol.ask(self.method, self.url, message, sending.timer, sending.read_options)
        return ClientResponse.answering(self, len(message))

    def _with_cookies(self, cookies: str) -> bytes:
        destination = self.destination
        body = self._body
        field = cookies.encode("utf-8", "surrogateescape")
        start = b"%b%b%bCookie: %b\r\n" % (self.method.encode(), destination.target, destination.fields, field)
        if isinstance(body, bytes):
            return b"%bContent-Length: %d\r\nContent-Type: application/json\r\n\r\n%b" % (start, len(body), body)
        return start + b"\r\n"
