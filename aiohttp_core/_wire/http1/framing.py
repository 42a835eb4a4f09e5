"""Where a message ends and whether its connection goes on (RFC 9112 sections 6 and 9).

One policy for both parsers. It is also compiled from this source, so it holds functions and no classes.
"""

from typing import Final, Optional

from aiohttp_core._semantics.hosts import is_host
from aiohttp_core._wire.errors import BadField, BadFraming
from aiohttp_core._wire.http1.messages import BodyKind
from aiohttp_core._wire.http1.rules import MAX_CONTENT_LENGTH_DIGITS, REPEATABLE_SPECIALS, TRAILER_FORBIDDEN, Special

Framing = tuple[BodyKind, Optional[int], bool, bool]
"""Kind of body, its length where known, keep-alive, upgrade."""
SpecialFields = list[tuple[Special, bytes]]

_NONE: Final = BodyKind.NONE
_LENGTH: Final = BodyKind.LENGTH
_CHUNKED: Final = BodyKind.CHUNKED
_UNTIL_EOF: Final = BodyKind.UNTIL_EOF
_CONTENT_LENGTH: Final = Special.CONTENT_LENGTH
_TRANSFER_ENCODING: Final = Special.TRANSFER_ENCODING
_HOST: Final = Special.HOST
_CONNECTION: Final = Special.CONNECTION
_UPGRADE: Final = Special.UPGRADE
_OWS: Final = b" \t"


def parse_content_length(value: bytes) -> int:
    """The length, of ASCII digits only; raises BadFraming."""
    if not value.isdigit() or len(value) > MAX_CONTENT_LENGTH_DIGITS:
        raise BadFraming("Content-Length is not a number of at most 18 digits", value)
    return int(value)


def _codings(value: bytes) -> list[bytes]:
    return [coding.strip(_OWS).lower() for coding in value.split(b",")]


def _connection_options(values: list[bytes]) -> list[bytes]:
    return [option.strip(_OWS).lower() for value in values for option in value.split(b",")]


def request_framing(connect: bool, minor: int, specials: SpecialFields) -> Framing:
    """The framing of a request with method CONNECT or not and version 1.``minor``; raises BadField, BadFraming."""
    seen = 0
    length: Optional[int] = None
    chunked = False
    host = False
    upgrade = False
    connection: Optional[list[bytes]] = None
    for special, value in specials:
        bit = 1 << special
        if seen & bit and special not in REPEATABLE_SPECIALS:
            kind = BadFraming if special <= _TRANSFER_ENCODING else BadField
            raise kind(f"{special.name.title().replace('_', '-')} is repeated", value)
        seen |= bit
        if special == _HOST:
            if value and not is_host(value):
                raise BadField("Host is not a host with an optional port", value)
            host = True
        elif special == _CONNECTION:
            if connection is None:
                connection = []
            connection.append(value)
        elif special == _CONTENT_LENGTH:
            length = parse_content_length(value)
        elif special == _TRANSFER_ENCODING:
            if _codings(value) != [b"chunked"]:
                raise BadFraming("Transfer-Encoding of a request is anything but chunked", value)
            chunked = True
        elif special == _UPGRADE:
            upgrade = True
    if chunked and length is not None:
        raise BadFraming("Content-Length and Transfer-Encoding are both present")
    if minor and not host:
        raise BadField("Host is missing from an HTTP/1.1 request")
    keep_alive = minor != 0
    if connection is not None:
        options = _connection_options(connection)
        if b"close" in options:
            keep_alive = False
        elif b"keep-alive" in options:
            keep_alive = True
        upgrade = upgrade and minor != 0 and b"upgrade" in options
    else:
        upgrade = False
    if chunked:
        # An HTTP/1.0 hop may have passed on what it did not understand (RFC 9112 section 6.1).
        return _CHUNKED, None, keep_alive and minor != 0, upgrade or connect
    if length:
        return _LENGTH, length, keep_alive, upgrade or connect
    return _NONE, length, keep_alive, upgrade or connect


def response_framing(method: str, status: int, minor: int, specials: SpecialFields) -> Framing:
    """The framing of a response with ``status`` to a ``method`` request; raises BadFraming."""
    length: Optional[int] = None
    codings: Optional[list[bytes]] = None
    connection: list[bytes] = []
    for special, value in specials:
        if special == _CONNECTION:
            connection.append(value)
        elif special == _CONTENT_LENGTH:
            if length is not None:
                raise BadFraming("Content-Length is repeated", value)
            length = parse_content_length(value)
        elif special == _TRANSFER_ENCODING:
            codings = (codings or []) + _codings(value)
            if b"" in codings:
                raise BadFraming("Transfer-Encoding names no coding", value)
    if codings is not None:
        if length is not None:
            raise BadFraming("Content-Length and Transfer-Encoding are both present")
        if codings.count(b"chunked") > 1:
            raise BadFraming("chunked is applied more than once", b", ".join(codings))
    options = _connection_options(connection)
    keep_alive = b"close" not in options and (minor != 0 or b"keep-alive" in options)
    if status == 101 or (method == "CONNECT" and 200 <= status < 300):
        return _NONE, None, keep_alive, True
    if status < 200 or status == 204 or status == 304 or method == "HEAD":
        return _NONE, length, keep_alive, False
    if codings is not None:
        if codings[-1] == b"chunked":
            return _CHUNKED, None, keep_alive and minor != 0, False
        return _UNTIL_EOF, None, False, False
    if length is not None:
        return (_LENGTH if length else _NONE), length, keep_alive, False
    return _UNTIL_EOF, None, False, False


def check_trailers(specials: SpecialFields) -> None:
    """Refuse fields that would change the message they trail; raises BadFraming (RFC 9110 section 6.5.1)."""
    for special, value in specials:
        if special in TRAILER_FORBIDDEN:
            raise BadFraming(f"{special.name.title().replace('_', '-')} may not be a trailer", value)
