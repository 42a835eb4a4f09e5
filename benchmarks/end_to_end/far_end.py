"""The far end of a WebSocket that is measured: ``python far_end.py [--port PORT] [--tls FILE] [--deflate]``.

With a port it is the client of that server; without one it is a server, prints its port and waits for a client. It
sends prepared frames and counts what comes back, by orders as JSON lines: ``{"size", "flight", "count", "feed"}``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import pathlib
import ssl
import sys
import time
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import loops
from frames import compressed, frame, frame_length, handshake, handshake_answer
from talking.aiohttp_socket import END

BATCH = 1000
"""Messages of a feed in one write."""


class Far(asyncio.Protocol):
    """Shakes hands, then plays what ``begin`` was given."""

    def __init__(self, client: bool, deflate: bool) -> None:
        self._client, self._deflate = client, deflate
        self._octets = b""
        self._talking = False
        self._resumed = asyncio.Event()
        self._resumed.set()
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        if self._client:
            transport.write(handshake(self._deflate))

    def connection_lost(self, exc: Exception | None) -> None:
        for future in (self.ready, self.done):
            if not future.done():
                future.set_exception(ConnectionError(f"the peer closed: {exc}"))

    def pause_writing(self) -> None:
        self._resumed.clear()

    def resume_writing(self) -> None:
        self._resumed.set()

    def data_received(self, data: bytes) -> None:
        if self._talking:
            self._count(data)
            return
        self._octets += data
        if self._octets.endswith(b"\r\n\r\n"):
            if not self._client:
                self.transport.write(handshake_answer(self._octets, self._deflate))
            elif (b"permessage-deflate" in self._octets) != self._deflate or b" 101 " not in self._octets:
                self.ready.set_exception(ConnectionError(f"another handshake than wanted: {self._octets!r}"))
                return
            self._talking, self._octets = True, b""
            self.ready.set_result(None)

    async def play(self, frames: bytes, answers: int, answer: int, rounds: int) -> None:
        """``frames`` again and again, until ``answers`` frames (of ``answer`` octets where known) are back."""
        self._frames, self._answers, self._length, self._rounds = frames, answers, answer, rounds
        self._again()
        self.done = asyncio.get_running_loop().create_future()
        await self.done

    def _again(self) -> None:
        self._missing = self._answers * self._length if self._length else self._answers
        self.transport.write(self._frames)

    def _count(self, data: bytes) -> None:
        if self._length:
            self._missing -= len(data)
        else:
            self._octets += data
            while self._octets and (length := frame_length(self._octets)) and len(self._octets) >= length:
                self._octets = self._octets[length:]
                self._missing -= 1
        if not self._missing:
            self._rounds -= 1
            if self._rounds:
                self._again()
            else:
                self.done.set_result(None)

    async def feed(self, message: bytes, count: int) -> None:
        """``count`` messages, then the one that is answered."""
        end = frame(END.encode(), True, self._client, False)
        self._missing = self._length = len(frame(END.encode(), True, not self._client, False))
        self._rounds = 1
        self.done = asyncio.get_running_loop().create_future()
        for _ in range(count // BATCH):
            self.transport.write(message * BATCH)
            await self._resumed.wait()
        self.transport.write(end)
        await self.done


async def obey(far: Far, order: dict[str, Any], options: argparse.Namespace) -> float:
    """Seconds that one order took."""
    client, deflate = options.port is not None, options.deflate
    size, flight, count = order["size"], order["flight"], order["count"]
    payload = (b'{"price": 12.5, "size": 3}' * (size // 26 + 1))[:size]
    text = size < 1000
    if order["feed"]:
        message = frame(payload, True, client, False)
        start = time.monotonic()
        await far.feed(message, count)
        return time.monotonic() - start
    payloads = [payload] * 4
    if deflate:
        payloads = compressed(payload, 4)
        if options.settled:
            payloads = payloads[3:]
        else:
            for sent in payloads[:3]:
                await far.play(frame(sent, text, client, True), 1, 0, 1)
        options.settled = True
    length = 0 if deflate else len(frame(payload, text, not client, False))
    sent = frame(payloads[-1], text, client, deflate)
    start = time.monotonic()
    await far.play(sent * flight, flight, length, max(count // flight, 1))
    return time.monotonic() - start


async def main(options: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    made: asyncio.Future[Far] = loop.create_future()

    def far() -> Far:
        end = Far(options.port is not None, options.deflate)
        made.set_result(end)
        return end

    if options.port is not None:
        context = None
        if options.tls:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        await loop.create_connection(far, "127.0.0.1", options.port, ssl=context)
    else:
        context = None
        if options.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(options.tls)
        server = await loop.create_server(far, "127.0.0.1", 0, ssl=context)
        print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    end = await made
    await end.ready
    options.settled = False
    while line := await asyncio.to_thread(sys.stdin.readline):
        try:
            answer: dict[str, Any] = {"seconds": await obey(end, json.loads(line), options)}
        except OSError as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int)
    parser.add_argument("--tls")
    parser.add_argument("--deflate", action="store_true")
    loops.run("asyncio", main(parser.parse_args()))
