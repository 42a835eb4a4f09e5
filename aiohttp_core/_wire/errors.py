"""What can be wrong with bytes from a peer, as exceptions without I/O.

    WireError
     +- HttpWireError               an HTTP/1 message breaks RFC 9112
     |   +- BadStartLine            request line or status line
     |   +- BadField                a field line, or a field that contradicts another
     |   |   +- BadFraming          Content-Length, Transfer-Encoding: who would be smuggled to whom
     |   +- LimitExceeded           a line, field, count or chunk line outgrew its limit
     |   +- BadChunk                chunk size, extension or terminator
     |   +- IncompleteMessage       the peer closed in the middle
     +- WebSocketWireError          a frame breaks RFC 6455 or RFC 7692; carries the close code

Each carries what was wrong and a short escaped excerpt. Upper layers translate them, always ``from``.
"""

from typing import Final

EXCERPT_LIMIT: Final = 64
"""Octets of a peer's bytes that an error message quotes at the most."""


def excerpt(data: bytes) -> str:
    """``data`` shortened and escaped, safe to log."""
    if len(data) <= EXCERPT_LIMIT:
        return repr(bytes(data))
    return f"{bytes(data[:EXCERPT_LIMIT])!r}... ({len(data)} bytes)"


class WireError(Exception):
    """Bytes from the peer break the protocol."""

    def __init__(self, reason: str, data: bytes = b"") -> None:
        super().__init__(f"{reason}: {excerpt(data)}" if data else reason)
        self.reason = reason


class HttpWireError(WireError):
    """An HTTP/1 message breaks RFC 9112; ``status`` is what a server answers."""

    status: int = 400


class BadStartLine(HttpWireError):
    """A request line or status line breaks RFC 9112 section 3 or 4."""


class BadField(HttpWireError):
    """A field line breaks RFC 9112 section 5, or a field contradicts another."""


class BadFraming(BadField):
    """Content-Length or Transfer-Encoding leave the end of the message in doubt (RFC 9112 section 6)."""


class LimitExceeded(HttpWireError):
    """A start line, field line, field count or chunk line outgrew its limit (octets or count)."""

    def __init__(self, what: str, limit: int, data: bytes = b"") -> None:
        super().__init__(f"{what} exceeds the limit of {limit}", data)
        self.what = what
        self.limit = limit


class BadChunk(HttpWireError):
    """A chunk size, chunk extension or chunk terminator breaks RFC 9112 section 7.1."""


class IncompleteMessage(HttpWireError):
    """The peer closed the connection in the middle of a message (RFC 9112 section 8)."""

    announced = 0
    """Octets of content that Content-Length announced; 0 where there is none."""
    received = 0


class WebSocketWireError(WireError):
    """A frame or handshake breaks RFC 6455 or RFC 7692; ``code`` is the close code to answer with."""

    def __init__(self, code: int, reason: str, data: bytes = b"") -> None:
        super().__init__(reason, data)
        self.code = code
