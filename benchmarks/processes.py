"""The processes that are measured, and those that load them: where they run, what they cost, how they are asked."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
MEASURED, LOAD = 0, 1
"""The cores of the measured process and of the load."""
PATIENCE = 60
"""Seconds without an answer after which a process is given up."""


class PeerError(Exception):
    """A peer did not start, or answered wrongly: it is left out, with this as the reason."""


def pinned(core: int, command: list[str]) -> list[str]:
    """``command`` on one core, where that can be asked for."""
    if shutil.which("taskset") and (os.cpu_count() or 1) > core:
        return ["taskset", "-c", str(core), *command]
    return command


def environment(pure: bool = False, **more: str) -> dict[str, str]:
    """What a measured process sees: equal hashes in each run, and compiled extensions or none."""
    env = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore", **more}
    env.pop("AIOHTTP_NO_EXTENSIONS", None)
    if pure:
        env["AIOHTTP_NO_EXTENSIONS"] = "1"
        env.pop("AIOHTTP_CORE_REQUIRE_EXTENSIONS", None)
    return env


def descendants(pid: int) -> list[int]:
    """``pid`` and the processes that it started."""
    found = [pid]
    for parent in found:
        for children in pathlib.Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += [int(child) for child in children.read_text().split()]
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time so far of a process and its children, by the scheduler's own clock."""
    nanoseconds = 0
    for process in descendants(pid):
        for task in pathlib.Path(f"/proc/{process}/task").iterdir():
            with contextlib.suppress(OSError):  # a thread may end while it is looked at
                nanoseconds += int((task / "schedstat").read_text().split()[0])
    return nanoseconds / 1e9


def resident_bytes(pid: int) -> int:
    """Memory that a process and its children hold, without what they share with others."""
    total = 0
    for process in descendants(pid):
        with contextlib.suppress(OSError):
            for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                if line.startswith(("Private_Clean:", "Private_Dirty:")):
                    total += int(line.split()[1]) * 1024
    return total


class Worker:
    """A process that is asked by JSON lines and answers by them; what it logs is kept for its last words."""

    def __init__(
        self,
        script: pathlib.Path,
        arguments: list[str],
        core: int = MEASURED,
        env: dict[str, str] | None = None,
        prefix: tuple[str, ...] = (),
        patience: float = PATIENCE,
    ) -> None:
        command = pinned(core, [*prefix, sys.executable, str(script), *arguments])
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115  (closed by close)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=env or environment(),
            bufsize=1,
        )
        self.pid = self._process.pid
        self._patience = patience
        self._given_up = False
        self.name = f"{script.stem} {' '.join(arguments)}"

    def read(self) -> Any:
        """Its next line; raises PeerError where none comes, or where it tells of an error."""
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], self._patience)
        line = self._process.stdout.readline() if ready else ""
        if not line:
            self._given_up = True
            raise PeerError(f"{self.name}: {'ended' if ready else 'no answer'}{self._last_words()}")
        answer = json.loads(line)
        if "error" in answer:
            raise PeerError(answer["error"])
        return answer

    def ask(self, **order: Any) -> Any:
        """The answer to one order.

        A process once given up is never asked again: its late answer would pass for that to another order.
        """
        assert self._process.stdin is not None
        if self._given_up:
            raise PeerError(f"{self.name}: given up earlier")
        try:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise PeerError(f"{self.name}: ended{self._last_words()}") from None
        return self.read()

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = self._log.read().split("\n")
        return "".join(f": {line}" for line in lines[-2:-1])

    def close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()


def reset_peak(pid: int) -> int:
    """Begin a new peak (Linux: clear_refs 5); gives the memory held now, shared parts included."""
    pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")
    return _status_bytes(pid, "VmRSS:")


def peak_bytes(pid: int) -> int:
    """The most memory held since ``reset_peak``."""
    return _status_bytes(pid, "VmHWM:")


def _status_bytes(pid: int, name: str) -> int:
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    raise PeerError(f"this system does not tell {name}")
