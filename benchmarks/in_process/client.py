"""Requests by a client session whose server is a script in memory behind the loop's Unix sockets."""

from __future__ import annotations

import asyncio
import importlib
import json
from typing import Any

from asked import COOKIES, JSON, LARGE, SMALL
from in_process.entry import Entry
from in_process.memory import pieces_of

OWN_FIELDS = {"Authorization": "Bearer 0123456789abcdef", "X-Request-ID": "0123456789"}


def answer(content: bytes, *fields: str) -> list[bytes]:
    """A response as reads of a socket give it."""
    lines = ["HTTP/1.1 200 OK", "Content-Type: application/json; charset=utf-8", f"Content-Length: {len(content)}"]
    lines += ["Date: Mon, 01 Jan 2024 00:00:00 GMT", "Server: script", *fields]
    return pieces_of("\r\n".join([*lines, "", ""]).encode() + content)


class FarEnd:
    """The server of one connection: it answers whenever the end of a request comes."""

    transport: Any

    def __init__(self, tail: bytes, pieces: list[bytes]) -> None:
        self._tail, self._pieces = tail, pieces

    def written(self, data: bytes) -> None:
        if data[-len(self._tail) :] == self._tail:
            self.transport.feed(self._pieces)


class ClientScenario:
    """``flight`` tasks ask again and again; the session keeps its connections."""

    def __init__(
        self,
        content: bytes = SMALL,
        document: Any = None,
        flight: int = 1,
        cookies: bool = False,
        jar: bool = True,
        fields: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
    ) -> None:
        self._content, self._document, self._flight = content, document, flight
        self._cookies, self._jar, self._fields, self._query = cookies, jar, fields, query

    async def start(self, package: str, loop: Any) -> None:
        module: Any = importlib.import_module(package)
        fields = [f"Set-Cookie: {name}={value}; Path=/" for name, value in COOKIES.items()] if self._cookies else []
        pieces = answer(self._content, *fields)
        tail = b"\r\n\r\n" if self._document is None else json.dumps(self._document).encode()[-8:]
        path = f"/memory/{id(self)}"
        loop.far_ends[path] = lambda: FarEnd(tail, pieces)
        options: dict[str, Any] = {} if self._jar else {"cookie_jar": module.DummyCookieJar()}
        # Under callgrind minutes pass between two measurements: a new connection is not to be part of one.
        connector = module.UnixConnector(path, keepalive_timeout=3600)
        self._session = module.ClientSession(connector=connector, **options)
        await self.run(self._flight * 2)
        async with self._ask() as response:
            body = await response.read()
            if response.status != 200 or body != self._content or len(response.cookies) != len(fields):
                raise RuntimeError(f"wrong answer in {package}: {response}")

    def _ask(self) -> Any:
        if self._document is None:
            return self._session.get("http://example.com:8080/path", headers=self._fields, params=self._query)
        return self._session.post("http://example.com:8080/path", json=self._document)

    async def run(self, count: int) -> None:
        """``count`` requests."""
        if self._flight == 1:
            await self._repeat(count)
        else:
            await asyncio.gather(*(self._repeat(count // self._flight) for _ in range(self._flight)))

    async def _repeat(self, count: int) -> None:
        for _ in range(count):
            async with self._ask() as response:
                await response.read()


SCENARIOS = {
    "GET": Entry(ClientScenario, 500, 50),
    "GET, 64 at once": Entry(lambda: ClientScenario(flight=64), 640, 256),
    "GET, cookies both ways": Entry(lambda: ClientScenario(cookies=True), 300, 30),
    "GET, no jar": Entry(lambda: ClientScenario(jar=False), 500, 50),
    "GET, own fields": Entry(lambda: ClientScenario(fields=OWN_FIELDS), 500, 50),
    "GET, query": Entry(lambda: ClientScenario(query={"page": "1", "of": "10"}), 500, 50),
    "POST JSON": Entry(lambda: ClientScenario(document=JSON), 500, 50),
    "GET 1 MB": Entry(lambda: ClientScenario(LARGE), 50, 5),
}
