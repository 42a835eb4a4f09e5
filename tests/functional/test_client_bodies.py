"""What can be sent and read: each kind of body, compression, expectations, uploads, hooks."""

from __future__ import annotations

import asyncio
import gzip
import io
import pathlib
import pickle
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from functional.client_servers import Seen, listening, loop_name, ok, raw_server, run
from yarl import URL

import aiohttp_core
from aiohttp_core import ClientSession
from aiohttp_core._body.form import FormData
from aiohttp_core._body.multipart_reader import MultipartReader
from aiohttp_core._body.multipart_writer import MultipartWriter
from aiohttp_core._semantics.compression import supported_codings

__all__ = ["loop_name"]


async def pieces() -> AsyncIterator[bytes]:
    yield b"abc"
    yield b"d" * 10


@pytest.mark.parametrize(
    ("data", "body", "content_type", "length"),
    [
        (b"abc", b"abc", "application/octet-stream", True),
        (bytearray(b"abc"), b"abc", "application/octet-stream", True),
        (memoryview(b"abc"), b"abc", "application/octet-stream", True),
        ("text", b"text", "text/plain; charset=utf-8", True),
        ({"a": "b", "c": "ü"}, b"a=b&c=%C3%BC", "application/x-www-form-urlencoded", True),
        ([("a", "1"), ("a", "2")], b"a=1&a=2", "application/x-www-form-urlencoded", True),
        (lambda: io.BytesIO(b"bytes"), b"bytes", "application/octet-stream", True),
        (lambda: io.StringIO("text"), b"text", "text/plain; charset=utf-8", True),
        (pieces, b"abc" + b"d" * 10, "application/octet-stream", False),
        (b"", b"", "application/octet-stream", True),
    ],
)
def test_kinds_of_bodies(loop_name: str, data: Any, body: bytes, content_type: str, length: bool) -> None:
    """Each kind of body is sent whole, with its type, and with a length or in chunks."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession() as session:
            async with session.post(server.url, data=data() if callable(data) else data) as response:
                assert await response.read() == b"ok"
            (seen,) = server.seen
            assert seen.body == body
            assert seen.get("content-type") == content_type
            assert (seen.get("content-length") == str(len(body))) is length
            assert (seen.get("transfer-encoding") == "chunked") is not length

    run(loop_name, main())


def test_file_is_streamed_and_closed(loop_name: str, tmp_path: pathlib.Path) -> None:
    """An open file is sent with its length, sent again for a redirect, and closed at the end."""
    content = bytes(range(256)) * 5000
    path = tmp_path / "file"
    path.write_bytes(content)

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            return ok(b"", "Location: /b", status="307 X") if seen.target == "/a" else ok()

        async with raw_server(answer) as server, ClientSession() as session:
            file = path.open("rb")
            async with session.put(server.url + "/a", data=file) as response:
                assert response.status == 200
            assert [seen.body == content for seen in server.seen] == [True, True]
            assert server.seen[0].get("content-length") == str(len(content))
            assert file.closed

    run(loop_name, main())


def test_generator_is_not_sent_twice(loop_name: str) -> None:
    """A consumed body cannot follow a redirect that keeps it."""

    async def main() -> None:
        async with raw_server(ok(b"", "Location: /b", status="307 X")) as server, ClientSession() as session:
            with pytest.raises(aiohttp_core.ClientPayloadError):
                await session.post(server.url, data=pieces())
            assert session.connector is not None
            assert session.connector._pool.used == 0

    run(loop_name, main())


@pytest.mark.parametrize("coding", [c for c in ("deflate", "gzip", "br", "zstd") if c in supported_codings()])
def test_compression_both_ways(loop_name: str, coding: str) -> None:
    """A body is compressed as asked, and a compressed answer is decoded, whatever the coding."""

    async def main() -> None:
        text = b"content " * 5000

        def answer(seen: Seen) -> bytes:
            assert len(seen.body) < len(text)
            return ok(seen.body, f"Content-Encoding: {coding}")

        async with raw_server(answer) as server, ClientSession() as session:
            async with session.post(server.url, data=text, compress=coding) as response:
                assert await response.read() == text
            assert server.seen[0].get("content-encoding") == coding
            assert server.seen[0].get("transfer-encoding") == "chunked"
            async with session.post(server.url, data=text, compress=coding, auto_decompress=False) as response:
                assert await response.read() == server.seen[1].body

    run(loop_name, main())


def test_stacked_codings(loop_name: str) -> None:
    """Several content codings are undone, the last applied first."""

    async def main() -> None:
        body = gzip.compress(zlib.compress(b"abc" * 1000))
        async with raw_server(ok(body, "Content-Encoding: deflate, gzip")) as server, ClientSession() as session:
            async with session.get(server.url) as response:
                assert await response.read() == b"abc" * 1000

    run(loop_name, main())


def test_codings_in_fields_of_their_own(loop_name: str) -> None:
    """Content-Encoding may be a list in several fields (RFC 9110 section 5.3): all of them are undone."""

    async def main() -> None:
        body = gzip.compress(zlib.compress(b"abc" * 1000))
        fields = ("Content-Encoding: deflate", "content-encoding: gzip")
        async with raw_server(ok(body, *fields)) as server, ClientSession() as session:
            async with session.get(server.url) as response:
                assert await response.read() == b"abc" * 1000

    run(loop_name, main())


@pytest.mark.parametrize("data", [b"", "", {}, []])
def test_nothing_is_not_compressed(loop_name: str, data: Any) -> None:
    """Where there is no content, none is announced as compressed."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession() as session:
            async with session.post(server.url, data=data, compress="gzip") as response:
                await response.read()
            (seen,) = server.seen
            assert (seen.body, seen.get("content-length"), seen.get("content-encoding")) == (b"", "0", None)

    run(loop_name, main())


