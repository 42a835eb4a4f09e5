"""StreamWriter: heads, framing, coding, cutting at the promised length, waiting for the transport."""

import asyncio
import gc
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from connection.scripted import ScriptedTransport
from multidict import CIMultiDict

from aiohttp_core._connection.protocol import BaseProtocol, ConnectionLost
from aiohttp_core._connection.stream_writer import StreamWriter


def run(body: Callable[[StreamWriter, ScriptedTransport], Awaitable[None]]) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        transport = ScriptedTransport(loop)
        protocol = BaseProtocol(loop)
        transport.connect(protocol)
        await asyncio.wait_for(body(StreamWriter(protocol, loop), transport), 10)

    asyncio.run(main())


def test_head_and_small_content_leave_in_one_write() -> None:
    """The head waits for the content."""

    async def body(writer: StreamWriter, transport: ScriptedTransport) -> None:
        writer.set_head(b"HEAD\r\n\r\n")
        assert transport.written == []
        await writer.write_eof(b"content")
        assert transport.written == [b"HEAD\r\n\r\ncontent"]
        await writer.write_eof(b"again")
        assert len(transport.written) == 1

    run(body)


def test_chunks_and_trailers() -> None:
    """Chunked content is framed piece by piece, with trailer fields behind the last chunk."""

    async def body(writer: StreamWriter, transport: ScriptedTransport) -> None:
        writer.set_head(b"H")
        writer.enable_chunking()
        await writer.write(b"a" * 17)
        await writer.write(b"")
        writer.trailers = CIMultiDict({"Digest": "x"})
        await writer.write_eof(b"end")
        assert transport.octets == b"H11\r\n" + b"a" * 17 + b"\r\n3\r\nend\r\n0\r\nDigest: x\r\n\r\n"

    run(body)


def test_head_without_content_leaves_at_the_end() -> None:
    """A message without content is its head; chunked, it is also the last chunk."""

    async def plain(writer: StreamWriter, transport: ScriptedTransport) -> None:
        writer.set_head(b"H")
        await writer.write_eof()
        assert transport.octets == b"H"

    async def chunked(writer: StreamWriter, transport: ScriptedTransport) -> None:
        writer.set_head(b"H")
        writer.enable_chunking()
        await writer.write_eof()
        assert transport.octets == b"H0\r\n\r\n"

    run(plain)
    run(chunked)


def test_content_is_cut_at_the_promised_length() -> None:
    """Octets beyond Content-Length never leave: they would be the next message."""

    async def body(writer: StreamWriter, transport: ScriptedTransport) -> None:
        writer.length = 5
        await writer.write(b"abc")
        await writer.write(b"defgh")
        await writer.write_eof(b"more")
        assert transport.octets == b"abcde"

    run(body)


@pytest.mark.parametrize("chunked", [False, True])
def test_compression(chunked: bool) -> None:
    """Coded content inflates to what was written."""

    async def body(writer: StreamWriter, transport: ScriptedTransport) -> None:
        writer.enable_compression("deflate")
        if chunked:
            writer.enable_chunking()
        await writer.write(b"data " * 1000)
        await writer.write_eof(b"end")
        octets = transport.octets
        if chunked:
            pieces = []
            while octets != b"0\r\n\r\n":
                size, _, rest = octets.partition(b"\r\n")
                pieces.append(rest[: int(size, 16)])
                octets = rest[int(size, 16) + 2 :]
            octets = b"".join(pieces)
        assert zlib.decompress(octets) == b"data " * 1000 + b"end"

    run(body)


def test_writing_waits_while_the_transport_is_full() -> None:
    """Past the limit a write waits until the transport takes more."""

    async def body(writer: StreamWriter, transport: ScriptedTransport) -> None:
        writer.protocol.pause_writing()
        writing = asyncio.ensure_future(writer.write(bytes(100_000)))
        await asyncio.sleep(0)
        assert not writing.done()
        writer.protocol.resume_writing()
        await writing

    run(body)


def test_a_cancelled_writer_does_not_take_the_others_with_it() -> None:
    """Two writers wait for one transport: cancelling one leaves the other waiting."""

    async def body(writer: StreamWriter, transport: ScriptedTransport) -> None:
        writer.protocol.pause_writing()
        first, second = (asyncio.ensure_future(writer.drain()) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        assert first.cancelled()
        assert not second.done()
        writer.protocol.resume_writing()
        await second

    run(body)


def test_a_lost_connection_is_an_error() -> None:
    """Writing to, or waiting for, a connection that is gone raises."""

    async def body(writer: StreamWriter, transport: ScriptedTransport) -> None:
        writer.protocol.pause_writing()
        waiting = asyncio.ensure_future(writer.drain())
        await asyncio.sleep(0)
        transport.lose(OSError("gone"))
        with pytest.raises(ConnectionLost):
            await waiting
        with pytest.raises(ConnectionLost):
            await writer.write(b"x")

    run(body)


def test_corked_writes_leave_together() -> None:
    """While corked, writes are collected; large ones are not kept back."""

    async def body(writer: StreamWriter, transport: ScriptedTransport) -> None:
        protocol = writer.protocol
        protocol.cork()
        protocol.write(b"a")
        protocol.write(b"b")
        assert transport.written == []
        protocol.write(bytes(100_000))
        assert len(transport.octets) == 100_002
        protocol.write(b"c")
        protocol.uncork()
        protocol.write(b"d")
        assert transport.octets.endswith(b"cd")

    run(body)


def test_heads_in_aiohttps_shape() -> None:
    """write_headers takes a start line and fields, and refuses line ends in them."""

    async def body(writer: StreamWriter, transport: ScriptedTransport) -> None:
        await writer.write_headers("HTTP/1.1 200 OK", CIMultiDict({"A": "b"}))
        writer.send_headers()
        assert transport.octets == b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n"
        with pytest.raises(ValueError, match="Newline"):
            await writer.write_headers("HTTP/1.1 200 OK", CIMultiDict({"A": "b\r\nc: d"}))

    run(body)


def test_what_is_corked_is_bounded() -> None:
    """Many small writes are not collected without end."""

    async def body(writer: StreamWriter, transport: ScriptedTransport) -> None:
        protocol = writer.protocol
        protocol.cork()
        for _ in range(1000):
            protocol.write(bytes(1000))
        assert len(transport.octets) > 900_000

    run(body)


def test_a_connection_lost_when_nobody_waits_any_more() -> None:
    """When all who waited for the transport were cancelled, its loss is not reported as an error of the loop."""
    reported: list[dict[str, Any]] = []

    async def body(writer: StreamWriter, transport: ScriptedTransport) -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
        writer.protocol.pause_writing()
        waiting = asyncio.ensure_future(writer.drain())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        transport.lose(OSError("gone"))
        gc.collect()
        await asyncio.sleep(0)

    run(body)
    assert reported == []
