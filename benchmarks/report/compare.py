"""Two results compared: what changed beyond the noise, for a program to read.

Where the reference peer ran beside a row, what is compared is the row's ratio to it, round by round, so that a slower
day of the machine is no change. A row has changed when its old and new ranges do not overlap and its medians differ
by more than the floor.
"""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import Any

from report.results import METRICS, OURS, Result, gains, reference_of
from rounds import Row

Key = tuple[str, str, str, str, str]
FLOOR, EXACT_FLOOR = 0.05, 0.01
"""The least difference of medians that counts; the second is for instruction counts."""


@dataclass(frozen=True)
class Change:
    """``factor`` is how many times better the new result is; below 1 it is worse."""

    suite: str
    scenario: str
    loop: str
    peer: str
    metric: str
    measured: str
    old: float
    new: float
    factor: float

    @property
    def verdict(self) -> str:
        return "better" if self.factor > 1 else "worse"


@dataclass(frozen=True)
class Comparison:
    """What was compared, and what of it changed."""

    compared: int
    only_old: list[str]
    only_new: list[str]
    changes: list[Change]

    @property
    def worse(self) -> list[Change]:
        """What of ours got worse: the reason to fail."""
        return [one for one in self.changes if one.verdict == "worse" and one.peer.startswith(OURS)]

    def data(self) -> dict[str, Any]:
        return {
            "compared": self.compared,
            "only_old": self.only_old,
            "only_new": self.only_new,
            "changes": [{**asdict(change), "verdict": change.verdict} for change in self.changes],
        }


def compare(old: Result, new: Result) -> Comparison:
    """All rows that both have."""
    before, after = _rows(old), _rows(new)
    changes = []
    common = [key for key in after if key in before]
    for key in common:
        change = _change(key, before, after)
        if change is not None:
            changes.append(change)
    return Comparison(
        len(common),
        [" / ".join(key) for key in before if key not in after],
        [" / ".join(key) for key in after if key not in before],
        changes,
    )


def _rows(result: Result) -> dict[Key, Row]:
    return {(row.suite, row.scenario, row.loop, row.peer, row.metric): row for row in result.rows if row.values}


def _change(key: Key, before: dict[Key, Row], after: dict[Key, Row]) -> Change | None:
    suite, scenario, loop, peer, metric = key
    reference = (suite, scenario, loop, reference_of(peer), metric)
    paired = METRICS[metric].compared and reference != key and reference in before and reference in after
    sides = []
    for rows in (before, after):
        values = rows[key].values
        sides.append(gains(values, rows[reference].values, metric) if paired else _goodness(values, metric))
    old, new = sides
    if not old or not new:
        return None
    middle_old, middle_new = statistics.median(old), statistics.median(new)
    floor = EXACT_FLOOR if METRICS[metric].exact else FLOOR
    apart = max(old) < min(new) or max(new) < min(old)
    factor = middle_new / middle_old if middle_old else float("inf")
    if not apart or abs(factor - 1) <= floor:
        return None
    measured = f"ratio to {reference[3]}" if paired else "itself"
    if not paired:
        middle_old, middle_new = (statistics.median(rows[key].values) for rows in (before, after))
    return Change(*key, measured, middle_old, middle_new, factor)


def _goodness(values: list[float], metric: str) -> list[float]:
    """More is better, whatever the metric."""
    if METRICS[metric].higher_is_better:
        return list(values)
    return [1 / value for value in values if value > 0]
