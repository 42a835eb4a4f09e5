"""WebSocket messages to a server or a client whose far end is a script in memory."""

from __future__ import annotations

import asyncio
import importlib
from typing import Any

from frames import compressed, frame, frame_length, handshake, handshake_answer
from in_process.entry import Entry
from in_process.memory import READ, MemoryTransport, pieces_of


class Counter:
    """Counts what comes back: a head first, then frames one by one, or octets where their number is known."""

    transport: Any

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._begin(self._head_written)

    def _begin(self, written: Any) -> None:
        self._octets = b""
        self.written = written
        self.done: asyncio.Future[Any] = self._loop.create_future()

    def written(self, data: bytes) -> None:
        """Replaced by what is waited for."""

    def begin_frame(self) -> None:
        """One frame of unknown length; ``done`` gives it."""
        self._begin(self._frame_written)

    def begin_octets(self, octets: int) -> None:
        """So many octets, counted only."""
        self._left = octets
        self._begin(self._octets_written)

    def _head_written(self, data: bytes) -> None:
        self._octets += bytes(data)
        if self._octets.endswith(b"\r\n\r\n"):
            self.done.set_result(self._octets)

    def _frame_written(self, data: bytes) -> None:
        self._octets += bytes(data)
        if self._octets and len(self._octets) == frame_length(self._octets):
            self.done.set_result(self._octets)

    def _octets_written(self, data: bytes) -> None:
        self._left -= len(data)
        if not self._left:
            self.done.set_result(None)


class EchoScenario:
    """The far end sends ``flight`` messages in one go and waits for their echoes, again and again."""

    def __init__(self, size: int, flight: int = 1, text: bool = True, deflate: bool = False, client: bool = False):
        self._size, self._flight, self._text = size, flight, text
        self._deflate, self._client = deflate, client

    async def start(self, package: str, loop: Any) -> None:
        module: Any = importlib.import_module(package)
        self._counter = Counter(loop)
        if self._client:
            await self._start_client(module, loop)
        else:
            await self._start_server(importlib.import_module(f"{package}.web"), module, loop)
        payload = (b'{"price": 12.5, "size": 3}' * (self._size // 26 + 1))[: self._size]
        payloads = compressed(payload, 5) if self._deflate else [payload] * 5
        if payloads[3] != payloads[4]:
            raise RuntimeError("a deflate context has not settled: the same octets cannot be sent again")
        for sent in payloads:
            self._counter.begin_frame()
            self._transport.feed(pieces_of(frame(sent, self._text, not self._client, self._deflate)))
            echo = await self._counter.done
        if not self._deflate and len(echo) != len(frame(payload, self._text, self._client, False)):
            raise RuntimeError(f"not an echo by {package}: {echo[:80]!r}")
        self._answer = len(echo) * self._flight
        self._pieces = pieces_of(frame(payloads[4], self._text, not self._client, self._deflate) * self._flight)

    async def _start_server(self, web: Any, module: Any, loop: Any) -> None:
        async def handler(request: Any) -> Any:
            socket = web.WebSocketResponse(max_msg_size=0, compress=self._deflate)
            await socket.prepare(request)
            await self._echo(module, socket)
            return socket

        self._runner = web.ServerRunner(web.Server(handler), access_log=None)
        await self._runner.setup()
        self._transport = MemoryTransport(loop, self._runner.server(), lambda data: self._counter.written(data))
        self._transport.connect()
        self._transport.feed([handshake(self._deflate)])
        head = await self._counter.done
        if (b"permessage-deflate" in head) != self._deflate or b" 101 " not in head:
            raise RuntimeError(f"another handshake than wanted: {head!r}")

    async def _start_client(self, module: Any, loop: Any) -> None:
        path = f"/memory/{id(self)}"
        loop.far_ends[path] = lambda: self._counter
        self._session = module.ClientSession(connector=module.UnixConnector(path))
        opening = asyncio.ensure_future(
            self._session.ws_connect("http://example.com/", max_msg_size=0, compress=15 if self._deflate else 0)
        )
        head = await self._counter.done
        self._transport = self._counter.transport
        self._transport.feed([handshake_answer(head, self._deflate)])
        self._task = asyncio.ensure_future(self._echo(module, await opening))

    async def _echo(self, module: Any, socket: Any) -> None:
        text = module.WSMsgType.TEXT
        async for message in socket:
            if message.type is text:
                await socket.send_str(message.data)
            else:
                await socket.send_bytes(message.data)

    async def run(self, count: int) -> None:
        """``count`` messages there and back."""
        for _ in range(count // self._flight):
            if self._deflate:  # its echoes differ by an octet or two
                self._counter.begin_frame()
            else:
                self._counter.begin_octets(self._answer)
            self._transport.feed(self._pieces)
            await self._counter.done


class FeedScenario(EchoScenario):
    """Messages come in without an answer, by full reads, as from a market feed; who hears them counts them."""

    async def start(self, package: str, loop: Any) -> None:
        self._loop = loop
        await super().start(package, loop)
        one = self._pieces[0]
        per_read = READ // 4 // len(one)
        self._octets, self._per_read = one, per_read

    async def _echo(self, module: Any, socket: Any) -> None:
        self._heard, self._wanted = 0, -1
        text = module.WSMsgType.TEXT
        async for message in socket:
            if message.type is not text:
                raise RuntimeError(f"not what was sent: {message}")
            if self._wanted < 0:
                await socket.send_str(message.data)  # the first few, that prove the way
                continue
            self._heard += 1
            if self._heard == self._wanted:
                self._done.set_result(None)

    async def run(self, count: int) -> None:
        """``count`` messages heard."""
        self._heard, self._wanted = 0, count
        self._done: asyncio.Future[None] = self._loop.create_future()
        reads, rest = divmod(count, self._per_read)
        self._transport.feed([self._octets * self._per_read] * reads + ([self._octets * rest] if rest else []))
        await self._done


SCENARIOS = {
    "server 64 B": Entry(lambda: EchoScenario(64), 1000, 100),
    "server 64 B, 16 in flight": Entry(lambda: EchoScenario(64, 16), 1600, 160),
    "server 8 KB": Entry(lambda: EchoScenario(8192, text=False), 500, 50),
    "server 1 MB": Entry(lambda: EchoScenario(1_000_000, text=False), 50, 5),
    "server 64 B deflate": Entry(lambda: EchoScenario(64, deflate=True), 500, 50),
    "server 8 KB deflate": Entry(lambda: EchoScenario(8192, text=False, deflate=True), 300, 30),
    "server 1 MB deflate": Entry(lambda: EchoScenario(1_000_000, text=False, deflate=True), 10, 1),
    "server feed 64 B": Entry(lambda: FeedScenario(64), 5000, 500),
    "client 64 B": Entry(lambda: EchoScenario(64, client=True), 1000, 100),
    "client 64 B, 16 in flight": Entry(lambda: EchoScenario(64, 16, client=True), 1600, 160),
    "client 8 KB": Entry(lambda: EchoScenario(8192, text=False, client=True), 500, 50),
    "client 1 MB": Entry(lambda: EchoScenario(1_000_000, text=False, client=True), 50, 5),
    "client feed 64 B": Entry(lambda: FeedScenario(64, client=True), 5000, 500),
}
