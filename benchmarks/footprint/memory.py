"""Memory: what an idle connection costs, and what is added while 200 MB pass through."""

from __future__ import annotations

import contextlib
import resource
import socket
from typing import Any

from asked import STREAM, request
from end_to_end.clients import ASK, CANNED
from end_to_end.servers import Servers, connected
from processes import LOAD, PeerError, Worker, peak_bytes, reset_peak, resident_bytes
from rounds import Case, Round

CONNECTIONS = 1000
POOLED = 500
SERVERS = ("aiohttp_core", "aiohttp", "starlette", "uvicorn", "raw protocol")
STREAMING = ("aiohttp_core", "aiohttp")
CLIENTS = ("aiohttp_core", "aiohttp", "httpx")
PIECE = b"x" * 2**18


def cases(stack: contextlib.ExitStack) -> list[Case]:
    """All on asyncio; a process is fresh for each peer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192) if hard > 0 else 8192, hard))
    stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
    return [
        Case("footprint", "idle server connection", "asyncio", SERVERS, _idle_server, 0.5),
        Case("footprint", "server streams 200 MB down", "asyncio", STREAMING, _server_down, 0.5),
        Case("footprint", "server streams 200 MB up", "asyncio", STREAMING, _server_up, 0.5),
        Case("footprint", "pooled client connection", "asyncio", CLIENTS, _pooled_client, 1.0),
        Case("footprint", "client streams 200 MB down", "asyncio", CLIENTS, _client("download", "/stream"), 0.5),
        Case("footprint", "client streams 200 MB up", "asyncio", CLIENTS, _client("upload", "/sink"), 0.5),
    ]


def exchange(sock: socket.socket, octets: bytes) -> int:
    """Send a request, read to the end of its answer; gives the length of the content."""
    sock.sendall(octets)
    head = b""
    while b"\r\n\r\n" not in head:
        piece = sock.recv(2**18)
        if not piece:
            raise PeerError("closed the connection")
        head += piece
    head, _, body = head.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    missing = length = int(lengths[0].partition(b":")[2])
    missing -= len(body)
    while missing:
        piece = sock.recv(2**18)
        if not piece:
            raise PeerError("closed the connection")
        missing -= len(piece)
    return length


def _idle_server(peer: str, stack: contextlib.ExitStack) -> Round:
    server = Servers(stack).get(peer, "asyncio", ())
    pid, port = server.worker.pid, server.port
    octets = request("/plain")
    with connected(port, False) as sock:
        exchange(sock, octets)

    def measure() -> dict[str, float]:
        with contextlib.ExitStack() as sockets:
            before = resident_bytes(pid)
            for _ in range(CONNECTIONS):
                exchange(sockets.enter_context(connected(port, False)), octets)
            return {"kib": (resident_bytes(pid) - before) / CONNECTIONS / 1024}

    return once(measure)


def _server_down(peer: str, stack: contextlib.ExitStack) -> Round:
    server = Servers(stack).get(peer, "asyncio", ())
    pid, port = server.worker.pid, server.port

    def measure() -> dict[str, float]:
        with connected(port, False) as sock:
            exchange(sock, request("/plain"))
            before = reset_peak(pid)
            if exchange(sock, request("/down")) != STREAM:
                raise PeerError("not 200 MB")
        return {"mib": (peak_bytes(pid) - before) / 2**20}

    return measure


def _server_up(peer: str, stack: contextlib.ExitStack) -> Round:
    server = Servers(stack).get(peer, "asyncio", ())
    pid, port = server.worker.pid, server.port
    head = f"POST /up HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {STREAM}\r\n\r\n".encode()

    def measure() -> dict[str, float]:
        with connected(port, False) as sock:
            exchange(sock, request("/plain"))
            before = reset_peak(pid)
            sock.sendall(head)
            sent = 0
            while sent + len(PIECE) < STREAM:
                sock.sendall(PIECE)
                sent += len(PIECE)
            if exchange(sock, PIECE[: STREAM - sent]) != len(str(STREAM)):
                raise PeerError("did not take 200 MB")
        return {"mib": (peak_bytes(pid) - before) / 2**20}

    return measure


def _client_worker(peer: str, stack: contextlib.ExitStack) -> Worker:
    server = Worker(CANNED, ["uvloop"], core=LOAD)
    stack.callback(server.close)
    worker = Worker(ASK, [peer, "asyncio", f"http://127.0.0.1:{server.read()['port']}"])
    stack.callback(worker.close)
    worker.ask(exchange="get", path="/small", flight=1, count=10, cookies=False)
    return worker


def _pooled_client(peer: str, stack: contextlib.ExitStack) -> Round:
    worker = _client_worker(peer, stack)

    def measure() -> dict[str, float]:
        before = resident_bytes(worker.pid)
        worker.ask(exchange="get", path="/small", flight=POOLED, count=POOLED, cookies=False)
        return {"kib": (resident_bytes(worker.pid) - before) / POOLED / 1024}

    return once(measure)


def _client(kind: str, path: str) -> Any:
    def opened(peer: str, stack: contextlib.ExitStack) -> Round:
        worker = _client_worker(peer, stack)

        def measure() -> dict[str, float]:
            before = reset_peak(worker.pid)
            worker.ask(exchange=kind, path=path, flight=1, count=1, cookies=False)
            return {"mib": (peak_bytes(worker.pid) - before) / 2**20}

        return measure

    return opened


def once(measure: Round) -> Round:
    """A round that is taken once: what a process has grown to, it does not grow again."""
    values: list[dict[str, float]] = []

    def remembered() -> dict[str, float]:
        if not values:
            values.append(measure())
            return values[0]
        return {}

    return remembered
