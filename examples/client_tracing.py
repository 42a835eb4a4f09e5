"""Measure each request by tracing. `python examples/client_tracing.py URL`."""

import asyncio
import sys
import time
from types import SimpleNamespace

import aiohttp_core


async def started(
    session: aiohttp_core.ClientSession, context: SimpleNamespace, params: aiohttp_core.TraceRequestStartParams
) -> None:
    context.began = time.perf_counter()


async def ended(
    session: aiohttp_core.ClientSession, context: SimpleNamespace, params: aiohttp_core.TraceRequestEndParams
) -> None:
    milliseconds = (time.perf_counter() - context.began) * 1000
    print(f"{params.method} {params.url} -> {params.response.status} in {milliseconds:.1f} ms")


async def main(url: str) -> None:
    tracing = aiohttp_core.TraceConfig()
    tracing.on_request_start.append(started)
    tracing.on_request_end.append(ended)
    async with aiohttp_core.ClientSession(trace_configs=[tracing]) as session:
        async with session.get(url):
            pass


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
