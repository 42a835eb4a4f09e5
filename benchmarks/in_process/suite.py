"""In-process cases: the same script against each package, timed or counted.

Timed, the processes of the packages take turns. Counted, each runs under callgrind, whose dumps at a marker function
give the instructions between two of them: start-up is not in it, and the figure hardly moves from run to run.
"""

from __future__ import annotations

import contextlib

from callgrind import PATIENCE, Callgrind
from in_process.worker import SUITES
from processes import HERE, Worker, environment
from rounds import Case, Round

WORKER = HERE / "in_process" / "worker.py"
PEERS = ("aiohttp_core", "aiohttp")
PURE = ("aiohttp_core pure", "aiohttp pure")


class Workers:
    """The processes by peer and loop, started when first needed and kept until the end."""

    def __init__(self, stack: contextlib.ExitStack, counted: bool) -> None:
        self._stack, self._counted = stack, counted
        self._workers: dict[tuple[str, str], tuple[Worker, Callgrind | None]] = {}

    def get(self, peer: str, loop: str) -> tuple[Worker, Callgrind | None]:
        key = (peer, loop)
        if key not in self._workers:
            package, _, pure = peer.partition(" ")
            counter = Callgrind(self._stack) if self._counted else None
            worker = Worker(
                WORKER,
                [package, loop],
                env=environment(bool(pure)),
                prefix=() if counter is None else counter.prefix,
                patience=60.0 if counter is None else PATIENCE,
            )
            self._stack.callback(worker.close)
            self._workers[key] = worker, counter
        return self._workers[key]


def cases(stack: contextlib.ExitStack, loops: list[str], counted: bool, quick: bool, pure: bool = True) -> list[Case]:
    """Every scenario on every loop; the pure twins run on asyncio only, timed only."""
    workers = Workers(stack, counted)
    found = []
    for loop in loops:
        if loop == "aiofastnet":
            continue  # its transports are not in play here
        for part, scenarios in SUITES.items():
            if part == "parser" and (loop != "asyncio" or not counted):
                continue  # timed by the wire suite, and no loop takes part
            for name, entry in scenarios.items():
                count = entry.counted if counted else max(entry.timed // 4, entry.counted) if quick else entry.timed
                peers = PEERS + (PURE if pure and loop == "asyncio" and not counted else ())
                suite = f"{'instructions' if counted else 'in-process'} {part}"

                def opened(
                    peer: str, _: contextlib.ExitStack, order: tuple[str, str, int, str] = (part, name, count, loop)
                ) -> Round:
                    return _round(workers, peer, order)

                found.append(Case(suite, name, loop, peers, opened, 1.0 if counted else 0.1))
    return found


def _round(workers: Workers, peer: str, order: tuple[str, str, int, str]) -> Round:
    part, name, count, loop = order
    worker, counter = workers.get(peer, loop)

    worker.ask(suite=part, scenario=name, count=count)

    def measure() -> dict[str, float]:
        answer = worker.ask(suite=part, scenario=name, count=count)
        if counter is not None:
            return {"instructions": counter.instructions() / count}
        return {"cpu_us": answer["cpu_us"]}

    return measure
