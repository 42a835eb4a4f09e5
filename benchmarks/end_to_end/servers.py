"""Servers side by side over loopback, under wrk: ``python benchmarks/end_to_end/servers.py [--quick] [--only NAME]``.

Peers are interleaved round by round, so that the machine's drift hits all alike; server and load are pinned to
different cores; answers are checked before anything is timed. The verdict is the CPU time of the server process for
one request (user and system, from the kernel's accounting), throughput stands beside it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).resolve().parent
RESULTS = HERE.parent / "results"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Scenario:
    """What is asked for, and how often at once."""

    name: str
    path: str
    expected: bytes
    lua: str = ""
    connections: int = 64
    variant: str = ""
    peers: tuple[str, ...] = ("aiohttp_core", "aiohttp", "starlette")


POST = 'wrk.method = "POST"; wrk.body = string.rep("x", 10240)'
FIELDS = "\n".join(f'wrk.headers["X-Field-{number}"] = "value number {number}"' for number in range(50))
PIPELINED = """
init = function(args)
  local one = {}
  for i = 1, 16 do one[i] = wrk.format("GET", "/plain") end
  all = table.concat(one)
end
request = function() return all end
"""
PLAIN = b"Hello, World!"
SCENARIOS = [
    Scenario("plaintext", "/plain", PLAIN, peers=("aiohttp_core", "aiohttp", "starlette", "uvicorn", "raw")),
    Scenario("json", "/json", b'{"message": "Hello, World!", "numbers": [1, 2, 3]}'),
    Scenario("parameter", "/user/bob?q=1", b"bob1"),
    Scenario("fields", "/plain", PLAIN, FIELDS),
    Scenario("routes", "/route499/bob/end", b"bob"),
    Scenario("middlewares", "/plain", PLAIN, variant="+middlewares", peers=("aiohttp_core", "aiohttp")),
    Scenario("echo", "/echo", b"", POST),
    Scenario("large", "/large", bytes(1_000_000), connections=8),
    Scenario("stream", "/stream", b"x" * 10_000),
    Scenario("pipelined", "/plain", PLAIN, PIPELINED, peers=("aiohttp_core", "aiohttp", "raw")),
]


@dataclass
class Sample:
    """What one peer did, round by round."""

    cpu: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)


@contextlib.contextmanager
def server(peer: str, loop: str) -> Iterator[tuple[int, int]]:
    """A server process on core 0: its id and port."""
    command = [sys.executable, str(HERE / "serve.py"), peer, loop]
    process = subprocess.Popen(pinned(0, command), stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise RuntimeError(f"{peer} did not start")
        yield process.pid, json.loads(line)["port"]
    finally:
        process.terminate()
        process.wait(10)


def pinned(core: int, command: list[str]) -> list[str]:
    """``command`` on one core, where that can be asked for."""
    if shutil.which("taskset") and (os.cpu_count() or 1) > 1:
        return ["taskset", "-c", str(core), *command]
    return command


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def check(port: int, scenario: Scenario) -> None:
    """The answer must be right before its speed means anything."""
    data = b"x" * 10240 if scenario.name == "echo" else None
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{scenario.path}", data) as answer:
        body = answer.read()
    expected = data or scenario.expected
    if body.replace(b": ", b":").replace(b", ", b",") != expected.replace(b": ", b":").replace(b", ", b","):
        raise RuntimeError(f"wrong answer in {scenario.name}: {body[:60]!r}")


def load(port: int, scenario: Scenario, seconds: int) -> int:
    """Requests answered in ``seconds``."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(scenario.lua)
        script.flush()
        command = ["wrk", "-t1", f"-c{scenario.connections}", f"-d{seconds}s"]
        if scenario.lua:
            command += ["-s", script.name]
        command.append(f"http://127.0.0.1:{port}{scenario.path}")
        done = subprocess.run(pinned(1, command), capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(f"{scenario.name}: {done.stdout}")
    found = re.search(r"(\d+) requests in", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout)
    return int(found.group(1))


def measure(scenario: Scenario, loop: str, rounds: int, seconds: int, bar: Bar) -> dict[str, Sample]:
    """All peers of one scenario, round by round in turn."""
    samples = {peer: Sample() for peer in scenario.peers}
    with contextlib.ExitStack() as stack:
        servers = {peer: stack.enter_context(server(peer + scenario.variant, loop)) for peer in scenario.peers}
        for peer, (_, port) in servers.items():
            if peer != "raw":
                check(port, scenario)
            load(port, scenario, 1)
        for _ in range(rounds):
            for peer, (pid, port) in servers.items():
                before = cpu_seconds(pid)
                requests = load(port, scenario, seconds)
                samples[peer].cpu.append((cpu_seconds(pid) - before) / requests * 1e6)
                samples[peer].rate.append(requests / seconds)
                bar.step(f"{scenario.name} {loop}")
    return samples


class Bar:
    """Progress on the terminal, with the time left."""

    def __init__(self, total: int, seconds: float) -> None:
        self.total, self.seconds, self.done = total, seconds, 0

    def step(self, label: str) -> None:
        self.done += 1
        if sys.stderr.isatty():
            filled = 30 * self.done // self.total
            left = (self.total - self.done) * self.seconds
            print(f"\r[{'#' * filled:30}] {left:4.0f} s  {label:30}", end="", file=sys.stderr, flush=True)


def report(scenario: Scenario, loop: str, samples: dict[str, Sample]) -> dict[str, dict[str, float]]:
    """Print one scenario's rows and give them as data."""
    rows = {}
    base = statistics.median(samples["aiohttp"].cpu) if "aiohttp" in samples else None
    for peer, sample in samples.items():
        cpu, rate = statistics.median(sample.cpu), statistics.median(sample.rate)
        ratio = base / cpu if base else float("nan")
        rows[peer] = {"cpu_us": cpu, "cpu_min": min(sample.cpu), "cpu_max": max(sample.cpu), "rate": rate}
        print(f"{scenario.name:12} {loop:8} {peer:14} {cpu:9.1f} us CPU {rate:10.0f} /s   {ratio:5.2f} x aiohttp")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short rounds")
    parser.add_argument("--only", action="append", help="a scenario's name; may be given again")
    parser.add_argument("--loop", action="append", choices=["asyncio", "uvloop"])
    parser.add_argument("--peers", help="peers with commas, instead of each scenario's own")
    parser.add_argument("--save", action="store_true", help="write benchmarks/results/servers.json")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed (a Debian package); the load comes from it")
    rounds, seconds = (3, 1) if options.quick else (5, 2)
    chosen = [scenario for scenario in SCENARIOS if not options.only or scenario.name in options.only]
    if options.peers:
        chosen = [Scenario(**{**vars(one), "peers": tuple(options.peers.split(","))}) for one in chosen]
    loops = options.loop or ["asyncio", "uvloop"]
    bar = Bar(sum(len(scenario.peers) for scenario in chosen) * rounds * len(loops), seconds)
    results: dict[str, object] = {"python": platform.python_version(), "machine": platform.machine()}
    for loop in loops:
        for scenario in chosen:
            samples = measure(scenario, loop, rounds, seconds, bar)
            results[f"{scenario.name}/{loop}"] = report(scenario, loop, samples)
    if options.save:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "servers.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
