"""Files and directories of files."""

import asyncio
import errno
import gzip
import logging
import os
import re
import sys
import threading
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from server.serving import Answer, ask, request, serve, talk

from aiohttp_core import web
from aiohttp_core._connection.protocol import BaseProtocol, ConnectionLost
from aiohttp_core._connection.stream_writer import StreamWriter
from aiohttp_core._server import file_response
from aiohttp_core._server.file_response import OpenedFile, _Span, open_file
from aiohttp_core.test_utils import make_mocked_request

CONTENT = bytes(range(256)) * 4


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (root / "a.bin").write_bytes(CONTENT)
    (root / "big.bin").write_bytes(CONTENT * 1000)
    (root / "empty.txt").write_bytes(b"")
    (root / "gz.txt").write_bytes(b"plain")
    (root / "gz.txt.gz").write_bytes(gzip.compress(b"packed"))
    (root / "sub" / "<img onerror=x>.txt").write_bytes(b"x")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (tmp_path / "root-secret").mkdir()
    (tmp_path / "root-secret" / "x.txt").write_bytes(b"secret")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    (root / "variant.txt").write_bytes(b"plain")
    (root / "variant.txt.gz").symlink_to(tmp_path / "secret.txt")
    return root


def fetch(run: Any, root: Path, target: str, *fields: str, method: str = "GET", **options: Any) -> Answer:
    async def main() -> Answer:
        app = web.Application()
        app.router.add_static("/static", root, **options)
        async with serve(app) as port:
            return await ask(port, target, *fields, method=method)

    return run(main())


def test_file(run: Any, root: Path) -> None:
    """A file has its type, length, etag and date."""
    answer = fetch(run, root, "/static/a.bin")
    assert (answer.status, answer.body) == (200, CONTENT)
    info = (root / "a.bin").stat()
    assert answer.headers["Etag"] == f'"{info.st_mtime_ns:x}-{info.st_size:x}"'
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert fetch(run, root, "/static/empty.txt").headers["Content-Length"] == "0"
    answer = fetch(run, root, "/static/a.bin", method="HEAD")
    assert (answer.body, answer.headers["Content-Length"]) == (b"", str(len(CONTENT)))


def test_large_file(run: Any, root: Path) -> None:
    """A large file is sent whole, by the kernel or not."""
    assert fetch(run, root, "/static/big.bin").body == CONTENT * 1000


@pytest.mark.parametrize("name", ["a.bin", "big.bin"])
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=5-", slice(5, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=0-99999999", slice(0, None)),
    ],
)
def test_range(run: Any, root: Path, name: str, asked: str, expected: slice) -> None:
    """One range gives 206 with the octets asked for."""
    content = (root / name).read_bytes()
    answer = fetch(run, root, f"/static/{name}", f"Range: {asked}")
    assert (answer.status, answer.body) == (206, content[expected])
    start, stop, _ = expected.indices(len(content))
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(content)}"


@pytest.mark.parametrize("asked", ["bytes=99999-", "bytes=x", "bytes=5-1", "bytes=\u0661-", "bytes=99999-,88888-"])
def test_range_not_satisfiable(run: Any, root: Path, asked: str) -> None:
    """A range that is not there, or none, gives 416 with the size."""
    answer = fetch(run, root, "/static/a.bin", f"Range: {asked}")
    assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */1024")


def test_several_ranges(run: Any, root: Path) -> None:
    """Several ranges are answered as multipart/byteranges; too many or overlapping ones with the whole file."""
    answer = fetch(run, root, "/static/a.bin", "Range: bytes=0-1,10-12")
    assert answer.status == 206
    boundary = re.fullmatch(r"multipart/byteranges; boundary=(\w+)", answer.headers["Content-Type"])
    assert boundary
    assert len(answer.body) == int(answer.headers["Content-Length"])
    parts = answer.body.split(f"--{boundary[1]}".encode())
    assert b"Content-Range: bytes 0-1/1024\r\n\r\n" + CONTENT[:2] in parts[1]
    assert b"Content-Range: bytes 10-12/1024\r\n\r\n" + CONTENT[10:13] in parts[2]
    for asked in (",".join(["0-"] * 9), ",".join(f"{i}-{i}" for i in range(0, 900, 2))):
        answer = fetch(run, root, "/static/a.bin", f"Range: bytes={asked}")
        assert (answer.status, answer.body) == (200, CONTENT)


