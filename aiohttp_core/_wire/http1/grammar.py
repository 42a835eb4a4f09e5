"""Start lines and field sections (RFC 9112 sections 3 to 5) as pure functions that return or raise.

The pure parser reads with them; the compiled one asks them, over the same octets, what was wrong.
"""

import re
from typing import Final

from ..._semantics.hosts import is_authority_form, is_host
from ..._semantics.versions import HttpVersion, HttpVersion10, HttpVersion11
from ..errors import BadField, BadStartLine, HttpWireError, LimitExceeded
from .rules import Limits, Role

TOKEN: Final = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
"""RFC 9110 section 5.6.2, as a pattern."""
_TEXT: Final = rb"[\t\x20-\x7e\x80-\xff]*"
# It begins behind the white space: where two patterns can take the same space, a long run of them takes quadratic time.
_VALUE: Final = rb"(?:[\x21-\x7e\x80-\xff]%b)?" % _TEXT
TARGET_OCTET: Final = re.compile(rb"[\x21-\x7e]")
VALUE_OCTET: Final = re.compile(rb"[\t\x20-\x7e\x80-\xff]")

_REQUEST_LINE: Final = re.compile(rb"(%b) ([\x21-\x7e]+) HTTP/1\.([01])" % TOKEN)
_STATUS_LINE: Final = re.compile(rb"HTTP/1\.([01]) ([1-9][0-9]{2})(?: (%b))?" % _TEXT)
_ABSOLUTE: Final = re.compile(rb"[A-Za-z][A-Za-z0-9+.\-]*://([^/?#]+)[^\s]*")
_VERSIONS: Final[dict[bytes, HttpVersion]] = {b"0": HttpVersion10, b"1": HttpVersion11}

# Anchored at the line's start: as many matches as there are line ends means that every line is whole.
_FIELDS: Final = (
    re.compile(rb"^(%b):[ \t]*(%b)\r\n" % (TOKEN, _VALUE), re.MULTILINE),
    re.compile(rb"^(%b):[ \t]*(%b)\r?\n" % (TOKEN, _VALUE), re.MULTILINE),
)
# What a read that brings a whole and plain head is matched with, at an offset; anything else takes the long way.
PLAIN_REQUEST_LINE: Final = re.compile(_REQUEST_LINE.pattern + rb"\r\n")
PLAIN_STATUS_LINE: Final = re.compile(_STATUS_LINE.pattern + rb"\r\n")
PLAIN_FIELDS: Final = re.compile(rb"^(%b):[ \t]*(%b)(?<![ \t])\r\n" % (TOKEN, _VALUE), re.MULTILINE)
"""Of lines without trailing white space."""
_FIELD_LINE: Final = re.compile(rb"(%b):[ \t]*(%b)" % (TOKEN, _VALUE))
_FOLD: Final = re.compile(rb"\r?\n(?=[ \t])")


def _line(raw: bytes, role: Role, error: type[HttpWireError]) -> bytes:
    """``raw``, which ends in LF, without its line end."""
    if raw.endswith(b"\r\n"):
        return raw[:-2]
    if role is Role.REQUEST:
        raise error("a line ends in a bare LF", raw)
    return raw[:-1]


def parse_request_line(raw: bytes, limits: Limits) -> tuple[str, str, HttpVersion]:
    """Method, target and version of a request line with its line end; raises BadStartLine or LimitExceeded."""
    if len(raw) - (2 if raw.endswith(b"\r\n") else 1) > limits.max_line_size:
        raise LimitExceeded("the request line", limits.max_line_size, raw)
    line = _line(raw, Role.REQUEST, BadStartLine)
    found = _REQUEST_LINE.fullmatch(line)
    if found is None:
        raise BadStartLine(_request_line_fault(line), line)
    method, target, minor = found.groups()
    check_target(method, target)
    return method.decode("ascii"), target.decode("ascii"), _VERSIONS[minor]


def _request_line_fault(line: bytes) -> str:
    parts = line.split(b" ")
    if len(parts) != 3:
        return "a request line is a method, a target and a version with one space between"
    if not re.fullmatch(TOKEN, parts[0]):
        return "the method is not a token"
    if not re.fullmatch(rb"[\x21-\x7e]+", parts[1]):
        return "the request target holds octets that a URI may not hold"
    return "the version is neither HTTP/1.0 nor HTTP/1.1"


def check_target(method: bytes, target: bytes) -> None:
    """Judge which of the four forms ``target`` has and whether ``method`` may have it; raises BadStartLine."""
    if method == b"CONNECT":
        if not is_authority_form(target):
            raise BadStartLine("CONNECT takes a host with a port", target)
    elif target[0] == 0x2F:
        return
    elif target == b"*":
        if method != b"OPTIONS":
            raise BadStartLine("only OPTIONS takes the target *", target)
    else:
        found = _ABSOLUTE.fullmatch(target)
        if found is None:
            raise BadStartLine("the request target is none of the four forms", target)
        authority = found.group(1)
        if not is_host(authority.rpartition(b"@")[2]):
            raise BadStartLine("the request target has an invalid authority", target)


