"""Responses as they leave: framing, fields, cookies, codings, statuses."""

import asyncio
import gzip
import io
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import pytest
from server.serving import Answer, ask, parse, serve, serve_handler, statuses, talk

from aiohttp_core import web


def answered(run: Any, make: Any, *args: Any, **kwargs: Any) -> Answer:
    """The answer of a handler that returns what ``make(request)`` gives."""

    async def handler(req: web.Request) -> web.StreamResponse:
        response = make(req)
        return await response if hasattr(response, "__await__") else response

    async def main() -> Answer:
        async with serve_handler(handler) as port:
            return await ask(port, *args, **kwargs)

    return run(main())


async def streamed(req: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(req)
    await response.write(b"abc")
    await response.write(b"")
    await response.write(b"def")
    await response.write_eof()
    return response


def test_streamed(run: Any) -> None:
    """A streamed response is chunked in HTTP/1.1."""
    answer = answered(run, streamed)
    assert (answer.body, answer.headers["Transfer-Encoding"]) == (b"abcdef", "chunked")


def test_streamed_to_http10(run: Any) -> None:
    """To HTTP/1.0 it ends with the connection, whatever the client asked."""

    async def main() -> None:
        async with serve_handler(streamed) as port:
            received = await talk(port, b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            assert received.endswith(b"\r\n\r\nabcdef")
            assert b"keep-alive" not in received

    run(main())


def test_head_reaches_the_client_before_content(run: Any) -> None:
    """The head of a streamed response leaves when it is prepared."""

    async def main() -> None:
        gate = asyncio.Event()

        async def handler(req: web.Request) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(req)
            await gate.wait()
            return response

        async with serve_handler(handler) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            await reader.readuntil(b"\r\n\r\n")
            gate.set()
            writer.close()

    run(main())


@pytest.mark.parametrize("status", [204, 304])
def test_statuses_without_content(run: Any, status: int) -> None:
    """204 and 304 carry no content and no framing of one, whatever the program gives."""
    answer = answered(run, lambda req: web.Response(status=status, body=b"content"))
    assert answer.body == b""
    assert "Transfer-Encoding" not in answer.headers
    assert "Content-Length" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reset_content(run: Any, method: str) -> None:
    """205 carries no content and says so (RFC 9110 section 15.3.6)."""

    def make(req: web.Request) -> Any:
        body: Any = {"/gen": gen(), "/large": b"x" * 100_000}.get(req.path, b"abc")
        return web.Response(status=205, body=body)

    for path in ("/", "/gen", "/large"):
        answer = answered(run, make, path, method=method)
        assert (answer.status, answer.body, answer.headers["Content-Length"]) == (205, b"", "0")
        assert "Transfer-Encoding" not in answer.headers


@pytest.mark.parametrize(
    "make", [streamed, lambda req: web.Response(text="hello"), lambda req: web.Response(body=gen())]
)
def test_head_has_no_content(run: Any, make: Any) -> None:
    """The response to HEAD never carries content."""
    answer = answered(run, make, method="HEAD")
    assert (answer.status, answer.body) == (200, b"")


async def gen() -> Any:
    yield b"a" * 10
    yield b"b" * 10


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (lambda: "text", b"text"),
        (lambda: bytearray(b"ab"), b"ab"),
        (lambda: memoryview(b"ab"), b"ab"),
        (lambda: io.BytesIO(b"from a file"), b"from a file"),
        (lambda: io.StringIO("from text"), b"from text"),
    ],
)
def test_bodies(run: Any, body: Any, expected: bytes) -> None:
    """A body may be anything that a payload is registered for."""
    assert answered(run, lambda req: web.Response(body=body())).body == expected


def test_async_body(run: Any) -> None:
    """An async iterable is streamed."""
    assert answered(run, lambda req: web.Response(body=gen())).body == b"a" * 10 + b"b" * 10


