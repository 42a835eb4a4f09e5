"""Parsers in aiohttp's shape: what feed_data returns, upgrades, ends, errors."""

import asyncio
import gzip

import pytest

from aiohttp_core._connection.errors import BadHttpMessage, ContentEncodingError, ContentLengthError, InvalidHeader
from aiohttp_core._connection.message_parsers import (
    DeflateBuffer,
    HeadersParser,
    HttpRequestParser,
    HttpResponseParser,
)
from aiohttp_core._connection.stream_reader import EMPTY_PAYLOAD, StreamReader


class Source:
    def pause_reading(self) -> None:
        """Never full here."""

    def resume_reading(self) -> None:
        """Never full here."""


def test_requests_in_one_read() -> None:
    """Messages come with their streams, in aiohttp's fields."""

    async def main() -> None:
        parser = HttpRequestParser(None, asyncio.get_running_loop())
        messages, upgraded, tail = parser.feed_data(
            b"GET /a?b HTTP/1.1\r\nHost: x\r\n\r\nPOST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nab"
        )
        assert (upgraded, tail) == (False, b"")
        (get, nothing), (post, body) = messages
        assert (get.method, get.path, get.url.query_string, get.should_close) == ("GET", "/a?b", "b", False)
        assert nothing is EMPTY_PAYLOAD
        assert post.headers["Host"] == "x"
        assert parser.feed_data(b"c") == ([], False, b"")
        assert await body.read() == b"abc"

    asyncio.run(main())


def test_upgrade_gives_the_tail() -> None:
    """Behind an upgrade everything is the tail."""

    async def main() -> None:
        parser = HttpRequestParser(None, asyncio.get_running_loop())
        messages, upgraded, tail = parser.feed_data(
            b"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nrest"
        )
        assert messages[0][0].upgrade
        assert (upgraded, tail) == (True, b"rest")
        assert parser.feed_data(b"more") == ([], True, b"more")

    asyncio.run(main())


def test_responses_until_eof_and_decoded() -> None:
    """A body without length ends with the connection; its coding is undone."""

    async def main() -> None:
        parser = HttpResponseParser(Source(), asyncio.get_running_loop())
        head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
        [(message, body)], _, _ = parser.feed_data(head + gzip.compress(b"hello"))
        assert (message.code, message.reason, message.compression) == (200, "OK", "gzip")
        parser.feed_eof()
        assert await body.read() == b"hello"

    asyncio.run(main())


def test_errors() -> None:
    """A bad head raises; a body that breaks off fails its stream."""

    async def main() -> None:
        with pytest.raises(BadHttpMessage):
            HttpRequestParser(None, asyncio.get_running_loop()).feed_data(b"BAD\r\n\r\n")
        parser = HttpResponseParser(Source(), asyncio.get_running_loop())
        [(_, body)], _, _ = parser.feed_data(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")
        parser.feed_eof()
        with pytest.raises(ContentLengthError):
            await body.read()

    asyncio.run(main())


def test_headers_parser() -> None:
    """Lines to fields; bad ones raise."""
    fields, raw = HeadersParser().parse_headers([b"A: b", b"C:  d ", b""])
    assert fields == {"A": "b", "C": "d"}
    assert raw == ((b"A", b"b"), (b"C", b"d"))
    with pytest.raises(InvalidHeader):
        HeadersParser().parse_headers([b"A : b", b""])


def test_deflate_buffer() -> None:
    """Octets are decoded into the stream; a cut stream raises at its end."""

    async def main() -> None:
        reader = StreamReader(Source(), 2**16, loop=asyncio.get_running_loop())
        buffer = DeflateBuffer(reader, "gzip")
        coded = gzip.compress(b"hello")
        buffer.feed_data(coded, len(coded))
        buffer.feed_eof()
        assert await reader.read() == b"hello"
        cut = DeflateBuffer(StreamReader(Source(), 2**16, loop=asyncio.get_running_loop()), "gzip")
        cut.feed_data(coded[:10], 10)
        with pytest.raises(ContentEncodingError):
            cut.feed_eof()

    asyncio.run(main())
