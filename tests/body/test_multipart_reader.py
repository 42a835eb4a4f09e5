import asyncio
import base64
import gzip
import os
import quopri
import time
import zlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, ClassVar, TypeVar

import pytest
from body.streams import Source, splits
from hypothesis import given
from hypothesis import strategies as st
from vectors.multipart import FIELD, VECTORS, Vector

from aiohttp_core._body.body_part import BodyPartReader, BodyPartReaderPayload
from aiohttp_core._body.errors import IncompleteMultipart, MultipartError, PartLimitExceeded
from aiohttp_core._body.multipart_reader import MultipartReader
from aiohttp_core._connection.stream_reader import StreamReader

MIXED = "multipart/mixed; boundary=B"
FORM = "multipart/form-data; boundary=B"
Result = TypeVar("Result")


def reader(chunks: Iterable[bytes], content_type: str = MIXED, **limits: Any) -> MultipartReader:
    return MultipartReader({"Content-Type": content_type}, Source(chunks), **limits)


async def read_all(multipart: MultipartReader) -> list[Any]:
    parts: list[Any] = []
    while (part := await multipart.next()) is not None:
        if isinstance(part, MultipartReader):
            parts.append(await read_all(part))
        else:
            parts.append((part.name, part.filename, await part.read()))
            assert part.at_eof()
    assert multipart.at_eof()
    return parts


async def only_part(head: bytes, body: bytes, content_type: str = MIXED, **limits: Any) -> BodyPartReader:
    part = await reader([b"--B\r\n" + head + b"\r\n\r\n" + body + b"\r\n--B--\r\n"], content_type, **limits).next()
    assert isinstance(part, BodyPartReader)
    return part


def run(function: Callable[[], Awaitable[Result]]) -> Result:
    async def main() -> Result:
        return await function()

    return asyncio.run(main())


HI = gzip.compress(b"hi", mtime=0)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_vector(vector: Vector) -> None:
    """A body has its vector's parts, or is its vector's error, whichever way it is cut into chunks."""

    async def main() -> None:
        for chunks in splits(vector.wire) if vector.wire else [[]]:
            multipart = reader(chunks, vector.content_type)
            if vector.error is None:
                assert await read_all(multipart) == vector.parts
            else:
                with pytest.raises(vector.error):
                    await read_all(multipart)

    asyncio.run(main())


@given(
    st.lists(st.binary(max_size=60) | st.sampled_from([b"\r\n", b"\r\n--", b"--B", b"\r"]), max_size=4),
    st.integers(1, 9),
)
def test_any_body(pieces: list[bytes], step: int) -> None:
    """Any octets come through as long as they do not hold the delimiter."""
    body = b"".join(pieces).replace(b"\r\n--B", b"")
    if body.startswith(b"--B"):
        body = body[3:]
    wire = b"--B\r\n\r\n" + body + b"\r\n--B--"
    if b"\r\n--B" in body or body.startswith(b"--B"):
        return
    chunks = [wire[index : index + step] for index in range(0, len(wire), step)]
    assert run(lambda: read_all(reader(chunks))) == [(None, None, body)]


