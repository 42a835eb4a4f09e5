"""A task that runs as long as the application does: ``python examples/server_background.py [PORT]``."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator

from aiohttp_core import web

TICKS = web.AppKey("ticks", list[float])


async def tick(app: web.Application) -> None:
    while True:
        app[TICKS].append(asyncio.get_running_loop().time())
        await asyncio.sleep(0.05)


async def background(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(tick(app))
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    print("stopped ticking", flush=True)


async def count(request: web.Request) -> web.Response:
    return web.Response(text=str(len(request.app[TICKS])))


app = web.Application()
app[TICKS] = []
app.cleanup_ctx.append(background)
app.add_routes([web.get("/", count)])

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else None)