def test_passed_on_framing(run: Any) -> None:
    """Transfer-Encoding among a program's fields does not make two framings of one message."""
    answer = answered(run, lambda req: web.Response(text="x", headers={"Transfer-Encoding": "chunked"}))
    assert answer.body == b"x"
    assert "Content-Length" not in answer.headers


def test_cookies(run: Any) -> None:
    """Cookies are set and dropped, with all their attributes."""

    def make(req: web.Request) -> web.Response:
        response = web.Response()
        response.set_cookie(
            "a", "b c", domain="d", max_age=5, path="/p", secure=True, httponly=True, samesite="Lax", partitioned=True
        )
        response.del_cookie("z")
        return response

    head = answered(run, make).head.decode()
    first, second = [line for line in head.split("\r\n") if line.startswith("Set-Cookie")]
    for piece in ('a="b c"', "Domain=d", "HttpOnly", "Max-Age=5", "Path=/p", "SameSite=Lax", "Secure", "Partitioned"):
        assert piece in first
    assert second == 'Set-Cookie: z=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/'


@pytest.mark.parametrize("bad", [{"path": "/\r\nX: y"}, {"domain": "a;b"}, {"expires": "a\nb"}, {"samesite": "a;b"}])
def test_bad_cookie(bad: dict[str, Any]) -> None:
    """A cookie attribute that would break out of the field is refused when it is set."""
    with pytest.raises(ValueError, match="cookie"):
        web.Response().set_cookie("a", "b", **bad)


