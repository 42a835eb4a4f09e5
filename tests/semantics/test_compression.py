import gzip
import os
import time
import zlib
from collections.abc import Iterator
from types import ModuleType

import pytest

from aiohttp_core._semantics import compression
from aiohttp_core._semantics.compression import (
    MAX_MEMBERS,
    CorruptStream,
    Decompressor,
    TooManyMembers,
    TruncatedStream,
    UnsupportedCoding,
    compressor_for,
    decompressor_for,
    set_zlib_backend,
    supported_codings,
)

CODINGS = ["gzip", "x-gzip", "deflate", "deflate-raw", "br", "zstd"]
CONTENT = os.urandom(2000) + b"abc" * 5000


@pytest.fixture(params=CODINGS)
def coding(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name in ("br", "zstd") and name not in supported_codings():
        pytest.skip(f"no library for {name}")
    return name


def pack(coding: str, content: bytes) -> bytes:
    machine = compressor_for(coding)
    return machine.compress(content) + machine.flush()


def machine_for(coding: str) -> Decompressor:
    machine = decompressor_for(coding.removesuffix("-raw"))
    assert machine is not None
    return machine


def pieces(machine: Decompressor, data: bytes, max_length: int) -> Iterator[bytes]:
    yield machine.decompress(data, max_length)
    while machine.pending:
        yield machine.decompress(b"", max_length)


@pytest.mark.parametrize("step", [1, 7, 100_000])
@pytest.mark.parametrize("max_length", [0, 1, 1000])
def test_round_trip(coding: str, step: int, max_length: int) -> None:
    """What is packed comes out again, however it is cut and however little is taken at a time."""
    content = CONTENT if max_length != 1 else CONTENT[:3000]
    packed = pack(coding, content)
    machine = machine_for(coding)
    unpacked = b""
    for index in range(0, len(packed), step):
        for piece in pieces(machine, packed[index : index + step], max_length):
            assert not max_length or len(piece) <= max_length
            unpacked += piece
    machine.finish()
    assert machine.finished
    assert unpacked == content


def test_bomb_is_bounded(coding: str) -> None:
    """CVE-2025-69223: a call gives no more than it was asked for, and says that there is more."""
    packed = pack(coding, bytes(20_000_000))
    machine = machine_for(coding)
    assert len(machine.decompress(packed, 1000)) <= 1000
    assert machine.pending
    assert len(machine.decompress(b"", 1000)) <= 1000
    assert not machine.finished


def test_truncated(coding: str) -> None:
    """Input that ends early is an error when the end is announced, and only then."""
    packed = pack(coding, CONTENT)
    machine = machine_for(coding)
    machine.decompress(packed[: len(packed) // 2])
    with pytest.raises(TruncatedStream):
        machine.finish()


def test_corrupt(coding: str) -> None:
    """Input that breaks the format is an error."""
    machine = machine_for(coding)
    with pytest.raises(CorruptStream):
        machine.decompress(b"\xff\xff\xff\xff\xff\xff\xff\xff" * 10)
        machine.finish()


def test_nothing_is_a_valid_stream(coding: str) -> None:
    """No content at all is no error: senders announce a coding and send nothing."""
    machine = machine_for(coding)
    assert machine.decompress(b"") == b""
    assert not machine.pending
    machine.finish()


def test_octets_behind_the_end(coding: str) -> None:
    """What follows a complete stream is an error, in whatever pieces it comes and goes; it never leaves the reader
    waiting for output that does not come."""
    packed = pack(coding, b"hello")
    for max_length in (0, 1, 5, 100):
        for step in (1, 1000):
            machine = machine_for(coding)
            with pytest.raises(CorruptStream):
                for at in range(0, len(packed) + 35, step):
                    part = (packed + b"garbage" * 5)[at : at + step]
                    assert b"garbage" not in b"".join(piece for piece in pieces(machine, part, max_length))


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("step", [1, 1000])
def test_streams_one_after_the_other(coding: str, step: int) -> None:
    """Members of gzip, zeros behind each, and zlib streams are read as one content; half of one is none."""
    packed = pack(coding, b"hello")
    padding = bytes(5) if coding == "gzip" else b""
    machine = machine_for(coding)
    octets = (packed + padding) * 3
    got = b"".join(b"".join(pieces(machine, octets[at : at + step], 2)) for at in range(0, len(octets), step))
    assert got == b"hello" * 3
    machine.finish()
    assert machine.decompress(packed[:1]) == b""
    with pytest.raises(TruncatedStream):
        machine.finish()


@pytest.mark.parametrize("max_length", [0, 3])
@pytest.mark.parametrize("step", [1, 1000])
def test_gzip_members(max_length: int, step: int) -> None:
    """RFC 1952 section 2.2: members follow one another, and zeros may follow them."""
    packed = gzip.compress(b"one") + gzip.compress(b"") + gzip.compress(b"two") + bytes(20)
    machine = machine_for("gzip")
    unpacked = b""
    for index in range(0, len(packed), step):
        unpacked += b"".join(pieces(machine, packed[index : index + step], max_length))
    machine.finish()
    assert unpacked == b"onetwo"


def test_gzip_member_count() -> None:
    """#13362: the number of members is limited, so that empty ones cannot keep a server busy."""
    machine = machine_for("gzip")
    started = time.process_time()
    with pytest.raises(TooManyMembers):
        machine.decompress(gzip.compress(b"") * (MAX_MEMBERS + 1), 1000)
    assert time.process_time() - started < 1


@pytest.mark.skipif("zstd" not in supported_codings(), reason="no library for zstd")
def test_zstd_frames() -> None:
    """RFC 8878: frames follow one another, as many as the limit."""
    frame = pack("zstd", b"x")
    machine = machine_for("zstd")
    assert b"".join(pieces(machine, frame * 3, 1)) == b"xxx"
    machine.finish()
    with pytest.raises(TooManyMembers):
        machine_for("zstd").decompress(frame * (MAX_MEMBERS + 1))


def test_raw_deflate_is_told_from_zlib() -> None:
    """Both readings of "deflate" are understood, told apart by RFC 1950's check, also octet by octet."""
    for level in range(10):
        for content in (b"", b"x", CONTENT):
            for packed in (zlib.compress(content, level), zlib.compress(content, level)[2:-4]):
                machine = machine_for("deflate")
                assert b"".join(machine.decompress(packed[i : i + 1]) for i in range(len(packed))) == content
                machine.finish()


@pytest.mark.parametrize("coding", ["gzip, gzip", "compress", "gzip;q=1"])
def test_unsupported(coding: str) -> None:
    """Chains and codings nobody uses are refused (CVE-2025-66418: a chain multiplies the work)."""
    with pytest.raises(UnsupportedCoding, match="unknown content encoding"):
        decompressor_for(coding)
    with pytest.raises(UnsupportedCoding):
        compressor_for(coding)


def test_identity() -> None:
    """The identity needs no machine."""
    assert decompressor_for("identity") is None
    assert decompressor_for("") is None


def test_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another module with zlib's interface takes over from the next stream on."""
    monkeypatch.setattr(compression, "_zlib", zlib)
    backend = ModuleType("backend")
    calls: list[int] = []

    def decompressobj(wbits: int) -> object:
        calls.append(wbits)
        return zlib.decompressobj(wbits)

    backend.decompressobj = decompressobj  # type: ignore[attr-defined]
    backend.error = zlib.error  # type: ignore[attr-defined]
    set_zlib_backend(backend)
    assert machine_for("gzip").decompress(gzip.compress(b"x")) == b"x"
    assert calls == [31]
