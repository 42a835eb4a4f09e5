"""An application behind a real socket, and a client that is nothing but a socket."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from aiohttp_core import web


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes
    head: bytes


@asynccontextmanager
async def serve(app: web.Application, **options: Any) -> AsyncIterator[int]:
    """The port at which ``app`` is served."""
    runner = web.AppRunner(app, **options)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serve_handler(handler: Any, **options: Any) -> AsyncIterator[int]:
    """The port at which ``handler`` answers every method and path."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    async with serve(app, **options) as port:
        yield port


async def talk(port: int, octets: bytes, *, half_close: bool = False) -> bytes:
    """Send ``octets`` and read until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(octets)
        if half_close:
            writer.write_eof()
        return await asyncio.wait_for(reader.read(-1), 10)
    finally:
        writer.close()


def request(target: str = "/", *fields: str, method: str = "GET", body: bytes = b"", close: bool = True) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: test", *fields]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    if close:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + body


async def ask(port: int, target: str = "/", *fields: str, method: str = "GET", body: bytes = b"") -> Answer:
    """The answer to one request."""
    return parse(await talk(port, request(target, *fields, method=method, body=body)))


def parse(octets: bytes) -> Answer:
    head, _, body = octets.partition(b"\r\n\r\n")
    start, *lines = head.decode("utf-8", "surrogateescape").split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(": ")
        headers[name] = value
    if headers.get("Transfer-Encoding") == "chunked":
        body = b"".join(_chunks(body))
    return Answer(int(start.split(" ")[1]), headers, body, head)


def _chunks(body: bytes) -> list[bytes]:
    chunks = []
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        if not length:
            break
        chunks.append(body[:length])
        body = body[length + 2 :]
    return chunks


def statuses(octets: bytes) -> list[int]:
    """The statuses of the responses in ``octets``, whose bodies hold no status line."""
    return [int(match) for match in re.findall(rb"HTTP/1\.[01] (\d{3})", octets)]
