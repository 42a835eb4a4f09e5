"""The limit: canned requests over plain transports, the end of an answer found by its length."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from asking.questions import PIECE, PIECES, Client

LENGTH = re.compile(rb"\r\nContent-Length: (\d+)")


class Connection(asyncio.Protocol):
    """One exchange at a time."""

    transport: asyncio.Transport
    answer: asyncio.Future[None]

    def __init__(self) -> None:
        self.resumed = asyncio.Event()
        self.resumed.set()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def ask(self, request: bytes) -> asyncio.Future[None]:
        self._head, self._missing = b"", -1
        self.pieces: list[bytes] = []
        self.size = 0
        self.answer = asyncio.get_running_loop().create_future()
        self.keep = True
        self.transport.write(request)
        return self.answer

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:
            self._head += data
            head, found, data = self._head.partition(b"\r\n\r\n")
            length = LENGTH.search(head)
            if not found or length is None:
                return
            self._missing = int(length.group(1))
        self._missing -= len(data)
        self.size += len(data)
        if self.keep:
            self.pieces.append(data)
        if not self._missing:
            self.answer.set_result(None)

    def pause_writing(self) -> None:
        self.resumed.clear()

    def resume_writing(self) -> None:
        self.resumed.set()


class RawClient(Client):
    async def open(self) -> None:
        self._idle: list[Connection] = []
        self._port = int(self.url.rpartition(":")[2])

    async def get(self, path: str) -> bytes:
        return await self._exchange(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n\r\n".encode())

    async def post_json(self, path: str, document: Any) -> bytes:
        body = json.dumps(document).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nContent-Length: {len(body)}\r\n\r\n"
        return await self._exchange(head.encode() + body)

    async def download(self, path: str) -> int:
        connection = await self._connection()
        answer = connection.ask(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n\r\n".encode())
        connection.keep = False
        await answer
        self._idle.append(connection)
        return connection.size

    async def upload(self, path: str) -> bytes:
        connection = await self._connection()
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(PIECE) * PIECES}\r\n\r\n"
        answer = connection.ask(head.encode())
        for _ in range(PIECES):
            connection.transport.write(PIECE)
            await connection.resumed.wait()
        await answer
        self._idle.append(connection)
        return b"".join(connection.pieces)

    async def _exchange(self, request: bytes) -> bytes:
        connection = await self._connection()
        await connection.ask(request)
        self._idle.append(connection)
        return connection.pieces[0] if len(connection.pieces) == 1 else b"".join(connection.pieces)

    async def _connection(self) -> Connection:
        if self._idle:
            return self._idle.pop()
        _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", self._port)
        return connection
