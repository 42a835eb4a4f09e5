from datetime import datetime, timezone

import pytest

from aiohttp_core._semantics.etags import (
    ETAG_ANY,
    ETag,
    format_etag,
    parse_etags,
    strong_match,
    validate_etag_value,
    weak_match,
)
from aiohttp_core._semantics.ranges import (
    ContentRange,
    format_content_range,
    parse_content_range,
    parse_if_range,
    parse_range,
    parse_ranges,
)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("*", (ETag(ETAG_ANY),)),
        ('"a", W/"b"', (ETag("a"), ETag("b", True))),
        ('"a","b"', (ETag("a"), ETag("b"))),
        ('"\xe9"', (ETag("\xe9"),)),
        ('w/"a"', ()),
        ('"a" "b"', ()),
        ('"a", b', (ETag("a"),)),
        ("a", ()),
    ],
)
def test_parse_etags(header: str, expected: tuple[ETag, ...]) -> None:
    """A list of entity tags is read up to the first member that is none."""
    assert parse_etags(header) == expected


@pytest.mark.parametrize("value", ["a b", 'a"b', "", "\x7f", "a\r\n"])
def test_bad_etag_value(value: str) -> None:
    """A value that would break out of its quotes is a ValueError."""
    with pytest.raises(ValueError, match="not a valid etag"):
        validate_etag_value(value)


def test_comparison() -> None:
    """Weak tags never match strongly and always match weakly; the wildcard matches anything."""
    strong, weak = ETag("a"), ETag("a", True)
    assert strong_match(strong, [strong])
    assert not strong_match(strong, [weak])
    assert not strong_match(weak, [weak])
    assert weak_match(weak, [strong])
    assert not weak_match(weak, [ETag("b")])
    assert strong_match(strong, [ETag(ETAG_ANY)])
    assert format_etag(weak) == 'W/"a"'


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, slice(None, None, 1)),
        ("bytes=0-1", slice(0, 2, 1)),
        ("Bytes=5-", slice(5, None, 1)),
        ("bytes=-5", slice(-5, None, 1)),
    ],
)
def test_range(header: str | None, expected: slice) -> None:
    """One byte range becomes the slice of the representation it asks for."""
    assert parse_range(header) == expected


@pytest.mark.parametrize(
    "header",
    [
        *["", "bytes=-", "bytes=5-1", "bytes=-0", "bytes=0-1,2-3", "items=0-1", "bytes=\u0661-", "bytes=a-b"],
        *["bytes= 0-1", "bytes=+1-2", "bytes=1_0-", "bytes=" + "9" * 5000 + "-"],
    ],
)
def test_bad_range(header: str) -> None:
    """CVE-2025-69225: what is not one range in ASCII digits is a ValueError."""
    with pytest.raises(ValueError, match=r"range|start"):
        parse_range(header)


def test_ranges() -> None:
    """Several ranges come in the order asked for."""
    assert parse_ranges("bytes=0-1, 5-, -3") == (slice(0, 2, 1), slice(5, None, 1), slice(-3, None, 1))


@pytest.mark.parametrize("header", ["bytes=" + "0-," * 100_000, "bytes=,", "bytes=0-1;2-3", "bytes=\u0661-"])
def test_bad_ranges(header: str) -> None:
    """CVE-2025-62727: the number of ranges is bounded, and a malformed one is a ValueError."""
    with pytest.raises(ValueError, match="range"):
        parse_ranges(header)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes 0-1/10", ContentRange(0, 2, 10)),
        ("bytes 0-1/*", ContentRange(0, 2, None)),
        ("bytes */10", ContentRange(None, None, 10)),
    ],
)
def test_content_range(header: str, expected: ContentRange) -> None:
    """A Content-Range is read and written back the same."""
    assert parse_content_range(header) == expected
    assert format_content_range(expected) == header


@pytest.mark.parametrize("header", ["bytes 5-1/10", "bytes 0-10/10", "bytes 0-1", "bytes 0-\u0661/3", ""])
def test_bad_content_range(header: str) -> None:
    """A Content-Range that contradicts itself is a ValueError."""
    with pytest.raises(ValueError, match="content range"):
        parse_content_range(header)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"a"', ETag("a")),
        ('W/"a"', ETag("a", True)),
        ('"a", "b"', None),
        ("Sun, 06 Nov 1994 08:49:37 GMT", datetime(1994, 11, 6, 8, 49, 37, tzinfo=timezone.utc)),
        ("x", None),
    ],
)
def test_if_range(header: str, expected: object) -> None:
    """If-Range holds one entity tag or one date."""
    assert parse_if_range(header) == expected
