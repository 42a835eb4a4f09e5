"""Byte ranges: Range, Content-Range and If-Range (RFC 9110 section 14). ASCII digits only."""

import re
from datetime import datetime
from typing import Final, NamedTuple

from .dates import parse_http_date
from .etags import ETag, parse_etags

MAX_RANGES: Final = 16
"""Ranges that one Range field may ask for; more are work for nothing (RFC 9110 section 14.2)."""

# 20 digits hold what a client may call the end of every file, 2**64 - 1; longer ones would only cost time in int().
_SINGLE: Final = re.compile(r"bytes=([0-9]{0,20})-([0-9]{0,20})", re.IGNORECASE)
_SET: Final = re.compile(r"bytes=(.+)", re.IGNORECASE)
_SPEC: Final = re.compile(r"[ \t]*([0-9]{0,20})-([0-9]{0,20})[ \t]*")
_CONTENT_RANGE: Final = re.compile(r"bytes[ ]+(?:([0-9]{1,19})-([0-9]{1,19})|\*)/(?:([0-9]{1,19})|\*)", re.IGNORECASE)


class ContentRange(NamedTuple):
    """A Content-Range: octets ``start`` to ``stop`` (not included) of ``size``; None where the field says ``*``."""

    start: int | None
    stop: int | None
    size: int | None


def parse_range(header: str | None) -> slice:
    """The slice that a Range field with one range asks for; ``slice(None, None, 1)`` without a field.

    ValueError when it is not one satisfiable-looking byte range: the answer is 416.
    """
    if header is None:
        return slice(None, None, 1)
    match = _SINGLE.fullmatch(header)
    if match is None:
        raise ValueError("range not in acceptable format")
    return _to_slice(match[1], match[2])


def parse_ranges(header: str, limit: int = MAX_RANGES) -> tuple[slice, ...]:
    """All ranges of a Range field in the order asked for. ValueError for a bad one or more than ``limit``."""
    match = _SET.fullmatch(header)
    if match is None:
        raise ValueError("range not in acceptable format")
    specs = match[1].split(",", limit)
    if len(specs) > limit:
        raise ValueError(f"more than {limit} ranges")
    slices: list[slice] = []
    for spec in specs:
        if not spec.strip():
            continue
        found = _SPEC.fullmatch(spec)
        if found is None:
            raise ValueError("range not in acceptable format")
        slices.append(_to_slice(found[1], found[2]))
    if not slices:
        raise ValueError("No start or end of range specified")
    return tuple(slices)


def parse_content_range(header: str) -> ContentRange:
    """The parts of a Content-Range field; ValueError when malformed or contradicting itself."""
    match = _CONTENT_RANGE.fullmatch(header.strip())
    if match is None:
        raise ValueError("content range not in acceptable format")
    size = int(match[3]) if match[3] is not None else None
    if match[1] is None:
        return ContentRange(None, None, size)
    start, stop = int(match[1]), int(match[2]) + 1
    if stop <= start or (size is not None and stop > size):
        raise ValueError("content range contradicts itself")
    return ContentRange(start, stop, size)


def format_content_range(content_range: ContentRange) -> str:
    """The field value."""
    start, stop, size = content_range
    span = "*" if start is None or stop is None else f"{start}-{stop - 1}"
    return f"bytes {span}/{'*' if size is None else size}"


def parse_if_range(header: str) -> ETag | datetime | None:
    """The validator of If-Range: an entity tag or a date; None when it is neither."""
    value = header.strip()
    if value.startswith(('"', "W/")):
        tags = parse_etags(value)
        return tags[0] if len(tags) == 1 else None
    return parse_http_date(value)


def _to_slice(first: str, last: str) -> slice:
    if not first and not last:
        raise ValueError("No start or end of range specified")
    if not first:
        suffix = int(last)
        if suffix == 0:
            raise ValueError("range of the last 0 octets cannot be satisfied")
        return slice(-suffix, None, 1)
    start = int(first)
    if not last:
        return slice(start, None, 1)
    stop = int(last) + 1
    if start >= stop:
        raise ValueError("start cannot be after end")
    return slice(start, stop, 1)
