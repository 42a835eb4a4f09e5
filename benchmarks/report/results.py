"""A result: what was measured, on what machine, with which versions; kept as JSON."""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rounds import Row, Skipped

PACKAGES = (
    "aiofastnet",
    "aiohttp",
    "aiohttp_core",
    "blacksheep",
    "granian",
    "h11",
    "httptools",
    "httpx",
    "multidict",
    "niquests",
    "picows",
    "pycurl",
    "python-multipart",
    "starlette",
    "uvicorn",
    "uvloop",
    "websockets",
    "yarl",
)

OURS, REFERENCE = "aiohttp_core", "aiohttp"


@dataclass(frozen=True)
class Metric:
    """How a figure is called and read."""

    title: str
    unit: str
    higher_is_better: bool = False
    exact: bool = False
    """Instruction counts hardly move: small differences count."""
    compared: bool = True
    """Whether a ratio means anything: what is added to a process may be nothing at all."""


METRICS = {
    "cpu_us": Metric("CPU time for one", "us"),
    "instructions": Metric("instructions for one", "k", exact=True),
    "rate": Metric("throughput", "/s", higher_is_better=True),
    "kib": Metric("memory", "KiB"),
    "mib": Metric("memory", "MiB", compared=False),
    "ms": Metric("time", "ms"),
    "us": Metric("time", "us"),
}


def reference_of(peer: str) -> str:
    """The peer whose ratio a peer is given as: pure beside pure."""
    return f"{REFERENCE} pure" if "pure" in peer else REFERENCE


def gains(values: Sequence[float], reference: Sequence[float], metric: str) -> list[float]:
    """How many times better than the reference, round by round."""
    if not METRICS[metric].compared:
        return []
    pairs = zip(values, reference, strict=False)
    if METRICS[metric].higher_is_better:
        return [value / base for value, base in pairs if base]
    return [base / value for value, base in pairs if value]


@dataclass
class Result:
    """One run."""

    facts: dict[str, Any] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def table(self) -> dict[tuple[str, str, str], dict[str, dict[str, Row]]]:
        """Rows by (suite, loop, metric), then scenario, then peer."""
        found: dict[tuple[str, str, str], dict[str, dict[str, Row]]] = {}
        for row in self.rows:
            scenarios = found.setdefault((row.suite, row.loop, row.metric), {})
            scenarios.setdefault(row.scenario, {})[row.peer] = row
        return found

    def save(self, path: pathlib.Path) -> None:
        rows = [{**asdict(row), "median": statistics.median(row.values)} for row in self.rows]
        for row in rows:
            row["values"] = [float(f"{value:.6g}") for value in row["values"]]
            row["median"] = float(f"{row['median']:.6g}")
        lines = ",\n  ".join(json.dumps(row) for row in rows)
        skipped = ",\n  ".join(json.dumps(asdict(one)) for one in self.skipped)
        facts = json.dumps(self.facts, indent=1).replace("\n", "\n ")
        path.write_text(f'{{\n "facts": {facts},\n "rows": [\n  {lines}\n ],\n "skipped": [\n  {skipped}\n ]\n}}\n')


def load(path: pathlib.Path) -> Result:
    """The result that ``save`` wrote."""
    data = json.loads(path.read_text())
    rows = [Row(**{name: value for name, value in row.items() if name != "median"}) for row in data["rows"]]
    return Result(data["facts"], rows, [Skipped(**one) for one in data["skipped"]])


def merge(results: Iterable[Result]) -> Result:
    """Several runs as one; the facts are the first's."""
    whole = Result()
    for result in results:
        whole.facts = whole.facts or result.facts
        whole.rows += result.rows
        whole.skipped += result.skipped
    return whole


def machine_facts() -> dict[str, Any]:
    """What a figure depends on; nothing that names this machine."""
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = "not installed"
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "cpu": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "versions": versions,
    }


def _processor() -> str:
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
