"""The table on the terminal: scenario by peer, with the ratio to aiohttp and, where there is one, to the limit."""

from __future__ import annotations

import statistics

from report.results import METRICS, Result, Row, gains, reference_of

LIMITS = ("raw protocol", "raw client", "raw socket", "memcpy")
"""Rows that do no HTTP work at all; what the machine gives at most."""


def text(result: Result) -> str:
    """All tables."""
    parts = []
    for (suite, loop, metric), scenarios in result.table().items():
        kind = METRICS[metric]
        title = f"{suite}, {loop}: {kind.title} ({kind.unit}; {'more' if kind.higher_is_better else 'less'} is better)"
        lines = [["scenario", "peer", "median", "spread", "x aiohttp", "of the limit"]]
        for scenario, rows in scenarios.items():
            for at, peer in enumerate(rows):
                lines.append(["" if at else scenario, *cells(rows, peer, metric)])
        parts.append(_aligned(title, lines))
    for skipped in dict.fromkeys((one.suite, one.scenario, one.peer, one.reason) for one in result.skipped):
        parts.append(f"left out: {': '.join(part for part in skipped if part)}")
    return "\n\n".join(parts) + "\n"


def cells(rows: dict[str, Row], peer: str, metric: str) -> list[str]:
    """Peer, median, spread, and the ratios that say what it means."""
    row = rows[peer]
    reference = rows.get(reference_of(peer))
    limit = next((rows[name] for name in LIMITS if name in rows), None)
    return [
        peer,
        figure(statistics.median(row.values), metric),
        spread(row.values),
        ratio(row, reference, metric, "{:.2f}"),
        ratio(row, limit, metric, "{:.0%}"),
    ]


def ratio(row: Row, reference: Row | None, metric: str, shown: str) -> str:
    """How many times better than another row, round by round."""
    ratios = gains(row.values, reference.values, metric) if reference is not None and reference is not row else []
    return shown.format(statistics.median(ratios)) if ratios else ""


def figure(value: float, metric: str) -> str:
    """Three digits that matter."""
    if METRICS[metric].unit == "k":
        value /= 1000
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def spread(values: list[float]) -> str:
    """Half the distance between least and most, in parts of the median."""
    middle = statistics.median(values)
    return f"±{(max(values) - min(values)) / 2 / middle:.0%}" if len(values) > 1 and middle else ""


def _aligned(title: str, lines: list[list[str]]) -> str:
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    shown = [
        "  ".join(part.ljust(width) if at < 2 else part.rjust(width) for at, (part, width) in columns).rstrip()
        for columns in (enumerate(zip(line, widths, strict=True)) for line in lines)
    ]
    return "\n".join([title, "-" * len(title), *shown])
