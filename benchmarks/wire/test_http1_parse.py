"""HTTP/1 messages parsed: both twins beside aiohttp's two parsers, httptools and h11, in one run.

"parse" gives each peer's own head: ours with its fields as octets; "parse, mapping" builds the header mapping
of str too, as aiohttp's parsers always do. Every candidate's answer is checked before it is timed.
"""

import asyncio
import importlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from aiohttp_core._wire._accel import http_parser as compiled
from aiohttp_core._wire.http1 import parser_pure
from aiohttp_core._wire.http1.messages import Chunks

FIELDS = [
    ("Host", "www.example.com"),
    ("Connection", "keep-alive"),
    ("Cache-Control", "max-age=0"),
    ("sec-ch-ua", '"Chromium";v="126", "Not?A_Brand";v="8"'),
    ("sec-ch-ua-mobile", "?0"),
    ("sec-ch-ua-platform", '"Linux"'),
    ("Upgrade-Insecure-Requests", "1"),
    (
        "User-Agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    ),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"),
    ("Sec-Fetch-Site", "none"),
    ("Sec-Fetch-Mode", "navigate"),
    ("Sec-Fetch-User", "?1"),
    ("Sec-Fetch-Dest", "document"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
    ("Accept-Language", "en-US,en;q=0.9,de;q=0.8"),
    ("Cookie", "session=abcdef0123456789abcdef; theme=dark; lang=en"),
]


def written(start: str, fields: list[tuple[str, str]], body: bytes = b"") -> bytes:
    lines = [start, *(f"{name}: {value}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode() + body


def chunked(size: int, count: int) -> bytes:
    chunk = b"%x\r\n%b\r\n" % (size, b"x" * size)
    head = written("POST / HTTP/1.1", [("Host", "a"), ("Transfer-Encoding", "chunked")])
    return head + chunk * count + b"0\r\n\r\n"


WIRES = {
    "tiny GET": written("GET / HTTP/1.1", [("Host", "a")]),
    "browser GET": written("GET /path/to/page?query=1&x=y HTTP/1.1", FIELDS),
    "50 fields": written(
        "GET / HTTP/1.1", [("Host", "a"), *((f"X-Header-{number}", f"value number {number}") for number in range(49))]
    ),
    "response": written(
        "HTTP/1.1 200 OK",
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", "13"),
            ("Date", "Mon, 01 Jan 2024 00:00:00 GMT"),
            ("Server", "x"),
        ],
        b"Hello, World!",
    ),
    "100 chunks of 5 B": chunked(5, 100),
    "4 chunks of 16 KiB": chunked(16384, 4),
}
# Fields and octets of content, by which an answer is checked.
ANSWERS = {
    "tiny GET": (1, 0),
    "browser GET": (16, 0),
    "50 fields": (50, 0),
    "response": (4, 13),
    "100 chunks of 5 B": (2, 500),
    "4 chunks of 16 KiB": (2, 65536),
}
Parse = Callable[[], tuple[int, int]]
OURS: dict[str, Any] = {"pure": parser_pure}
if compiled is not None:
    OURS["compiled"] = compiled


def ours(twin: str, load: str, mapping: bool) -> Parse:
    wire = WIRES[load]
    response = load == "response"
    parser = OURS[twin].ResponseParser() if response else OURS[twin].RequestParser()
    feed, take = parser.feed, parser.next_event

    def parse() -> tuple[int, int]:
        if response:
            parser.expect("GET")
        feed(wire)
        head = take()
        octets = 0
        if head.body:
            while (event := take()) is not None:
                if type(event) is Chunks:
                    octets += len(event.data)
                elif type(event) is bytes:
                    octets += len(event)
        return len(head.headers if mapping else head.fields), octets

    return parse


class Transport:
    """What aiohttp's flow control calls."""

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


def aiohttps(kind: str, load: str, loop: asyncio.AbstractEventLoop) -> Parse:
    """aiohttp's parsers, found by name in the installed package."""
    try:
        module = importlib.import_module("aiohttp.http_parser")
        protocols = importlib.import_module("aiohttp.base_protocol")
    except ImportError:
        pytest.skip("aiohttp is not installed")
    role = "Response" if load == "response" else "Request"
    factory = getattr(module, f"Http{role}Parser{'C' if kind == 'compiled' else 'Py'}", None)
    if factory is None:
        pytest.skip(f"aiohttp has no {kind} parser here")
    protocol = protocols.BaseProtocol(loop)
    protocol.transport = Transport()
    parser = factory(protocol, loop, 2**16, max_line_size=8190, max_field_size=8190)
    wire = WIRES[load]

    def parse() -> tuple[int, int]:
        messages, _, _ = parser.feed_data(wire)
        ((head, payload),) = messages
        return len(head.headers), payload.total_bytes if hasattr(payload, "total_bytes") else 0

    return parse


class Collector:
    """httptools' callbacks, keeping what a head is made of."""

    parser: Any

    def on_message_begin(self) -> None:
        self.fields: list[tuple[bytes, bytes]] = []
        self.octets = 0

    def on_url(self, url: bytes) -> None:
        self.url = url

    def on_status(self, reason: bytes) -> None:
        self.reason = reason

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields.append((name, value))

    def on_headers_complete(self) -> None:
        self.version = self.parser.get_http_version()
        self.keep_alive = self.parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        self.octets += len(body)


def httptoolses(load: str) -> Parse:
    peer = pytest.importorskip("httptools")
    collector = Collector()
    response = load == "response"
    parser = collector.parser = peer.HttpResponseParser(collector) if response else peer.HttpRequestParser(collector)
    feed, wire = parser.feed_data, WIRES[load]

    def parse() -> tuple[int, int]:
        feed(wire)
        code = parser.get_status_code() if response else parser.get_method()
        assert code
        return len(collector.fields), collector.octets

    return parse


def h11s(load: str) -> Parse:
    peer = pytest.importorskip("h11")
    wire, response = WIRES[load], load == "response"

    def parse() -> tuple[int, int]:
        connection = peer.Connection(peer.CLIENT if response else peer.SERVER)
        if response:
            connection.send(peer.Request(method="GET", target="/", headers=[("Host", "a")]))
        connection.receive_data(wire)
        head = connection.next_event()
        octets = 0
        while not isinstance(event := connection.next_event(), peer.EndOfMessage):
            octets += len(event.data)
        return len(head.headers), octets

    return parse


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


CANDIDATES = [
    *(f"{twin}{how}" for twin in OURS for how in ("", ", mapping")),
    "aiohttp compiled",
    "aiohttp pure",
    "httptools",
    "h11",
]


@pytest.mark.parametrize("candidate", CANDIDATES)
@pytest.mark.parametrize("load", WIRES)
def test_parse(benchmark: Any, loop: asyncio.AbstractEventLoop, load: str, candidate: str) -> None:
    """One message after the other comes in on a kept connection, each by one read."""
    benchmark.group = f"parse {load}"
    if candidate.startswith("aiohttp"):
        parse = aiohttps(candidate.split()[1], load, loop)
    elif candidate == "httptools":
        parse = httptoolses(load)
    elif candidate == "h11":
        parse = h11s(load)
    else:
        parse = ours(candidate.partition(",")[0], load, candidate.endswith("mapping"))
    fields, octets = ANSWERS[load]
    answer = parse()
    # aiohttp's payload keeps its octets for a reader; how many they are is not its answer.
    assert answer == (fields, 0 if candidate.startswith("aiohttp") and not answer[1] else octets)
    benchmark(parse)
