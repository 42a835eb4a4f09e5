"""Entity tags, their lists and the two comparisons (RFC 9110 sections 8.8.3 and 13.1)."""

import re
from collections.abc import Iterable
from typing import Final

import attr

ETAG_ANY: Final = "*"

_TAG_VALUE: Final = re.compile(r"[!\x23-\x7e\x80-\xff]+")
_LIST_MEMBER: Final = re.compile(r'[ \t]*(W/)?"([!\x23-\x7e\x80-\xff]*)"[ \t]*(?:,|$)')


@attr.s(auto_attribs=True, frozen=True, slots=True)
class ETag:
    """An entity tag; ``value`` has no quotes."""

    value: str
    is_weak: bool = False


def validate_etag_value(value: str) -> None:
    """ValueError unless ``value`` may stand between the quotes of an entity tag (or is ``*``)."""
    if value != ETAG_ANY and not _TAG_VALUE.fullmatch(value):
        raise ValueError(f"Value {value!r} is not a valid etag. Maybe it contains '\"'?")


def parse_etags(header: str) -> tuple[ETag, ...]:
    """The tags of If-Match or If-None-Match, up to the first that breaks the grammar; ``*`` is `ETAG_ANY`."""
    if header.strip() == ETAG_ANY:
        return (ETag(value=ETAG_ANY),)
    tags: list[ETag] = []
    position = 0
    while position < len(header):
        match = _LIST_MEMBER.match(header, position)
        if match is None:
            break
        tags.append(ETag(is_weak=match[1] is not None, value=match[2]))
        position = match.end()
    return tuple(tags)


def format_etag(etag: ETag) -> str:
    """The tag as a field value."""
    return f'W/"{etag.value}"' if etag.is_weak else f'"{etag.value}"'


def strong_match(etag: ETag, candidates: Iterable[ETag]) -> bool:
    """Whether a candidate is the same octets: If-Match and If-Range ask this. ``*`` matches anything."""
    return any(
        tag.value == ETAG_ANY or (tag.value == etag.value and not (tag.is_weak or etag.is_weak)) for tag in candidates
    )


def weak_match(etag: ETag, candidates: Iterable[ETag]) -> bool:
    """Whether a candidate is an equivalent representation: If-None-Match asks this. ``*`` matches anything."""
    return any(tag.value in (ETAG_ANY, etag.value) for tag in candidates)