@pytest.mark.parametrize("options", [{}, {"compress": "gzip"}, {"headers": {"Content-Length": "3"}}])
@pytest.mark.parametrize("piece", [3, "abc", None])
def test_pieces_that_are_no_octets(loop_name: str, piece: Any, options: dict[str, Any]) -> None:
    """An iterable that gives anything but octets fails the request: a number does not become that many zeros."""

    async def numbers() -> AsyncIterator[Any]:
        yield b""
        yield piece

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession() as session:
            with pytest.raises(aiohttp_core.ClientConnectionError, match="TypeError"):
                await session.post(server.url, data=numbers(), **options)
            assert server.seen == []
            assert session.connector is not None
            assert session.connector._pool.used == 0

    run(loop_name, main())


@pytest.mark.parametrize(
    ("answer", "cause", "told"),
    [
        (b"Content-Length: 10\r\n\r\nabc", "ContentLengthError", "Not enough data to satisfy content length header"),
        (b"Transfer-Encoding: chunked\r\n\r\n5\r\nabc", "TransferEncodingError", "Not enough data to satisfy transfer"),
    ],
)
def test_content_that_is_cut_off(loop_name: str, answer: bytes, cause: str, told: str) -> None:
    """Content that ends too early is an error whose cause tells how its end was to be found."""

    async def main() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\n" + answer)
            await writer.drain()

        async with listening(serve) as port, ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/cut") as response:
                with pytest.raises(aiohttp_core.ClientPayloadError, match=told) as caught:
                    await response.read()
            assert type(caught.value.__cause__).__name__ == cause
            assert f"http://127.0.0.1:{port}/cut" in str(caught.value)

    run(loop_name, main())


