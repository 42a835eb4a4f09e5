"""The suites without sockets or loops (``wire/``), which pytest-benchmark runs, as rows beside the others."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

from processes import HERE, MEASURED, PeerError, environment, pinned
from rounds import Row

PEERS = {
    "compiled": "aiohttp_core",
    "compiled, mapping": "aiohttp_core, with its mapping",
    "compiled in place": "aiohttp_core",
    "compiled into new": "aiohttp_core, into new",
    "pure": "aiohttp_core pure",
    "pure in place": "aiohttp_core pure",
    "aiohttp compiled": "aiohttp",
    "aiohttp-compiled": "aiohttp",
    "aiohttp-pure": "aiohttp pure",
    "copy in place": "memcpy",
}
"""The candidates' names that say less here."""


def rows(folder: pathlib.Path, only: list[str] | None, quick: bool) -> list[Row]:
    """Every benchmark's quartiles."""
    output = folder / "wire.json"
    command = [sys.executable, "-m", "pytest", "--quiet", "-p", "no:cacheprovider", str(HERE / "wire")]
    command += ["-o", f"pythonpath={HERE}", "-o", "filterwarnings=default", f"--benchmark-json={output}"]
    if only:
        command += ["-k", " or ".join(only)]
    if quick:
        command += ["--benchmark-min-rounds=3", "--benchmark-max-time=0.03", "--benchmark-warmup=off"]
    else:
        # Rounds of 0.2 ms: shorter ones are repeated so seldom that the clock is part of what they measure.
        command += ["--benchmark-max-time=0.3", "--benchmark-min-time=0.0002"]
    env = environment(AIOHTTP_CORE_REQUIRE_EXTENSIONS="1")
    done = subprocess.run(
        pinned(MEASURED, command), cwd=HERE.parent, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 5):  # 5: nothing was chosen
        raise PeerError(f"pytest: {' '.join(done.stdout.split()[-30:])}")
    if not output.exists() or not output.stat().st_size:
        return []
    found = []
    for one in json.loads(output.read_text())["benchmarks"]:
        candidate = one["params"].get("candidate", "aiohttp_core") if one["params"] else "aiohttp_core"
        scenario = one["group"] or one["name"]
        stats = one["stats"]
        values = [stats[name] * 1e6 for name in ("q1", "median", "q3")]
        found.append(Row("wire", scenario, "no loop", PEERS.get(candidate, candidate), "us", values))
    return found
