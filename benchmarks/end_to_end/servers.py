"""Servers over loopback, each a process on one core, the load on another.

The verdict is the CPU time of the server's process for one request (user and system); throughput stands beside it.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import pathlib
import signal
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Any

from asked import (
    BROWSER_FIELDS,
    DOCUMENT,
    LARGE,
    OCTETS,
    PIECES,
    POST_10K,
    STREAMED,
    TEXT,
    request,
)
from callgrind import PATIENCE as PATIENCE_COUNTED
from callgrind import Callgrind
from end_to_end.load import Load, Target
from processes import HERE, PeerError, Worker, cpu_seconds, environment
from processes import PATIENCE as STARTING
from rounds import Case, Round

SERVE = HERE / "served" / "serve.py"
PATIENCE = 10
"""Seconds that a server may take to accept its first connection."""

PAIR = ("aiohttp_core", "aiohttp")
FRAMEWORKS = (*PAIR, "starlette", "blacksheep")
BARE = (*FRAMEWORKS, "uvicorn", "granian")
LIMITS = ("httptools protocol", "raw protocol")
PURE = ("aiohttp_core pure", "aiohttp pure")
FIFTY = {f"X-Field-{number}": f"value number {number}" for number in range(50)}
COUNT = 100
"""Requests of one count."""
COUNTED: dict[str, tuple[str, ...]] = {
    "plaintext": (*PAIR, "starlette", "uvicorn", "raw protocol"),
    "json": (*PAIR, "starlette"),
    "parameter and query": PAIR,
    "50 fields": PAIR,
    "500 routes": PAIR,
    "3 middlewares": PAIR,
    "POST 10 KB": PAIR,
    "100 streamed chunks": PAIR,
    "16 pipelined": PAIR,
}
ALL_LOOPS = ("asyncio", "uvloop", "aiofastnet")


@dataclass(frozen=True)
class Scenario:
    """What is asked, what must be answered, and by whom."""

    octets: bytes
    content: bytes
    peers: tuple[str, ...] = FRAMEWORKS
    connections: int = 64
    pipelined: int = 1
    chunked: bool = False
    options: tuple[str, ...] = ()
    loops: tuple[str, ...] = ("asyncio", "uvloop")


def scenarios(folder: pathlib.Path, quick: bool) -> dict[str, Scenario]:
    """By name; ``folder`` has the static file and the certificate."""
    plain = request("/plain")
    tls, static = ("--tls", str(folder / "server.pem")), ("--static", str(folder))
    few = {
        "plaintext": Scenario(plain, TEXT, (*BARE, *PURE, *LIMITS), loops=ALL_LOOPS),
        "json": Scenario(request("/json"), json.dumps(DOCUMENT).encode(), (*BARE, *PURE)),
        "1 MB answer": Scenario(request("/large"), LARGE, (*FRAMEWORKS, "uvicorn"), connections=8),
    }
    if quick:
        shorter = (*PAIR, "starlette", "raw protocol")
        return {
            name: Scenario(one.octets, one.content, tuple(p for p in one.peers if p in shorter), one.connections)
            for name, one in few.items()
        }
    post = request("/echo", OCTETS, POST_10K)
    return few | {
        "parameter and query": Scenario(request("/user/bob?q=1"), b"bob1"),
        "browser fields": Scenario(request("/plain", BROWSER_FIELDS), TEXT),
        "50 fields": Scenario(request("/plain", FIFTY), TEXT),
        "500 routes": Scenario(request("/route499/bob/end"), b"bob"),
        "3 middlewares": Scenario(plain, TEXT, options=("--middlewares", "3")),
        "POST 10 KB": Scenario(post, POST_10K, (*FRAMEWORKS, *PURE)),
        "100 streamed chunks": Scenario(request("/stream"), STREAMED * PIECES, chunked=True),
        "static file 1 MB": Scenario(
            request("/static/large.bin"), LARGE, (*PAIR, "starlette"), connections=8, options=static
        ),
        "16 pipelined": Scenario(plain, TEXT, (*PAIR, "uvicorn", *LIMITS), pipelined=16),
        "TLS": Scenario(plain, TEXT, (*PAIR, "starlette", "raw protocol"), options=tls, loops=ALL_LOOPS),
        "TLS 1 MB": Scenario(
            request("/large"), LARGE, (*PAIR, "starlette"), connections=8, options=tls, loops=ALL_LOOPS
        ),
    }


def prepare(folder: pathlib.Path) -> None:
    """The static file and the certificate; raises PeerError where the means for one are missing."""
    (folder / "large.bin").write_bytes(LARGE)
    try:
        import trustme
    except ImportError:
        raise PeerError("trustme is not installed: no certificates") from None
    issued = trustme.CA().issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))


@dataclass(frozen=True)
class Server:
    """A process that serves at ``port``; ``counter`` where callgrind watches it."""

    worker: Worker
    port: int
    counter: Callgrind | None

    def mark(self) -> None:
        """Let callgrind end one dump and begin the next."""
        os.kill(self.worker.pid, signal.SIGUSR1)
        self.worker.read()


class Servers:
    """The server processes by peer, loop and options, started when first needed and kept until the end."""

    def __init__(self, stack: contextlib.ExitStack, counted: bool = False) -> None:
        self._stack, self._counted = stack, counted
        self._started: dict[tuple[str, ...], Server] = {}

    def get(self, peer: str, loop: str, options: tuple[str, ...]) -> Server:
        key = (peer, loop, *options)
        if key not in self._started:
            counter = Callgrind(self._stack) if self._counted else None
            worker = Worker(
                SERVE,
                [peer, loop, *options],
                env=environment(peer.endswith(" pure")),
                prefix=() if counter is None else counter.prefix,
                patience=STARTING if counter is None else PATIENCE_COUNTED,
            )
            self._stack.callback(worker.close)
            self._started[key] = Server(worker, worker.read()["port"], counter)
        return self._started[key]


def connected(port: int, tls: bool) -> Any:
    """A connection, once the server accepts one."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            sock = socket.create_connection(("127.0.0.1", port), PATIENCE)
            break
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise PeerError("accepts no connections") from None
            time.sleep(0.05)
    if not tls:
        return sock
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(sock)