@pytest.mark.parametrize("early", ["release", "close"])
@pytest.mark.parametrize("kind", ["whole", "chunked", "read"])
def test_the_stream_after_the_end(loop_name: str, kind: str, early: str) -> None:
    """A released response gives no content any more, whether or not it had come already; what was read stays."""

    async def main() -> None:
        chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        async with raw_server(chunked if kind == "chunked" else ok(b"abc")) as server, ClientSession() as session:
            async with session.get(server.url) as response:
                if kind == "read":
                    assert await response.read() == b"abc"
                getattr(response, early)()
                with pytest.raises(aiohttp_core.ClientConnectionError, match="Connection closed"):
                    await response.content.read()
                if kind == "read":
                    assert await response.text() == "abc"
                else:
                    with pytest.raises(aiohttp_core.ClientConnectionError, match="Connection closed"):
                        await response.read()

    run(loop_name, main())


@pytest.mark.parametrize("method, status", [("HEAD", "200 OK"), ("GET", "204 No Content"), ("GET", "304 Not Modified")])
def test_no_content_can_be_read_late(loop_name: str, method: str, status: str) -> None:
    """A response that has no content by its nature is empty, also once it was released."""

    async def main() -> None:
        answer = f"HTTP/1.1 {status}\r\n\r\n".encode()
        async with raw_server(answer) as server, ClientSession() as session:
            async with session.request(method, server.url) as response:
                await asyncio.sleep(0)
            assert await response.read() == b""
            assert await response.text() == ""
            assert await response.content.read() == b""

    run(loop_name, main())


def test_json_of_another_type(loop_name: str) -> None:
    """The error of JSON that is not announced as such shows the field, as programs know it from aiohttp."""

    async def main() -> None:
        async with raw_server(
            lambda seen: ok(b"{}", *(["Content-Type: Text/HTML; charset=utf-8"] * ("t" in seen.target)))
        ) as server:
            async with ClientSession() as session:
                for path, shown in (("/t", "text/html; charset=utf-8"), ("/", "")):
                    async with session.get(server.url + path) as response:
                        with pytest.raises(aiohttp_core.ContentTypeError) as caught:
                            await response.json()
                    assert caught.value.message == f"Attempt to decode JSON with unexpected mimetype: {shown}"

    run(loop_name, main())


def test_expect_100(loop_name: str) -> None:
    """With expect100 the content waits for 100, and stays here where a final status comes instead."""

    async def main() -> None:
        bodies: list[bytes] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            assert b"Expect: 100-continue\r\n" in head
            if b"/no" in head:
                writer.write(ok(b"no", "Connection: close", status="417 X"))
                bodies.append(await reader.read())
                return
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            bodies.append(await reader.readexactly(5))
            writer.write(ok(b"ok", "Connection: close"))
            await writer.drain()

        async with listening(serve) as port, ClientSession() as session:
            async with session.post(f"http://127.0.0.1:{port}/yes", data=b"hello", expect100=True) as response:
                assert await response.read() == b"ok"
            async with session.post(f"http://127.0.0.1:{port}/no", data=b"hello", expect100=True) as response:
                assert response.status == 417
                assert await response.read() == b"no"
            assert bodies[0] == b"hello"

    run(loop_name, main())


