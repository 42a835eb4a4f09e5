"""The table on the terminal: scenario by peer, with the ratio to aiohttp and, where there is one, to the limit."""

from __future__ import annotations

import statistics

from report.results import METRICS, Result, Row, gains, reference_of

LIMITS = ("raw protocol", "raw client", "raw socket", "memcpy")
"""Rows that do no HTTP work at all; what the machine gives at most."""


def text(result: Result, markdown: bool = False) -> str:
    """All tables."""
    parts = []
    for (suite, loop, metric), scenarios in result.table().items():
        peers = list(dict.fromkeys(peer for rows in scenarios.values() for peer in rows))
        kind = METRICS[metric]
        title = f"{suite}, {loop}: {kind.title} ({kind.unit}; {'more' if kind.higher_is_better else 'less'} is better)"
        lines = [["scenario", *peers]]
        for scenario, rows in scenarios.items():
            lines.append([scenario, *(cell(rows, peer, metric) for peer in peers)])
        parts.append(_markdown(title, lines) if markdown else _plain(title, lines))
    for skipped in dict.fromkeys((one.suite, one.scenario, one.peer, one.reason) for one in result.skipped):
        parts.append(f"left out: {': '.join(part for part in skipped if part)}")
    return "\n\n".join(parts) + "\n"


def cell(rows: dict[str, Row], peer: str, metric: str) -> str:
    """Median, spread, and the ratios that say what it means."""
    row = rows.get(peer)
    if row is None or not row.values:
        return ""
    middle = statistics.median(row.values)
    shown = f"{figure(middle, metric)} {spread(row.values)}"
    reference = rows.get(reference_of(peer))
    if reference is not None and reference is not row:
        ratios = gains(row.values, reference.values, metric)
        if ratios:
            shown += f" {statistics.median(ratios):.2f}x"
    limit = next((rows[name] for name in LIMITS if name in rows), None)
    if limit is not None and limit is not row:
        ratios = gains(row.values, limit.values, metric)
        if ratios:
            shown += f" ({statistics.median(ratios):.0%} of the limit)"
    return shown


def figure(value: float, metric: str) -> str:
    """Three digits that matter."""
    if METRICS[metric].unit == "k":
        value /= 1000
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def spread(values: list[float]) -> str:
    """Half the distance between least and most, in parts of the median."""
    middle = statistics.median(values)
    return f"±{(max(values) - min(values)) / 2 / middle:.0%}" if len(values) > 1 and middle else ""


def _plain(title: str, lines: list[list[str]]) -> str:
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    shown = ["  ".join(part.ljust(width) for part, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([title, "-" * len(title), *shown])


def _markdown(title: str, lines: list[list[str]]) -> str:
    rows = ["| " + " | ".join(line) + " |" for line in lines]
    rows.insert(1, "|" + "---|" * len(lines[0]))
    return "\n".join([f"**{title}**", "", *rows])
