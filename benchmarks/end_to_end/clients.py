"""Clients over loopback, each a process on one core, against one server of canned answers on another.

The verdict is the CPU time of the client's process for one exchange (user and system); throughput stands beside it.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

from processes import HERE, LOAD, Worker, environment
from rounds import Case, Round

ASK = HERE / "asking" / "ask.py"
CANNED = HERE / "end_to_end" / "canned.py"
PAIR = ("aiohttp_core", "aiohttp")
PURE = ("aiohttp_core pure", "aiohttp pure")
ALL = (*PAIR, "httpx", "niquests", "pycurl", "raw client")


@dataclass(frozen=True)
class Scenario:
    """What is done, how many at once, and how many in a round."""

    exchange: str
    path: str
    count: int
    flight: int = 1
    cookies: bool = False
    peers: tuple[str, ...] = ALL
    quick: bool = False


SCENARIOS = {
    "GET": Scenario("get", "/small", 1500, peers=(*ALL, *PURE), quick=True),
    "GET, 64 at once": Scenario("get", "/small", 2560, 64, quick=True),
    "GET, cookies both ways": Scenario("get", "/cookies", 1000, cookies=True),
    "POST JSON": Scenario("post_json", "/small", 1500, quick=True),
    "GET 1 MB": Scenario("get", "/large", 200),
    "200 MB down": Scenario("download", "/stream", 1),
    "200 MB up": Scenario("upload", "/sink", 1),
}


def cases(stack: contextlib.ExitStack, loops: list[str], quick: bool) -> list[Case]:
    """Every scenario on every loop."""
    server = Worker(CANNED, ["uvloop"], core=LOAD)
    stack.callback(server.close)
    url = f"http://127.0.0.1:{server.read()['port']}"
    workers: dict[tuple[str, str], Worker] = {}

    def worker(peer: str, loop: str) -> Worker:
        if (peer, loop) not in workers:
            made = workers[peer, loop] = Worker(ASK, [peer, loop, url], env=environment(peer.endswith(" pure")))
            stack.callback(made.close)
        return workers[peer, loop]

    found = []
    for loop in loops:
        for name, scenario in SCENARIOS.items():
            if loop == "aiofastnet" or (quick and not scenario.quick):
                continue

            def opened(peer: str, _: Any, scenario: Scenario = scenario, loop: str = loop) -> Round:
                return _round(worker(peer, loop), scenario, quick)

            peers = scenario.peers if loop == "asyncio" else tuple(p for p in scenario.peers if p not in PURE)
            found.append(Case("client", name, loop, peers, opened, 0.4))
    return found


def _round(worker: Worker, scenario: Scenario, quick: bool) -> Round:
    count = scenario.count // 4 if quick and scenario.count > 4 * scenario.flight else scenario.count

    def measure(count: int = count) -> dict[str, float]:
        values: dict[str, float] = worker.ask(
            exchange=scenario.exchange,
            path=scenario.path,
            flight=scenario.flight,
            cookies=scenario.cookies,
            count=count,
        )
        return values

    measure(max(count // 5, scenario.flight))
    return measure