def parse_status_line(raw: bytes, limits: Limits) -> tuple[HttpVersion, int, str]:
    """Version, status and reason of a status line with its line end; raises BadStartLine or LimitExceeded."""
    if len(raw) - (2 if raw.endswith(b"\r\n") else 1) > limits.max_line_size:
        raise LimitExceeded("the status line", limits.max_line_size, raw)
    line = _line(raw, Role.RESPONSE, BadStartLine)
    found = _STATUS_LINE.fullmatch(line)
    if found is None:
        raise BadStartLine("a status line is HTTP/1.0 or HTTP/1.1, three digits from 100, and a reason", line)
    minor, status, reason = found.groups()
    return _VERSIONS[minor], int(status), (reason or b"").decode("utf-8", "surrogateescape")


def parse_section(raw: bytes, role: Role, limits: Limits) -> list[tuple[bytes, bytes]]:
    """Names and values of a field section that ends in its blank line; raises BadField or LimitExceeded."""
    section = raw[:-2] if raw.endswith(b"\r\n") else raw[:-1]
    pairs = _parse_fields(section, role, limits)
    _line(raw, role, BadField)
    return pairs


def _parse_fields(section: bytes, role: Role, limits: Limits) -> list[tuple[bytes, bytes]]:
    if not section:
        return []
    lines = section.count(b"\n")
    if lines <= limits.max_fields and len(section) <= limits.max_field_size:
        if role is Role.RESPONSE and section[0] not in b" \t":
            section = unfold(section)
        pairs: list[tuple[bytes, bytes]] = _FIELDS[role].findall(section)
        if len(pairs) == section.count(b"\n"):
            return [(name, value.rstrip(b" \t")) for name, value in pairs]
    return _judge_lines(section.split(b"\n")[:-1], None, role, limits)


def unfold(section: bytes) -> bytes:
    """``section`` with each obs-fold as spaces (RFC 9112 section 5.2), of the same length."""
    return _FOLD.sub(_blank_out, section)


def _blank_out(fold: re.Match[bytes]) -> bytes:
    return b" " * len(fold.group())


def _judge_lines(lines: list[bytes], partial: bytes | None, role: Role, limits: Limits) -> list[tuple[bytes, bytes]]:
    """Line by line, so that the first violation decides; ``partial`` is a line whose end is yet to come."""
    pairs: list[tuple[bytes, bytes]] = []
    logical: bytes | None = None
    for number, raw in enumerate(lines if partial is None else [*lines, partial], 1):
        unfinished = partial is not None and number > len(lines)
        if unfinished and raw in (b"", b"\r"):
            break
        if logical is not None:
            if role is Role.RESPONSE and raw[:1] in (b" ", b"\t") and number <= limits.max_fields:
                logical = _blank_out_end(logical) + raw
                if unfinished:
                    raise LimitExceeded("a field line", limits.max_field_size, logical)
                continue
            pairs.append(_parse_field_line(logical, role, limits))
        if number > limits.max_fields:
            raise LimitExceeded("the number of field lines", limits.max_fields)
        if unfinished:
            raise LimitExceeded("a field line", limits.max_field_size, raw)
        logical = raw
    if logical is not None:
        pairs.append(_parse_field_line(logical, role, limits))
    return pairs


def _blank_out_end(raw: bytes) -> bytes:
    return raw[:-1] + b"  " if raw.endswith(b"\r") else raw + b" "


def _parse_field_line(raw: bytes, role: Role, limits: Limits) -> tuple[bytes, bytes]:
    line = raw[:-1] if raw.endswith(b"\r") else raw
    if len(line) > limits.max_field_size:
        raise LimitExceeded("a field line", limits.max_field_size, line)
    _line(raw + b"\n", role, BadField)
    found = _FIELD_LINE.fullmatch(line)
    if found is None:
        raise BadField(_field_fault(line), line)
    return found.group(1), found.group(2).rstrip(b" \t")


def _field_fault(line: bytes) -> str:
    name, colon, _ = line.partition(b":")
    if line[:1] in (b" ", b"\t"):
        return "a field line begins with white space (obs-fold)"
    if not colon:
        return "a field line has no colon"
    if name.rstrip(b" \t") != name:
        return "white space stands before the colon of a field line"
    if not re.fullmatch(TOKEN, name):
        return "a field name is not a token"
    return "a field value holds a control character"


def judge_partial(section: bytes, role: Role, limits: Limits) -> None:
    """Raise for a section that outgrew a limit before its blank line came: the first violation decides."""
    lines = section.split(b"\n")
    _judge_lines(lines[:-1], lines[-1], role, limits)
