"""One library in one process, asked by lines: ``python worker.py PACKAGE LOOP``.

Reads ``{"suite", "scenario", "count"}`` and answers ``{"cpu_us"}`` for one request, or ``{"error"}``. A scenario's
first order only starts it, checks its answers and warms up. The measured part lies between two calls of a C function
that nothing else calls, so that callgrind can tell it from the rest.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import pathlib
import sys
import time
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from callgrind import mark
from in_process import client, parser, server, websocket
from in_process.memory import memory_loop

SUITES = {
    "parser": parser.SCENARIOS,
    "server": server.SCENARIOS,
    "client": client.SCENARIOS,
    "websocket": websocket.SCENARIOS,
}


async def measure(scenario: Any, count: int) -> float:
    """CPU seconds of ``count`` requests."""
    gc.collect()
    gc.freeze()  # or a collection of all that earlier scenarios left would fall on this one
    mark()
    before = time.process_time()
    await scenario.run(count)
    after = time.process_time()
    mark()
    return after - before


def main(package: str, kind: str) -> None:
    loop = memory_loop(kind)
    asyncio.set_event_loop(loop)
    started: dict[tuple[str, str], Any] = {}
    for line in sys.stdin:
        order = json.loads(line)
        suite, name, count = order["suite"], order["scenario"], order["count"]
        try:
            if (suite, name) not in started:
                scenario = started[suite, name] = SUITES[suite][name].make()
                loop.run_until_complete(asyncio.wait_for(scenario.start(package, loop), 120))
                loop.run_until_complete(scenario.run(count))
                answer = {"cpu_us": 0.0}
            else:
                taken = loop.run_until_complete(measure(started[suite, name], count))
                answer = {"cpu_us": taken / count * 1e6}
        except Exception as error:  # noqa: BLE001  (told to the driver, which names the peer and ends the run)
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
    os._exit(0)  # what is still open is in memory only: taking it down would measure nothing


if __name__ == "__main__":
    main(*sys.argv[1:])
