import array
import asyncio
import io
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from body.streams import Sink

from aiohttp_core._body.payload import Payload, guess_filename
from aiohttp_core._body.payloads_from_files import BufferedReaderPayload, BytesIOPayload, IOBasePayload, TextIOPayload
from aiohttp_core._body.payloads_from_streams import AsyncIterablePayload, StreamReaderPayload
from aiohttp_core._body.payloads_in_memory import (
    BytesPayload,
    JsonBytesPayload,
    JsonPayload,
    StringIOPayload,
    StringPayload,
)
from aiohttp_core._body.registry import LookupError, Order, PayloadRegistry, get_payload


def written(payload: Payload, length: int | None = None) -> bytes:
    async def main() -> bytes:
        sink = Sink()
        if length is None:
            await payload.write(sink)
        else:
            await payload.write_with_length(sink, length)
        return sink.data

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("value", "kind", "size", "content_type"),
    [
        (b"abc", BytesPayload, 3, "application/octet-stream"),
        (bytearray(b"abc"), BytesPayload, 3, "application/octet-stream"),
        (memoryview(b"abc"), BytesPayload, 3, "application/octet-stream"),
        ("abc", StringPayload, 3, "text/plain; charset=utf-8"),
        (io.StringIO("abc"), StringIOPayload, 3, "text/plain; charset=utf-8"),
        (io.BytesIO(b"abc"), BytesIOPayload, 3, "application/octet-stream"),
    ],
)
def test_in_memory(value: Any, kind: type, size: int, content_type: str) -> None:
    """What is in memory has a size, needs no closing, and can be written twice and in part."""
    payload = get_payload(value)
    assert type(payload) is kind
    assert (payload.size, payload.content_type, payload.autoclose, payload.consumed) == (
        size,
        content_type,
        True,
        False,
    )
    assert written(payload) == written(payload) == b"abc"
    assert written(payload, 2) == b"ab"
    assert written(payload, 9) == b"abc"
    assert payload.decode() == "abc"
    assert asyncio.run(payload.as_bytes()) == b"abc"


def test_files(tmp_path: Path) -> None:
    """Files have the size from where they stand, are read again from there, and are closed when asked."""
    path = tmp_path / "f.txt"
    path.write_bytes(b"0123456789")
    for mode, buffering, kind in (
        ("rb", -1, BufferedReaderPayload),
        ("rb", 0, IOBasePayload),
        ("r", -1, TextIOPayload),
    ):
        with open(path, mode, buffering=buffering) as file:
            if mode == "rb":
                file.read(4)
            expected = b"456789" if mode == "rb" else b"0123456789"
            payload = get_payload(file)
            assert type(payload) is kind
            assert payload.size == len(expected)
            assert written(payload) == written(payload) == expected
            assert written(payload, 3) == expected[:3]
            assert asyncio.run(payload.as_bytes()) == expected
            assert payload.decode() == expected.decode()
            assert payload.headers["Content-Disposition"] == 'attachment; filename="f.txt"'
            assert not payload.consumed
            asyncio.run(payload.close())
            assert file.closed
            asyncio.run(payload.close())


def test_large_file_is_read_in_pieces(tmp_path: Path) -> None:
    """A file is never in memory as a whole."""
    path = tmp_path / "f"
    path.write_bytes(bytes(600_000))

    async def main() -> list[int]:
        with path.open("rb") as file:
            sink = Sink()
            await get_payload(file).write(sink)
            return [len(chunk) for chunk in sink.chunks]

    assert asyncio.run(main()) == [262144, 262144, 75712]


def test_pipe_is_consumed() -> None:
    """What cannot seek has no size and is used up by the first writing."""
    read_end, write_end = os.pipe()
    os.write(write_end, b"hello")
    os.close(write_end)
    with os.fdopen(read_end, "rb") as file:
        payload = get_payload(file)
        assert written(payload) == b"hello"
        assert payload.consumed
        assert written(payload) == b""


def test_text_file_in_another_charset(tmp_path: Path) -> None:
    """A text file is sent in the charset of its content type, and its size is not known where that differs."""
    path = tmp_path / "f"
    path.write_text("\xe9", encoding="latin1")
    with path.open(encoding="latin1") as file:
        payload = get_payload(file)
        assert payload.size is None
        assert written(payload) == "\xe9".encode()


def test_async_iterable() -> None:
    """An asynchronous iterable is written once, unless its octets were asked for before."""

    async def generate() -> AsyncIterator[bytes]:
        yield b"ab"
        yield b"cd"

    payload = get_payload(generate())
    assert isinstance(payload, AsyncIterablePayload)
    assert payload.size is None
    with pytest.raises(TypeError):
        payload.decode()
    assert written(payload) == b"abcd"
    assert payload.consumed
    assert written(payload) == b""

    payload = get_payload(generate())
    assert asyncio.run(payload.as_bytes()) == b"abcd"
    assert written(payload) == written(payload) == b"abcd"
    assert payload.decode() == "abcd"
    assert written(payload, 3) == b"abc"
    assert written(get_payload(generate()), 3) == b"abc"


