"""Forwarded, Link and Accept-Encoding: fields that are lists with parameters."""

import time

import pytest

from aiohttp_core._semantics.content_codings import ContentCoding, parse_accept_encoding, select_coding
from aiohttp_core._semantics.forwarded import parse_forwarded
from aiohttp_core._semantics.links import parse_links


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("for=1;by=2;proto=http", [{"for": "1", "by": "2", "proto": "http"}]),
        ('for="[::1]:80";host=x, for=2', [{"for": "[::1]:80", "host": "x"}, {"for": "2"}]),
        ('For="_gaz\\"o"', [{"for": '_gaz"o'}]),
        ("", [{}]),
        ("for=", [{}]),
        ("for=1,,for=2", [{"for": "1"}, {}, {"for": "2"}]),
        ("for=1 ; by=2", [{"for": "1", "by": "2"}]),
        ("for = 1", [{}]),
        ("for=1;for=2", [{"for": "2"}]),
        ('for="a;b,c"', [{"for": "a;b,c"}]),
        ("by=a for=b", [{"by": "a"}]),
        ('for="unterm', [{}]),
        ("bad value;for=1, for=2", [{}, {"for": "2"}]),
        ('for=1;bad"x;by=3, for=4', [{"for": "1"}, {"for": "4"}]),
        ("for=\xe9", [{}]),
    ],
)
def test_forwarded(field: str, expected: list[dict[str, str]]) -> None:
    """RFC 7239: each hop is a mapping; a bad one keeps what came before the error, and the next is read again."""
    assert [dict(hop) for hop in parse_forwarded([field])] == expected


def test_forwarded_fields_are_one_list() -> None:
    """Several Forwarded fields are read as one."""
    assert [hop["for"] for hop in parse_forwarded(["for=1", "for=2"])] == ["1", "2"]


@pytest.mark.parametrize("flood", ['for="', 'for="\\"', ",", ";", "a=b;", '"', 'a="\\a', "a", " "])
def test_forwarded_linear_time(flood: str) -> None:
    """No Forwarded field makes parsing slower than linear."""
    started = time.process_time()
    parse_forwarded([flood * 20_000])
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("<http://x/a>; rel=next", [("http://x/a", "next", {"rel": "next"})]),
        (
            '<http://x/a>; rel="next prev", <b?x=1,2>; title="t,;x"',
            [("http://x/a", "next prev", {"rel": "next prev"}), ("b?x=1,2", "b?x=1,2", {"title": "t,;x"})],
        ),
        ("<a>;", [("a", "a", {})]),
        ("<>; rel='x'", [("", "x", {"rel": "x"})]),
        ("a; rel=x", []),
        ("", []),
        ("<a>; rel", [("a", "a", {})]),
    ],
)
def test_links(field: str, expected: list[tuple[str, str, dict[str, str]]]) -> None:
    """RFC 8288: a link has a target, a relation and parameters; the relation falls back to the target."""
    assert [(link.target, link.relation, dict(link.parameters)) for link in parse_links([field])] == expected


@pytest.mark.parametrize("flood", [", <", "<a>;", ', <a>; x="', ",", "\t", "a", ";a", "<"])
def test_links_linear_time(flood: str) -> None:
    """No Link field makes parsing slower than linear."""
    started = time.process_time()
    parse_links(["<a>" + flood * 20_000])
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip", ContentCoding.gzip),
        ("deflate, gzip", ContentCoding.deflate),
        ("gzip;q=0", None),
        ("gzip;q=0, deflate", ContentCoding.deflate),
        ("gzip;q=0.9, deflate;q=0.5", ContentCoding.gzip),
        ("X-GZIP", ContentCoding.gzip),
        ("gzip;q=abc", None),
        ("identity", None),
        ("identity;q=1, gzip;q=0.5", None),
        ("*", None),
        ("br", None),
        ("", None),
    ],
)
def test_negotiation(header: str, expected: ContentCoding | None) -> None:
    """The client's favourite of what is offered is chosen, and a weight of 0 forbids."""
    assert select_coding(header, ContentCoding) is expected


def test_accept_encoding_is_bounded() -> None:
    """A flood of members is not looked at."""
    assert len(parse_accept_encoding(",".join(f"c{number}" for number in range(100_000)))) <= 64
