"""Server-sent events from a handler that streams. `python examples/server_events.py`."""

import asyncio

from aiohttp_core import web
from aiohttp_core.test_utils import TestClient, TestServer


async def events(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    for number in range(3):
        await response.write(b"data: event %d\n\n" % number)
    await response.write_eof()
    return response


async def main() -> None:
    app = web.Application()
    app.router.add_get("/", events)
    async with TestClient(TestServer(app)) as client:
        async with client.get("/") as response:
            async for line in response.content:
                if line.startswith(b"data:"):
                    print(line.decode().strip())


if __name__ == "__main__":
    asyncio.run(main())