def test_compression(run: Any) -> None:
    """A response is compressed as the client likes, and not where it says q=0."""

    def make(req: web.Request) -> web.Response:
        response = web.Response(text="a" * 10000)
        response.enable_compression()
        return response

    answer = answered(run, make, "/", "Accept-Encoding: gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert zlib.decompress(answer.body, 31) == b"a" * 10000
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert "Content-Encoding" not in answered(run, make, "/", "Accept-Encoding: gzip;q=0, deflate;q=0.0").headers
    assert "Content-Encoding" not in answered(run, make).headers
    assert answered(run, make, "/", "Accept-Encoding: gzip;q=0, deflate").headers["Content-Encoding"] == "deflate"
    assert answered(run, make, "/", "Accept-Encoding: gzip", method="HEAD").body == b""


def test_streamed_compression(run: Any) -> None:
    """A streamed response and a payload are compressed on the way."""

    def payload(req: web.Request) -> web.Response:
        response = web.Response(body=gen())
        response.enable_compression(web.ContentCoding.gzip)
        return response

    answer = answered(run, payload)
    assert zlib.decompress(answer.body, 31) == b"a" * 10 + b"b" * 10


def test_json_responses(run: Any) -> None:
    """json_response and json_bytes_response carry their type."""
    answer = answered(run, lambda req: web.json_response({"a": 1}))
    assert (answer.body, answer.headers["Content-Type"]) == (b'{"a": 1}', "application/json; charset=utf-8")
    answer = answered(run, lambda req: web.json_bytes_response({"a": 1}, dumps=lambda value: b"{}"))
    assert (answer.body, answer.headers["Content-Type"]) == (b"{}", "application/json")


@pytest.mark.parametrize("raised", [True, False])
def test_exceptions_as_responses(run: Any, raised: bool) -> None:
    """An HTTPException is a response, raised or returned, and may be raised again and again."""
    gone = web.HTTPGone(text="gone", headers={"X": "y"}) if raised else None

    async def handler(req: web.Request) -> web.StreamResponse:
        if gone is not None:
            raise gone
        return web.HTTPGone(text="gone", headers={"X": "y"})

    async def main() -> None:
        async with serve_handler(handler) as port:
            for _ in range(2):
                with nullcontext() if raised else pytest.warns(DeprecationWarning, match="returning HTTPException"):
                    answer = await ask(port)
                assert (answer.status, answer.body, answer.headers["X"]) == (410, b"gone", "y")

    run(main())


def test_redirect_is_safe(run: Any) -> None:
    """A redirect's Location holds no control character and no markup."""

    def make(req: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("/x<y>\r\nX: z")

    answer = answered(run, make)
    assert answer.headers["Location"] == "/x%3Cy%3EX:%20z"
    assert b"<" not in answer.body


def test_exception_arguments() -> None:
    """The exceptions with arguments of their own keep them."""
    error = web.HTTPMethodNotAllowed("get", ["PUT", "POST"])
    assert (error.headers["Allow"], error.method, error.allowed_methods) == ("POST,PUT", "GET", {"PUT", "POST"})
    assert web.HTTPRequestEntityTooLarge(10, 11).text == "Maximum request body size 10 exceeded."
    assert web.HTTPUnavailableForLegalReasons("http://a/").headers["Link"] == '<http://a/>; rel="blocked-by"'
    with pytest.raises(ValueError, match="location"):
        web.HTTPFound("")
    with pytest.raises(ValueError, match="Reason"):
        web.HTTPNotFound(reason="a\r\nb")


@pytest.mark.parametrize(
    ("kwargs", "error"),
    [
        ({"text": "a", "body": b"b"}, ValueError),
        ({"text": b"a"}, TypeError),
        ({"text": "a", "content_type": "a/b; charset=x"}, ValueError),
        ({"text": "a", "content_type": "a/b", "headers": {"Content-Type": "x/y"}}, ValueError),
        ({"body": b"a", "charset": "x", "headers": {"Content-Type": "x/y"}}, ValueError),
        ({"body": object()}, ValueError),
        ({"status": "x"}, ValueError),
        ({"reason": "a\nb"}, ValueError),
    ],
)
def test_wrong_arguments(kwargs: dict[str, Any], error: type[Exception]) -> None:
    """Wrong arguments of a response raise when they are passed."""
    with pytest.raises(error):
        web.Response(**kwargs)


def test_properties() -> None:
    """Content type, charset, etag, last_modified and length are properties of the fields."""
    response = web.StreamResponse()
    response.content_type = "text/html"
    response.charset = "UTF8"
    response.etag = "x"
    response.last_modified = 0
    response.content_length = 5
    assert dict(response.headers) == {
        "Content-Type": "text/html; charset=utf8",
        "Etag": '"x"',
        "Last-Modified": "Thu, 01 Jan 1970 00:00:00 GMT",
        "Content-Length": "5",
    }
    for value in ('a"b', "a b"):
        with pytest.raises(ValueError, match="etag"):
            response.etag = value
    with pytest.raises(RuntimeError):
        response.enable_chunked_encoding()
    assert web.Response(text="abc").content_length == 3


def test_prepare_signal_changes_the_head(run: Any) -> None:
    """What on_response_prepare does to a response reaches the client."""

    async def add(req: web.Request, response: web.StreamResponse) -> None:
        response.headers["X-Added"] = "yes"
        response.headers["Server"] = "mine"

    async def handler(req: web.Request) -> web.Response:
        return web.Response(text="x")

    async def main() -> None:
        app = web.Application()
        app.on_response_prepare.append(add)
        app.router.add_get("/", handler)
        async with serve(app) as port:
            answer = await ask(port)
            assert (answer.headers["X-Added"], answer.headers["Server"]) == ("yes", "mine")
            assert (await ask(port, "/missing")).headers["X-Added"] == "yes"

    run(main())


def test_start_override_is_called(run: Any) -> None:
    """A subclass's _start is called, as libraries on aiohttp need it."""

    class Mine(web.Response):
        async def _start(self, request: Any) -> Any:
            self.headers["X-Mine"] = "1"
            return await super()._start(request)

    assert answered(run, lambda req: Mine(text="x")).headers["X-Mine"] == "1"


def test_force_close_ends_the_connection(run: Any) -> None:
    """force_close says ``Connection: close`` and does so."""

    async def handler(req: web.Request) -> web.Response:
        response = web.Response(text="x")
        response.force_close()
        return response

    async def main() -> None:
        async with serve_handler(handler) as port:
            received = await talk(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 2)
            assert statuses(received) == [200]
            assert parse(received).headers["Connection"] == "close"

    run(main())


def test_unsent_body_is_closed(run: Any, tmp_path: Any) -> None:
    """A file given as a body is closed when it was sent, and when it could not be."""
    path = tmp_path / "body"
    path.write_bytes(b"x" * 1_000_000)
    files: list[Any] = []

    async def handler(req: web.Request) -> web.Response:
        files.append(path.open("rb"))
        if req.path == "/bad":
            return web.Response(body=files[-1], headers={"X": "a\r\nb"})
        return web.Response(body=files[-1])

    async def main() -> None:
        async with serve_handler(handler) as port:
            assert len((await ask(port)).body) == 1_000_000
            assert (await ask(port, "/bad")).status == 500
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            await reader.readexactly(1000)
            writer.transport.abort()
        for _ in range(100):
            if all(file.closed for file in files):
                break
            await asyncio.sleep(0.01)
        assert [file.closed for file in files] == [True, True, True]

    run(main())


def test_keep_alive_of_http10(run: Any) -> None:
    """HTTP/1.0 connections stay open only where the client asks and the length is known."""

    async def handler(req: web.Request) -> web.Response:
        return web.Response(text="x")

    async def main() -> None:
        async with serve_handler(handler) as port:
            kept = b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
            received = await talk(port, kept + b"GET / HTTP/1.0\r\n\r\n")
            assert received.startswith(b"HTTP/1.0 200 OK\r\n")
            assert statuses(received) == [200, 200]
            assert received.count(b"Connection: keep-alive") == 1

    run(main())


@pytest.mark.parametrize("compress", [False, True])
def test_chunks_to_http10(run: Any, compress: bool) -> None:
    """A response in chunks reaches a client of HTTP/1.0 without them, ended by the connection."""

    async def streamed(req: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        if compress:
            response.enable_compression()
        await response.prepare(req)
        await response.write(b"hello")
        return response

    async def whole(_: web.Request) -> web.Response:
        response = web.Response(body=b"hello")
        response.enable_chunked_encoding()
        if compress:
            response.enable_compression()
        return response

    async def main() -> None:
        for handler in (streamed, whole):
            async with serve_handler(handler) as port:
                octets = b"GET / HTTP/1.0\r\nConnection: keep-alive\r\nAccept-Encoding: gzip\r\n\r\n"
                head, _, body = (await talk(port, octets)).partition(b"\r\n\r\n")
                assert head.startswith(b"HTTP/1.0 200 OK\r\n")
                assert b"chunked" not in head and b"keep-alive" not in head
                assert (gzip.decompress(body) if compress else body) == b"hello"

    run(main())


@pytest.mark.parametrize("attribute", ["max_age", "version"])
def test_every_cookie_attribute_is_checked(attribute: str) -> None:
    """No attribute of a cookie can bring in another one."""
    with pytest.raises(ValueError, match="cookie attribute"):
        web.Response().set_cookie("a", "b", **{attribute: "1; Domain=evil.example"})  # type: ignore[arg-type]


def test_large_bodies_are_compressed_by_an_executor(run: Any) -> None:
    """A body above zlib_executor_size is compressed by the executor it names, smaller ones at once."""
    threads: list[str] = []

    class Watched(ThreadPoolExecutor):
        def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
            threads.append("asked")
            return super().submit(function, *args, **kwargs)

    with Watched(1) as executor:

        def make(req: web.Request) -> web.Response:
            size = int(req.path[1:])
            response = web.Response(body=b"x" * size, zlib_executor_size=1000, zlib_executor=executor)
            response.enable_compression()
            return response

        for size, calls in ((1000, 0), (1001, 1)):
            answer = answered(run, make, f"/{size}", "Accept-Encoding: gzip")
            assert gzip.decompress(answer.body) == b"x" * size
            assert len(threads) == calls
