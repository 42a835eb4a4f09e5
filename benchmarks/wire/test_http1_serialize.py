"""HTTP/1 heads and chunks written: both twins beside aiohttp's and h11's."""

import importlib
from collections.abc import Callable
from typing import Any

import pytest
from multidict import CIMultiDict

from aiohttp_core._semantics.versions import HttpVersion11
from aiohttp_core._wire._accel import serializer as compiled
from aiohttp_core._wire.http1 import serializer_pure

HEADERS = {
    "small response": CIMultiDict(
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", "13"),
            ("Date", "Mon, 01 Jan 2024 00:00:00 GMT"),
            ("Server", "Python/3.11 aiohttp/3.14.5"),
        ]
    ),
    "50 fields": CIMultiDict([(f"X-Header-{number}", f"value number {number}") for number in range(50)]),
}
OURS: dict[str, Any] = {"pure": serializer_pure}
if compiled is not None:
    OURS["compiled"] = compiled
Write = Callable[[], bytes]


def ours(twin: str, load: str) -> Write:
    write, headers = OURS[twin].serialize_response_head, HEADERS[load]
    return lambda: write(HttpVersion11, 200, "OK", headers)


def aiohttps(kind: str, load: str) -> Write:
    try:
        module = importlib.import_module("aiohttp.http_writer")
    except ImportError:
        pytest.skip("aiohttp is not installed")
    write = getattr(module, "_serialize_headers" if kind == "compiled" else "_py_serialize_headers", None)
    if write is None or (kind == "compiled" and write is module._py_serialize_headers):
        pytest.skip(f"aiohttp has no {kind} writer here")
    headers = HEADERS[load]
    return lambda: write("HTTP/1.1 200 OK", headers)


def h11s(load: str) -> Write:
    peer = pytest.importorskip("h11")
    fields = list(HEADERS[load].items())

    def write() -> bytes:
        connection = peer.Connection(peer.SERVER)
        connection.receive_data(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.next_event()
        octets: bytes = connection.send(peer.Response(status_code=200, reason=b"OK", headers=fields))
        return octets

    return write


@pytest.mark.parametrize("candidate", [*OURS, "aiohttp compiled", "aiohttp pure", "h11"])
@pytest.mark.parametrize("load", HEADERS)
def test_serialize_head(benchmark: Any, load: str, candidate: str) -> None:
    """A response head is written from a header mapping."""
    benchmark.group = f"serialize {load}"
    if candidate.startswith("aiohttp"):
        write = aiohttps(candidate.split()[1], load)
    elif candidate == "h11":
        write = h11s(load)
    else:
        write = ours(candidate, load)
    octets = write()
    assert octets.startswith(b"HTTP/1.1 200 OK\r\n") and octets.endswith(b"\r\n\r\n")
    assert octets.count(b"\r\n") >= len(HEADERS[load]) + 2
    benchmark(write)


@pytest.mark.parametrize("size", [64, 65536])
@pytest.mark.parametrize("candidate", OURS)
def test_serialize_chunk(benchmark: Any, candidate: str, size: int) -> None:
    """One piece of content becomes one chunk."""
    benchmark.group = f"serialize a chunk of {size} B"
    data = b"x" * size
    assert benchmark(OURS[candidate].serialize_chunk, data) == b"%x\r\n%b\r\n" % (size, data)
