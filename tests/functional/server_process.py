"""Server programs as real processes, and requests to them by a plain socket."""

import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Program:
    """A running program with its output so far."""

    def __init__(self, arguments: Sequence[str], cwd: Path | None = None) -> None:
        self.process = subprocess.Popen(
            arguments,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=cwd,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)},
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self.output = ""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line
            self._lines.put(line)

    def wait_for(self, pattern: str, seconds: float = 15) -> str:
        """The first group of ``pattern`` in the next line that has it."""
        while True:
            try:
                line = self._lines.get(timeout=seconds)
            except queue.Empty:
                raise AssertionError(f"{pattern!r} is not in {self.output!r}") from None
            if match := re.search(pattern, line):
                return match[1]

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def finish(self, seconds: float = 15) -> int:
        code = self.process.wait(seconds)
        self._thread.join(seconds)
        return code


@contextmanager
def program(*arguments: str, cwd: Path | None = None) -> Iterator[Program]:
    running = Program([sys.executable, *arguments], cwd)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.signal(signal.SIGKILL)
        running.process.wait()
        assert running.process.stdout is not None
        running._thread.join(5)
        running.process.stdout.close()


def fetch(port: int, target: str = "/", method: str = "GET", body: bytes = b"", *fields: str) -> tuple[int, bytes]:
    """Status and body of the answer; the connection is closed."""
    with socket.create_connection(("127.0.0.1", port), 10) as sock:
        head = [f"{method} {target} HTTP/1.1", "Host: test", "Connection: close", *fields]
        if body:
            head.append(f"Content-Length: {len(body)}")
        sock.sendall("\r\n".join([*head, "", ""]).encode() + body)
        received = b""
        while data := sock.recv(65536):
            received += data
    start, _, content = received.partition(b"\r\n\r\n")
    return int(start.split(b" ")[1]), content