def test_multipart_both_ways(loop_name: str) -> None:
    """Nested multipart goes out, and a multipart answer is read part by part."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            return ok(seen.body, f"Content-Type: {seen.get('content-type')}")

        async with raw_server(answer) as server, ClientSession() as session:
            inner = MultipartWriter("mixed")
            inner.append("inner")
            writer = MultipartWriter("mixed")
            writer.append(b"first")
            writer.append_json({"a": 1})
            writer.append(inner)
            async with session.post(server.url, data=writer) as response:
                reader = MultipartReader.from_response(response)
                first = await reader.next()
                assert await first.read() == b"first"
                assert await (await reader.next()).json() == {"a": 1}
                nested = await reader.next()
                assert await (await nested.next()).text() == "inner"

    run(loop_name, main())


def test_multipart_form_with_a_file(loop_name: str) -> None:
    """A form with a file is multipart with a known length."""

    async def main() -> None:
        form = FormData()
        form.add_field("name", "value")
        form.add_field("file", io.BytesIO(b"content"), filename="a.txt", content_type="text/plain")
        async with raw_server(ok()) as server, ClientSession() as session:
            await session.post(server.url, data=form)
            (seen,) = server.seen
            assert (seen.get("content-type") or "").startswith("multipart/form-data; boundary=")
            assert b'filename="a.txt"' in seen.body
            assert seen.get("content-length") == str(len(seen.body))

    run(loop_name, main())


def test_encoded_url_is_left_alone(loop_name: str) -> None:
    """A URL marked as encoded reaches the wire as it is; others are brought to canonical form."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession() as session:
            await session.get(URL(server.url + "/%2f?a=%2F+%7e", encoded=True))
            await session.get(server.url + "/ü?a=b c")
            assert [seen.target for seen in server.seen] == ["/%2f?a=%2F+%7e", "/%C3%BC?a=b+c"]

    run(loop_name, main())


def test_text_without_charset(loop_name: str) -> None:
    """Text that tells no charset is UTF-8 where it is valid, else what the resolver says, else a guess."""

    async def main() -> None:
        german = ("Füße und Bäume, größer als möglich. " * 20).encode("latin-1")
        async with raw_server(lambda s: ok(german if s.target == "/l" else "ü".encode())) as server:
            async with ClientSession() as session:
                async with session.get(server.url) as response:
                    assert await response.text() == "ü"
                async with session.get(server.url + "/l") as response:
                    assert "größer" in await response.text()
            async with ClientSession(fallback_charset_resolver=lambda response, body: "latin-1") as session:
                async with session.get(server.url + "/l") as response:
                    assert await response.text() == german.decode("latin-1")

    run(loop_name, main())


@pytest.mark.parametrize("charset", ["hex", "zlib", "rot13", "none-such", "a b", "punycode", "undefined"])
def test_a_charset_that_is_none(loop_name: str, charset: str) -> None:
    """A charset that is not known, or that names a codec which makes no text, is as none: the content is looked at."""

    async def main() -> None:
        answer = ok("grün".encode(), f"Content-Type: text/plain; charset={charset}")
        async with raw_server(answer) as server, ClientSession() as session:
            async with session.get(server.url) as response:
                assert await response.text() == "grün"

    run(loop_name, main())


def test_a_charset_without_a_name(loop_name: str) -> None:
    """A charset parameter that is empty tells nothing."""

    async def main() -> None:
        async with raw_server(ok("grün".encode(), "Content-Type: text/plain; charset=")) as server:
            async with ClientSession() as session, session.get(server.url) as response:
                assert response.charset is None
                assert await response.text() == "grün"

    run(loop_name, main())


def test_bad_links(loop_name: str) -> None:
    """A link that names no URL is left out, and the others stay."""

    async def main() -> None:
        links = '<http://[::1>; rel=a, </b>; rel=b, <http://x:99999999/>; rel=c, <d>; rel="d e"'
        async with raw_server(ok(b"", f"Link: {links}")) as server, ClientSession() as session:
            async with session.get(server.url) as response:
                assert {rel: link["url"].path for rel, link in response.links.items()} == {"b": "/b", "d e": "/d"}

    run(loop_name, main())


def test_response_metadata(loop_name: str) -> None:
    """Type, charset, disposition, links, cookies and raw fields of a response are read from its head."""

    async def main() -> None:
        answer = ok(
            b"[]",
            "content-type: Text/HTML; charset=utf-8",
            'Content-Disposition: attachment; filename="a.txt"',
            "Link: </next>; rel=next",
            "Set-Cookie: a=b; Path=/x; HttpOnly",
        )
        async with raw_server(answer) as server, ClientSession() as session:
            async with session.get(server.url + "/p") as response:
                assert response.content_type == "text/html"
                assert response.charset == "utf-8"
                assert response.content_disposition is not None
                assert response.content_disposition.filename == "a.txt"
                assert str(response.links["next"]["url"]) == server.url + "/next"
                assert response.cookies["a"]["path"] == "/x"
                assert (b"content-type", b"Text/HTML; charset=utf-8") in response.raw_headers
                assert response.host == "127.0.0.1"
                assert response.method == "GET"
                assert response.ok
                with pytest.raises(aiohttp_core.ContentTypeError):
                    await response.json()
                assert await response.json(content_type=None) == []

    run(loop_name, main())


