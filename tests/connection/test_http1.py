"""Http1Connection and BodyReceiver: events to streams, decoding, back-pressure, failure."""

import asyncio
import gzip
import os
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from connection.scripted import ScriptedTransport

from aiohttp_core._connection.body_receiver import BodyReceiver, receiver_for
from aiohttp_core._connection.errors import (
    ContentEncodingError,
    ContentLengthError,
    TransferEncodingError,
    translate,
)
from aiohttp_core._connection.http1 import PENDING_LIMIT, Http1Connection
from aiohttp_core._connection.stream_reader import StreamReader
from aiohttp_core._wire.errors import WireError
from aiohttp_core._wire.http1.messages import RequestHead
from aiohttp_core._wire.http1.parser import request_parser


class Role(Http1Connection):
    """Keeps heads and readers; holds after each message when told to."""

    def __init__(self, loop: asyncio.AbstractEventLoop, limit: int = 2**16) -> None:
        super().__init__(loop, request_parser())
        self.limit = limit
        self.heads: list[RequestHead] = []
        self.readers: list[StreamReader] = []
        self.messages = 0
        self.failures: list[WireError] = []
        self.holding = False

    def head_received(self, head: RequestHead) -> BodyReceiver | None:
        self.heads.append(head)
        if not head.body:
            return None
        reader = StreamReader(self, self.limit, loop=self._loop)
        self.readers.append(reader)
        return receiver_for(reader, head.headers.get("Content-Encoding"))

    def message_received(self) -> None:
        self.messages += 1
        if self.holding:
            self.hold()

    def receiving_failed(self, exc: WireError) -> None:
        self.failures.append(exc)

    def translate(self, exc: Exception) -> BaseException:
        return translate(exc)


def run(body: Callable[[Role, ScriptedTransport], Awaitable[None]], limit: int = 2**16) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        transport = ScriptedTransport(loop)
        role = Role(loop, limit)
        transport.connect(role)
        await asyncio.wait_for(body(role, transport), 10)

    asyncio.run(main())


def post(body: bytes, *fields: str) -> bytes:
    lines = ["POST / HTTP/1.1", "Host: a", f"Content-Length: {len(body)}", *fields, "", ""]
    return "\r\n".join(lines).encode() + body


GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def test_pipelined_messages() -> None:
    """Messages in one read come one after the other, with their content."""

    async def body(role: Role, transport: ScriptedTransport) -> None:
        transport.deliver(GET + post(b"abc") + GET)
        assert [head.method for head in role.heads] == ["GET", "POST", "GET"]
        assert role.messages == 3
        assert await role.readers[0].read() == b"abc"

    run(body)


def test_hold_stops_parsing_and_bounds_what_waits() -> None:
    """SECURITY 38: while a role holds, nothing further is parsed, and the socket is paused above the limit."""

    async def body(role: Role, transport: ScriptedTransport) -> None:
        role.holding = True
        transport.deliver(GET * 3)
        assert len(role.heads) == 1
        while transport.reading:
            transport.deliver(GET * 100)
            assert role._parser.pending < PENDING_LIMIT + 100 * len(GET) + 1
        waiting = role._parser.pending // len(GET)
        for _ in range(waiting):
            role.release_hold()
        assert len(role.heads) == 1 + waiting
        assert transport.reading

    run(body)


def test_trailers_reach_the_stream() -> None:
    """Trailer fields are there once the end is."""

    async def body(role: Role, transport: ScriptedTransport) -> None:
        wire = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nDigest: x\r\n\r\n"
        transport.deliver(wire)
        reader = role.readers[0]
        assert await reader.readchunk() == (b"abc", True)
        assert reader.at_eof()
        assert reader.trailers == {"Digest": "x"}

    run(body)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, deflate"])
@pytest.mark.parametrize("cut", [1, 7, 10_000])
def test_codings_are_undone(coding: str, cut: int) -> None:
    """Content codings, stacked ones too, are undone however the octets were cut."""
    plain = b"hello world " * 500
    coded = plain
    for name in coding.split(", "):
        coded = gzip.compress(coded) if name == "gzip" else zlib.compress(coded)

    async def body(role: Role, transport: ScriptedTransport) -> None:
        wire = post(coded, f"Content-Encoding: {coding}")
        for start in range(0, len(wire), cut):
            transport.deliver(wire[start : start + cut])
        assert await role.readers[0].read() == plain
        assert role.readers[0].total_compressed_bytes == len(coded)

    run(body)


