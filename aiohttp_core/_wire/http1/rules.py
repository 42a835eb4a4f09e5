"""The figures and tables of RFC 9112 that both parsers obey; no constant stands twice.

Limits are counted per message, not per read. Whatever a response may do that a request may not is
one row of ``RESPONSE_LENIENCIES``, for both implementations.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

DEFAULT_MAX_LINE_SIZE: Final = 8190
DEFAULT_MAX_FIELD_SIZE: Final = 8190
DEFAULT_MAX_FIELDS: Final = 128
MAX_CHUNK_SIZE: Final = 2**64 - 1
MAX_CONTENT_LENGTH_DIGITS: Final = 18
"""An 18-digit length fits a signed 64-bit integer whatever its digits."""


class Role(IntEnum):
    """What a parser reads."""

    REQUEST = 0
    RESPONSE = 1


@dataclass(frozen=True)
class Limits:
    """Bounds of one message: octets of a line without its CRLF, and the number of field lines.

    ``max_line_size`` bounds the start line and each chunk-size line with its extensions;
    ``max_field_size`` one field line, folded or not, in the head or the trailers; ``max_fields`` the
    field lines of the head, and again those of the trailers.
    """

    max_line_size: int = DEFAULT_MAX_LINE_SIZE
    max_field_size: int = DEFAULT_MAX_FIELD_SIZE
    max_fields: int = DEFAULT_MAX_FIELDS


DEFAULT_LIMITS: Final = Limits()


class Special(IntEnum):
    """Fields that decide on framing, or that may not be repeated in a request."""

    CONTENT_LENGTH = 0
    TRANSFER_ENCODING = 1
    HOST = 2
    CONNECTION = 3
    UPGRADE = 4
    CONTENT_TYPE = 5
    USER_AGENT = 6
    SERVER = 7
    ETAG = 8
    CONTENT_LOCATION = 9
    CONTENT_RANGE = 10
    MAX_FORWARDS = 11


SPECIAL_FIELDS: Final[dict[bytes, Special]] = {
    special.name.lower().replace("_", "-").encode("ascii"): special for special in Special
}

FRAMING_SPECIALS: Final = frozenset(
    {Special.CONTENT_LENGTH, Special.TRANSFER_ENCODING, Special.HOST, Special.CONNECTION, Special.UPGRADE}
)
"""Their values are judged by ``framing``; of the others only the repetition is."""

REPEATABLE_SPECIALS: Final = frozenset({Special.CONNECTION, Special.UPGRADE})
TRAILER_FORBIDDEN: Final = frozenset({Special.CONTENT_LENGTH, Special.TRANSFER_ENCODING, Special.HOST})
"""Fields that would change the message they trail (RFC 9110 section 6.5.1)."""

RESPONSE_LENIENCIES: Final[dict[str, str]] = {
    "bare LF ends a line of the head or the trailers": "RFC 9112 section 2.2 allows it; small CGI servers send it",
    "obs-fold is read as spaces": "RFC 9112 section 5.2 asks user agents to; old mail-like gateways send it",
    "no reason phrase and no space before it": "RFC 9112 section 4; several servers leave both away",
    "spaces after a chunk size": "servers that pad the number to a fixed width",
    "transfer codings that do not end in chunked": "the body then ends with the connection (RFC 9112 section 6.3)",
    "repeated singleton fields other than the framing ones": "proxies duplicate Content-Type, Server and ETag",
}
"""What a response may do and a request may not, each with its reason."""
