"""StreamReader: every way to read, the end, failure, bounds."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiohttp_core._connection.errors import LineTooLong
from aiohttp_core._connection.stream_core import LARGE_PIECE, MAX_PIECES
from aiohttp_core._connection.stream_reader import EMPTY_PAYLOAD, StreamReader


class Source:
    """Counts how often it is told to wait and to go on."""

    def __init__(self) -> None:
        self.paused = False
        self.pauses = 0

    def pause_reading(self) -> None:
        self.paused = True
        self.pauses += 1

    def resume_reading(self) -> None:
        self.paused = False


def run(body: Callable[[StreamReader, Source], Awaitable[Any]], limit: int = 2**16) -> None:
    async def main() -> None:
        source = Source()
        reader = StreamReader(source, limit, loop=asyncio.get_running_loop())
        await asyncio.wait_for(body(reader, source), 10)

    asyncio.run(main())


def fed(*pieces: bytes) -> Callable[[StreamReader], None]:
    def feed(reader: StreamReader) -> None:
        for piece in pieces:
            reader.feed_data(piece)
        reader.feed_eof()

    return feed


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda r: r.read(), b"ab\ncd\nef"),
        (lambda r: r.read(4), b"ab\nc"),
        (lambda r: r.read(0), b""),
        (lambda r: r.readany(), b"ab\ncd\nef"),
        (lambda r: r.readline(), b"ab\n"),
        (lambda r: r.readuntil(b"\nc"), b"ab\nc"),
        (lambda r: r.readuntil(b"d\ne"), b"ab\ncd\ne"),
        (lambda r: r.readuntil(b"zz"), b"ab\ncd\nef"),
        (lambda r: r.readexactly(7), b"ab\ncd\ne"),
        (lambda r: r.readchunk(), None),
    ],
)
@pytest.mark.parametrize("cut", [1, 2, 3, 8])
def test_reads(read: Callable[[StreamReader], Awaitable[Any]], expected: bytes | None, cut: int) -> None:
    """Each read gives the same octets however they were cut; a chunk is a piece where nothing was chunked."""
    data = b"ab\ncd\nef"

    async def body(reader: StreamReader, source: Source) -> None:
        fed(*(data[i : i + cut] for i in range(0, len(data), cut)))(reader)
        result = await read(reader)
        assert result == (expected if expected is not None else (data[:cut], False))
        rest = data[len(expected if expected is not None else data[:cut]) :]
        assert await reader.read() == rest
        assert reader.at_eof()
        assert await reader.read() == await reader.readany() == await reader.readline() == b""

    run(body)


def test_reads_wait_for_data() -> None:
    """A read waits until something comes, and read(-1) until the end."""

    async def body(reader: StreamReader, source: Source) -> None:
        some = asyncio.ensure_future(reader.readany())
        await asyncio.sleep(0)
        reader.feed_data(b"a")
        assert await some == b"a"
        everything = asyncio.ensure_future(reader.read())
        for piece in (b"b", b"c"):
            await asyncio.sleep(0)
            reader.feed_data(piece)
        await asyncio.sleep(0)
        assert not everything.done()
        reader.feed_eof()
        assert await everything == b"bc"

    run(body)


@pytest.mark.parametrize(("limit", "woken_at"), [(0, None), (6, None), (5, 6), (3, 4), (1, 2)])
def test_read_whole(limit: int, woken_at: int | None) -> None:
    """All until the end; above the limit what there is then, without waiting for the end."""

    async def body(reader: StreamReader, source: Source) -> None:
        whole = asyncio.ensure_future(reader.read_whole(limit))
        for _ in range(3):
            await asyncio.sleep(0)
            assert not whole.done()
            reader.feed_data(b"ab")
            for _ in range(3):
                await asyncio.sleep(0)
            if whole.done():
                break
        assert reader.total_bytes == (woken_at or 6)
        assert whole.done() == (woken_at is not None)
        reader.feed_eof()
        assert await whole == b"ababab"[: woken_at or 6]

    run(body)


def test_read_whole_joins_tiny_pieces() -> None:
    """A peer that sends octet by octet makes nobody keep an object for each."""

    async def body(reader: StreamReader, source: Source) -> None:
        whole = asyncio.ensure_future(reader.read_whole())
        held = 0
        for _ in range(10 * MAX_PIECES):
            await asyncio.sleep(0)
            reader.feed_data(b"ab")
            held = max(held, len(reader._buffer))
        reader.feed_eof()
        assert await whole == b"ab" * 10 * MAX_PIECES
        assert held <= MAX_PIECES + 2

    run(body)


def test_read_whole_of_what_is_full() -> None:
    """Coded content comes in bounded steps, and what is paused is taken and resumed."""

    async def body(reader: StreamReader, source: Source) -> None:
        reader.total_compressed_bytes = 0
        whole = asyncio.ensure_future(reader.read_whole())
        await asyncio.sleep(0)
        for _ in range(3):
            reader.feed_data(b"x" * 100)
            assert source.paused
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert not source.paused
        reader.feed_eof()
        assert await whole == b"x" * 300

    run(body, limit=10)


def test_a_cancelled_read_whole_leaves_the_stream_bounded() -> None:
    """Once nobody waits for all of it, the stream pauses as before, and nothing was taken."""

    async def body(reader: StreamReader, source: Source) -> None:
        whole = asyncio.ensure_future(reader.read_whole())
        await asyncio.sleep(0)
        reader.feed_data(b"x" * 100)
        assert not source.paused
        whole.cancel()
        with pytest.raises(asyncio.CancelledError):
            await whole
        reader.feed_data(b"y")
        assert source.paused
        assert await reader.readany() == b"x" * 100 + b"y"

    run(body, limit=10)


def test_readexactly_at_the_end() -> None:
    """Too few octets before the end raise IncompleteReadError with what there was."""

    async def body(reader: StreamReader, source: Source) -> None:
        fed(b"abc")(reader)
        with pytest.raises(asyncio.IncompleteReadError) as caught:
            await reader.readexactly(4)
        assert (caught.value.partial, caught.value.expected) == (b"abc", 4)

    run(body)


def test_lines_are_bounded() -> None:
    """A line above the limit raises LineTooLong; without waiting for its end."""

    async def body(reader: StreamReader, source: Source) -> None:
        reader.feed_data(b"x" * 40)
        with pytest.raises(LineTooLong):
            await reader.readline(max_line_length=30)

    run(body)


def test_iteration() -> None:
    """Lines, pieces of a size, pieces as they come, and HTTP chunks can be iterated."""

    async def body(reader: StreamReader, source: Source) -> None:
        fed(b"a\nb", b"c\nd")(reader)
        assert [line async for line in reader] == [b"a\n", b"bc\n", b"d"]

    async def sized(reader: StreamReader, source: Source) -> None:
        fed(b"abcde", b"fg")(reader)
        assert [piece async for piece in reader.iter_chunked(3)] == [b"abc", b"def", b"g"]

    async def chunks(reader: StreamReader, source: Source) -> None:
        reader.feed_chunks(b"abcde", (2, 5))
        reader.feed_chunks(b"fg", ())
        reader.feed_chunks(b"h", (1,))
        reader.feed_eof()
        assert [pair async for pair in reader.iter_chunks()] == [
            (b"ab", True),
            (b"cde", True),
            (b"fgh", True),
        ]

    for case in (body, sized, chunks):
        run(case)


def test_one_waiter() -> None:
    """A second coroutine that would wait gets RuntimeError, and read_nowait too."""

    async def body(reader: StreamReader, source: Source) -> None:
        first = asyncio.ensure_future(reader.read(1))
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="another coroutine"):
            await reader.readany()
        with pytest.raises(RuntimeError):
            reader.read_nowait()
        reader.feed_data(b"x")
        assert await first == b"x"

    run(body)


def test_cancelled_read_loses_nothing() -> None:
    """What comes after a cancelled read is read by the next one."""

    async def body(reader: StreamReader, source: Source) -> None:
        task = asyncio.ensure_future(reader.readany())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        fed(b"kept")(reader)
        assert await reader.read() == b"kept"

    run(body)


@pytest.mark.parametrize("name", ["read", "readany", "readline", "readchunk", "wait_eof"])
def test_failure_reaches_every_read(name: str) -> None:
    """After set_exception every read raises it, also one that waits."""

    async def body(reader: StreamReader, source: Source) -> None:
        waiting = asyncio.ensure_future(getattr(reader, name)())
        await asyncio.sleep(0)
        reader.set_exception(ValueError("broken"))
        with pytest.raises(ValueError, match="broken"):
            await waiting
        with pytest.raises(ValueError, match="broken"):
            await getattr(reader, name)()

    run(body)


def test_the_source_waits_while_the_stream_is_full() -> None:
    """Above twice the limit the source is paused, below the limit resumed."""

    async def body(reader: StreamReader, source: Source) -> None:
        reader.feed_data(b"x" * 20)
        assert not source.paused
        reader.feed_data(b"x")
        assert source.paused
        await reader.read(5)
        assert source.paused
        await reader.read(10)
        assert not source.paused

    run(body, limit=10)


def test_tiny_chunks_count() -> None:
    """SECURITY 23: the ends of tiny chunks fill the stream too."""

    async def body(reader: StreamReader, source: Source) -> None:
        fed_chunks = 0
        while not source.paused:
            reader.feed_chunks(b"x", (1,))
            fed_chunks += 1
        assert fed_chunks < 2 * 1600 / 16 + 2
        while fed_chunks:
            assert await reader.readchunk() == (b"x", True)
            fed_chunks -= 1
        assert not source.paused

    run(body, limit=1600)


def test_unread_data_comes_first() -> None:
    """What is put back is read again before the rest."""

    async def body(reader: StreamReader, source: Source) -> None:
        fed(b"abcd", b"ef")(reader)
        start = await reader.read(3)
        with pytest.warns(DeprecationWarning, match="unread_data"):
            reader.unread_data(start[1:])
        assert await reader.read() == b"bcdef"

    run(body)


def test_eof_callbacks() -> None:
    """Callbacks are called at the end, and at once where that is behind."""

    async def body(reader: StreamReader, source: Source) -> None:
        called: list[int] = []
        reader.on_eof(lambda: called.append(1))
        waiting = asyncio.ensure_future(reader.wait_eof())
        await asyncio.sleep(0)
        reader.feed_eof()
        await waiting
        reader.on_eof(lambda: called.append(2))
        assert called == [1, 2]

    run(body)


def test_empty_payload_is_at_its_end() -> None:
    """The shared empty stream can be read, and nothing changes it."""

    async def main() -> None:
        assert EMPTY_PAYLOAD.at_eof()
        assert await EMPTY_PAYLOAD.read() == b""
        assert await EMPTY_PAYLOAD.readchunk() == (b"", False)
        EMPTY_PAYLOAD.set_exception(ValueError())
        assert EMPTY_PAYLOAD.exception() is None
        assert [line async for line in EMPTY_PAYLOAD] == []

    asyncio.run(main())


def test_a_million_pieces_are_read_in_linear_work() -> None:
    """Reading everything takes each piece once: the number of joins does not grow with the pieces."""

    async def body(reader: StreamReader, source: Source) -> None:
        for _ in range(100_000):
            reader.feed_data(b"x")
        reader.feed_eof()
        assert len(await reader.read()) == 100_000

    run(body, limit=2**20)


def test_large_pieces_are_not_copied() -> None:
    """read_piece() hands on a large piece as it came, joins small ones, and never gives more than was asked for."""

    async def body(reader: StreamReader, source: Source) -> None:
        large, larger = bytes(LARGE_PIECE), bytes(2 * LARGE_PIECE)
        fed(b"a", b"b", large, larger, b"c", b"d")(reader)
        assert await reader.read_piece(2) == b"ab"
        assert await reader.read_piece(2 * LARGE_PIECE) is large
        assert await reader.read_piece(LARGE_PIECE) == large
        assert await reader.read_piece(4 * LARGE_PIECE) == large
        assert await reader.read_piece(4 * LARGE_PIECE) == b"cd"
        assert await reader.read_piece(1) == b""

    run(body)


def test_read_piece_fails_with_the_stream() -> None:
    """read_piece() waits for octets and raises what the stream failed with."""

    async def body(reader: StreamReader, source: Source) -> None:
        waiting = asyncio.ensure_future(reader.read_piece(10))
        await asyncio.sleep(0)
        reader.feed_data(b"abc")
        assert await waiting == b"abc"
        waiting = asyncio.ensure_future(reader.read_piece(10))
        await asyncio.sleep(0)
        reader.set_exception(OSError("gone"))
        with pytest.raises(OSError, match="gone"):
            await waiting
        with pytest.raises(OSError, match="gone"):
            await reader.read_piece(10)

    run(body)


class FlowingSource(Source):
    """A peer that sends ``pieces`` one by one, and none while it is told to wait."""

    def __init__(self, pieces: list[bytes], chunked: bool) -> None:
        super().__init__()
        self.pieces = deque(pieces)
        self.chunked = chunked

    def send(self, reader: StreamReader) -> None:
        if self.paused:
            return
        if not self.pieces:
            if not reader.is_eof():
                reader.feed_eof()
        elif self.chunked:
            reader.feed_chunks(self.pieces[0], (len(self.pieces.popleft()),))
        else:
            reader.feed_data(self.pieces.popleft())


READS: dict[str, Callable[[StreamReader], Awaitable[bytes]]] = {
    "read(3)": lambda reader: reader.read(3),
    "readany": lambda reader: reader.readany(),
    "read_piece(7)": lambda reader: reader.read_piece(7),
    "readline": lambda reader: reader.readline(max_line_length=10_000),
    "read_whole(5)": lambda reader: reader.read_whole(5),
    "read": lambda reader: reader.read(),
}


@given(
    pieces=st.lists(st.binary(min_size=1, max_size=12), max_size=30),
    reads=st.lists(st.sampled_from([*READS, "cancelled read", "cancelled read(3)"]), max_size=30),
    limit=st.integers(0, 20),
    chunked=st.booleans(),
    coded=st.booleans(),
)
def test_no_order_of_reads_hangs_or_loses(
    pieces: list[bytes], reads: list[str], limit: int, chunked: bool, coded: bool
) -> None:
    """Whatever is read in whatever order, cancelled reads between: every octet comes once, and a peer that stops
    while it is told to wait is always told to go on."""

    async def main() -> None:
        source = FlowingSource(pieces, chunked)
        reader = StreamReader(source, limit, loop=asyncio.get_running_loop())
        if coded:
            reader.total_compressed_bytes = 0
        got = b""
        for name in [*reads, "read"]:
            read = asyncio.ensure_future(READS[name.removeprefix("cancelled ")](reader))
            turns = 0
            while not read.done():
                await asyncio.sleep(0)
                if name.startswith("cancelled") and turns == 2:
                    read.cancel()
                source.send(reader)
                turns += 1
                assert turns < 500, name
            if not read.cancelled():
                got += read.result()
            elif name == "cancelled read":
                # What a cancelled read of everything had taken is gone, as in aiohttp.
                got = b"".join(pieces)[: reader.total_bytes - reader._size]
        assert got == b"".join(pieces)

    asyncio.run(main())


@pytest.mark.parametrize("limit", [2**63, 2**70, float("inf")])
def test_a_bound_that_is_none(limit: Any) -> None:
    """Bounds and sizes beyond a machine word bound nothing, for a reader who waits too."""

    async def body(reader: StreamReader, source: Source) -> None:
        task = asyncio.ensure_future(reader.read_whole(limit))
        await asyncio.sleep(0)
        fed(b"ab", b"cd")(reader)
        assert await task == b"abcd"

    run(body)

    async def sized(reader: StreamReader, source: Source) -> None:
        fed(b"ab", b"cd")(reader)
        assert await reader.read(limit) == b"abcd"

    run(sized)


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_octets_of_other_kinds(kind: Any) -> None:
    """A program that feeds a stream itself may give what it has."""

    async def body(reader: StreamReader, source: Source) -> None:
        reader.feed_data(kind(b"abcd"))
        reader.feed_data(kind(b"efgh"))
        reader.feed_eof()
        assert await reader.read(3) == b"abc"
        assert await reader.readany() == b"defgh"

    run(body)