def test_raise_for_status(loop_name: str) -> None:
    """raise_for_status per session, per request and as a coroutine; the error can be pickled and tells all."""

    async def main() -> None:
        async def check(response: aiohttp_core.ClientResponse) -> None:
            raise LookupError(await response.text())

        async with raw_server(ok(b"why", status="404 Not Found")) as server:
            async with ClientSession(raise_for_status=True) as session:
                with pytest.raises(aiohttp_core.ClientResponseError) as caught:
                    await session.get(server.url + "/x")
                again = pickle.loads(pickle.dumps(caught.value))
                assert (again.status, again.message) == (404, "Not Found")
                assert str(again) == str(caught.value)
                async with session.get(server.url, raise_for_status=False) as response:
                    assert response.status == 404
                with pytest.raises(LookupError, match="why"):
                    await session.get(server.url, raise_for_status=check)

    run(loop_name, main())


def test_tracing(loop_name: str) -> None:
    """The signals come in aiohttp's order, and pooled connections say so."""

    async def main() -> None:
        config = aiohttp_core.TraceConfig()
        order: list[str] = []

        def listener(name: str) -> Any:
            async def listen(session: Any, context: Any, params: Any) -> None:
                order.append(name)
                assert context.trace_request_ctx == "mine"

            return listen

        names = [name for name in dir(config) if name.startswith("on_")]
        for name in names:
            getattr(config, name).append(listener(name[3:]))
        async with raw_server(ok()) as server, ClientSession(trace_configs=[config]) as session:
            for _ in range(2):
                async with session.post(server.url, data=b"x", trace_request_ctx="mine") as response:
                    await response.read()
            first = ["connection_create_start", "connection_create_end"]
            rest = ["request_headers_sent", "request_chunk_sent", "request_end", "response_chunk_received"]
            assert order == [
                "request_start", *first, *rest, "request_start", "connection_reuseconn", *rest
            ]  # fmt: skip

    run(loop_name, main())


def test_middlewares(loop_name: str) -> None:
    """Middlewares wrap each hop, the first outermost; a request's own replace the session's."""

    async def main() -> None:
        calls: list[str] = []

        def named(name: str) -> Any:
            async def middleware(request: Any, handler: Any) -> Any:
                calls.append(f"{name} {request.url.path}")
                request.headers["X-" + name] = "1"
                return await handler(request)

            return middleware

        def answer(seen: Seen) -> bytes:
            return ok(b"", "Location: /b", status="302 X") if seen.target == "/a" else ok()

        async with raw_server(answer) as server, ClientSession(middlewares=(named("one"), named("two"))) as session:
            await session.get(server.url + "/a")
            assert calls == ["one /a", "two /a", "one /b", "two /b"]
            assert server.seen[0].get("x-two") == "1"
            await session.get(server.url + "/b", middlewares=(named("own"),))
            assert calls[4:] == ["own /b"]

    run(loop_name, main())


