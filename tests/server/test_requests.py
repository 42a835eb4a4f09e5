"""What a handler reads of a request."""

import asyncio
import gzip
import json
import logging
import tempfile
import threading
import zlib
from typing import Any

import pytest
from server.serving import Answer, ask, serve, serve_handler

from aiohttp_core import web


def reading(run: Any, read: Any, *args: Any, **kwargs: Any) -> Answer:
    """The answer to one request whose handler answers with the text of what ``read(request)`` gives."""

    async def handler(req: web.Request) -> web.Response:
        value = read(req)
        if hasattr(value, "__await__"):
            value = await value
        return web.Response(text=value if isinstance(value, str) else repr(value))

    async def main() -> Answer:
        async with serve_handler(handler) as port:
            return await ask(port, *args, **kwargs)

    return run(main())


@pytest.mark.parametrize(
    ("target", "attribute", "expected"),
    [
        ("/a%20b?x=%20y#f", "path", "/a b"),
        ("/a%20b?x=%20y", "raw_path", "/a%20b?x=%20y"),
        ("/a%20b?x=%20y", "path_qs", "/a%20b?x=%20y"),
        ("/a?x=%20y", "query_string", "x= y"),
        ("/a?x=1", "url", "URL('http://test/a?x=1')"),
        ("/a?x=1", "rel_url", "URL('/a?x=1')"),
        ("http://other:81/a?x=1", "rel_url", "URL('/a?x=1')"),
        ("http://other:81/a?x=1", "url", "URL('http://other:81/a?x=1')"),
        ("http://other:81/a", "host", "other:81"),
        ("//evil.example/a", "path", "//evil.example/a"),
        ("/", "host", "test"),
        ("/", "scheme", "http"),
        ("/", "secure", "False"),
        ("/", "remote", "127.0.0.1"),
        ("/", "method", "GET"),
        ("/", "version", "HttpVersion(major=1, minor=1)"),
        ("/", "content_type", "application/octet-stream"),
        ("/", "body_exists", "False"),
        ("/", "can_read_body", "False"),
    ],
)
def test_attributes(run: Any, target: str, attribute: str, expected: str) -> None:
    """The parts of a request's target and connection are what 3.14 says they are."""
    assert reading(run, lambda req: getattr(req, attribute), target).body.decode() == expected


def test_fields(run: Any) -> None:
    """Fields are read by their own properties: cookies, conditions, forwarded, charset."""

    def read(req: web.Request) -> str:
        return json.dumps(
            [
                dict(req.cookies),
                req.charset,
                req.content_type,
                str(req.if_modified_since),
                [(tag.value, tag.is_weak) for tag in req.if_none_match or ()],
                [dict(hop) for hop in req.forwarded],
                req.headers.getall("X"),
                [name.decode() for name, _ in req.raw_headers][:1],
            ]
        )

    answer = reading(
        run,
        read,
        "/",
        'Cookie: a=b; c="d e"',
        "Content-Type: text/plain; charset=latin-1",
        "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT",
        'If-None-Match: "x", W/"y"',
        "Forwarded: for=1.2.3.4;proto=https",
        "X: 1",
        "x: 2",
    )
    assert json.loads(answer.body) == [
        {"a": "b", "c": "d e"},
        "latin-1",
        "text/plain",
        "1970-01-01 00:00:00+00:00",
        [["x", False], ["y", True]],
        [{"for": "1.2.3.4", "proto": "https"}],
        ["1", "2"],
        ["Host"],
    ]


@pytest.mark.parametrize("target", ["http://[::/", "http://a:b/", "*", "//[::"])
def test_odd_targets(run: Any, target: str) -> None:
    """A target that is no URL never makes a 500."""
    answer = reading(run, lambda req: (req.path, str(req.url), str(req.rel_url)), target)
    assert answer.status in (200, 400, 404)


