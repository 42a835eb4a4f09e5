"""Limits on how long things may take, and what is raised beyond them. `python examples/client_timeouts.py`."""

import asyncio

import aiohttp_core
from aiohttp_core import web
from aiohttp_core.test_utils import TestServer


async def never(request: web.Request) -> web.StreamResponse:
    """Begin an answer, and leave it at that."""
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"a beginning")
    await asyncio.Event().wait()
    return response


async def fetch(session: aiohttp_core.ClientSession, url: str, timeout: aiohttp_core.ClientTimeout) -> None:
    try:
        async with session.get(url, timeout=timeout) as response:
            await response.read()
    except aiohttp_core.ConnectionTimeoutError:
        print("no connection in time")
    except aiohttp_core.SocketTimeoutError:
        print("nothing came for too long")
    except asyncio.TimeoutError:
        print("all in all it took too long")


async def main() -> None:
    app = web.Application()
    app.router.add_get("/", never)
    # The session's limits hold where a request has none of its own.
    limits = aiohttp_core.ClientTimeout(total=30, sock_connect=5)
    async with TestServer(app) as server, aiohttp_core.ClientSession(timeout=limits) as session:
        url = str(server.make_url("/"))
        await fetch(session, url, aiohttp_core.ClientTimeout(sock_read=0.05))
        await fetch(session, url, aiohttp_core.ClientTimeout(total=0.05))


if __name__ == "__main__":
    asyncio.run(main())
