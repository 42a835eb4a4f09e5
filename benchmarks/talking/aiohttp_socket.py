"""WebSockets of aiohttp and of us: only the module differs."""

from __future__ import annotations

import importlib
from typing import Any

END = "end of the feed"


async def echo(module: Any, socket: Any, feed: bool) -> None:
    """Every message back; of a feed only the last."""
    text = module.WSMsgType.TEXT
    async for message in socket:
        if feed:
            if message.data == END:
                await socket.send_str(END)
        elif message.type is text:
            await socket.send_str(message.data)
        else:
            await socket.send_bytes(message.data)


async def serve(options: Any) -> int:
    package = options.peer.partition(" ")[0]
    module: Any = importlib.import_module(package)
    web: Any = importlib.import_module(f"{package}.web")

    async def handler(request: Any) -> Any:
        socket = web.WebSocketResponse(max_msg_size=0, compress=options.deflate)
        await socket.prepare(request)
        await echo(module, socket, options.feed)
        return socket

    app = web.Application()
    app.router.add_get("/", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=options.context).start()
    return int(runner.addresses[0][1])


async def connect(options: Any) -> None:
    module: Any = importlib.import_module(options.peer.partition(" ")[0])
    compress = 15 if options.deflate else 0
    async with (
        module.ClientSession() as session,
        session.ws_connect(options.url, max_msg_size=0, compress=compress, ssl=options.context or True) as socket,
    ):
        await echo(module, socket, options.feed)
