"""Rounds: the peers of a case take turns, so that the machine's drift hits all alike."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from processes import PeerError

Round = Callable[[], dict[str, float]]
"""One measurement of one peer: values by metric."""


@dataclass(frozen=True)
class Case:
    """One scenario on one loop; ``open`` starts a peer, checks its answers and gives its round."""

    suite: str
    scenario: str
    loop: str
    peers: tuple[str, ...]
    open: Callable[[str, contextlib.ExitStack], Round]
    seconds: float
    """About how long a round takes, for the bar."""


@dataclass
class Row:
    """What one peer did in one case, round by round, in one metric."""

    suite: str
    scenario: str
    loop: str
    peer: str
    metric: str
    values: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Skipped:
    """A peer that was left out, and why."""

    suite: str
    scenario: str
    peer: str
    reason: str


class Bar:
    """Progress on the terminal, with the scenario and the time left."""

    def __init__(self, seconds: float) -> None:
        self._total, self._done, self._start = max(seconds, 1e-9), 0.0, time.monotonic()
        self._shown = sys.stderr.isatty()

    def step(self, label: str, seconds: float) -> None:
        self._done += seconds
        if self._shown:
            filled = min(30, int(30 * self._done / self._total))
            pace = (time.monotonic() - self._start) / self._done
            left = max(0.0, self._total - self._done) * pace
            line = f"[{'#' * filled:30}] {left // 60:3.0f} min {left % 60:2.0f} s left  {label:.50}"
            print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def run(cases: Iterable[Case], rounds: int, bar: Bar) -> tuple[list[Row], list[Skipped]]:
    """All cases, each with its peers in turn."""
    rows: list[Row] = []
    skipped: list[Skipped] = []
    for case in cases:
        with contextlib.ExitStack() as stack:
            rows += _run_case(case, rounds, bar, stack, skipped)
    bar.close()
    return rows, skipped


def _run_case(case: Case, rounds: int, bar: Bar, stack: contextlib.ExitStack, skipped: list[Skipped]) -> Iterable[Row]:
    label = f"{case.suite}: {case.scenario} {case.loop}"
    open_peers: dict[str, Round] = {}
    for peer in case.peers:
        bar.step(f"{label} {peer}", 0)
        try:
            open_peers[peer] = case.open(peer, stack)
        except PeerError as error:
            skipped.append(Skipped(case.suite, case.scenario, peer, str(error)))
    rows: dict[tuple[str, str], Row] = {}
    for _ in range(rounds):
        for peer, measure in list(open_peers.items()):
            try:
                values = measure()
            except PeerError as error:
                skipped.append(Skipped(case.suite, case.scenario, peer, str(error)))
                del open_peers[peer]
                continue
            for metric, value in values.items():
                key = (peer, metric)
                row = rows.setdefault(key, Row(case.suite, case.scenario, case.loop, peer, metric))
                row.values.append(value)
            bar.step(f"{label} {peer}", case.seconds)
    return rows.values()


def chosen(case: Case, only: list[str] | None, peers: list[str] | None) -> Case:
    """``case`` with the peers that were asked for: none of them where its scenario was not."""
    if only and not any(text in f"{case.suite} {case.scenario}" for text in only):
        return replace(case, peers=())
    if peers:
        return replace(case, peers=tuple(peer for peer in case.peers if peer in peers))
    return case
