"""WebSockets over loopback: a library as server or as client on one core, a script as its far end on another.

The verdict is the CPU time of the library's process for one message there and back (user and system).
"""

from __future__ import annotations

import contextlib
import pathlib
from dataclasses import dataclass
from typing import Any

from end_to_end.servers import prepare
from processes import HERE, LOAD, Worker, cpu_seconds, environment
from rounds import Case, Round

TALK = HERE / "talking" / "talk.py"
FAR_END = HERE / "end_to_end" / "far_end.py"
PAIR = ("aiohttp_core", "aiohttp")
PURE = ("aiohttp_core pure", "aiohttp pure")
DEFLATING = (*PAIR, "websockets")
ALL = (*DEFLATING, "picows queue", "picows")


@dataclass(frozen=True)
class Scenario:
    """``count`` messages of ``size`` octets a round, ``flight`` of them in one write."""

    size: int
    count: int
    flight: int = 1
    deflate: bool = False
    tls: bool = False
    feed: bool = False
    peers: tuple[str, ...] = ALL
    quick: bool = False


SCENARIOS = {
    "64 B": Scenario(64, 2000, peers=(*ALL, *PURE), quick=True),
    "64 B, 16 in flight": Scenario(64, 8000, 16, quick=True),
    "8 KB": Scenario(8192, 1000, quick=True),
    "100 KB": Scenario(100_000, 200),
    "1 MB": Scenario(1_000_000, 30),
    "feed 64 B": Scenario(64, 20_000, feed=True, quick=True),
    "64 B deflate": Scenario(64, 1000, deflate=True, peers=DEFLATING),
    "8 KB deflate": Scenario(8192, 500, deflate=True, peers=DEFLATING),
    "1 MB deflate": Scenario(1_000_000, 8, deflate=True, peers=DEFLATING),
    "64 B TLS": Scenario(64, 1000, tls=True),
    "8 KB TLS": Scenario(8192, 600, tls=True),
    "1 MB TLS": Scenario(1_000_000, 20, tls=True),
}


class Pairs:
    """A library's process and its far end, by peer, loop, role and kind of connection."""

    def __init__(self, stack: contextlib.ExitStack, certificate: pathlib.Path) -> None:
        self._stack, self._certificate = stack, str(certificate)
        self._made: dict[tuple[Any, ...], tuple[Worker, Worker]] = {}

    def get(self, peer: str, loop: str, role: str, scenario: Scenario) -> tuple[Worker, Worker]:
        key = (peer, loop, role, scenario.deflate, scenario.tls, scenario.feed)
        if key not in self._made:
            self._made[key] = self._make(peer, loop, role, scenario)
        return self._made[key]

    def _make(self, peer: str, loop: str, role: str, scenario: Scenario) -> tuple[Worker, Worker]:
        far = ["--deflate"] * scenario.deflate
        tls = ["--tls", self._certificate] if scenario.tls else []
        near = [peer, loop, *far, *["--feed"] * scenario.feed, *tls]
        env = environment(peer.endswith(" pure"))
        if role == "server":
            talker = self._start(TALK, near, env=env)
            return talker, self._start(FAR_END, [*far, *tls, "--port", str(talker.read()["port"])], core=LOAD)
        end = self._start(FAR_END, [*far, *tls], core=LOAD)
        url = f"ws{'s' if scenario.tls else ''}://127.0.0.1:{end.read()['port']}/"
        return self._start(TALK, [*near, "--url", url], env=env), end

    def _start(self, script: pathlib.Path, arguments: list[str], **options: Any) -> Worker:
        worker = Worker(script, arguments, **options)
        self._stack.callback(worker.close)
        return worker


def cases(stack: contextlib.ExitStack, loops: list[str], quick: bool, folder: pathlib.Path) -> list[Case]:
    """Every scenario in either role on every loop; aiofastnet's transports with TLS only."""
    prepare(folder)
    pairs = Pairs(stack, folder / "server.pem")
    found = []
    for loop in loops:
        for role in ("server", "client"):
            for name, scenario in SCENARIOS.items():
                if (quick and not scenario.quick) or (loop == "aiofastnet" and not scenario.tls):
                    continue

                def opened(
                    peer: str, _: Any, scenario: Scenario = scenario, loop: str = loop, role: str = role
                ) -> Round:
                    return _round(pairs.get(peer, loop, role, scenario), scenario, quick)

                peers = scenario.peers if loop == "asyncio" else tuple(p for p in scenario.peers if p not in PURE)
                peers = tuple(p for p in peers if p in PAIR) if loop == "aiofastnet" else peers
                found.append(Case(f"websocket {role}", name, loop, peers, opened, 0.2))
    return found


def _round(pair: tuple[Worker, Worker], scenario: Scenario, quick: bool) -> Round:
    talker, far_end = pair
    count = max(scenario.count // 2, 16) if quick else scenario.count

    def measure(count: int = count) -> dict[str, float]:
        cpu = cpu_seconds(talker.pid)
        answer = far_end.ask(size=scenario.size, flight=scenario.flight, count=count, feed=scenario.feed)
        used = cpu_seconds(talker.pid) - cpu
        return {"cpu_us": used / count * 1e6, "rate": count / answer["seconds"]}

    measure(max(count // 5, scenario.flight))
    return measure
