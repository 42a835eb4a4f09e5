import asyncio
import gzip
import io
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from body.streams import Sink, Source

from aiohttp_core._body.body_part import BodyPartReader
from aiohttp_core._body.multipart_reader import MultipartReader
from aiohttp_core._body.multipart_writer import MultipartWriter
from aiohttp_core._body.payloads_in_memory import BytesPayload, StringPayload


def written(writer: MultipartWriter) -> bytes:
    async def main() -> bytes:
        sink = Sink()
        await writer.write(sink)
        return sink.data

    return asyncio.run(main())


def test_whole() -> None:
    """Parts stand between boundaries with their fields, and the size says how long it all is."""
    with MultipartWriter("mixed", boundary="B") as writer:
        writer.append("foo")
        writer.append(b"b", {"X": "y"})
        writer.append_json({"a": 1})
        writer.append_form({"a": "\xe9"})
        writer.append_form([("a", "b")], {"H": "i"})
        writer.append(io.BytesIO(b"io"), {"Content-Type": "image/png"})
        inner = MultipartWriter("related", boundary="C")
        inner.append("in")
        writer.append(inner)
    data = written(writer)
    assert data.startswith(b"--B\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n\r\nfoo\r\n--B\r\n")
    assert b"\r\n--B\r\nContent-Type: application/octet-stream\r\nX: y\r\nContent-Length: 1\r\n\r\nb\r\n" in data
    assert b"Content-Type: application/json\r\nContent-Length: 8\r\n\r\n" in data
    assert b"application/x-www-form-urlencoded\r\nH: i\r\nContent-Length: 3\r\n\r\na=b\r\n" in data
    assert b"Content-Type: image/png\r\nContent-Length: 2\r\n\r\nio\r\n" in data
    assert data.endswith(
        b"\r\n\r\n--C\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Length: 2\r\n\r\nin\r\n--C--\r\n\r\n--B--\r\n"
    )
    assert writer.size == len(data)
    assert asyncio.run(writer.as_bytes()) == data
    assert written(writer) == data
    assert (len(writer), bool(writer), len(list(writer))) == (7, True, 7)


def test_round_trip() -> None:
    """What is written is read back, encodings included, and sizes that are not known are not claimed."""

    async def generate() -> AsyncIterator[bytes]:
        yield b"gen"
        yield b"erated"

    contents = [b"gzip" * 50, b"deflate" * 50, b"base64" * 51, b"quoted =\xe9 \nx ", b"both" * 999, b"generated"]

    async def main() -> None:
        writer = MultipartWriter("mixed", boundary="a b")
        writer.append(contents[0], {"Content-Encoding": "gzip"})
        writer.append(contents[1], {"Content-Encoding": "deflate"})
        writer.append(contents[2], {"Content-Transfer-Encoding": "base64"})
        writer.append(contents[3], {"Content-Transfer-Encoding": "quoted-printable"})
        writer.append(contents[4], {"Content-Encoding": "gzip", "Content-Transfer-Encoding": "base64"})
        writer.append(generate())
        assert writer.size is None
        assert not writer.consumed
        sink = Sink()
        await writer.write(sink)
        assert writer.consumed
        reader = MultipartReader(writer.headers, Source(sink.chunks))
        for content in contents:
            part = await reader.next()
            assert isinstance(part, BodyPartReader)
            assert await part.read(decode=True) == content
        assert await reader.next() is None

    asyncio.run(main())


def test_deflate_is_raw() -> None:
    """In parts, "deflate" has no zlib header: that is how peers write and read it."""
    writer = MultipartWriter(boundary="B")
    writer.append(b"x" * 100, {"Content-Encoding": "deflate"})
    body = written(writer).partition(b"\r\n\r\n")[2].rpartition(b"\r\n--B--")[0]
    assert zlib.decompress(body, -15) == b"x" * 100


def test_as_bytes_encodes() -> None:
    """as_bytes() gives what write() would."""
    writer = MultipartWriter(boundary="B")
    writer.append(b"x" * 100, {"Content-Encoding": "gzip"})
    body = asyncio.run(writer.as_bytes()).partition(b"\r\n\r\n")[2].rpartition(b"\r\n--B--")[0]
    assert gzip.decompress(body) == b"x" * 100


@pytest.mark.parametrize(
    ("boundary", "value"),
    [("a", "a"), ("a b", '"a b"'), ('a"b\\', '"a\\"b\\\\"'), (":", '":"'), ("a,b", '"a,b"')],
)
def test_boundary(boundary: str, value: str) -> None:
    """A boundary that is no token is quoted in the content type."""
    writer = MultipartWriter(boundary=boundary)
    assert writer.content_type == f"multipart/mixed; boundary={value}"
    assert writer.boundary == boundary


@pytest.mark.parametrize("boundary", ["\xe9", "a\r\n", "\x00"])
def test_bad_boundary(boundary: str) -> None:
    """A boundary with control or other characters is a ValueError."""
    with pytest.raises(ValueError, match="boundary"):
        MultipartWriter(boundary=boundary)


@pytest.mark.parametrize("headers", [{"A": "b\r\nC: d"}, {"A\r\nB": "c"}, {"Content-Type": "a\x00b"}])
def test_no_field_injection(headers: dict[str, str]) -> None:
    """CVE-2026-50269: control characters in a part's fields are refused when it is added."""
    for writer in (MultipartWriter(), MultipartWriter("form-data")):
        with pytest.raises(ValueError, match="header injection"):
            writer.append("x", headers)


def test_unknown_encodings() -> None:
    """An encoding that cannot be produced is an error when the part is added."""
    writer = MultipartWriter()
    with pytest.raises(RuntimeError, match="unknown content encoding"):
        writer.append("x", {"Content-Encoding": "zzz"})
    with pytest.raises(RuntimeError, match="unknown content transfer encoding"):
        writer.append("x", {"Content-Transfer-Encoding": "zzz"})
    with pytest.raises(TypeError, match="Cannot create payload"):
        writer.append(3)
    assert len(writer) == 0


def test_form_data() -> None:
    """RFC 7578: form parts get a name, and no length or encodings."""
    writer = MultipartWriter("form-data", boundary="B")
    writer.append("x")
    assert b'Content-Disposition: form-data; name="section-0"\r\n\r\nx' in written(writer)
    for headers in ({"Content-Encoding": "gzip"}, {"Content-Length": "1"}, {"Content-Disposition": "attachment"}):
        with pytest.raises(ValueError, match="form-data"):
            writer.append("x", headers)


def test_without_closing_boundary() -> None:
    """The closing boundary can be left to the caller."""

    async def main() -> bytes:
        writer = MultipartWriter(boundary="B")
        writer.append("x")
        sink = Sink()
        await writer.write(sink, close_boundary=False)
        return sink.data

    assert asyncio.run(main()).endswith(b"x\r\n")


def test_close_closes_every_part(tmp_path: Path) -> None:
    """Closing reaches every part, also behind one that fails."""
    (tmp_path / "f").write_bytes(b"")

    class Failing(BytesPayload):
        _autoclose = False

        async def close(self) -> None:
            raise OSError("no")

    async def main() -> Any:
        writer = MultipartWriter()
        writer.append(Failing(b""))
        file = (tmp_path / "f").open("rb")
        writer.append(file)
        assert not writer.autoclose
        with pytest.raises(OSError, match="no"):
            await writer.close()
        return file

    assert asyncio.run(main()).closed


def test_decode() -> None:
    """The text is for people: fields and bodies in order."""
    writer = MultipartWriter(boundary="B")
    writer.append_payload(StringPayload("foo"))
    assert writer.decode() == "--B\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n\r\nfoo"
