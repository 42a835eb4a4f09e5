"""aiohttp's parsers, reader, writer and queue as adapters: what other libraries feed them and get."""

import asyncio
from typing import Any

import pytest

from aiohttp_core import StreamReader, WebSocketError, WSMsgType
from aiohttp_core._connection.protocol import BaseProtocol
from aiohttp_core.http_exceptions import TransferEncodingError
from aiohttp_core.http_parser import HttpPayloadParser, HttpRequestParser, HttpResponseParser
from aiohttp_core.http_websocket import (
    WebSocketDataQueue,
    WebSocketReader,
    WebSocketWriter,
    WSHandshakeError,
    ws_ext_gen,
    ws_ext_parse,
)


class Source(BaseProtocol):
    """A protocol whose connection only counts."""

    def __init__(self) -> None:
        super().__init__(asyncio.get_running_loop())


class Sink(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def is_closing(self) -> bool:
        return False


def test_request_parser() -> None:
    """feed_data gives messages with their bodies, whether the connection is upgraded, and the tail."""

    async def main() -> None:
        parser = HttpRequestParser(Source(), asyncio.get_running_loop(), 2**16)
        messages, upgraded, tail = parser.feed_data(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi")
        [(message, body)] = messages
        assert (message.method, message.path, upgraded, tail) == ("POST", "/a", False, b"")
        assert await body.read() == b"hi"

    asyncio.run(main())


def test_response_parser_takes_lines() -> None:
    """parse_message reads a head from lines, parse_headers only fields."""
    parser = HttpResponseParser()
    message = parser.parse_message([b"HTTP/1.1 204 No Content", b"A: b", b""])
    assert (message.code, message.headers["a"]) == (204, "b")
    headers, raw, close, coding, upgrade, chunked = parser.parse_headers([b"Connection: close", b"A: b", b""])
    assert headers["A"] == "b"
    assert raw[1] == (b"A", b"b")
    assert (close, coding, upgrade, chunked) == (True, None, False, False)


@pytest.mark.parametrize(
    ("options", "wire", "expected"),
    [
        ({"length": 3}, b"abcX", (True, b"X")),
        ({"chunked": True}, b"3\r\nabc\r\n0\r\n\r\nX", (True, b"X")),
        ({}, b"abc", (False, b"")),
    ],
)
def test_payload_parser(options: dict[str, Any], wire: bytes, expected: tuple[bool, bytes]) -> None:
    """The content of one message ends where its length, its last chunk or the connection says."""

    async def main() -> None:
        stream = StreamReader(Source(), 2**16, loop=asyncio.get_running_loop())
        parser = HttpPayloadParser(stream, **options)
        assert parser.feed_data(wire) == expected
        parser.feed_eof()
        assert await stream.read() == b"abc"

    asyncio.run(main())


def test_payload_parser_refuses_bad_chunks() -> None:
    """A chunk size that is none raises, also from the stream."""

    async def main() -> None:
        stream = StreamReader(Source(), 2**16, loop=asyncio.get_running_loop())
        parser = HttpPayloadParser(stream, chunked=True)
        with pytest.raises(TransferEncodingError):
            parser.feed_data(b"zz\r\n")
        with pytest.raises(TransferEncodingError):
            await stream.read()

    asyncio.run(main())


@pytest.mark.parametrize("use_mask", [False, True])
@pytest.mark.parametrize("compress", [0, 15])
def test_websocket_reader_and_writer(use_mask: bool, compress: int) -> None:
    """What the writer writes, in either role and compressed or not, the reader puts on the queue."""

    async def main() -> None:
        protocol, sink = Source(), Sink()
        writer = WebSocketWriter(protocol, sink, use_mask=use_mask, compress=compress)
        await writer.send_frame(b"hello" * 100, WSMsgType.TEXT)
        await writer.close(1000, b"bye")
        with pytest.raises(ConnectionResetError):
            await writer.send_frame(b"late", WSMsgType.TEXT)
        queue = WebSocketDataQueue(protocol, 2**16, loop=asyncio.get_running_loop())
        reader = WebSocketReader(queue, 4096, True, True)
        assert reader.feed_data(sink.written[:1]) == (False, b"")
        assert reader.feed_data(sink.written[1:]) == (False, b"")
        assert await queue.read() == (WSMsgType.TEXT, "hello" * 100, "")
        assert await queue.read() == (WSMsgType.CLOSE, 1000, "bye")
        assert not queue.is_eof()

    asyncio.run(main())


def test_websocket_reader_reports_violations_to_the_queue() -> None:
    """A message above the limit makes the queue raise, and no more is parsed."""

    async def main() -> None:
        queue = WebSocketDataQueue(Source(), 2**16, loop=asyncio.get_running_loop())
        reader = WebSocketReader(queue, 10)
        assert reader.feed_data(b"\x81\x14" + b"a" * 20) == (True, b"")
        with pytest.raises(WebSocketError) as caught:
            await queue.read()
        assert caught.value.code == 1009
        assert reader.feed_data(b"\x81\x02hi") == (True, b"\x81\x02hi")

    asyncio.run(main())


@pytest.mark.parametrize(
    ("field", "client", "server"),
    [
        ("permessage-deflate", (15, False), (15, False)),
        ("permessage-deflate; client_no_context_takeover; server_no_context_takeover", (15, True), (15, True)),
        ("x-other", (0, False), (0, False)),
        (None, (0, False), (0, False)),
    ],
)
def test_extension_field(field: str | None, client: tuple[int, bool], server: tuple[int, bool]) -> None:
    """The extension field means a window and whether our side forgets, for either role."""
    assert ws_ext_parse(field) == client
    assert ws_ext_parse(field, isserver=True) == server


def test_bad_extension_answer() -> None:
    """A server's answer with a parameter that is none is refused; a server ignores such an offer."""
    with pytest.raises(WSHandshakeError):
        ws_ext_parse("permessage-deflate; foo=3")
    assert ws_ext_parse("permessage-deflate; foo=3", isserver=True) == (0, False)


def test_extension_field_made() -> None:
    """ws_ext_gen writes the offer and the answer as aiohttp does."""
    assert ws_ext_gen() == "permessage-deflate; client_max_window_bits"
    assert ws_ext_gen(9) == "permessage-deflate; client_max_window_bits; server_max_window_bits=9"
    assert ws_ext_gen(15, True, True) == "permessage-deflate; server_no_context_takeover"
    with pytest.raises(ValueError, match="wbits"):
        ws_ext_gen(8)
