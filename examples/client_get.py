"""Fetch a page: status, fields, text, and what to do when it fails. `python examples/client_get.py [URL]`."""

import asyncio
import sys

import aiohttp_core


async def main(url: str) -> None:
    timeout = aiohttp_core.ClientTimeout(total=30, connect=5)
    async with aiohttp_core.ClientSession(timeout=timeout, raise_for_status=True) as session:
        try:
            async with session.get(url) as response:
                print(response.status, response.headers["Content-Type"])
                print(await response.text())
        except aiohttp_core.ClientResponseError as exc:
            print(f"the server refused: {exc.status} {exc.message}")
        except aiohttp_core.ClientConnectorError as exc:
            print(f"no connection to {exc.host}:{exc.port}: {exc.strerror}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080/"))