def test_a_bomb_is_inflated_only_as_far_as_it_is_read() -> None:
    """SECURITY 17, 43: what nobody reads stays coded; reading it piece by piece holds no more than the bound."""
    size = 50_000_000
    bomb = gzip.compress(bytes(size))

    async def body(role: Role, transport: ScriptedTransport) -> None:
        transport.deliver(post(bomb, "Content-Encoding: gzip"))
        reader = role.readers[0]
        assert reader.total_bytes < 300_000
        total = 0
        while piece := await reader.readany():
            total += len(piece)
            assert len(piece) < 300_000
        assert total == size

    run(body)


@pytest.mark.parametrize("damage", [lambda b: b[:-4], lambda b: b[:20] + b"\xff\xff\xff" + b[23:]])
def test_truncated_and_corrupt_codings_are_errors(damage: Callable[[bytes], bytes]) -> None:
    """A coded body that is cut short or broken fails the stream, and the role is told."""
    coded = gzip.compress(bytes(range(256)) * 40)

    async def body(role: Role, transport: ScriptedTransport) -> None:
        transport.deliver(post(damage(coded), "Content-Encoding: gzip"))
        with pytest.raises(ContentEncodingError):
            await role.readers[0].read()
        assert len(role.failures) == 1

    run(body)


def test_too_many_codings_are_refused() -> None:
    """A chain of codings above the bound is an error when the head is read."""
    with pytest.raises(ValueError, match="stacked"):
        receiver_for(StreamReader.__new__(StreamReader), "gzip, gzip, gzip, gzip, gzip, gzip")


def test_a_full_stream_pauses_the_socket() -> None:
    """A body that nobody reads waits in the parser, then stops the socket; reading it starts it again."""

    async def body(role: Role, transport: ScriptedTransport) -> None:
        transport.deliver(post(bytes(1_000_000))[:100_000])
        assert transport.reading
        reader = role.readers[0]
        transport.deliver(bytes(PENDING_LIMIT))
        assert transport.reading
        transport.deliver(b"\0")
        assert not transport.reading
        first = await reader.read(100_000)
        assert len(first) + len(await reader.readexactly(100_000 + PENDING_LIMIT - len(first) - 100)) > PENDING_LIMIT
        assert role._parser.pending == 0
        assert transport.reading

    run(body, limit=10_000)


def test_reading_the_whole_body_pauses_nothing() -> None:
    """Whoever waits for all of a body is woken at its end, and what comes in one turn needs no pause."""

    async def body(role: Role, transport: ScriptedTransport) -> None:
        content = bytes(range(256)) * 4000
        octets = post(content)
        transport.deliver(octets[:100_000])
        whole = asyncio.ensure_future(role.readers[0].read())
        await asyncio.sleep(0)
        for start in range(100_000, len(octets), 200_000):
            transport.deliver(octets[start : start + 200_000])
            assert role.readers[0].total_bytes == min(start + 200_000, len(octets)) - len(octets) + len(content)
        assert await whole == content
        assert transport.pauses == 0

    run(body, limit=10_000)


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("half_closed", [False, True])
def test_a_slow_reader_gets_a_body_whose_connection_is_gone(coding: str, half_closed: bool) -> None:
    """What has arrived of a message is not lost because its reader was slow, whatever ends the connection."""
    content = bytes(range(256)) * 1000

    async def body(role: Role, transport: ScriptedTransport) -> None:
        sent = gzip.compress(content) if coding == "gzip" else content
        octets = post(sent, f"Content-Encoding: {coding}")
        transport.deliver(octets[:-100])
        reader = role.readers[0]
        assert reader.full
        transport.deliver(octets[-100:])
        if half_closed:
            role.eof_received()
        transport.lose(None)
        assert [piece async for piece in reader.iter_chunked(50_000)] == [
            content[start : start + 50_000] for start in range(0, len(content), 50_000)
        ]

    run(body, limit=1000)


def test_a_lost_connection_fails_the_body() -> None:
    """A body cut off by the end of the connection raises when it is read, after what came."""

    async def body(role: Role, transport: ScriptedTransport) -> None:
        transport.deliver(post(b"abcdef")[:-3])
        reader = role.readers[0]
        transport.lose(None)
        with pytest.raises(ContentLengthError, match="received 3 of 6 bytes"):
            await reader.read()

    run(body)


