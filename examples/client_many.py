"""Fetch many pages at once over few connections. `python examples/client_many.py URL [NUMBER]`."""

import asyncio
import sys

import aiohttp_core


async def fetch(session: aiohttp_core.ClientSession, url: str) -> int:
    async with session.get(url) as response:
        return len(await response.read())


async def main(url: str, number: int) -> None:
    # limit_per_host bounds the connections; the other requests wait their turn, in order.
    connector = aiohttp_core.TCPConnector(limit_per_host=4)
    async with aiohttp_core.ClientSession(connector=connector) as session:
        sizes = await asyncio.gather(*(fetch(session, url) for _ in range(number)))
    print(f"{len(sizes)} answers, {sum(sizes)} octets")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20))