def test_text_by_charset(run: Any) -> None:
    """Text is decoded by the charset the request names; an unknown one gives 415, octets that are not in it 400."""
    read = web.Request.text
    body = "é".encode("latin-1")
    kwargs: dict[str, Any] = {"method": "POST", "body": body}
    assert reading(run, read, "/", "Content-Type: text/plain; charset=latin-1", **kwargs).body.decode() == "é"
    assert reading(run, read, "/", "Content-Type: text/plain; charset=x", **kwargs).status == 415
    assert reading(run, read, "/", **kwargs).status == 400


def test_json(run: Any) -> None:
    """JSON is parsed; a body that is none gives 400 unless the handler catches what is raised."""
    assert reading(run, web.Request.json, method="POST", body=b'{"a": 1}').body == b"{'a': 1}"
    assert reading(run, web.Request.json, method="POST", body=b"{").status == 400

    async def catching(req: web.Request) -> str:
        try:
            return str(await req.json())
        except json.JSONDecodeError:
            return "caught"

    assert reading(run, catching, method="POST", body=b"{").body == b"caught"
    assert reading(run, web.Request.json, method="POST", body=b"[" * 100000).status == 400


def test_bad_range(run: Any) -> None:
    """http_range raises ValueError for a malformed field, which gives 400 where nobody catches it."""
    assert reading(run, lambda req: req.http_range, "/", "Range: bytes=1-5").body == b"slice(1, 6, 1)"
    assert reading(run, lambda req: req.http_range, "/", "Range: bytes=\u0661-").status == 400


def test_codings_in_fields_of_their_own(run: Any) -> None:
    """Content-Encoding may be a list in several fields (RFC 9110 section 5.3): all of them are undone."""
    packed = gzip.compress(zlib.compress(b"abc"))
    fields = ("Content-Encoding: deflate", "content-encoding: gzip")
    answer = reading(run, web.Request.read, "/", *fields, method="POST", body=packed)
    assert (answer.status, answer.body) == (200, b"b'abc'")


def test_body_above_the_limit(run: Any) -> None:
    """A body above client_max_size gives 413, plain or compressed."""
    body = b"x" * (1024 * 1024 + 1)
    assert reading(run, web.Request.read, method="POST", body=body).status == 413
    packed = gzip.compress(body)
    assert reading(run, web.Request.read, "/", "Content-Encoding: gzip", method="POST", body=packed).status == 413


FORM = "Content-Type: application/x-www-form-urlencoded"
MULTIPART = "Content-Type: multipart/form-data; boundary=b"


async def fields_of(req: web.Request) -> list[Any]:
    form = await req.post()
    return [
        [
            name,
            value if not isinstance(value, web.FileField) else [value.filename, value.file.read(), value.content_type],
        ]
        for name, value in form.items()
    ]


def part(head: str, body: bytes) -> bytes:
    return b"--b\r\nContent-Disposition: form-data" + head.encode() + b"\r\n\r\n" + body + b"\r\n"


def test_urlencoded_form(run: Any) -> None:
    """An urlencoded form gives its fields, blank ones too."""
    answer = reading(run, fields_of, "/", FORM, method="POST", body=b"a=1&b=&a=%20%C3%A9")
    assert answer.body.decode() == "[['a', '1'], ['b', ''], ['a', ' é']]"
    assert reading(run, fields_of, "/", FORM, method="POST", body=b"\xff=1").status == 400
    assert reading(run, fields_of, "/", f"{FORM}; charset=x", method="POST", body=b"a=1").status == 415
    assert reading(run, fields_of, "/", "Content-Type: text/plain", method="POST", body=b"a=1").body == b"[]"


def test_multipart_form(run: Any) -> None:
    """A multipart form gives its fields, text as str, and files to read from."""
    body = (
        part('; name="x"', b"1") + part('; name="f"; filename="a.txt"\r\nContent-Type: text/y', b"file") + b"--b--\r\n"
    )
    answer = reading(run, fields_of, "/", MULTIPART, method="POST", body=body)
    assert answer.body == b"[['x', '1'], ['f', ['a.txt', b'file', 'text/y']]]"