def test_conditions(run: Any, root: Path) -> None:
    """Conditional requests give 304 and 412 (RFC 9110 section 13)."""
    whole = fetch(run, root, "/static/a.bin")
    etag, modified = whole.headers["Etag"], whole.headers["Last-Modified"]
    old, new = formatdate(0, usegmt=True), formatdate(4_000_000_000, usegmt=True)
    for field, status in (
        (f"If-None-Match: {etag}", 304),
        (f"If-None-Match: W/{etag}", 304),
        ("If-None-Match: *", 304),
        ('If-None-Match: "x"', 200),
        (f"If-Modified-Since: {modified}", 304),
        (f"If-Modified-Since: {old}", 200),
        ("If-Modified-Since: nonsense", 200),
        (f"If-Match: {etag}", 200),
        ('If-Match: "x"', 412),
        (f"If-Match: W/{etag}", 412),
        (f"If-Unmodified-Since: {old}", 412),
        (f"If-Unmodified-Since: {new}", 200),
    ):
        answer = fetch(run, root, "/static/a.bin", field)
        assert answer.status == status, field
        assert answer.body == (CONTENT if status == 200 else b"")
    for field, status in ((etag, 206), ('"x"', 200), (modified, 206), (old, 200)):
        assert fetch(run, root, "/static/a.bin", "Range: bytes=0-1", f"If-Range: {field}").status == status


def test_precompressed(run: Any, root: Path) -> None:
    """A variant beside the file is sent where the client takes its coding, but for one that is a link."""
    answer = fetch(run, root, "/static/gz.txt", "Accept-Encoding: gzip")
    assert (answer.headers["Content-Encoding"], gzip.decompress(answer.body)) == ("gzip", b"packed")
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert fetch(run, root, "/static/gz.txt", "Accept-Encoding: gzip;q=0").body == b"plain"
    assert fetch(run, root, "/static/gz.txt", "Accept-Encoding: br").body == b"plain"
    assert fetch(run, root, "/static/variant.txt", "Accept-Encoding: gzip").body == b"plain"


OUTSIDE = [
    "/static/../secret.txt",
    "/static/%2e%2e/secret.txt",
    "/static/..%2fsecret.txt",
    "/static/sub/../../secret.txt",
    "/static/..\\secret.txt",
    "/static/..%5csecret.txt",
    "/static//etc/passwd",
    "/static/%2fetc/passwd",
    "/static/%5c%5chost%5cshare",
    "/static/C:%5cx",
    "/static/%00",
    "/static/a.bin%00.txt",
    "/static-secret/x.txt",
    "/static/link.txt",
]


@pytest.mark.parametrize("target", OUTSIDE)
def test_nothing_outside(run: Any, root: Path, target: str) -> None:
    """No path leads out of the directory; a link that does is not followed."""
    answer = fetch(run, root, target, show_index=True)
    assert answer.status in (403, 404)
    assert b"secret" not in answer.body


@pytest.mark.parametrize("target", [target for target in OUTSIDE if "link" not in target])
def test_nothing_outside_with_symlinks(run: Any, root: Path, target: str) -> None:
    """With follow_symlinks links are followed, and paths still lead nowhere."""
    assert fetch(run, root, target, follow_symlinks=True).status in (403, 404)
    assert fetch(run, root, "/static/link.txt", follow_symlinks=True).body == b"secret"


def test_no_oracle(run: Any, root: Path) -> None:
    """What is outside answers the same whether it exists or not."""
    there = fetch(run, root, "/static/../secret.txt")
    missing = fetch(run, root, "/static/../nothing.txt")
    assert (there.status, there.body) == (missing.status, missing.body)


def test_index(run: Any, root: Path) -> None:
    """A directory is shown where that is asked for, with names escaped."""
    assert fetch(run, root, "/static/sub").status == 403
    answer = fetch(run, root, "/static/sub", show_index=True)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"<img" not in answer.body
    assert b"&lt;img onerror=x&gt;.txt" in answer.body


def test_bad_directory(tmp_path: Path) -> None:
    """A directory that is none raises ValueError when it is added."""
    with pytest.raises(ValueError, match="does not exist"):
        web.Application().router.add_static("/s", tmp_path / "nope")


def test_file_response(run: Any, root: Path) -> None:
    """FileResponse sends one file; one that is missing gives 404, one that is no file 403."""

    async def handler(req: web.Request) -> web.StreamResponse:
        return web.FileResponse(root / req.match_info["name"], headers={"X": "y"})

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/{name:.*}", handler)
        async with serve(app) as port:
            answer = await ask(port, "/a.bin")
            assert (answer.body, answer.headers["X"]) == (CONTENT, "y")
            assert (await ask(port, "/nope")).status == 404
            assert (await ask(port, "/sub")).status == 403
            received = await talk(port, request("/a.bin", close=False) + request("/big.bin"))
            assert received.count(CONTENT) == 1001

    run(main())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_pipe_is_no_file(run: Any, root: Path) -> None:
    """A pipe in the directory does not block the server."""
    os.mkfifo(root / "pipe")
    assert fetch(run, root, "/static/pipe").status == 403


