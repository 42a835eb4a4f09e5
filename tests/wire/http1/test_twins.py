"""The twins against each other: mutated vectors, random cuts, the same messages or the same error."""

import random

from hypothesis import given
from hypothesis import strategies as st
from wire.http1.mutations import LIMITS, PARTS, SEEDS, Case, difference, mutate

BYTES = st.lists(st.sampled_from(PARTS) | st.binary(max_size=4), max_size=25).map(b"".join)


@given(st.sampled_from(SEEDS), st.randoms(use_true_random=False))
def test_mutants(seed: object, source: random.Random) -> None:
    """A mutated vector gives the same in both twins, however it is cut."""
    assert difference(mutate(source, seed), source) == ""  # type: ignore[arg-type]


def test_many_mutants() -> None:
    """Two thousand mutants more, the same ones in every run."""
    source = random.Random(9112)
    for _ in range(2000):
        case = mutate(source, source.choice(SEEDS))
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
