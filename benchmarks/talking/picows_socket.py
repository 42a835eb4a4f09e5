"""WebSockets of picows: answered in its callback, or (``picows queue``) by a coroutine behind a queue."""

from __future__ import annotations

import asyncio
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect, ws_create_server
from talking.aiohttp_socket import END

LARGEST = 2**24


class Listener(WSListener):  # type: ignore[misc]
    def __init__(self, feed: bool) -> None:
        self._feed = feed

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()
        elif self._feed:
            if frame.get_payload_as_utf8_text() == END:
                transport.send(WSMsgType.TEXT, END.encode())
        elif frame.msg_type == WSMsgType.TEXT:
            transport.send(WSMsgType.TEXT, frame.get_payload_as_utf8_text().encode())
        else:
            transport.send(WSMsgType.BINARY, frame.get_payload_as_bytes())


class QueueListener(WSListener):  # type: ignore[misc]
    def __init__(self, feed: bool) -> None:
        self._feed = feed
        self._queue: asyncio.Queue[Any] = asyncio.Queue()

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._task = asyncio.get_running_loop().create_task(self._echo(transport))

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._task.cancel()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT:
            self._queue.put_nowait((WSMsgType.TEXT, frame.get_payload_as_utf8_text()))
        elif frame.msg_type == WSMsgType.BINARY:
            self._queue.put_nowait((WSMsgType.BINARY, frame.get_payload_as_bytes()))
        elif frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()

    async def _echo(self, transport: WSTransport) -> None:
        while True:
            kind, data = await self._queue.get()
            if self._feed and data != END:
                continue
            transport.send(kind, data.encode() if kind == WSMsgType.TEXT else data)


def listener(options: Any) -> Any:
    return (QueueListener if options.peer == "picows queue" else Listener)(options.feed)


async def serve(options: Any) -> int:
    server = await ws_create_server(
        lambda request: listener(options), "127.0.0.1", 0, ssl=options.context, max_frame_size=LARGEST
    )
    return int(server.sockets[0].getsockname()[1])


async def connect(options: Any) -> None:
    transport, _ = await ws_connect(
        lambda: listener(options), options.url, ssl_context=options.context, max_frame_size=LARGEST
    )
    await transport.wait_disconnected()
