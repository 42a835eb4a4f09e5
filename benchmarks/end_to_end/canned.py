"""The server of the client benchmarks: a raw protocol with canned answers, ``python canned.py LOOP`` prints its port.

``/small`` answers a little JSON to whatever comes (and sets cookies at ``/cookies``), ``/large`` 1 MB, ``/stream``
200 MB; ``/sink`` takes a body of any size.
"""

from __future__ import annotations

import asyncio
import json
import pathlib
import re
import sys
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import loops
from asked import COOKIES, LARGE, SMALL, STREAM

LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
PIECE = b"x" * 2**18


def head(length: int, *fields: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", "Content-Type: application/json; charset=utf-8", f"Content-Length: {length}"]
    return "\r\n".join([*lines, "Date: Mon, 01 Jan 2024 00:00:00 GMT", "Server: canned", *fields, "", ""]).encode()


CANNED = {
    b"/small": head(len(SMALL)) + SMALL,
    b"/cookies": head(len(SMALL), *(f"Set-Cookie: {name}={value}; Path=/" for name, value in COOKIES.items())) + SMALL,
    b"/large": head(len(LARGE)) + LARGE,
    b"/sink": head(len(SMALL)) + SMALL,
}


class Canned(asyncio.Protocol):
    """Finds the end of each request and nothing else."""

    def __init__(self) -> None:
        self._head = b""
        self._path = b""
        self._missing = 0
        self._chunked = False
        self._to_send = 0
        self._paused = False

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._chunked:
            self._head = (self._head + data)[-5:]
            if self._head == b"0\r\n\r\n":
                self._chunked, self._head = False, b""
                self._answer()
            return
        if self._missing:
            self._missing -= len(data)
            if not self._missing:
                self._answer()
            return
        self._head += data
        before, found, body = self._head.partition(b"\r\n\r\n")
        if not found:
            return
        self._path = before.split(b" ", 2)[1]
        length = LENGTH.search(before)
        self._head = b""
        if length is not None:
            self._missing = int(length.group(1)) - len(body)
        elif b"chunked" in before.lower():
            self._chunked = True
            if body:
                self.data_received(body)
            return
        if not self._missing:
            self._answer()

    def _answer(self) -> None:
        if self._path == b"/stream":
            self._transport.write(head(STREAM))
            self._to_send = STREAM
            self._send()
        else:
            self._transport.write(CANNED[self._path])

    def _send(self) -> None:
        while self._to_send and not self._paused and not self._transport.is_closing():
            self._transport.write(PIECE[: self._to_send])
            self._to_send -= min(self._to_send, len(PIECE))

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._send()


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Canned, "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    loops.run(sys.argv[1], main())
