"""The part of ``docs/performance.md`` that comes from a result: what it was measured on, pictures, tables."""

from __future__ import annotations

import pathlib
import statistics

from report import charts
from report.results import METRICS, Result, Row, gains, reference_of
from report.table import figure

INCLUDED = "performance-results.inc"
HIDDEN = ("rate",)
"""Metrics that stand in the result file only: the table would say everything twice."""


def write(result: Result, folder: pathlib.Path) -> list[pathlib.Path]:
    """Pictures and text into the documentation's folder."""
    pictures = charts.draw_all(result, folder)
    parts = [facts(result)]
    parts += [f"![{path.stem}]({path.name})" for path in pictures]
    for (suite, loop, metric), scenarios in result.table().items():
        if metric not in HIDDEN:
            parts.append(_table(suite, loop, metric, scenarios))
    left_out = dict.fromkeys(f"{one.peer or one.suite}: {one.reason}" for one in result.skipped)
    if left_out:
        parts.append("Left out:\n\n" + "\n".join(f"- {line}" for line in left_out))
    path = folder / INCLUDED
    path.write_text("\n\n".join(parts) + "\n")
    return [*pictures, path]


def facts(result: Result) -> str:
    """The machine and the versions, in a sentence each."""
    told = result.facts
    versions = ", ".join(f"{name} {version}" for name, version in told["versions"].items() if version[0].isdigit())
    return (
        f"Measured on {told['date']}: {told['cpu']}, {told['cores']} cores, {told['system']}, {told['python']}.\n"
        f"Versions: {versions}."
    )


def _table(suite: str, loop: str, metric: str, scenarios: dict[str, dict[str, Row]]) -> str:
    kind = METRICS[metric]
    peers = list(dict.fromkeys(peer for rows in scenarios.values() for peer in rows))
    better = "more" if kind.higher_is_better else "less"
    lines = [f"| {suite}, {loop}: {kind.title}, {kind.unit} ({better} is better) | {' | '.join(peers)} |"]
    lines.append("|---|" + "---:|" * len(peers))
    for scenario, rows in scenarios.items():
        cells = (_cell(rows, peer, metric) for peer in peers)
        lines.append(f"| {scenario} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(rows: dict[str, Row], peer: str, metric: str) -> str:
    row = rows.get(peer)
    if row is None or not row.values:
        return ""
    shown = figure(statistics.median(row.values), metric)
    reference = rows.get(reference_of(peer))
    if reference is None or reference is row:
        return shown
    ratios = gains(row.values, reference.values, metric)
    return f"{shown} ({statistics.median(ratios):.2f}x)" if ratios else shown
