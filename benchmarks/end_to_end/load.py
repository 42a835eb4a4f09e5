"""The load on a server: wrk where it is installed, a raw asyncio client otherwise; both send given octets only.

As a program it is that client, in a process of its own: ``python load.py`` reads orders as JSON lines.
"""

from __future__ import annotations

import asyncio
import base64
import json
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import loops
from processes import LOAD, PeerError, Worker, pinned


@dataclass(frozen=True)
class Target:
    """Where to, what, and how: ``pipelined`` requests leave in one write, their answers end in ``tail``."""

    port: int
    octets: bytes
    tail: bytes
    connections: int = 64
    pipelined: int = 1
    tls: bool = False


def wrk(target: Target, seconds: int) -> int:
    """Requests that were answered in ``seconds``."""
    escaped = "".join(f"\\{octet:03d}" for octet in target.octets * target.pipelined)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f'local all = "{escaped}"\nrequest = function() return all end\n')
        script.flush()
        url = f"http{'s' if target.tls else ''}://127.0.0.1:{target.port}/"
        command = ["wrk", "-t1", f"-c{target.connections}", f"-d{seconds}s", "-s", script.name, url]
        done = subprocess.run(pinned(LOAD, command), capture_output=True, text=True, check=True)
    found = re.search(r"(\d+) requests in", done.stdout)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout or found is None:
        raise PeerError(f"errors under load: {' '.join(done.stdout.split())}")
    return int(found.group(1))


class Load:
    """Loads a server, by whichever means there is."""

    def __init__(self, raw: bool = False) -> None:
        self._worker = Worker(pathlib.Path(__file__), [], core=LOAD) if raw or shutil.which("wrk") is None else None

    def run(self, target: Target, seconds: int) -> int:
        if self._worker is None:
            return wrk(target, seconds)
        order = {**vars(target), "octets": base64.b64encode(target.octets).decode()}
        order["tail"] = base64.b64encode(target.tail).decode()
        return int(self._worker.ask(**order, seconds=seconds)["requests"])

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()


class Asking(asyncio.Protocol):
    """One connection that asks again once it was answered."""

    def __init__(self, octets: bytes, tail: bytes, pipelined: int) -> None:
        self._octets, self._tail, self._pipelined = octets * pipelined, tail, pipelined
        self._missing, self._rest = pipelined, b""
        self.answered = 0
        self.asking = True
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.write(self._octets)

    def data_received(self, data: bytes) -> None:
        # A tail that lies across two reads is found by keeping as much as could begin one.
        data = self._rest + data
        found = data.count(self._tail)
        self._rest = data[-(len(self._tail) - 1) :] if not data.endswith(self._tail) else b""
        self.answered += found
        self._missing -= found
        if self._missing <= 0 and self.asking:
            self._missing += self._pipelined
            self._transport.write(self._octets)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.lost.done():
            self.lost.set_result(None)


async def ask(order: dict[str, Any]) -> int:
    """What ``wrk`` does, for one order."""
    loop = asyncio.get_running_loop()
    octets, tail = base64.b64decode(order["octets"]), base64.b64decode(order["tail"])
    context = None
    if order["tls"]:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    made = []
    for _ in range(order["connections"]):
        transport, protocol = await loop.create_connection(
            lambda: Asking(octets, tail, order["pipelined"]), "127.0.0.1", order["port"], ssl=context
        )
        made.append((transport, protocol))
    end = time.monotonic() + order["seconds"]
    await asyncio.wait([protocol.lost for _, protocol in made], timeout=end - time.monotonic())
    if any(protocol.lost.done() for _, protocol in made):
        raise ConnectionError("the server closed a connection under load")
    for transport, protocol in made:
        protocol.asking = False
        transport.abort()
    return sum(protocol.answered for _, protocol in made)


async def serve_orders() -> None:
    while line := await asyncio.to_thread(sys.stdin.readline):
        try:
            answer: dict[str, Any] = {"requests": await ask(json.loads(line))}
        except OSError as error:
            answer = {"error": f"under load: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    try:
        loops.factory("uvloop")
        kind = "uvloop"
    except ImportError:
        kind = "asyncio"
    loops.run(kind, serve_orders())
