"""Start the example server on a free port of this machine, fetch from it with the client, print what came back."""

import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from server import make_app

import aiohttp_core
from aiohttp_core import web


async def fetch(base: str) -> None:
    """One of everything that the example server offers."""
    async with aiohttp_core.ClientSession(base) as session:
        async with session.get("/hello/demo") as response:
            print(f"page       {response.status} {response.headers['Content-Type']}: {(await response.text()).strip()}")
        async with session.post("/json", json={"a": 1, "b": [2, 3]}) as response:
            print(f"json       {response.status} {await response.json()}")
        async with session.get("/download", params={"size": 10_000_000}) as response:
            received = 0
            async for piece in response.content.iter_chunked(65536):
                received += len(piece)
            print(f"download   {response.status} {received} octets, streamed")
        async with session.ws_connect("/ws") as socket:
            await socket.send_str("hello over a WebSocket")
            print(f"websocket  {(await socket.receive()).data}")


async def main() -> None:
    """Serve, fetch, stop."""
    runner = web.AppRunner(make_app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    twin = "compiled (Cython over llhttp)" if aiohttp_core.ACCELERATED else "pure Python"
    print(f"aiohttp_core {aiohttp_core.__version__}, {twin}, serving on {host}:{port}")
    try:
        await fetch(f"http://{host}:{port}")
    finally:
        await runner.cleanup()
    print("done")


if __name__ == "__main__":
    asyncio.run(main())