def test_a_lost_connection_fails_a_chunked_body() -> None:
    """So does one in chunks, with an error of its own."""

    async def body(role: Role, transport: ScriptedTransport) -> None:
        transport.deliver(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")
        transport.lose(None)
        with pytest.raises(TransferEncodingError, match="Not enough data to satisfy transfer length header"):
            await role.readers[0].read()

    run(body)


def test_tiny_chunks_of_a_coded_body_are_decoded_together() -> None:
    """A flood of chunks of one octet costs no step of decoding for each; the end of the last is told."""
    content = gzip.compress(os.urandom(2000))

    async def body(role: Role, transport: ScriptedTransport) -> None:
        head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
        transport.deliver(head + b"".join(b"1\r\n%c\r\n" % octet for octet in content) + b"0\r\n\r\n")
        got = [(piece, ends) async for piece, ends in role.readers[0].iter_chunks()]
        assert b"".join(piece for piece, _ in got) == gzip.decompress(content)
        assert [ends for _, ends in got] == [True]

    run(body)


@pytest.mark.parametrize("size", [1, 20_000, 100_000])
@pytest.mark.parametrize("feed", [1, 7, 10**9])
def test_chunks_of_a_coded_body_end_where_they_did(size: int, feed: int) -> None:
    """readchunk() tells the ends of HTTP chunks in what was decoded of them, however much that is."""
    machine = zlib.compressobj(wbits=31)
    messages = [bytes([number]) * size for number in range(3)]
    wire = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    for message in messages:
        coded = machine.compress(message) + machine.flush(zlib.Z_SYNC_FLUSH)
        wire += b"%x\r\n%b\r\n" % (len(coded), coded)
    end = machine.flush()
    wire += b"%x\r\n%b\r\n0\r\n\r\n" % (len(end), end)

    async def body(role: Role, transport: ScriptedTransport) -> None:
        for start in range(0, len(wire), feed):
            transport.deliver(wire[start : start + feed])
        found, message = [], b""
        async for piece, ends in role.readers[0].iter_chunks():
            message += piece
            if ends:
                found.append(message)
                message = b""
        assert (found, message) == (messages, b"")

    run(body, limit=2**20)


@pytest.mark.parametrize("size", [65536, 200_000])
def test_the_end_of_a_coded_chunk_comes_late(size: int) -> None:
    """Where decoding finds the end of a chunk after all of it was read, the reader that waits is told."""
    coded = gzip.compress(bytes(size))

    async def body(role: Role, transport: ScriptedTransport) -> None:
        transport.deliver(
            b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
            b"%x\r\n%b" % (len(coded), coded[:-8])
        )
        reader = role.readers[0]
        got = 0
        while got < size:
            piece, ends = await reader.readchunk()
            got += len(piece)
            assert not ends
        waiting = asyncio.ensure_future(reader.readchunk())
        await asyncio.sleep(0)
        assert not waiting.done()
        transport.deliver(coded[-8:] + b"\r\n")
        # Nothing was decoded of these octets, but the chunk is over.
        assert await waiting == (b"", True)
        transport.deliver(b"0\r\n\r\n")
        assert await reader.readchunk() == (b"", False)

    run(body, limit=2**16)


def test_a_wire_error_comes_after_what_was_good() -> None:
    """A malformed request behind a good one is told after the good one."""

    async def body(role: Role, transport: ScriptedTransport) -> None:
        transport.deliver(GET + b"BAD\r\n\r\n")
        assert len(role.heads) == 1
        assert len(role.failures) == 1

    run(body)


def test_upgrade_hands_over_what_is_left() -> None:
    """After upgrade the octets behind the head and all later ones are the receiver's, untouched."""

    class Receiver:
        def __init__(self) -> None:
            self.data = b""
            self.lost: Any = "no"

        def data_received(self, data: bytes) -> None:
            self.data += data

        def eof_received(self) -> None:
            self.data += b"<eof>"

        def connection_lost(self, exc: BaseException | None) -> None:
            self.lost = exc

    async def body(role: Role, transport: ScriptedTransport) -> None:
        role.holding = True
        transport.deliver(b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n\x00first")
        assert role.heads[0].upgrade
        receiver = Receiver()
        assert role.upgrade(receiver) == b"\x00first"
        transport.deliver(b"second")
        role.eof_received()
        transport.lose(None)
        assert receiver.data == b"second<eof>"
        assert receiver.lost is None

    run(body)


def test_a_declined_upgrade_leaves_the_next_request_intact() -> None:
    """SECURITY 46: a request that asks for an upgrade and has content is framed as any other."""

    async def body(role: Role, transport: ScriptedTransport) -> None:
        transport.deliver(post(b"GET /x", "Upgrade: websocket", "Connection: upgrade") + GET)
        assert [head.method for head in role.heads] == ["POST", "GET"]
        assert await role.readers[0].read() == b"GET /x"

    run(body)
