"""WebSocket libraries side by side: ``python benchmarks/end_to_end/websockets_echo.py [--quick] [--only NAME]``.

Each sample is a process of its own, in which one library's client talks to its own server over loopback; what
counts is that process's CPU time for one message (both ends together). Samples of the peers take turns.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import pathlib
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

RESULTS = pathlib.Path(__file__).resolve().parent.parent / "results"
PEERS = ("aiohttp_core", "aiohttp", "websockets")


@dataclass(frozen=True)
class Scenario:
    """``size`` octets a message, ``flight`` of them sent before answers are awaited."""

    name: str
    size: int
    count: int
    flight: int = 1
    compress: bool = False
    text: bool = False


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("64B", 64, 20000, text=True),
        Scenario("64B x16", 64, 60000, flight=16, text=True),
        Scenario("8KB", 8192, 8000),
        Scenario("100KB", 100_000, 1500),
        Scenario("1MB", 1_000_000, 200),
        Scenario("1MB deflate", 1_000_000, 20, compress=True),
    )
}

Exchange = Callable[[Callable[[Any], Awaitable[None]], Callable[[], Awaitable[Any]]], Awaitable[None]]


def exchange(scenario: Scenario) -> Exchange:
    """Sends and receives until ``count`` messages came back."""
    pattern = b'{"price": 12.5, "size": 3}' * (scenario.size // 26 + 1)
    octets = pattern[: scenario.size]
    message: Any = octets.decode() if scenario.text else octets

    async def run(send: Callable[[Any], Awaitable[None]], receive: Callable[[], Awaitable[Any]]) -> None:
        for _ in range(scenario.count // scenario.flight):
            for _ in range(scenario.flight):
                await send(message)
            for _ in range(scenario.flight):
                await receive()

    return run


async def aiohttp_sample(module: Any, web: Any, scenario: Scenario) -> float:
    async def handler(request: Any) -> Any:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        async for message in socket:
            if message.type is module.WSMsgType.TEXT:
                await socket.send_str(message.data)
            else:
                await socket.send_bytes(message.data)
        return socket

    app = web.Application()
    app.router.add_get("/", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with module.ClientSession() as session:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        async with session.ws_connect(url, compress=15 if scenario.compress else 0, max_msg_size=0) as socket:
            send = socket.send_str if scenario.text else socket.send_bytes
            await send("x" if scenario.text else b"x")
            await socket.receive()
            start = time.process_time()
            await exchange(scenario)(send, socket.receive)
            taken = time.process_time() - start
    await runner.cleanup()
    return taken


async def websockets_sample(scenario: Scenario) -> float:
    from websockets.asyncio.client import connect
    from websockets.asyncio.server import serve

    async def handler(peer: Any) -> None:
        async for message in peer:
            await peer.send(message)

    coding = "deflate" if scenario.compress else None
    async with serve(handler, "127.0.0.1", 0, compression=coding, max_size=None) as server:
        port = server.sockets[0].getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}/", compression=coding, max_size=None) as peer:
            await peer.send("x")
            await peer.recv()
            start = time.process_time()
            await exchange(scenario)(peer.send, peer.recv)
            return time.process_time() - start


async def sample(peer: str, scenario: Scenario) -> float:
    if peer == "websockets":
        return await websockets_sample(scenario)
    if peer == "aiohttp_core":
        import aiohttp_core
        from aiohttp_core import web

        return await aiohttp_sample(aiohttp_core, web, scenario)
    import aiohttp
    from aiohttp import web  # type: ignore[no-redef]

    return await aiohttp_sample(aiohttp, web, scenario)


def one(peer: str, name: str, loop: str) -> None:
    """One sample, printed."""
    scenario = SCENARIOS[name]
    if loop == "uvloop":
        import uvloop

        taken = uvloop.run(sample(peer, scenario))
    else:
        taken = asyncio.run(sample(peer, scenario))
    print(json.dumps(taken / scenario.count * 1e6))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append")
    parser.add_argument("--loop", action="append", choices=["asyncio", "uvloop"])
    parser.add_argument("--one", nargs=3, metavar=("PEER", "NAME", "LOOP"))
    parser.add_argument("--save", action="store_true", help="write benchmarks/results/websockets.json")
    options = parser.parse_args()
    if options.one:
        one(*options.one)
        return
    results = {}
    for loop in options.loop or ["asyncio", "uvloop"]:
        for name in options.only or SCENARIOS:
            samples: dict[str, list[float]] = {peer: [] for peer in PEERS}
            for _ in range(3 if options.quick else 7):
                for peer, values in samples.items():
                    command = [sys.executable, __file__, "--one", peer, name, loop]
                    values.append(json.loads(subprocess.check_output(command, text=True)))
            base = statistics.median(samples["aiohttp"])
            for peer, values in samples.items():
                middle = statistics.median(values)
                results[f"{name}/{loop}/{peer}"] = {"cpu_us": middle, "min": min(values), "max": max(values)}
                print(f"{name:12} {loop:8} {peer:14} {middle:9.1f} us CPU   {base / middle:5.2f} x aiohttp", flush=True)
    if options.save:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "websockets.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
