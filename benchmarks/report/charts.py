"""Charts as SVG, written directly: bars by peer, the median of each with its least and most as an error bar."""

from __future__ import annotations

import pathlib
import statistics
from dataclasses import dataclass
from html import escape

from report.results import METRICS, OURS, REFERENCE, Result
from report.table import LIMITS, figure
from rounds import Row

WIDTH, LABELS, VALUES = 760, 190, 90
BAR, GAP, TITLE, CAPTION = 14, 14, 34, 22
COLOURS = {OURS: "#1f6feb", REFERENCE: "#8b949e", "limit": "#d0d7de"}
OTHER = "#c69026"


@dataclass(frozen=True)
class Chart:
    """The scenarios of a suite that one picture shows."""

    name: str
    suite: str
    loop: str
    metric: str
    scenarios: tuple[str, ...]


CHARTS = (
    Chart("server", "server", "asyncio", "cpu_us", ("plaintext", "json", "500 routes", "POST 10 KB", "TLS")),
    Chart("server-uvloop", "server", "uvloop", "cpu_us", ("plaintext", "json", "500 routes", "POST 10 KB", "TLS")),
    Chart("client", "client", "asyncio", "cpu_us", ("GET", "GET, 64 at once", "GET, cookies both ways", "POST JSON")),
    Chart("websocket", "websocket server", "asyncio", "cpu_us", ("64 B", "8 KB", "64 B TLS", "64 B deflate")),
    Chart(
        "instructions",
        "instructions server",
        "asyncio",
        "instructions",
        ("plaintext", "json", "POST 1 KB", "500 routes"),
    ),
    Chart("import", "footprint", "no loop", "ms", ("import",)),
)


def draw_all(result: Result, folder: pathlib.Path) -> list[pathlib.Path]:
    """Every chart whose rows there are."""
    drawn = []
    tables = result.table()
    for chart in CHARTS:
        scenarios = tables.get((chart.suite, chart.loop, chart.metric), {})
        chosen = {name: scenarios[name] for name in chart.scenarios if name in scenarios}
        if chosen:
            path = folder / f"bench-{chart.name}.svg"
            path.write_text(draw(chart, chosen))
            drawn.append(path)
    return drawn


def draw(chart: Chart, scenarios: dict[str, dict[str, Row]]) -> str:
    """One picture: a group of bars for each scenario, each group on a scale of its own."""
    kind = METRICS[chart.metric]
    better = "longer" if kind.higher_is_better else "shorter"
    title = f"{chart.suite}, {chart.loop}: {kind.title} ({kind.unit}; {better} is better)"
    parts, at = [], TITLE
    for scenario, rows in scenarios.items():
        parts.append(f'<text x="8" y="{at + 12}" font-weight="bold">{escape(scenario)}</text>')
        at += CAPTION
        largest = max(max(row.values) for row in rows.values())
        for peer, row in rows.items():
            parts.append(_bar(peer, row, largest, at, chart.metric))
            at += BAR + 4
        at += GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{at}" viewBox="0 0 {WIDTH} {at}" '
        'font-family="sans-serif" font-size="12">\n'
        f'<rect width="{WIDTH}" height="{at}" fill="white"/>\n'
        f'<text x="8" y="20" font-size="14">{escape(title)}</text>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _bar(peer: str, row: Row, largest: float, at: int, metric: str) -> str:
    scale = (WIDTH - LABELS - VALUES) / largest if largest else 0
    middle = statistics.median(row.values)
    low, high = LABELS + min(row.values) * scale, LABELS + max(row.values) * scale
    centre = at + BAR / 2
    colour = COLOURS.get("limit" if peer in LIMITS else peer.removesuffix(" pure"), OTHER)
    opacity = ' fill-opacity="0.55"' if peer.endswith(" pure") else ""
    return (
        f'<text x="{LABELS - 6}" y="{at + 11}" text-anchor="end">{escape(peer)}</text>'
        f'<rect x="{LABELS}" y="{at}" width="{middle * scale:.1f}" height="{BAR}" fill="{colour}"{opacity}/>'
        f'<path d="M{low:.1f} {centre}H{high:.1f}M{low:.1f} {at + 3}v{BAR - 6}M{high:.1f} {at + 3}v{BAR - 6}" '
        'stroke="black" fill="none"/>'
        f'<text x="{high + 6:.1f}" y="{at + 11}">{figure(middle, metric)}</text>'
    )
