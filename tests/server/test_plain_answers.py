"""The plainest of answers leave in one step; what leaves is what the long way would send, but for fields' order."""

import asyncio
import re
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from server.serving import ask, serve

from aiohttp_core import web


def cookie() -> web.Response:
    response = web.Response(text="a")
    response.set_cookie("name", "value")
    return response


def framed(response: web.Response) -> web.Response:
    response.headers["Connection"] = "keep-alive"
    return response


def later(change: Callable[[web.Response], object]) -> Callable[[], web.Response]:
    def make() -> web.Response:
        response = web.Response(text="a", headers={"X": "1"})
        change(response)
        return response

    return make


def raising(error: Callable[[], web.HTTPException]) -> Callable[[], web.Response]:
    def make() -> web.Response:
        raise error()

    return make


ANSWERS: dict[str, Callable[[], web.Response]] = {
    "text": lambda: web.Response(text="héllo"),
    "nothing": lambda: web.Response(),
    "octets": lambda: web.Response(body=b"abc"),
    "octets with a type": lambda: web.Response(body=b"abc", content_type="a/b"),
    "JSON": lambda: web.json_response({"a": 1}, status=201, reason="Made"),
    "no content": lambda: web.Response(status=204, text="dropped"),
    "not modified": lambda: web.Response(status=304, body=b"abc"),
    "fields twice": lambda: web.Response(
        text="a", headers=[("X", "1"), ("x", "2"), ("date", "then"), ("SERVER", "me")]
    ),
    "its own length": lambda: web.Response(text="abc", headers={"Content-Length": "3"}),
    "its own end": lambda: web.Response(text="abc", headers={"Connection": "close"}),
    "large": lambda: web.Response(body=b"x" * 70_000),
    "payload": lambda: web.Response(body=bytearray(b"abc")),
    "cookie": cookie,
    "cookie and length": lambda: framed(cookie()),
    "an error": raising(web.HTTPNotFound),
    "a redirect": raising(lambda: web.HTTPFound("/elsewhere")),
    "an error that may not be sent": raising(lambda: web.HTTPNotFound(headers={"X": "a\rb"})),
    "no content by an error": raising(web.HTTPNoContent),
    "what may not be sent": lambda: web.Response(text="a", headers={"X": "a\rb"}),
    "compressed": later(lambda response: response.enable_compression(web.ContentCoding.deflate)),
    "chunked": later(lambda response: response.enable_chunked_encoding()),
    "closing": later(lambda response: response.force_close()),
    "another text": later(lambda response: setattr(response, "text", "another")),
    "another body": later(lambda response: setattr(response, "body", b"another")),
    "another status": later(lambda response: response.set_status(205)),
    "a mark of another library": later(lambda response: setattr(response, "_keep_alive", False)),
}


def fields_sorted(octets: bytes) -> list[list[bytes]]:
    return [sorted(part.split(b"\r\n")) for part in octets.split(b"\r\n\r\n")]


@pytest.mark.parametrize("name", ANSWERS)
def test_both_ways_send_the_same(run: Any, name: str) -> None:
    """An application that watches its responses sends them by the long way, and the octets are the same."""

    async def handler(request: web.Request) -> web.Response:
        return ANSWERS[name]()

    async def watch(request: web.Request, response: web.StreamResponse) -> None:
        watched.append(response)

    async def octets(app: web.Application) -> bytes:
        async with serve(app) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(
                    b"GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n"
                )
                writer.write(b"Connection: close\r\n\r\n")
                return re.sub(rb"(?m)^Date: \w{3}, .*$", b"Date: now", await asyncio.wait_for(reader.read(), 10))
            finally:
                writer.close()

    async def main() -> None:
        plain, watching = web.Application(), web.Application()
        watching.on_response_prepare.append(watch)
        for app in (plain, watching):
            app.router.add_get("/", handler)
        at_once, long_way = await octets(plain), await octets(watching)
        assert fields_sorted(at_once) == fields_sorted(long_way)
        assert 1 <= at_once.count(b"HTTP/1.1 ") <= len(watched)

    watched: list[web.StreamResponse] = []
    run(main())


def test_a_factory_of_a_program_gets_a_writer(run: Any) -> None:
    """web.Server's request_factory is called with the writer of the response, as aiohttp's is."""
    given: list[Any] = []

    def factory(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
        given.append(writer)
        return web.BaseRequest(message, payload, protocol, writer, task, asyncio.get_running_loop())

    async def handler(request: web.BaseRequest) -> web.Response:
        assert request.writer is given[-1]
        return web.Response(text="made")

    async def main() -> None:
        server = web.Server(handler, request_factory=factory)
        listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
        try:
            received = await ask(listening.sockets[0].getsockname()[1])
        finally:
            listening.close()
            await server.shutdown(1)
        assert received.body == b"made"
        assert given[0].output_size > len(b"made")

    run(main())


def test_a_body_in_pieces(run: Any) -> None:
    """A body that comes in one piece or in many is read whole, and its bound holds for both."""

    async def handler(request: web.Request) -> web.Response:
        body = await request.read()
        assert type(body) is bytes
        assert body is await request.read()
        return web.Response(text=str(len(body)))

    async def post(port: int, pieces: list[bytes]) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            size = sum(map(len, pieces))
            writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % size)
            for piece in pieces:
                writer.write(piece)
                await asyncio.sleep(0.01)
            return await asyncio.wait_for(reader.read(), 10)
        finally:
            writer.close()

    async def main() -> None:
        app = web.Application(client_max_size=100)
        app.router.add_post("/", handler)
        async with serve(app) as port:
            for pieces, last in (([b"x" * 100], b"100"), ([b"x" * 30] * 3, b"90"), ([], b"0")):
                assert (await post(port, pieces)).endswith(b"\r\n\r\n" + last)
            for pieces in ([b"x" * 101], [b"x" * 60, b"y" * 60]):
                assert (await post(port, pieces)).startswith(b"HTTP/1.1 413 ")

    run(main())


@pytest.mark.parametrize("name", ["enable_compression", "enable_chunked_encoding"])
def test_an_error_is_sent_as_it_was_told(run: Any, name: str) -> None:
    """What a handler asks of an HTTP exception before it raises it holds for the response: coding and chunks."""

    async def handler(request: web.Request) -> web.Response:
        error = web.HTTPNotFound(text="x" * 2000)
        getattr(error, name)()
        raise error

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/", handler)
        async with serve(app) as port:
            received = await ask(port, "/", "Accept-Encoding: deflate")
        if name == "enable_compression":
            assert received.headers["Content-Encoding"] == "deflate"
            assert zlib.decompress(received.body) == b"x" * 2000
        else:
            assert (received.headers["Transfer-Encoding"], received.body) == ("chunked", b"x" * 2000)

    run(main())


def test_what_a_program_replaces_is_asked(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A router's ``resolve`` replaced on the object is asked for each request; a replaced maker of requests gets a
    writer."""
    asked: list[Any] = []
    made = web.Application._make_request

    def make(self: web.Application, message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.Request:
        asked.append(writer.output_size)
        return made(self, message, payload, protocol, writer, task)

    async def handler(request: web.Request) -> web.Response:
        return web.Response(text="found")

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/", handler)
        own = app.router.resolve

        async def resolve(request: web.Request) -> Any:
            asked.append(request.path)
            return await own(request)

        monkeypatch.setattr(app.router, "resolve", resolve)
        monkeypatch.setattr(web.Application, "_make_request", make)
        async with serve(app) as port:
            assert (await ask(port)).body == b"found"

    run(main())
    assert asked == [0, "/"]