def test_upload_tracker(loop_name: str) -> None:
    """A tracker tells attempts and octets, and when the upload is complete."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession() as session:
            tracker = aiohttp_core.UploadTracker()
            async with session.post(server.url, data=b"x" * 1000, upload_tracker=tracker) as response:
                await response.read()
            await tracker.upload_complete
            assert (tracker.attempts, tracker.bytes_written) == (1, 1000)
            with pytest.raises(RuntimeError):
                await session.post(server.url, data=b"x", upload_tracker=tracker)
            failing = aiohttp_core.UploadTracker()
            with pytest.raises(aiohttp_core.ClientConnectorError):
                await session.post("http://127.0.0.1:1", data=b"x", upload_tracker=failing)
            with pytest.raises(aiohttp_core.UploadAbortedError):
                await failing.upload_complete

    run(loop_name, main())


def test_failing_generator(loop_name: str) -> None:
    """A body that fails while it is sent fails the request and not the session."""

    async def main() -> None:
        async def broken() -> AsyncIterator[bytes]:
            yield b"abc"
            raise LookupError("broken")

        async with raw_server(ok()) as server, ClientSession() as session:
            with pytest.raises(aiohttp_core.ClientConnectionError) as caught:
                await session.post(server.url, data=broken())
            assert isinstance(caught.value.__cause__, LookupError)
            async with session.get(server.url) as response:
                assert await response.read() == b"ok"

    run(loop_name, main())


def test_unread_content_ends_its_connection(loop_name: str) -> None:
    """Leaving a response whose content is still to come ends its connection, and the next request has a new one."""

    async def main() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            assert await reader.read() == b""

        async with listening(serve) as port, ClientSession() as session:
            for _ in range(2):
                async with session.get(f"http://127.0.0.1:{port}") as response:
                    assert response.status == 200
            assert session.connector is not None
            assert not session.connector._conns

    run(loop_name, main())


@pytest.mark.parametrize("leave", ["release", "close", "with"])
def test_reading_after_leaving(loop_name: str, leave: str) -> None:
    """What was not read before a response was left cannot be read any more; what was read stays."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession() as session:
            for read_before in (True, False):
                response = await session.get(server.url)
                if read_before:
                    await response.read()
                if leave == "with":
                    async with response:
                        pass
                else:
                    getattr(response, leave)()
                if read_before:
                    assert await response.text() == "ok"
                else:
                    with pytest.raises(aiohttp_core.ClientConnectionError, match="closed"):
                        await response.read()

    run(loop_name, main())


def test_unix_socket(loop_name: str, tmp_path: pathlib.Path) -> None:
    """A UnixConnector goes to its socket whatever the URL says."""

    async def main() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            assert b"Host: any.test\r\n" in head
            writer.write(ok())
            await writer.drain()
            await reader.read()
            writer.close()

        path = str(tmp_path / "s")
        server = await asyncio.start_unix_server(serve, path)
        async with ClientSession(connector=aiohttp_core.UnixConnector(path)) as session:
            async with session.get("http://any.test/") as response:
                assert await response.read() == b"ok"
        server.close()
        async with ClientSession(connector=aiohttp_core.UnixConnector(str(tmp_path / "none"))) as session:
            with pytest.raises(aiohttp_core.ClientConnectorError, match="unix socket"):
                await session.get("http://any.test/")
        await asyncio.sleep(0)

    run(loop_name, main())


def test_request_without_a_session(loop_name: str) -> None:
    """aiohttp_core.request makes a session of its own and closes it."""

    async def main() -> None:
        async with raw_server(ok()) as server:
            async with aiohttp_core.request("GET", server.url, params={"a": "b"}) as response:
                assert await response.text() == "ok"
            assert server.seen[0].target == "/?a=b"

    run(loop_name, main())


def test_replaced_request_method(loop_name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recorders replace ClientSession._request at run time; verbs then call the replacement."""

    async def main() -> None:
        async def fake(self: Any, method: str, url: Any, **kwargs: Any) -> Any:
            return (method, url)

        monkeypatch.setattr(ClientSession, "_request", fake)
        async with ClientSession() as session:
            assert await session.get("http://x") == ("GET", "http://x")
            assert await session.request("PUT", "http://x") == ("PUT", "http://x")

    run(loop_name, main())
