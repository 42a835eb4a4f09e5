"""Requests to a server whose client is a script in memory, one after the other on a kept connection."""

from __future__ import annotations

import asyncio
import importlib
import json
from typing import Any

from asked import (
    BROWSER_FIELDS,
    DOCUMENT,
    FORM,
    LARGE,
    OCTETS,
    PIECES,
    POST_1K,
    POST_10K,
    STREAMED,
    TEXT,
    UPLOAD,
    UPLOAD_BODY,
    dechunked,
    request,
)
from in_process.entry import Entry
from in_process.memory import MemoryTransport, pieces_of
from served.aiohttp_application import application


class ServerScenario:
    """``request`` is answered by ``content``, whose last octets (or the last chunk) tell that an answer is complete."""

    def __init__(self, octets: bytes, content: bytes, chunked: bool = False, middlewares: int = 0) -> None:
        self._pieces = pieces_of(octets)
        self._content, self._chunked, self._middlewares = content, chunked, middlewares
        self._tail = b"0\r\n\r\n" if chunked else content[-20:]

    async def start(self, package: str, loop: Any) -> None:
        web: Any = importlib.import_module(f"{package}.web")
        self._loop = loop
        self._runner = web.AppRunner(application(web, self._middlewares), access_log=None)
        await self._runner.setup()
        self._kept: list[bytes] | None = []
        self._transport = MemoryTransport(loop, self._runner.server(), self._written)
        self._transport.connect()
        await self.run(1)
        head, _, body = b"".join(self._kept).partition(b"\r\n\r\n")
        body = dechunked(body) if self._chunked else body
        if not head.startswith(b"HTTP/1.1 200 ") or body != self._content:
            raise RuntimeError(f"wrong answer by {package}: {head!r} {body[:60]!r}")
        self._kept = None

    async def run(self, count: int) -> None:
        """``count`` requests."""
        self._left = count
        self._done: asyncio.Future[None] = self._loop.create_future()
        self._transport.feed(self._pieces)
        await self._done

    def _written(self, data: bytes) -> None:
        if self._kept is not None:
            self._kept.append(bytes(data))
        if data[-len(self._tail) :] == self._tail:
            self._left -= 1
            if self._left:
                self._transport.feed(self._pieces)
            else:
                self._done.set_result(None)


SCENARIOS = {
    "plaintext": Entry(lambda: ServerScenario(request("/plain"), TEXT), 1000, 100),
    "json": Entry(lambda: ServerScenario(request("/json"), json.dumps(DOCUMENT).encode()), 1000, 100),
    "browser fields": Entry(lambda: ServerScenario(request("/plain", BROWSER_FIELDS), TEXT), 1000, 100),
    "parameter and query": Entry(lambda: ServerScenario(request("/user/bob?q=1"), b"bob1"), 1000, 100),
    "500 routes": Entry(lambda: ServerScenario(request("/route499/bob/end"), b"bob"), 500, 50),
    "3 middlewares": Entry(lambda: ServerScenario(request("/plain"), TEXT, middlewares=3), 1000, 100),
    "POST 1 KB": Entry(lambda: ServerScenario(request("/echo", OCTETS, POST_1K), POST_1K), 1000, 100),
    "POST 10 KB": Entry(lambda: ServerScenario(request("/echo", OCTETS, POST_10K), POST_10K), 500, 50),
    "100 streamed chunks": Entry(lambda: ServerScenario(request("/stream"), STREAMED * PIECES, chunked=True), 50, 5),
    "1 MB answer": Entry(lambda: ServerScenario(request("/large"), LARGE), 200, 20),
    "multipart 10 MB": Entry(
        lambda: ServerScenario(request("/multipart", FORM, UPLOAD_BODY), str(UPLOAD + 6).encode()),
        4,
        1,
    ),
}