def check(port: int, scenario: Scenario) -> bytes:
    """The answer must be right before its speed means anything; gives the octets by which its end is known."""
    with connected(port, "--tls" in scenario.options) as sock:
        sock.sendall(scenario.octets)
        answer = http.client.HTTPResponse(sock)
        answer.begin()
        octets = answer.read()
    if answer.getheader("Content-Type") == "application/json":
        right = json.loads(octets) == json.loads(scenario.content)
    else:
        right = octets == scenario.content
    if answer.status != 200 or not right:
        raise PeerError(f"wrong answer: {answer.status} {octets[:60]!r}")
    return b"0\r\n\r\n" if scenario.chunked else octets[-20:]


def cases(stack: contextlib.ExitStack, loops: list[str], quick: bool, folder: pathlib.Path) -> list[Case]:
    """Every scenario on every loop."""
    prepare(folder)
    servers, load = Servers(stack), Load()
    stack.callback(load.close)
    found = []
    for loop in loops:
        for name, scenario in scenarios(folder, quick).items():
            if loop not in scenario.loops:
                continue

            def opened(peer: str, _: Any, scenario: Scenario = scenario, loop: str = loop) -> Round:
                return _round(servers.get(peer, loop, scenario.options), load, scenario)

            peers = scenario.peers
            if loop == "aiofastnet":
                peers = tuple(peer for peer in peers if peer in PAIR)
            elif loop == "uvloop":
                peers = tuple(peer for peer in peers if peer not in PURE)
            found.append(Case("server", name, loop, peers, opened, 1.1))
    return found


def counted_cases(stack: contextlib.ExitStack, loops: list[str], folder: pathlib.Path) -> list[Case]:
    """Instructions in user space for one request of the scenarios of COUNTED, one connection, one request after the
    other."""
    servers = Servers(stack, counted=True)
    every = scenarios(folder, quick=False)
    found = []
    for loop in loops:
        if loop == "aiofastnet":
            continue
        for name, peers in COUNTED.items():

            def opened(peer: str, _: Any, scenario: Scenario = every[name], loop: str = loop) -> Round:
                return _counted_round(servers.get(peer, loop, scenario.options), scenario)

            found.append(Case("instructions server over sockets", name, loop, peers, opened, 3.0))
    return found


def _counted_round(server: Server, scenario: Scenario) -> Round:
    tail = check(server.port, scenario)
    counter = server.counter
    assert counter is not None

    def ask(sock: socket.socket, count: int) -> None:
        for _ in range(count):
            sock.sendall(scenario.octets * scenario.pipelined)
            received = b""
            while received.count(tail) < scenario.pipelined:
                piece = sock.recv(1 << 20)
                if not piece:
                    raise PeerError("closed the connection")
                received += piece

    def measure() -> dict[str, float]:
        with connected(server.port, tls=False) as sock:
            ask(sock, COUNT)
            server.mark()
            ask(sock, COUNT)
            server.mark()
        return {"instructions": counter.instructions() / (COUNT * scenario.pipelined)}

    return measure


def _round(server: Server, load: Load, scenario: Scenario) -> Round:
    pid, port = server.worker.pid, server.port
    tail = check(port, scenario)
    target = Target(
        port, scenario.octets, tail, scenario.connections, scenario.pipelined, tls="--tls" in scenario.options
    )

    def measure() -> dict[str, float]:
        cpu, start = cpu_seconds(pid), time.monotonic()
        requests = load.run(target, 1)
        took = time.monotonic() - start
        if not requests:
            raise PeerError("no answer under load")
        return {"cpu_us": (cpu_seconds(pid) - cpu) / requests * 1e6, "rate": requests / took}

    measure()
    return measure