def test_stream() -> None:
    """A stream that is received is passed on by chunks, not by lines."""

    class Stream:
        def iter_any(self) -> AsyncIterator[bytes]:
            async def chunks() -> AsyncIterator[bytes]:
                yield b"a\nb"

            return chunks()

        def __aiter__(self) -> AsyncIterator[bytes]:
            raise AssertionError("by lines")

    payload = get_payload(Stream())
    assert type(payload) is StreamReaderPayload
    assert written(payload) == b"a\nb"


@pytest.mark.parametrize(
    ("options", "content_type", "data"),
    [
        ({}, "text/plain; charset=utf-8", b"\xc3\xa9"),
        ({"encoding": "latin1"}, "text/plain; charset=latin1", b"\xe9"),
        ({"content_type": "text/html; charset=latin1"}, "text/html; charset=latin1", b"\xe9"),
        ({"content_type": "a/b", "encoding": "utf-16-le"}, "a/b", b"\xe9\x00"),
    ],
)
def test_text_charset(options: dict[str, str], content_type: str, data: bytes) -> None:
    """Text is encoded as its content type says, and its octets are what is sent."""
    payload = StringPayload("\xe9", **options)
    assert (payload.content_type, written(payload)) == (content_type, data)
    assert asyncio.run(payload.as_bytes()) == data


def test_json() -> None:
    """JSON comes as text or as bytes, with its content type."""
    assert written(JsonPayload({"a": 1})) == b'{"a": 1}'
    payload = JsonBytesPayload({"a": 1}, dumps=lambda value: json.dumps(value).encode())
    assert (written(payload), payload.content_type) == (b'{"a": 1}', "application/json")


def test_fields() -> None:
    """Given fields win over guessed ones; a file name guesses the content type of what has none of its own."""
    assert BytesPayload(b"", headers={"Content-Type": "text/q"}).content_type == "text/q"
    assert BytesPayload(b"", content_type="text/x", headers={"A": "b"}).headers["A"] == "b"
    assert IOBasePayload(io.BytesIO(), filename="x.png").content_type == "image/png"
    assert IOBasePayload(io.BytesIO(), disposition=None, filename="x").headers.get("Content-Disposition") is None


@pytest.mark.parametrize("value", ["b\r\nC: d", "b\x00", "b\nc", "b\rc"])
def test_no_field_injection(value: str) -> None:
    """CVE-2026-50269: control characters never reach the head of a part."""
    with pytest.raises(ValueError, match="header injection"):
        _ = BytesPayload(b"", headers={"A": value})._binary_headers


def test_wrong_values() -> None:
    """A value of the wrong type is a TypeError; no payload for it, a LookupError of ours."""
    with pytest.raises(TypeError):
        BytesPayload("x")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        AsyncIterablePayload([1])  # type: ignore[arg-type]
    with pytest.raises(LookupError):
        get_payload(3)


def test_large_bytes_warn() -> None:
    """More than a mebibyte in one object gets a warning."""
    with pytest.warns(ResourceWarning, match="large body"):
        BytesPayload(bytes(2**20 + 1))
    BytesPayload(bytes(2**20))


def test_memoryview_of_numbers() -> None:
    """Lengths count octets, whatever a memoryview's items are."""
    payload = BytesPayload(memoryview(array.array("H", [1, 2])))
    assert payload.size == 4
    assert len(written(payload, 3)) == 3


def test_registry_order() -> None:
    """A type registered to be tried first wins over an exact one; the last is for what nothing else fits."""

    class First(BytesPayload):
        pass

    class Last(StringPayload):
        pass

    registry = PayloadRegistry()
    registry.register(BytesPayload, (bytes, bytearray))
    registry.register(Last, object, order=Order.try_last)
    assert type(registry.get(b"")) is BytesPayload
    assert type(registry.get("")) is Last
    registry.register(First, bytes, order=Order.try_first)
    assert type(registry.get(b"")) is First
    payload = BytesPayload(b"")
    assert registry.get(payload) is payload


def test_own_payload() -> None:
    """A user's payload needs only decode() and write()."""

    class Mine(Payload):
        def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
            return "mine"

        async def write(self, writer: Any) -> None:
            await writer.write(b"mine")

    payload = Mine(None)
    assert written(payload, 2) == b"mi"
    assert asyncio.run(payload.as_bytes()) == b"mine"
    assert (payload.size, payload.autoclose, payload.content_type) == (None, False, "application/octet-stream")


def test_guess_filename(tmp_path: Path) -> None:
    """A file's name is the last part of its path; pseudo names and numbers are none."""
    with (tmp_path / "x").open("w") as file:
        assert guess_filename(file) == "x"
    file_like = io.BytesIO()
    assert guess_filename(file_like, "default") == "default"
    file_like.name = "<fdopen>"
    assert guess_filename(file_like) is None
