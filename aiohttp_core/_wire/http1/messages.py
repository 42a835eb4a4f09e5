"""What the parsers deliver: heads, body octets, ends. Plain values, the same from both implementations."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from multidict import CIMultiDict, CIMultiDictProxy

from ..._semantics.versions import HttpVersion

if TYPE_CHECKING:
    from .contract import FieldSection

RawHeaders = tuple[tuple[bytes, bytes], ...]


class BodyKind(IntEnum):
    """How the content of a message ends (RFC 9112 section 6.3); ``NONE`` is false."""

    NONE = 0
    LENGTH = 1
    CHUNKED = 2
    UNTIL_EOF = 3


class Fields:
    """A field section as received; the mapping is built on first access."""

    __slots__ = ("_headers", "raw")

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self.raw: RawHeaders = tuple(raw)
        self._headers: CIMultiDictProxy[str] | None = None

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        headers = self._headers
        if headers is None:
            headers = self._headers = CIMultiDictProxy(
                CIMultiDict([(n.decode("ascii"), v.decode("utf-8", "surrogateescape")) for n, v in self.raw])
            )
        return headers

    def first(self, name: bytes) -> bytes | None:
        """The first value of the field ``name`` (lower case), without building the mapping."""
        for key, value in self.raw:
            if key.lower() == name:
                return value
        return None

    def __len__(self) -> int:
        return len(self.raw)

    def __repr__(self) -> str:
        return f"<Fields {self.raw!r}>"


class Head:
    """What request and response heads share.

    ``body`` of ``BodyKind.NONE`` means that the head is the whole message and no ``EndOfMessage``
    follows. ``keep_alive`` is the peer's wish, by version and Connection field. ``upgrade`` says that
    the octets after this message may belong to another protocol.
    """

    __slots__ = ("body", "content_length", "fields", "keep_alive", "upgrade", "version")

    version: HttpVersion
    fields: FieldSection
    body: BodyKind
    content_length: int | None
    keep_alive: bool
    upgrade: bool

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        return self.fields.headers

    @property
    def raw_headers(self) -> RawHeaders:
        return self.fields.raw


class RequestHead(Head):
    """A request line with its fields; ``target`` is as received (RFC 9112 section 3.2)."""

    __slots__ = ("method", "target")

    def __init__(
        self,
        method: str,
        target: str,
        version: HttpVersion,
        fields: FieldSection,
        body: BodyKind,
        content_length: int | None,
        keep_alive: bool,
        upgrade: bool,
    ) -> None:
        self.method = method
        self.target = target
        self.version = version
        self.fields = fields
        self.body = body
        self.content_length = content_length
        self.keep_alive = keep_alive
        self.upgrade = upgrade

    def __repr__(self) -> str:
        return f"<RequestHead {self.method} {self.target!r} {self.body.name}>"


class ResponseHead(Head):
    """A status line with its fields; ``reason`` is empty when none was sent."""

    __slots__ = ("reason", "status")

    def __init__(
        self,
        status: int,
        reason: str,
        version: HttpVersion,
        fields: FieldSection,
        body: BodyKind,
        content_length: int | None,
        keep_alive: bool,
        upgrade: bool,
    ) -> None:
        self.status = status
        self.reason = reason
        self.version = version
        self.fields = fields
        self.body = body
        self.content_length = content_length
        self.keep_alive = keep_alive
        self.upgrade = upgrade

    @property
    def informational(self) -> bool:
        """An interim response: another head follows for the same request (101 is final)."""
        return 100 <= self.status < 200 and self.status != 101

    def __repr__(self) -> str:
        return f"<ResponseHead {self.status} {self.reason!r} {self.body.name}>"


class Chunks:
    """Octets of a chunked body, several chunks together; ``ends`` are the offsets at which a chunk ended."""

    __slots__ = ("data", "ends")

    def __init__(self, data: bytes, ends: tuple[int, ...]) -> None:
        self.data = data
        self.ends = ends

    def __repr__(self) -> str:
        return f"<Chunks {len(self.data)} bytes, ends {self.ends!r}>"


class EndOfMessage:
    """The content is complete; ``trailers`` is None where there were none."""

    __slots__ = ("trailers",)

    def __init__(self, trailers: FieldSection | None = None) -> None:
        self.trailers = trailers

    def __repr__(self) -> str:
        return f"<EndOfMessage trailers={self.trailers!r}>"


END: Final = EndOfMessage()
"""The end of a message without trailers."""

RequestEvent = RequestHead | bytes | Chunks | EndOfMessage
ResponseEvent = ResponseHead | bytes | Chunks | EndOfMessage