@pytest.mark.parametrize(
    "body",
    [
        b"garbage",
        b"--b\r\n",
        part("", b"1") + b"--b--\r\n",
        part('; name="x"', b"\xff") + b"--b--\r\n",
        part('; name="x"\r\nContent-Type: multipart/mixed; boundary=c', b"--c\r\n\r\nx\r\n--c--") + b"--b--\r\n",
        part('; name="x"\r\nContent-Transfer-Encoding: zip', b"1") + b"--b--\r\n",
    ],
)
def test_malformed_multipart(run: Any, body: bytes) -> None:
    """A malformed multipart form gives 400."""
    assert reading(run, fields_of, "/", MULTIPART, method="POST", body=body).status == 400


def test_large_file_goes_to_disk(run: Any) -> None:
    """A file in a form may be larger than what is kept in memory, and is complete; the whole form is bounded."""

    async def handler(req: web.Request) -> web.Response:
        field = (await req.post())["f"]
        assert isinstance(field, web.FileField)
        return web.Response(text=str(len(field.file.read())))

    async def main() -> None:
        app = web.Application(client_max_size=2_000_000)
        app.router.add_post("/", handler)
        async with serve(app) as port:
            body = part('; name="f"; filename="a"', b"x" * 1_500_000) + b"--b--\r\n"
            assert (await ask(port, "/", MULTIPART, method="POST", body=body)).body == b"1500000"
            body = part('; name="f"; filename="a"', b"x" * 3_000_000) + b"--b--\r\n"
            assert (await ask(port, "/", MULTIPART, method="POST", body=body)).status == 413

    run(main())


def test_too_many_fields(run: Any) -> None:
    """A form with more than client_max_fields fields gives 413, in either form."""

    async def handler(req: web.Request) -> web.Response:
        return web.Response(text=str(len(await req.post())))

    async def main() -> None:
        app = web.Application(client_max_fields=3)
        app.router.add_post("/", handler)
        async with serve(app) as port:
            for count, status in ((3, 200), (4, 413)):
                body = b"&".join([b"a=1"] * count)
                assert (await ask(port, "/", FORM, method="POST", body=body)).status == status
                body = part('; name="x"', b"1") * count + b"--b--\r\n"
                assert (await ask(port, "/", MULTIPART, method="POST", body=body)).status == status

    run(main())


def test_clone_and_mapping(run: Any) -> None:
    """A clone has parts replaced and a copy of the state; it cannot be made once the body was read."""

    async def read(req: web.Request) -> list[Any]:
        key = web.RequestKey("key", int)
        req[key] = 1
        clone = req.clone(method="PUT", rel_url="/other?x=1", headers={"X": "y"}, host="h", scheme="https", remote="r")
        found = [clone.method, str(clone.rel_url), clone.headers["X"], clone.host, clone.scheme, clone.remote]
        found += [clone[key], clone.path, clone.raw_path]
        await req.read()
        try:
            req.clone()
        except RuntimeError:
            found.append("too late")
        return found

    expected = ["PUT", "/other?x=1", "y", "h", "https", "r", 1, "/other", "/other?x=1", "too late"]
    assert reading(run, read, method="POST", body=b"x").body.decode() == repr(expected)


def test_streamed_body(run: Any) -> None:
    """The content is a stream; trailers are there at its end."""

    async def read(req: web.Request) -> list[Any]:
        pieces = [data async for data, _ in req.content.iter_chunks()]
        return [b"".join(pieces), req.content.at_eof()]

    assert reading(run, read, method="POST", body=b"x" * 100).body == repr([b"x" * 100, True]).encode()