@pytest.mark.parametrize("junk", [b"\r\n", b"\r", b"\n", b"\r\n-", b"\r\n--", b"\r\n\r", b"--B"])
@pytest.mark.parametrize("step", [1 << 16, 7])
def test_linear_time(junk: bytes, step: int) -> None:
    """CVE-2023-46136: a body of line ends takes no longer than any other."""
    body = b"x" + junk * (300_000 // len(junk) if step == 7 else 3_000_000 // len(junk))
    wire = b"--B\r\n\r\n" + body + b"\r\n--B--"
    chunks = [wire[index : index + step] for index in range(0, len(wire), step)]
    started = time.process_time()
    assert run(lambda: read_all(reader(chunks))) == [(None, None, body)]
    assert time.process_time() - started < 3


def test_end_of_stream_in_a_part_with_length() -> None:
    """CVE-2024-30251: a part that announces more than comes is an error after a bounded number of reads."""

    async def main() -> int:
        source = Source([b"--B\r\nContent-Length: 1000000\r\n\r\nabc"])
        multipart = MultipartReader({"Content-Type": MIXED}, source)
        part = await multipart.next()
        assert isinstance(part, BodyPartReader)
        with pytest.raises(IncompleteMultipart):
            await part.read()
        return source.reads

    assert asyncio.run(main()) < 5


@pytest.mark.parametrize(
    ("head", "limits"),
    [
        (b"A: " + b"x" * 9000 + b"\r\n\r\n", {}),
        (b"A: x\r\n" * 129 + b"\r\n", {}),
        (b"A: " + b"x" * 50 + b"\r\n\r\n", {"max_field_size": 50}),
        (b"A: x\r\n" * 3 + b"\r\n", {"max_headers": 2}),
    ],
)
def test_field_limits(head: bytes, limits: dict[str, Any]) -> None:
    """CVE-2026-34516: the length and number of each part's fields are limited."""
    for chunks in ([b"--B\r\n" + head], [b"--B\r\n", *(head[index : index + 1] for index in range(len(head)))]):
        with pytest.raises(PartLimitExceeded):
            run(lambda chunks=chunks: reader(chunks, **limits).next())  # type: ignore[misc]


def test_limits_are_inclusive() -> None:
    """A line and a number of fields that are exactly at the limit pass."""
    wire = b"--B\r\nA: " + b"x" * 47 + b"\r\nB: y\r\n\r\n\r\n--B--"
    assert run(lambda: read_all(reader([wire], max_field_size=50, max_headers=2))) == [(None, None, b"")]


def nested(depth: int) -> bytes:
    body = b"x"
    for level in reversed(range(depth)):
        head = f"Content-Type: multipart/mixed; boundary=b{level + 1}\r\n".encode() if level < depth - 1 else b""
        body = b"--b%d\r\n" % level + head + b"\r\n" + body + b"\r\n--b%d--" % level
    return body


def test_nesting_depth() -> None:
    """Multiparts nest ten levels deep and no deeper."""
    multipart = reader([nested(10)], "multipart/mixed; boundary=b0")
    parts: Any = run(lambda: read_all(multipart))
    for _ in range(9):
        (parts,) = parts
    assert parts == [(None, None, b"x")]
    with pytest.raises(PartLimitExceeded, match="nested"):
        run(lambda: read_all(reader([nested(11)], "multipart/mixed; boundary=b0")))


def test_parts_after_a_nested_multipart() -> None:
    """The outer multipart goes on behind the inner one, which may have an epilogue."""
    wire = (
        b"--B\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\nx\r\n--C\r\n\r\nin\r\n--C--\r\nepilogue"
        b"\r\n--B\r\n\r\nout\r\n--B--\r\n"
    )

    async def main() -> None:
        for chunks in splits(wire):
            assert await read_all(reader(chunks)) == [[(None, None, b"in")], (None, None, b"out")]

    asyncio.run(main())


def test_max_parts() -> None:
    """CVE-2023-25577: the number of parts can be limited."""

    class Limited(MultipartReader):
        max_parts = 2

    multipart = Limited({"Content-Type": MIXED}, Source([b"--B\r\n\r\n\r\n" * 3 + b"--B--"]))
    with pytest.raises(PartLimitExceeded, match="more than 2 parts"):
        run(lambda: read_all(multipart))


@pytest.mark.parametrize(
    ("content_type", "message"),
    [
        ("multipart/mixed", "boundary missed"),
        ("multipart/mixed; boundary=", "boundary is empty"),
        ("multipart/mixed; boundary=" + "x" * 71, "too long"),
        ("text/plain; boundary=B", "content type expected"),
    ],
)
def test_bad_content_type(content_type: str, message: str) -> None:
    """A multipart needs a boundary of 1 to 70 characters."""
    with pytest.raises(MultipartError, match=message):
        reader([], content_type)


def test_quoted_boundary() -> None:
    """RFC 2046 allows nearly anything in a quoted boundary."""
    wire = b"--a b;c\r\n\r\nx\r\n--a b;c--"
    assert run(lambda: read_all(reader([wire], 'multipart/mixed; boundary="a b;c"'))) == [(None, None, b"x")]


def test_size_limit() -> None:
    """CVE-2026-34517: the limit of a part's size is checked while it arrives."""

    class TooLarge(Exception):
        pass

    async def main() -> int:
        source = Source([b"--B\r\n\r\n", *[b"x" * 1000] * 1000])
        multipart = MultipartReader(
            {"Content-Type": MIXED}, source, client_max_size=5000, max_size_error_cls=lambda size: TooLarge(size)
        )
        part = await multipart.next()
        assert isinstance(part, BodyPartReader)
        with pytest.raises(TooLarge, match="5000"):
            await part.read()
        return source.reads

    assert asyncio.run(main()) < 10


def test_reading_on_drops_the_rest() -> None:
    """Asking for the next part drops what is left of the one before, whose reader then has nothing."""

    async def main() -> None:
        multipart = reader([b"--B\r\n\r\nabc\r\n--B\r\n\r\nd\r\n--B--"])
        first = await multipart.next()
        second = await multipart.next()
        assert isinstance(first, BodyPartReader)
        assert isinstance(second, BodyPartReader)
        assert (await second.read(), await first.read()) == (b"d", b"")
        assert await multipart.next() is None
        assert await multipart.next() is None

    asyncio.run(main())


def test_ways_to_read() -> None:
    """A part is read by chunks of an exact size, by lines, or at once, and these mix."""

    async def main() -> None:
        part = await only_part(b"A: b", b"abcdefgh" * 3)
        assert [await part.read_chunk(10) for _ in range(4)] == [b"abcdefghab", b"cdefghabcd", b"efgh", b""]
        assert part.at_eof()
        part = await only_part(b"A: b", b"l1\r\nl2\nl3")
        assert [await part.readline() for _ in range(4)] == [b"l1\r\n", b"l2\n", b"l3", b""]
        part = await only_part(b"A: b", b"l1\r\nl2\nl3")
        assert (await part.readline(), await part.read_chunk(1), await part.read()) == (b"l1\r\n", b"l", b"2\nl3")
        part = await only_part(b"A: b", b"abc")
        assert [chunk async for chunk in part] == [b"abc"]
        part = await only_part(b"A: b", b"abc")
        await part.release()
        assert (part.at_eof(), await part.read(), await part.next()) == (True, b"", None)

    asyncio.run(main())


def test_release() -> None:
    """Releasing the multipart reads to its end."""

    async def main() -> None:
        multipart = reader([b"--B\r\n\r\nabc\r\n--B\r\n\r\nd\r\n--B--"])
        await multipart.release()
        assert multipart.at_eof()
        assert [part async for part in multipart] == []

    asyncio.run(main())


@pytest.mark.parametrize(
    ("head", "body", "decoded"),
    [
        (b"Content-Encoding: gzip", HI, b"hi"),
        (b"Content-Encoding: deflate", zlib.compress(b"hi"), b"hi"),
        (b"Content-Encoding: deflate", zlib.compress(b"hi")[2:-4], b"hi"),
        (b"Content-Encoding: identity", b"hi", b"hi"),
        (b"Content-Transfer-Encoding: base64", base64.encodebytes(b"hi" * 100), b"hi" * 100),
        (b"Content-Transfer-Encoding: quoted-printable", b"=68=69", b"hi"),
        (b"Content-Transfer-Encoding: 8bit", b"hi", b"hi"),
        (b"Content-Encoding: gzip\r\nContent-Transfer-Encoding: base64", base64.b64encode(HI), b"hi"),
        (b"Content-Encoding: gzip", gzip.compress(bytes(1_000_000), mtime=0), bytes(1_000_000)),
    ],
)
def test_encodings(head: bytes, body: bytes, decoded: bytes) -> None:
    """A part is decoded from its transfer encoding and its content coding."""

    async def main() -> bytes:
        return bytes(await (await only_part(head, body)).read(decode=True))

    assert asyncio.run(main()) == decoded


def test_form_parts_have_no_content_coding() -> None:
    """RFC 7578: in a form, Content-Encoding is not looked at."""
    packed = HI

    async def main() -> bytes:
        return bytes(await (await only_part(b"Content-Encoding: gzip", packed, FORM)).read(decode=True))

    assert asyncio.run(main()) == packed


@pytest.mark.parametrize(
    ("head", "body", "error"),
    [
        (b"Content-Encoding: gzip", b"nonsense", ValueError),
        (b"Content-Encoding: gzip", HI[:-3], ValueError),
        (b"Content-Encoding: x", b"", RuntimeError),
        (b"Content-Encoding: gzip, gzip", gzip.compress(gzip.compress(b"", mtime=0), mtime=0), RuntimeError),
        (b"Content-Transfer-Encoding: x", b"a", RuntimeError),
        (b"Content-Transfer-Encoding: base64", b"a", ValueError),
    ],
)
def test_bad_encodings(head: bytes, body: bytes, error: type[Exception]) -> None:
    """A corrupt, cut or unknown encoding is an error and never a part of the data."""

    async def main() -> bytes:
        return bytes(await (await only_part(head, body)).read(decode=True))

    with pytest.raises(error):
        asyncio.run(main())


def test_bomb() -> None:
    """CVE-2025-69223: a part that unpacks to more than the limit is stopped on the way."""
    bomb = gzip.compress(bytes(50_000_000))

    async def main() -> None:
        part = await only_part(b"Content-Encoding: gzip", bomb, client_max_size=1_000_000)
        with pytest.raises(ValueError, match="1000000"):
            await part.read(decode=True)
        part = await only_part(b"Content-Encoding: gzip", bomb)
        data = await part.read()
        async for piece in part.decode_iter(data):
            assert len(piece) <= 256 * 1024
            break
        part = await only_part(b"Content-Encoding: gzip", bomb)
        with pytest.raises(ValueError, match="262144"):
            part.decode(data)

    asyncio.run(main())


@pytest.mark.parametrize("size", [1, 3, 7, 64, 8192])
@pytest.mark.parametrize(
    ("name", "encode"), [(b"base64", base64.encodebytes), (b"quoted-printable", quopri.encodestring)]
)
def test_chunks_decode_by_themselves(size: int, name: bytes, encode: Callable[[bytes], bytes]) -> None:
    """Chunks of a transfer encoding are cut so that each decodes by itself."""
    content = bytes(range(32, 256)) * 3 + b"a b  c = d" * 9

    async def main() -> bytes:
        part = await only_part(b"Content-Transfer-Encoding: " + name, encode(content).replace(b"\n", b"\r\n"))
        decoded = b""
        while chunk := await part.read_chunk(size):
            decoded += part.decode(chunk)
        return decoded

    assert asyncio.run(main()) == content


def test_compressed_chunks_continue_each_other() -> None:
    """A compressed part can be read and decoded chunk by chunk."""
    content = os.urandom(5000)

    async def main() -> bytes:
        part = await only_part(b"Content-Encoding: gzip", gzip.compress(content))
        decoded = b""
        while chunk := await part.read_chunk(100):
            decoded += part.decode(chunk)
        return decoded

    assert asyncio.run(main()) == content


def test_text_json_form() -> None:
    """A part is text in its charset, JSON, or an urlencoded form; an empty one is None or no fields."""

    async def main() -> None:
        assert await (await only_part(b"Content-Type: text/plain; charset=latin1", b"\xe9")).text() == "\xe9"
        assert await (await only_part(b"A: b", '{"a": "\xe9"}'.encode())).json() == {"a": "\xe9"}
        assert await (await only_part(b"A: b", b"a=1&b=%C3%A9&c")).form() == [("a", "1"), ("b", "\xe9"), ("c", "")]
        assert await (await only_part(b"A: b", b"")).json() is None
        assert await (await only_part(b"A: b", b"")).form() == []

    asyncio.run(main())


def test_charset_field() -> None:
    """RFC 7578 section 4.6: a first field ``_charset_`` names the charset of the others and is no part itself."""
    wire = (
        b'--B\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\nlatin1\r\n--B\r\n' + FIELD + b"\xe9\r\n--B--"
    )

    async def main() -> str:
        part = await reader([wire], FORM).next()
        assert isinstance(part, BodyPartReader)
        assert part.name == "a"
        return await part.text()

    assert asyncio.run(main()) == "\xe9"


def test_charset_field_is_bounded() -> None:
    """A ``_charset_`` of more than 31 octets is an error."""
    wire = b'--B\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\n' + b"l" * 32 + b"\r\n--B--"
    with pytest.raises(ValueError, match="charset"):
        run(lambda: reader([wire], FORM).next())


def test_part_as_payload() -> None:
    """A part can be sent on as a payload under its own name."""

    async def main() -> None:
        part = await only_part(b'Content-Disposition: form-data; name="a"; filename="x"', b"abc")
        payload = BodyPartReaderPayload(part)
        assert payload.headers["Content-Disposition"] == 'attachment; name="a"; filename="x"'
        assert await payload.as_bytes() == b"abc"
        with pytest.raises(TypeError):
            payload.decode()

    asyncio.run(main())


def test_from_response_releases_at_the_end() -> None:
    """The reader of a response gives its connection back after the last part."""

    class Response:
        headers: ClassVar = {"Content-Type": MIXED}
        content = Source([b"--B\r\n\r\nabc\r\n--B--"])
        released = False

        def release(self) -> None:
            self.released = True

    async def main() -> None:
        response = Response()
        wrapper = MultipartReader.from_response(response)
        parts = [await part.read() async for part in wrapper if isinstance(part, BodyPartReader)]
        assert parts == [b"abc"]
        assert response.released
        assert wrapper.at_eof()

    asyncio.run(main())


class Connection:
    """What a stream asks of what feeds it."""

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class CountingReader(StreamReader):
    """A program's own stream, which counts what is read."""

    count = 0

    async def read(self, n: int = -1) -> bytes:
        data = await super().read(n)
        self.count += len(data)
        return data


@pytest.mark.parametrize("stream_class", [StreamReader, CountingReader])
def test_pieces_as_they_came(stream_class: type[StreamReader]) -> None:
    """A part gives what a stream holds of it uncopied; a stream with a read() of its own is read by that."""

    async def main() -> None:
        stream = stream_class(Connection(), 2**16, loop=asyncio.get_running_loop())
        large = bytes(2**16)
        pieces = [b"--B\r\n\r\n" + large, large, b"the end\r\n--B--\r\n"]
        for piece in pieces:
            stream.feed_data(piece)
        stream.feed_eof()
        part = await MultipartReader({"Content-Type": MIXED}, stream).next()
        assert isinstance(part, BodyPartReader)
        got = []
        while piece := await part.read_piece():
            got.append(piece)
        assert b"".join(got) == large + large + b"the end"
        assert part.at_eof()
        if isinstance(stream, CountingReader):
            assert stream.count == sum(map(len, pieces))
        else:
            assert any(piece is large for piece in got)

    asyncio.run(main())


def test_pieces_and_chunks() -> None:
    """read_piece() goes on where another way to read stopped, and the other way round."""

    async def main() -> None:
        part = await reader([b"--B\r\n\r\nabc", b"defgh", b"\r\n--B--"]).next()
        assert isinstance(part, BodyPartReader)
        assert await part.read_chunk(1) == b"a"
        assert await part.read_piece() == b"bc"
        assert await part.read_chunk(2) == b"de"
        assert await part.read_piece() == b"fgh"
        assert await part.read_piece() == b""

    asyncio.run(main())
