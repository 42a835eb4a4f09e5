"""What an HTTP/1 vector is: octets of one connection, and the messages or the error that they must give.

A vector says how the octets end too: the peer closes behind the last one. What stays unread then is ``rest``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from aiohttp_core._wire.errors import HttpWireError
from aiohttp_core._wire.http1.messages import BodyKind
from aiohttp_core._wire.http1.rules import DEFAULT_LIMITS, Limits

Pairs: TypeAlias = tuple[tuple[bytes, bytes], ...]

HOST: Pairs = ((b"Host", b"a"),)


@dataclass(frozen=True, kw_only=True)
class Message:
    """What both roles share; ``ended`` is false where an error cuts the content off."""

    fields: Pairs = ()
    version: tuple[int, int] = (1, 1)
    kind: BodyKind = BodyKind.NONE
    length: int | None = None
    keep_alive: bool = True
    upgrade: bool = False
    body: bytes = b""
    ends: tuple[int, ...] = ()
    trailers: Pairs | None = None
    ended: bool = True


@dataclass(frozen=True, kw_only=True)
class Request(Message):
    method: str = "GET"
    target: str = "/"
    fields: Pairs = HOST


@dataclass(frozen=True, kw_only=True)
class Response(Message):
    status: int = 200
    reason: str = "OK"


@dataclass(frozen=True, kw_only=True)
class Vector:
    """``expects`` are the methods of the requests whose responses are read: none means that requests are read.

    ``handover``: the first message that offers an upgrade gets it, and ``rest`` is what the new protocol reads.
    ``what`` is the name of the limit exceeded.
    """

    rfc: str
    wire: bytes
    messages: tuple[Message, ...] = ()
    error: type[HttpWireError] | None = None
    what: str = ""
    expects: tuple[str, ...] = ()
    handover: bool = False
    rest: bytes = b""
    limits: Limits = field(default=DEFAULT_LIMITS)

    def __str__(self) -> str:
        role = "response" if self.expects else "request"
        shown = self.wire if len(self.wire) <= 90 else self.wire[:70] + b"..." + self.wire[-20:]
        return f"{role} {self.rfc} {shown!r}".encode("ascii", "backslashreplace").decode("ascii")


def head(start: bytes, *lines: bytes) -> bytes:
    """A start line and field lines with their CRLFs and the blank line."""
    return b"".join(line + b"\r\n" for line in (start, *lines)) + b"\r\n"


def get(*lines: bytes, host: bytes | None = b"a") -> bytes:
    return head(b"GET / HTTP/1.1", *([] if host is None else [b"Host: " + host]), *lines)


def post(*lines: bytes) -> bytes:
    return head(b"POST / HTTP/1.1", b"Host: a", *lines)


def ok(*lines: bytes) -> bytes:
    return head(b"HTTP/1.1 200 OK", *lines)


def pairs(lines: Iterable[bytes]) -> Pairs:
    """Fields written as ``Name: value`` lines, as they must be read."""
    return tuple((name, value) for name, _, value in (line.partition(b": ") for line in lines))


def requested(*lines: bytes, method: str = "GET", keep_alive: bool = True, upgrade: bool = False) -> Request:
    """The request without content that ``get`` or ``post`` writes."""
    return Request(method=method, fields=HOST + pairs(lines), keep_alive=keep_alive, upgrade=upgrade)


EMPTY_200 = Response(fields=((b"Content-Length", b"0"),), length=0)
