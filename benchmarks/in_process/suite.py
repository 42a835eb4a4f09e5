"""In-process cases: the same script against each package, timed or counted.

Timed, the processes of the packages take turns. Counted, each runs under callgrind, whose dumps at a marker function
give the instructions between two of them: start-up is not in it, and the figure hardly moves from run to run.
"""

from __future__ import annotations

import contextlib
import pathlib
import re
import shutil
import tempfile

from in_process.worker import MARK, SUITES
from processes import HERE, PeerError, Worker, environment
from rounds import Case, Round

WORKER = HERE / "in_process" / "worker.py"
PEERS = ("aiohttp_core", "aiohttp")
PURE = ("aiohttp_core pure", "aiohttp pure")


class Workers:
    """The processes by peer and loop, started when first needed and kept until the end."""

    def __init__(self, stack: contextlib.ExitStack, counted: bool) -> None:
        self._stack, self._counted = stack, counted
        self._workers: dict[tuple[str, str], Worker] = {}
        self._dumps: dict[Worker, pathlib.Path] = {}

    def get(self, peer: str, loop: str) -> Worker:
        key = (peer, loop)
        if key not in self._workers:
            package, _, pure = peer.partition(" ")
            prefix: tuple[str, ...] = ()
            if self._counted:
                folder = pathlib.Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
                prefix = (
                    "valgrind",
                    "--quiet",
                    "--tool=callgrind",
                    f"--dump-before={MARK}",
                    f"--callgrind-out-file={folder}/dump",
                )
            patience = 600.0 if self._counted else 60.0  # under callgrind all is 50 times slower
            worker = Worker(WORKER, [package, loop], env=environment(bool(pure)), prefix=prefix, patience=patience)
            self._stack.callback(worker.close)
            self._workers[key] = worker
            if self._counted:
                self._dumps[worker] = folder
        return self._workers[key]

    def instructions(self, worker: Worker) -> int:
        """What the newest dump counted; the older ones are removed."""
        dumps = sorted(self._dumps[worker].glob("dump.*"), key=lambda path: int(path.suffix[1:]))
        if len(dumps) < 2:
            raise PeerError("callgrind saw no marker")
        found = re.search(r"^(?:summary|totals): (\d+)", dumps[-1].read_text(), re.MULTILINE)
        for path in dumps:
            path.unlink()
        if found is None:
            raise PeerError("callgrind's dump has no summary")
        return int(found.group(1))


def cases(stack: contextlib.ExitStack, loops: list[str], counted: bool, quick: bool, pure: bool = True) -> list[Case]:
    """Every scenario on every loop; the pure twins run on asyncio only, timed only."""
    if counted and shutil.which("valgrind") is None:
        raise PeerError("valgrind is not installed (a Debian package): no instruction counts")
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
                    return _round(workers, peer, order, counted)

                found.append(Case(suite, name, loop, peers, opened, 1.0 if counted else 0.1))
    return found


def _round(workers: Workers, peer: str, order: tuple[str, str, int, str], counted: bool) -> Round:
    part, name, count, loop = order
    worker = workers.get(peer, loop)

    worker.ask(suite=part, scenario=name, count=count)

    def measure() -> dict[str, float]:
        answer = worker.ask(suite=part, scenario=name, count=count)
        if counted:
            return {"instructions": workers.instructions(worker) / count}
        return {"cpu_us": answer["cpu_us"]}

    return measure
