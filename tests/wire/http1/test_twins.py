"""The twins against each other: mutated vectors, random cuts, the same messages or the same error."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire.http1.mutations import LIMITS, PARTS, SEEDS, Case, difference, mutate, seed
from wire.http1.twins import PARSERS, make

from aiohttp_core._wire.errors import HttpWireError, IncompleteMessage
from aiohttp_core._wire.http1.rules import Limits

BYTES = st.lists(st.sampled_from(PARTS) | st.binary(max_size=4), max_size=25).map(b"".join)


@given(st.sampled_from(SEEDS), st.randoms(use_true_random=False))
def test_mutants(vector: object, source: random.Random) -> None:
    """A mutated vector gives the same in both twins, however it is cut."""
    assert difference(mutate(source, vector), source) == ""  # type: ignore[arg-type]


def test_many_mutants() -> None:
    """Two thousand mutants more, the same ones in every run."""
    source = random.Random(9112)
    for _ in range(2000):
        case = mutate(source, seed(source))
        assert difference(case, source) == "", case


@given(BYTES, st.sampled_from(LIMITS), st.booleans(), st.randoms(use_true_random=False))
def test_any_octets(wire: bytes, limits: object, response: bool, source: random.Random) -> None:
    """Octets of any kind give the same in both twins."""
    expects = ("GET", "HEAD") if response else ()
    assert difference(Case(wire, expects, True, limits), source) == ""  # type: ignore[arg-type]


@given(
    st.sampled_from(
        (b"GET / HTTP/1.1\r\n", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    ),
    BYTES,
    st.sampled_from(LIMITS),
    st.randoms(use_true_random=False),
)
def test_any_octets_behind_a_good_start(start: bytes, wire: bytes, limits: object, source: random.Random) -> None:
    """Octets of any kind behind a good start give the same in both twins."""
    expects = ("GET",) if start.startswith(b"HTTP") else ()
    assert difference(Case(start + wire, expects, False, limits), source) == ""  # type: ignore[arg-type]


@pytest.mark.parametrize("expects", [(), ("GET",)], ids=["request", "response"])
@pytest.mark.parametrize("prefix", [b"", b"5;", b"5;a=", b'5;a="', b'5;a="\\', b'5;a=""', b"5 ", b"5;;"])
def test_any_octet_around_the_limit_of_a_size_line(expects: tuple[str, ...], prefix: bytes) -> None:
    """Which error a size line is does not depend on the twin, whatever octet stands around the limit."""
    start = b"HTTP/1.1 200 OK\r\n" if expects else b"POST / HTTP/1.1\r\nHost: a\r\n"
    start += b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"
    source = random.Random(71)
    for size in range(29, 33):
        line = prefix.ljust(size, b"0")
        for octet in (*range(0x24), *b"09;=\\a", 0x7F, 0x80, 0xE3, 0xFF):
            case = Case(start + line + bytes([octet]) + b"\r\nhello", expects, False, Limits(31, 40, 9))
            assert difference(case, source) == ""


WIRE = b"".join(
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size for size in (40, 0, 3, 90)
)
WAYS = st.lists(st.tuples(st.sampled_from(["feed", "take", "skip", "end"]), st.integers(0, 120)), max_size=40)


def gone_ways(twin: str, ways: list[tuple[str, int]]) -> list[object]:
    """What a parser tells at each step, when some of the octets go past it."""
    parser = make(twin, False)
    told: list[object] = []
    at = 0
    for way, count in ways:
        try:
            if way == "feed":
                parser.feed(WIRE[at : at + count])
                at += count
            elif way == "skip":
                parser.skip(count)
                at += count
            elif way == "end":
                parser.feed_eof()
            else:
                event = parser.next_event()
                told.append(event if isinstance(event, bytes) else type(event).__name__)
        except ValueError as exc:
            told.append(str(exc))
        except IncompleteMessage as exc:
            told.append((exc.received, exc.announced))
        except HttpWireError as exc:
            told.append(str(exc))
        told.append((parser.missing, parser.pending, parser.mid_message))
    return told


@given(WAYS)
def test_octets_that_go_past(ways: list[tuple[str, int]]) -> None:
    """Whatever is fed, taken and skipped in whatever order, both twins miss the same octets."""
    outcomes = [gone_ways(twin, ways) for twin in PARSERS]
    assert all(outcome == outcomes[0] for outcome in outcomes)
