"""Any pipeline of requests, cut anywhere and read at any pace, is answered whole and in order."""

import asyncio
import gzip
import random
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from server.serving import parse, serve

from aiohttp_core import web

LARGE = b"z" * 200_000


class Exchange(NamedTuple):
    """A request as it goes on the wire, and the answer that it should get."""

    octets: bytes
    status: int
    content: bytes


async def handle(request: web.Request) -> web.StreamResponse:
    kind = request.path[1:]
    if request.query:
        await asyncio.sleep(0)
    if kind == "missing":
        raise web.HTTPNotFound
    if kind == "large":
        return web.Response(body=LARGE)
    if kind == "cookie":
        response = web.Response(text=kind)
        response.set_cookie("a", "b")
        return response
    if kind == "echo":
        return web.Response(body=await request.read())
    if kind == "stream":
        streamed = web.StreamResponse()
        await streamed.prepare(request)
        async for piece in request.content.iter_any():
            await streamed.write(piece)
        await streamed.write(b"!")
        return streamed
    if kind == "lines":
        return web.Response(text=str(len([line async for line in request.content])))
    return web.Response(text=kind)


EXPECTED: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda _: b"plain",
    "unread": lambda _: b"unread",
    "cookie": lambda _: b"cookie",
    "missing": lambda _: b"404: Not Found",
    "large": lambda _: LARGE,
    "echo": lambda content: content,
    "stream": lambda content: content + b"!",
    "lines": lambda content: str(len(content.splitlines())).encode(),
}


def exchange(chance: random.Random) -> Exchange:
    kind = chance.choice(list(EXPECTED))
    content = bytes(chance.choices(b"abc\n", k=chance.choice([0, 1, 1000, 70_000])))
    fields, body = ["Host: a"], content
    if content and chance.random() < 0.3:
        fields.append("Content-Encoding: gzip")
        body = gzip.compress(content)
    if chance.random() < 0.5:
        fields.append("Transfer-Encoding: chunked")
        body = chunked(body, chance)
    else:
        fields.append(f"Content-Length: {len(body)}")
    target = f"/{kind}{chance.choice(['', '?later'])}"
    head = "\r\n".join([f"POST {target} HTTP/1.1", *fields, "", ""]).encode()
    return Exchange(head + body, 404 if kind == "missing" else 200, EXPECTED[kind](content))


def chunked(body: bytes, chance: random.Random) -> bytes:
    octets = b""
    while body:
        size = chance.randint(1, len(body))
        octets += b"%x\r\n%b\r\n" % (size, body[:size])
        body = body[size:]
    return octets + b"0\r\n\r\n"


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    octets = await reader.readuntil(b"\r\n\r\n")
    answer = parse(octets)
    if "Content-Length" in answer.headers:
        return answer.status, await reader.readexactly(int(answer.headers["Content-Length"]))
    content = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        content += (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
    return answer.status, content


@pytest.mark.parametrize("seed", range(12))
def test_any_pipeline(run: Any, seed: int) -> None:
    """Whatever the handlers do, each request gets its own answer, also after the client has half-closed."""
    chance = random.Random(seed)
    exchanges = [exchange(chance) for _ in range(40)]
    octets = b"".join(each.octets for each in exchanges)

    async def send(writer: asyncio.StreamWriter) -> None:
        start = 0
        while start < len(octets):
            end = start + chance.choice([1, 7, 100, 5000, 1_000_000])
            writer.write(octets[start:end])
            start = end
            await (writer.drain() if chance.random() < 0.5 else asyncio.sleep(0))
        writer.write_eof()

    async def main() -> None:
        app = web.Application()
        app.router.add_post("/{kind}", handle)
        async with serve(app) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=chance.choice([1000, 1_000_000]))
            sending = asyncio.ensure_future(send(writer))
            for number, each in enumerate(exchanges):
                assert await read_answer(reader) == (each.status, each.content), number
            assert await reader.read() == b""
            await sending
            writer.close()

    run(main())
