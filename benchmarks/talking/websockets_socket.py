"""WebSockets of the library of that name."""

from __future__ import annotations

from typing import Any

from talking.aiohttp_socket import END
from websockets.asyncio.client import connect as dial
from websockets.asyncio.server import serve as listen


async def echo(socket: Any, feed: bool) -> None:
    async for message in socket:
        if not feed or message == END:
            await socket.send(message)


async def serve(options: Any) -> int:
    server = await listen(
        lambda socket: echo(socket, options.feed),
        "127.0.0.1",
        0,
        ssl=options.context,
        compression="deflate" if options.deflate else None,
        max_size=None,
        ping_interval=None,  # the far end counts octets: a ping among them would be taken for an echo
    )
    return int(next(iter(server.sockets)).getsockname()[1])


async def connect(options: Any) -> None:
    async with dial(
        options.url,
        ssl=options.context,
        compression="deflate" if options.deflate else None,
        max_size=None,
        ping_interval=None,
        proxy=None,
    ) as socket:
        await echo(socket, options.feed)
