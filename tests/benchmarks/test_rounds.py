"""Peers take turns; what fails is left out with its reason."""

import contextlib
from typing import Any

from processes import PeerError
from rounds import Bar, Case, Round, Skipped, chosen, run


def case(asked: list[str], failing: str = "") -> Case:
    def opened(peer: str, _: contextlib.ExitStack) -> Round:
        if peer == failing:
            raise PeerError("is not installed")

        def measure() -> dict[str, float]:
            asked.append(peer)
            return {"cpu_us": float(len(asked))}

        return measure

    return Case("server", "json", "asyncio", ("a", "b", "c"), opened, 1.0)


def test_peers_take_turns() -> None:
    """Each round asks every peer once, before the next round begins."""
    asked: list[str] = []
    rows, skipped = run([case(asked)], 2, Bar(6))
    assert asked == ["a", "b", "c", "a", "b", "c"]
    assert [(row.peer, row.values) for row in rows] == [("a", [1.0, 4.0]), ("b", [2.0, 5.0]), ("c", [3.0, 6.0])]
    assert skipped == []


def test_a_peer_that_does_not_start_is_left_out() -> None:
    """Its reason is kept, and the others go on."""
    asked: list[str] = []
    rows, skipped = run([case(asked, failing="b")], 1, Bar(3))
    assert [row.peer for row in rows] == ["a", "c"]
    assert skipped == [Skipped("server", "json", "b", "is not installed")]


def test_a_peer_that_fails_on_the_way_is_left_out_from_then_on() -> None:
    """It is asked no more, its earlier values stay."""
    rounds_of = iter([{"us": 1.0}, PeerError("gone")])

    def measure() -> dict[str, float]:
        value: Any = next(rounds_of)
        if isinstance(value, PeerError):
            raise value
        return value

    rows, skipped = run([Case("s", "n", "l", ("a",), lambda peer, stack: measure, 1.0)], 3, Bar(3))
    assert [row.values for row in rows] == [[1.0]]
    assert skipped == [Skipped("s", "n", "a", "gone")]


def test_cases_are_chosen_by_text_and_peer() -> None:
    """A part of suite and scenario chooses, and so does a peer's name."""
    whole = case([])
    assert chosen(whole, ["server js"], None).peers == ("a", "b", "c")
    assert chosen(whole, ["client"], None).peers == ()
    assert chosen(whole, None, ["b"]).peers == ("b",)
