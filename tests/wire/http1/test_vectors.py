"""The parsers against the vectors: every twin, every vector, several feedings."""

import pytest
from vectors.http1_all import ALL
from vectors.http1_leniencies import LENIENCIES
from vectors.http1_security import ROWS, SECURITY
from vectors.http1_vector import Request, Vector, get
from vectors.sections import by_section
from wire.http1.twins import PARSERS, expected, run_vector

from aiohttp_core._wire.errors import IncompleteMessage
from aiohttp_core._wire.http1.messages import BodyKind
from aiohttp_core._wire.http1.rules import RESPONSE_LENIENCIES

OCTETS_UP_TO = 2000
"""A vector of more octets is fed in pieces of several, and cut around its ends only."""
TWINS = pytest.mark.parametrize("twin", PARSERS)
SECTIONS = by_section(vector for vector in ALL if vector not in SECURITY)


def offsets(size: int) -> list[int]:
    if size <= 160:
        return list(range(1, size))
    if size > OCTETS_UP_TO:  # one octet many times: any cut in the middle is like any other
        return [15, 16, size // 2, size - 3, size - 1]
    return sorted({*range(1, 30), *range(size - 30, size), *range(30, size - 30, size // 10)})


def octets(wire: bytes) -> list[bytes]:
    size = 1 if len(wire) <= OCTETS_UP_TO else 97
    return [wire[at : at + size] for at in range(0, len(wire), size)]


def check(twin: str, vector: Vector) -> None:
    wire, wanted = vector.wire, expected(vector)
    assert run_vector(twin, vector, [wire]) == wanted, f"{vector}, whole"
    assert run_vector(twin, vector, octets(wire)) == wanted, f"{vector}, octet by octet"
    assert run_vector(twin, vector, octets(wire), queued=True) == wanted, f"{vector}, octet by octet, taken at the end"
    for at in offsets(len(wire)):
        assert run_vector(twin, vector, [wire[:at], wire[at:]]) == wanted, f"{vector}, cut at {at}"


@TWINS
@pytest.mark.parametrize("section", SECTIONS)
def test_vectors(twin: str, section: str) -> None:
    """A vector gives its messages, then its error, however its octets were cut."""
    for vector in SECTIONS[section]:
        check(twin, vector)


def until_eof(vector: Vector) -> bool:
    return any(message.kind is BodyKind.UNTIL_EOF for message in vector.messages)


@TWINS
def test_octets_behind_a_request(twin: str) -> None:
    """Behind every complete request the next one is read, unless the connection closes or speaks another protocol."""
    vectors = [v for v in ALL if v.error is None and not v.expects and not v.handover and v.wire]
    assert len(vectors) > 200
    for vector in vectors:
        outcome = run_vector(twin, vector, [vector.wire + get()])
        follows = [Request()] if not vector.messages or vector.messages[-1].keep_alive else []
        if follows and vector.limits.max_fields == 0:
            assert outcome.error == "LimitExceeded", vector
        else:
            assert outcome.messages == [*vector.messages, *follows], vector
        assert outcome.rest == b"", vector


@TWINS
def test_octets_behind_a_response(twin: str) -> None:
    """Octets behind the responses that were asked for stay unread, or are dropped where the connection closes."""
    vectors = [v for v in ALL if v.error is None and v.expects and not until_eof(v)]
    assert len(vectors) > 200
    for vector in vectors:
        last = vector.messages[-1]
        if getattr(last, "status", 200) < 200 and not vector.handover:
            continue  # only interim responses: the final one is still to come
        outcome = run_vector(twin, vector, [vector.wire, b"\x00behind"])
        kept = last.keep_alive or vector.handover
        assert outcome.rest == (vector.rest + b"\x00behind" if kept else b""), vector
        assert outcome.messages == list(vector.messages), vector


@TWINS
def test_octets_behind_an_error(twin: str) -> None:
    """Octets behind an error change nothing about it and are not read."""
    vectors = [v for v in ALL if v.error not in (None, IncompleteMessage)]
    assert len(vectors) > 500
    for vector in vectors:
        for behind in (b"\r\n\r\n", get(), b"\x00" * 10)[: None if len(vector.wire) <= OCTETS_UP_TO else 1]:
            assert run_vector(twin, vector, [vector.wire + behind]) == expected(vector), vector
            assert run_vector(twin, vector, [vector.wire, behind]) == expected(vector), vector


@TWINS
@pytest.mark.parametrize("row", ROWS)
def test_security_row(twin: str, row: str) -> None:
    """A defect of the security record's row does not come back."""
    for vector in ROWS[row]:
        check(twin, vector)


def test_each_leniency_has_its_vectors() -> None:
    """Each row of the table of leniencies is a vector for a response and a refusal in a request."""
    assert LENIENCIES.keys() == RESPONSE_LENIENCIES.keys()
    for response, request in LENIENCIES.values():
        assert response.expects and response.error is None
        assert not request.expects and request.error is not None


def test_there_are_enough_vectors() -> None:
    """The suite has at least 400 vectors, each once."""
    assert len(ALL) == len(set(ALL)) >= 400
