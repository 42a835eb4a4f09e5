"""Servers for the client's tests: raw ones that answer with canned octets, over real sockets."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from aiohttp_core import TCPConnector

LOOPS = ["asyncio"]
try:
    import uvloop
except ImportError:
    uvloop = None
else:
    LOOPS.append("uvloop")


def run(loop: str, main: Coroutine[Any, Any, Any]) -> Any:
    """Run ``main`` on the loop of that name; what the loop reports as unhandled, or a minute, fails the test."""
    problems: list[dict[str, Any]] = []

    async def watched() -> Any:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context))
        return await asyncio.wait_for(main, 60)

    if loop == "uvloop":
        if sys.version_info >= (3, 12):
            result = asyncio.run(watched(), loop_factory=uvloop.new_event_loop)
        else:
            own = uvloop.new_event_loop()
            try:
                result = own.run_until_complete(watched())
                own.run_until_complete(own.shutdown_asyncgens())
            finally:
                own.close()
    else:
        result = asyncio.run(watched())
    assert not problems
    return result


@pytest.fixture(params=LOOPS)
def loop_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Seen:
    """One request that a raw server received."""

    def __init__(self, connection: int, head: bytes, body: bytes) -> None:
        self.connection = connection
        self.head = head
        self.body = body
        line, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        self.method, self.target, _ = line.split(" ")
        self.fields = [(name, value.strip()) for name, _, value in (each.partition(":") for each in lines)]

    def get(self, name: str) -> str | None:
        """The value of the first field of that name."""
        return next((value for each, value in self.fields if each.lower() == name.lower()), None)


Answer = Callable[[Seen], bytes | None]


class RawServer:
    """Answers each request with the octets that ``answer`` gives; None closes the connection."""

    def __init__(self, answer: Answer | bytes) -> None:
        self._answer = answer
        self.seen: list[Seen] = []
        self.connections = 0
        self.writers: list[asyncio.StreamWriter] = []
        self.url = ""
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        self.writers.append(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await read_body(reader, head)
                seen = Seen(number, head, body)
                self.seen.append(seen)
                answer = self._answer if isinstance(self._answer, bytes) else self._answer(seen)
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
                if b"connection: close" in answer.partition(b"\r\n\r\n")[0].lower():
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


async def read_body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    if length:
        return await reader.readexactly(int(length[1]))
    if not re.search(rb"(?i)\r\ntransfer-encoding: *chunked", head):
        return b""
    body = b""
    while True:
        size = int((await reader.readuntil(b"\n")).split(b";")[0], 16)
        body += await reader.readexactly(size)
        await reader.readline()
        if not size:
            return body


@asynccontextmanager
async def raw_server(answer: Answer | bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[RawServer]:
    """A raw server on a port of its own."""
    server = RawServer(answer)
    async with listening(server.serve, tls) as port:
        server.port = port
        server.url = f"{'https' if tls else 'http'}://{'localhost' if tls else '127.0.0.1'}:{port}"
        yield server


@asynccontextmanager
async def listening(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """``serve`` for each connection to a port of 127.0.0.1."""
    tasks: set[asyncio.Task[Any]] = set()
    writers: list[asyncio.StreamWriter] = []

    async def track(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        writers.append(writer)
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        except asyncio.CancelledError:
            return
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(track, "127.0.0.1", 0, ssl=tls, limit=2**20)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in writers:
            # Python 3.11's transport cannot be aborted once it has closed by itself.
            with suppress(AttributeError):
                writer.transport.abort()
        await asyncio.sleep(0)
        await asyncio.sleep(0)


def ok(body: bytes = b"ok", *fields: str, status: str = "200 OK") -> bytes:
    """An answer with Content-Length."""
    head = "".join(f"{field}\r\n" for field in fields)
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body


class Sockets:
    """The sockets of a connector, so that a test can tell whether all were closed."""

    def __init__(self) -> None:
        self.made: list[socket.socket] = []

    def connector(self, **options: Any) -> TCPConnector:
        return TCPConnector(socket_factory=self._make, **options)

    def _make(self, info: Any) -> socket.socket:
        self.made.append(socket.socket(*info[:3]))
        return self.made[-1]

    def all_closed(self) -> bool:
        return bool(self.made) and all(each.fileno() == -1 for each in self.made)