def test_request_key(run: Any) -> None:
    """RequestKey and ResponseKey are typed keys of the state."""
    key, other = web.RequestKey("name", int), web.ResponseKey("name", str)

    def read(req: web.Request) -> list[Any]:
        req[key] = 1
        response = web.Response()
        response[other] = "x"
        return [req[key], key in req, response[other], repr(key).startswith("<RequestKey(")]

    assert reading(run, read).body == b"[1, True, 'x', True]"


def test_spooled_file_is_whole(run: Any) -> None:
    """A file on disk has the octets that were sent, in their order, when it is larger than several writes."""
    content = b"".join(number.to_bytes(4, "big") for number in range(900_000))

    async def handler(req: web.Request) -> web.Response:
        field = (await req.post())["f"]
        assert isinstance(field, web.FileField)
        assert field.file.read() == content
        return web.Response()

    async def main() -> None:
        app = web.Application(client_max_size=5_000_000)
        app.router.add_post("/", handler)
        async with serve(app) as port:
            body = part('; name="f"; filename="a"', content) + b"--b--\r\n"
            assert (await ask(port, "/", MULTIPART, method="POST", body=body)).status == 200

    run(main())


class Disk:
    """Spooled files that can be full, or held in the middle of a write; each tells that it was closed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, full: bool = False) -> None:
        self.go_on = threading.Event()
        self.writing = asyncio.Event()
        self.events: list[str] = []
        loop = asyncio.get_running_loop()

        class SpooledFile(tempfile.SpooledTemporaryFile[bytes]):
            def rollover(spooled) -> None:
                super().rollover()
                if full:
                    raise OSError("no space left")
                loop.call_soon_threadsafe(self.writing.set)
                self.go_on.wait(10)
                self.events.append("written")

            def close(spooled) -> None:
                self.events.append("closed")
                super().close()

        monkeypatch.setattr("aiohttp_core._server.posted_form.tempfile.SpooledTemporaryFile", SpooledFile)


def test_full_disk(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be written raises where the form is read, and is closed."""
    raised: list[BaseException] = []

    async def main() -> Disk:
        disk = Disk(monkeypatch, full=True)

        async def handler(req: web.Request) -> web.Response:
            try:
                await req.post()
            except OSError as exc:
                raised.append(exc)
            return web.Response()

        app = web.Application(client_max_size=5_000_000)
        app.router.add_post("/", handler)
        async with serve(app) as port:
            body = part('; name="f"; filename="a"', b"x" * 2_500_000) + b"--b--\r\n"
            assert (await ask(port, "/", MULTIPART, method="POST", body=body)).status == 200
        return disk

    assert "closed" in run(main()).events
    assert [str(exc) for exc in raised] == ["no space left"]