def test_no_descriptor_leaks(run: Any, root: Path) -> None:
    """Files are closed when clients go in the middle of them."""
    (root / "huge.bin").write_bytes(b"x" * 20_000_000)

    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    async def main() -> None:
        app = web.Application()
        app.router.add_static("/static", root)
        async with serve(app) as port:
            await ask(port, "/static/a.bin")
            before = descriptors()
            for _ in range(20):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(request("/static/huge.bin"))
                await reader.readexactly(1000)
                writer.transport.abort()
            for _ in range(200):
                if descriptors() <= before:
                    break
                await asyncio.sleep(0.01)
            assert descriptors() <= before

    if Path("/proc/self/fd").exists():
        run(main())


def test_not_modified_variant_varies(run: Any, root: Path) -> None:
    """A 304 for a variant says what it depends on, as the 200 does (RFC 9110 section 15.4.5)."""
    etag = fetch(run, root, "/static/gz.txt", "Accept-Encoding: gzip").headers["Etag"]
    answer = fetch(run, root, "/static/gz.txt", "Accept-Encoding: gzip", f"If-None-Match: {etag}")
    assert (answer.status, answer.headers["Vary"]) == (304, "Accept-Encoding")


@pytest.mark.skipif(sys.platform != "linux", reason="file names are any octets")
def test_index_of_names_that_are_no_text(run: Any, root: Path) -> None:
    """A directory is shown whatever octets its files' names are."""
    Path(os.fsdecode(os.path.join(os.fsencode(root), b"\xff.txt"))).write_bytes(b"x")
    Path(os.fsdecode(os.path.join(os.fsencode(root), b"d\xfe"))).mkdir()
    answer = fetch(run, root, "/static/", show_index=True)
    assert answer.status == 200
    assert b'<a href="/static/%FF.txt">\\udcff.txt</a>' in answer.body
    assert b'<a href="/static/d%FE">d\\udcfe/</a>' in answer.body


def test_client_that_goes_while_a_handler_sends_a_file(run: Any, root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A client that goes while a handler sends a file by itself is no error, whichever error the system gives."""
    (root / "huge.bin").write_bytes(b"x" * 20_000_000)
    ended: list[type[BaseException]] = []

    async def handler(req: web.Request) -> web.StreamResponse:
        response = web.FileResponse(root / "huge.bin")
        try:
            await response.prepare(req)
        except BaseException as exc:
            ended.append(type(exc))
            raise
        return response

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/", handler)
        async with serve(app) as port:
            for _ in range(3):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(request("/"))
                await reader.readexactly(1000)
                writer.transport.abort()
            while len(ended) < 3:
                await asyncio.sleep(0.01)

    run(main())
    assert all(issubclass(each, ConnectionResetError) for each in ended)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_errors_while_sending(run: Any, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the network while a file is sent is a lost connection; one of the disk stays what it is."""

    async def main() -> None:
        for number, expected in ((errno.ETIMEDOUT, ConnectionResetError), (errno.EIO, OSError)):

            async def failing(*_: Any, number: int = number) -> int:
                raise OSError(number, os.strerror(number))

            class Loop:
                sendfile = staticmethod(failing)

            request = make_mocked_request("GET", "/")
            writer = StreamWriter(BaseProtocol(asyncio.get_running_loop()), asyncio.get_running_loop())
            request.protocol.lost_error = ConnectionLost
            with (root / "big.bin").open("rb") as file, pytest.raises(OSError) as caught:
                opened = OpenedFile(file, 1, 0, 0, None, None)
                with monkeypatch.context() as patch:
                    patch.setattr(asyncio, "get_running_loop", Loop)
                    await web.FileResponse(root)._send_span(request, writer, opened, _Span(0, 1))
            assert type(caught.value) is (ConnectionLost if expected is ConnectionResetError else OSError)

    run(main())


def test_cancelled_while_the_file_is_opened(run: Any, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose opening nobody waits for any more is closed."""
    opened: list[Any] = []
    at_it, go_on = threading.Event(), threading.Event()

    def slow(*args: Any) -> Any:
        at_it.set()
        go_on.wait(10)
        opened.append(open_file(*args))
        return opened[0]

    monkeypatch.setattr(file_response, "open_file", slow)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        sending = loop.create_task(web.FileResponse(root / "a.bin").prepare(make_mocked_request("GET", "/")))
        await loop.run_in_executor(None, at_it.wait, 10)
        sending.cancel()
        await asyncio.wait({sending})
        del sending
        go_on.set()
        await loop.shutdown_default_executor()

    run(main())
    assert opened[0].file.closed
