"""Repeat failed requests by a client middleware. `python examples/client_middleware.py URL`."""

import asyncio
import sys

import aiohttp_core


async def retry(
    request: aiohttp_core.ClientRequest, handler: aiohttp_core.ClientHandlerType
) -> aiohttp_core.ClientResponse:
    """Try three times where the server is at fault."""
    for attempt in (1, 2, 3):
        response = await handler(request)
        if response.status < 500:
            return response
        print(f"attempt {attempt}: {response.status}")
        if attempt < 3:
            response.release()
    return response


async def main(url: str) -> None:
    async with aiohttp_core.ClientSession(middlewares=(retry,)) as session:
        async with session.get(url) as response:
            print("finally", response.status)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
