"""One client library in one process: ``python ask.py PEER LOOP URL`` reads orders as JSON lines and measures itself.

An order is ``{"exchange", "path", "flight", "count", "cookies"}``, its answer ``{"cpu_us", "rate"}`` for one exchange.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import pathlib
import sys
import time
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import loops
from asked import JSON, LARGE, SMALL, STREAM

CLIENTS = {
    "aiohttp_core": ("asking.aiohttp_client", "OurClient"),
    "aiohttp": ("asking.aiohttp_client", "AiohttpClient"),
    "aiohttp_core pure": ("asking.aiohttp_client", "OurClient"),
    "aiohttp pure": ("asking.aiohttp_client", "AiohttpClient"),
    "httpx": ("asking.httpx_client", "HttpxClient"),
    "niquests": ("asking.niquests_client", "NiquestsClient"),
    "pycurl": ("asking.pycurl_client", "PycurlClient"),
    "raw client": ("asking.raw_client", "RawClient"),
}


EDGE = 2**12
"""Octets at either end of an answer that are always compared: to compare all of 1 MB costs a fifth of the exchange."""


def is_right(got: Any, expected: Any, whole: bool) -> bool:
    if whole or isinstance(expected, int):
        return bool(got == expected)
    return len(got) == len(expected) and got[:EDGE] == expected[:EDGE] and got[-EDGE:] == expected[-EDGE:]


async def exchange(client: Any, order: dict[str, Any], whole: bool) -> None:
    """One exchange, its answer checked."""
    kind, path = order["exchange"], order["path"]
    got: Any
    if kind == "get":
        got, expected = await client.get(path), LARGE if path == "/large" else SMALL
    elif kind == "post_json":
        got, expected = await client.post_json(path, JSON), SMALL
    elif kind == "download":
        got, expected = await client.download(path), STREAM  # type: ignore[assignment]
    else:
        got, expected = await client.upload(path), SMALL
    if not is_right(got, expected, whole):
        raise ValueError(f"wrong answer: {got!r:.60}")


async def repeat(client: Any, order: dict[str, Any], count: int) -> None:
    for number in range(count):
        await exchange(client, order, number == 0)


async def many(client: Any, order: dict[str, Any]) -> None:
    flight = order["flight"]
    if flight == 1:
        await repeat(client, order, order["count"])
    else:
        await asyncio.gather(*(repeat(client, order, order["count"] // flight) for _ in range(flight)))


async def main(peer: str, url: str) -> None:
    module, name = CLIENTS[peer]
    made = getattr(importlib.import_module(module), name)
    clients: dict[bool, Any] = {}
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        cookies = order["cookies"]
        if cookies not in clients:
            clients[cookies] = made(url, cookies)
            await clients[cookies].open()
        start, cpu = time.monotonic(), time.process_time()
        try:
            await many(clients[cookies], order)
        except Exception as error:  # noqa: BLE001  (told to the driver, which leaves the peer out with this reason)
            print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
            continue
        took, used, count = time.monotonic() - start, time.process_time() - cpu, order["count"]
        print(json.dumps({"cpu_us": used / count * 1e6, "rate": count / took}), flush=True)


if __name__ == "__main__":
    try:
        loops.run(sys.argv[2], main(sys.argv[1], sys.argv[3]))
    except ImportError as missing:
        print(json.dumps({"error": f"{missing.name} is not installed"}), flush=True)