def test_cancelled_while_writing(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading a form that is cancelled while a file is written lets the write end before it closes the file."""

    async def main() -> list[str]:
        disk = Disk(monkeypatch)

        async def handler(req: web.Request) -> web.Response:
            reading = asyncio.ensure_future(req.post())
            await disk.writing.wait()
            reading.cancel()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert not disk.events
            disk.go_on.set()
            with pytest.raises(asyncio.CancelledError):
                await reading
            return web.Response(text=" ".join(disk.events[:2]))

        app = web.Application(client_max_size=5_000_000)
        app.router.add_post("/", handler)
        async with serve(app) as port:
            body = part('; name="f"; filename="a"', b"x" * 2_500_000) + b"--b--\r\n"
            answer = await ask(port, "/", MULTIPART, method="POST", body=body)
        return answer.body.decode().split()

    assert run(main()) == ["written", "closed"]


@pytest.mark.parametrize("charset", ["undefined", "idna", "punycode", "\xff", "unicode_escape"])
def test_charsets_that_are_none(run: Any, charset: str) -> None:
    """Python's codecs that are no charsets, and names that are no text, are unknown charsets everywhere."""
    fields = f"Content-Type: text/plain; charset={charset}".encode("latin-1").decode("utf-8", "surrogateescape")
    assert reading(run, web.Request.text, "/", fields, method="POST", body=b"xn--a..").status == 415
    form = fields.replace("text/plain", "application/x-www-form-urlencoded")
    assert reading(run, web.Request.post, "/", form, method="POST", body=b"a=%ff").status == 415
    part = f"--B\r\nContent-Disposition: form-data; name=a\r\n{fields}\r\n\r\nx\r\n--B--\r\n"
    multipart = {"method": "POST", "body": part.encode("utf-8", "surrogateescape")}
    answer = reading(run, web.Request.post, "/", "Content-Type: multipart/form-data; boundary=B", **multipart)
    assert answer.status == 400


@pytest.mark.parametrize(
    ("head", "content", "read"),
    [
        ("Content-Transfer-Encoding: base64", b"A", "read"),
        ("Content-Transfer-Encoding: base64", b"A", "text"),
        ("Content-Transfer-Encoding: x", b"A", "read"),
        ("Content-Encoding: x", b"A", "read"),
        ("Content-Encoding: gzip", b"A", "read"),
        ("Content-Type: text/plain; charset=x", b"A", "text"),
        ("Content-Type: text/plain; charset=undefined", b"A", "form"),
        ("X: y", b"\xff", "text"),
        ("X: y", b"\xff", "form"),
        ("X: y", b"{", "json"),
        ("X: y", b"[" * 100000, "json"),
    ],
)
@pytest.mark.parametrize("nested", [False, True])
def test_parts_that_cannot_be_read(run: Any, head: str, content: bytes, read: str, nested: bool) -> None:
    """What a part's reader raises because of the part gives 400, unless the handler catches it."""
    body = f"--B\r\n{head}\r\n\r\n".encode() + content + b"\r\n--B--\r\n"
    if nested:
        body = b"--A\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n" + body + b"\r\n--A--\r\n"

    async def read_part(req: web.Request) -> str:
        reader: Any = await req.multipart()
        part = await reader.next()
        part = await part.next() if nested else part
        return repr(await (part.read(decode=True) if read == "read" else getattr(part, read)()))

    async def catching(req: web.Request) -> str:
        with pytest.raises((ValueError, LookupError, RuntimeError)):
            await read_part(req)
        return "caught"

    fields = f"Content-Type: multipart/mixed; boundary={'A' if nested else 'B'}"
    assert reading(run, read_part, "/", fields, method="POST", body=body).status == 400
    assert reading(run, catching, "/", fields, method="POST", body=body).body == b"caught"


@pytest.mark.parametrize(("encoding", "filling"), [("base64", b"\r\n"), ("quoted-printable", b"=\r\n")])
def test_fields_of_nothing_are_bounded(run: Any, encoding: str, filling: bytes) -> None:
    """Octets of which decoding leaves nothing count as others do, and do not nest calls."""
    head = f"--B\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    kwargs: dict[str, Any] = {"method": "POST", "body": head.encode() + filling * 600_000 + b"\r\n--B--\r\n"}
    fields = ("/", "Content-Type: multipart/form-data; boundary=B")
    assert reading(run, web.Request.post, *fields, **kwargs).status == 413


def test_target_that_is_no_url_is_shown(run: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Logs show a request whose target is no URL, and nothing is logged as an error."""
    seen: list[str] = []

    async def main() -> None:
        async def handler(req: Any) -> web.Response:
            seen.append(repr(req))
            return web.Response(text=str(req.url))

        loop = asyncio.get_running_loop()
        server = await loop.create_server(web.Server(handler), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        assert (await ask(port, "http://xn--/")).status == 400
        server.close()
        await server.wait_closed()

    with caplog.at_level(logging.INFO, "aiohttp.access"):
        run(main())
    assert seen == ["<BaseRequest GET http://xn--/ >"]
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert '"GET http://xn--/ HTTP/1.1" 400' in caplog.text
