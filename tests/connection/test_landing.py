"""Contents that are received in place: the same outcome as without, however octets are cut and whoever gives up."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from connection.scripted import ScriptedTransport
from hypothesis import given
from hypothesis import strategies as st

from aiohttp_core import ClientPayloadError, SocketTimeoutError, StreamReader
from aiohttp_core._client.connection import ResponseHandler
from aiohttp_core._client.deadlines import TimerContext
from aiohttp_core._client.read_options import DEFAULT_OPTIONS
from aiohttp_core._connection import landing
from aiohttp_core._connection.landing import Landing
from aiohttp_core._connection.protocol import BaseProtocol
from aiohttp_core._connection.stream_core import LANDING_SHARE, LANDING_SIZE

REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
SIZE = 3 * LANDING_SIZE
BODY = bytes(range(256)) * (SIZE // 256)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % SIZE
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
BEGUN = SIZE // 4
"""As much of the body as lets the rest land."""


class LendingTransport(ScriptedTransport):
    """Receives into the protocol's buffer where it has one, as asyncio's do; ``greedy``: with all of what came, as the
    TLS of Python 3.10 does, whatever protocol it has by then."""

    greedy = False

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.landed = 0
        self.landings: list[Landing] = []

    def get_protocol(self) -> Any:
        return self.protocol

    def set_protocol(self, protocol: Any) -> None:
        self.protocol = protocol
        if isinstance(protocol, Landing):
            self.landings.append(protocol)

    def deliver(self, data: bytes) -> None:
        protocol = self.protocol
        while data and not self.closing and isinstance(protocol, asyncio.BufferedProtocol):
            room = protocol.get_buffer(-1)
            count = min(len(room), len(data))
            assert count
            room[:count] = data[:count]
            self.landed += count
            data = data[count:]
            protocol.buffer_updated(count)
            protocol = protocol if self.greedy else self.protocol
        if data:
            super().deliver(data)


class Keeping(LendingTransport):
    """Cannot lend: keeps its protocol."""

    def get_protocol(self) -> Any:
        raise NotImplementedError


def run(
    body: Callable[[ResponseHandler, Any], Awaitable[Any]],
    kind: type[LendingTransport] = LendingTransport,
    **options: Any,
) -> Any:
    async def main() -> Any:
        loop = asyncio.get_running_loop()
        transport = kind(loop)
        protocol = ResponseHandler(loop)
        transport.connect(protocol)
        protocol.ask("GET", None, REQUEST, None, replace(DEFAULT_OPTIONS, **options))
        return await asyncio.wait_for(body(protocol, transport), 10)

    return asyncio.run(main())


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def begun(protocol: ResponseHandler, transport: LendingTransport) -> tuple[Any, asyncio.Task[bytes]]:
    """The stream of a response whose rest lands, and the task that reads it."""
    transport.deliver(HEAD + BODY[:BEGUN])
    _, stream = await protocol.read()
    task = asyncio.ensure_future(stream.read())  # type: ignore[union-attr]
    await turns()
    assert isinstance(transport.protocol, Landing)
    return stream, task


async def reading(protocol: ResponseHandler, transport: LendingTransport, size: int) -> asyncio.Task[bytes]:
    """The task that reads a response of which ``size`` octets are there."""
    transport.deliver(HEAD + BODY[:size])
    _, stream = await protocol.read()
    task = asyncio.ensure_future(stream.read())  # type: ignore[union-attr]
    await turns()
    return task


# --- what lands ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("greedy", [False, True])
@pytest.mark.parametrize("step", [1009, 65536, SIZE])
def test_the_rest_lands(step: int, greedy: bool) -> None:
    """What is missing goes into place; then the connection has its transport again, and serves the next exchange."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        transport.greedy = greedy
        stream, task = await begun(protocol, transport)
        for at in range(BEGUN, SIZE, step):
            transport.deliver(BODY[at : at + step])
            assert stream.total_bytes == min(at + step, SIZE)
        assert await task == BODY
        assert (transport.landed, stream.total_bytes, stream.total_raw_bytes) == (SIZE - BEGUN, SIZE, SIZE)
        assert transport.protocol is protocol
        assert protocol.reusable
        assert stream.at_eof()
        assert await stream.read() == b""
        protocol.ask("GET", None, REQUEST, None, DEFAULT_OPTIONS)
        transport.deliver(OK)
        _, following = await protocol.read()
        assert await following.read() == b"ok"  # type: ignore[union-attr]

    run(body)


def test_a_task_goes_on_within_the_read() -> None:
    """The reader has its octets before the transport's call returns, without a turn of the loop."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        _, task = await begun(protocol, transport)
        loop = asyncio.get_running_loop()
        done = loop.create_future()

        def deliver() -> None:
            transport.deliver(BODY[BEGUN:])
            done.set_result(task.done())

        loop.call_soon(deliver)
        assert await done
        assert await task == BODY

    run(body)


def test_a_claim_reserves_nothing() -> None:
    """Memory is taken for what is announced when a share of it has come, and not sooner."""
    first = SIZE // (LANDING_SHARE + 1) - 1000

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        task = await reading(protocol, transport, 1)
        transport.deliver(BODY[1:first])
        await turns()
        assert not transport.landings
        transport.deliver(BODY[first : first + 2000])
        await turns()
        assert len(transport.landings) == 1
        transport.deliver(BODY[first + 2000 :])
        assert await task == BODY
        assert transport.landed == SIZE - first - 2000

    run(body)


@pytest.mark.parametrize("missing", [1, LANDING_SIZE - 1, LANDING_SIZE])
def test_little_does_not_land(missing: int) -> None:
    """The last octets of a content are joined."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        task = await reading(protocol, transport, SIZE - missing)
        assert bool(transport.landings) is (missing == LANDING_SIZE)
        transport.deliver(BODY[SIZE - missing :])
        assert await task == BODY

    run(body)


@pytest.mark.parametrize("reader", ["read_piece", "readexactly", "readany"])
def test_readers_of_parts(reader: str) -> None:
    """Who does not wait for all of it gets what comes, as it comes."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        transport.deliver(HEAD + BODY[:BEGUN])
        _, stream = await protocol.read()
        assert stream.read_nowait() == BODY[:BEGUN]  # type: ignore[union-attr]
        arguments = () if reader == "readany" else (SIZE - BEGUN,)
        task = asyncio.ensure_future(getattr(stream, reader)(*arguments))
        await turns()
        assert not transport.landings
        transport.deliver(BODY[BEGUN:])
        assert await task == BODY[BEGUN:]

    run(body)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % SIZE,
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Length: %d\r\n\r\n\x78\x01" % SIZE,
    ],
    ids=["chunked", "until the end", "coded"],
)
def test_other_framing(head: bytes) -> None:
    """What has no known length of its own goes through the parser."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        content = head.partition(b"\r\n\r\n")[2]
        transport.deliver(head + BODY[: BEGUN - len(content)])
        _, stream = await protocol.read()
        task = asyncio.ensure_future(stream.read())  # type: ignore[union-attr]
        await turns()
        assert not transport.landings
        task.cancel()
        await asyncio.wait([task])

    run(body, read_until_eof=True)


def test_not_decoded() -> None:
    """A coded content that is not to be decoded is like any other."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        transport.deliver(HEAD[:-2] + b"Content-Encoding: gzip\r\n\r\n" + BODY[:BEGUN])
        _, stream = await protocol.read()
        task = asyncio.ensure_future(stream.read())  # type: ignore[union-attr]
        await turns()
        transport.deliver(BODY[BEGUN:])
        assert await task == BODY
        assert transport.landed == SIZE - BEGUN

    run(body, auto_decompress=False)


def test_bounded_readers() -> None:
    """Who reads up to a bound gets more than that and not all; what is within it may land."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        transport.deliver(HEAD + BODY[:BEGUN])
        _, stream = await protocol.read()
        task = asyncio.ensure_future(stream.read_whole(SIZE - 1))  # type: ignore[union-attr]
        await turns()
        assert not transport.landings
        transport.deliver(BODY[BEGUN : SIZE - 1])
        await turns()
        assert not task.done()
        transport.deliver(BODY[SIZE - 1 :])
        assert await task == BODY

    run(body)

    async def within(protocol: ResponseHandler, transport: LendingTransport) -> None:
        transport.deliver(HEAD + BODY[:BEGUN])
        _, stream = await protocol.read()
        task = asyncio.ensure_future(stream.read_whole(SIZE))  # type: ignore[union-attr]
        await turns()
        assert transport.landings
        transport.deliver(BODY[BEGUN:])
        assert await task == BODY

    run(within)


def test_a_transport_of_another_protocol() -> None:
    """A program that put its own protocol before the connection sees all octets; so does one that overrides it."""
    seen: list[int] = []

    class Watched(ResponseHandler):
        def data_received(self, data: bytes) -> None:
            seen.append(len(data))
            super().data_received(data)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        transport = LendingTransport(loop)
        protocol = Watched(loop)
        transport.connect(protocol)
        protocol.ask("GET", None, REQUEST, None, DEFAULT_OPTIONS)
        task = await reading(protocol, transport, BEGUN)
        assert not transport.landings
        transport.deliver(BODY[BEGUN:])
        assert await task == BODY
        assert sum(seen) == len(HEAD) + SIZE

    asyncio.run(main())

    async def wrapped(protocol: ResponseHandler, transport: LendingTransport) -> None:
        transport.protocol = wrapper = object()
        protocol.data_received(HEAD + BODY[:BEGUN])
        _, stream = await protocol.read()
        task = asyncio.ensure_future(stream.read())  # type: ignore[union-attr]
        await turns()
        assert transport.protocol is wrapper
        protocol.data_received(BODY[BEGUN:])
        assert await task == BODY

    run(wrapped)


def test_a_transport_without_buffered_protocols() -> None:
    """Some take such a protocol, and call it as any other: then nothing lands, and nothing is lost."""

    class Unbuffered(LendingTransport):
        def deliver(self, data: bytes) -> None:
            self.protocol.data_received(data)

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        _, task = await begun(protocol, transport)
        for at in range(BEGUN, SIZE, 50_000):
            transport.deliver(BODY[at : at + 50_000])
            assert transport.protocol is protocol
        assert await task == BODY
        assert protocol.reusable

    run(body, Unbuffered)


def test_octets_that_come_another_way() -> None:
    """Octets given to the connection itself come behind those that have landed."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        _, task = await begun(protocol, transport)
        transport.deliver(BODY[BEGUN : BEGUN + 100])
        protocol.data_received(BODY[BEGUN + 100 :])
        assert await task == BODY
        assert transport.protocol is protocol

    run(body)


@pytest.mark.parametrize("greedy", [False, True])
@pytest.mark.parametrize("behind", [b"\0", OK, OK * 2000])
def test_octets_behind_the_content(greedy: bool, behind: bytes) -> None:
    """What nobody asked for is no part of the content, and never becomes the answer to the next request: whoever goes
    on within the read finds that the connection cannot be used again."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        transport.greedy = greedy
        stream, first = await begun(protocol, transport)
        first.cancel()
        await asyncio.wait([first])
        found: list[bool] = []

        async def read() -> Any:
            content = await stream.read()
            found.append(protocol.reusable)
            return content

        task = asyncio.ensure_future(read())
        await turns()
        assert isinstance(transport.protocol, Landing)
        asyncio.get_running_loop().call_soon(transport.deliver, BODY[BEGUN:] + behind)
        assert await task == BODY
        assert found == [False]
        assert not protocol.reusable
        assert protocol.should_close
        if len(behind) > 1:
            assert transport.closing

    run(body)


@pytest.mark.parametrize("own", [None, SIZE, b"x"])
def test_attributes_of_a_subclass(own: Any) -> None:
    """A program's own stream may have a length, and hold something, of its own."""

    class Stream(StreamReader):
        def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
            super().__init__(BaseProtocol(loop), 2**16, loop=loop)
            self.length = self.held = own

    async def main() -> None:
        stream = Stream(asyncio.get_running_loop())
        task = asyncio.ensure_future(stream.read())
        for piece in (BODY[:BEGUN], BODY[BEGUN:]):
            await turns()
            stream.feed_data(piece)
        stream.feed_eof()
        assert await task == BODY
        assert stream.length is stream.held is own

    asyncio.run(main())


def test_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A place that cannot be had is done without: perhaps not all of what was announced will come."""

    def refuse(*args: Any) -> None:
        raise MemoryError

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        task = await reading(protocol, transport, BEGUN)
        transport.deliver(BODY[BEGUN:])
        assert await task == BODY
        assert not transport.landings

    monkeypatch.setattr(landing, "Place", refuse)
    run(body)


# --- who gives up ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("landed", [0, 5000])
def test_a_cancelled_reader(landed: int) -> None:
    """What has landed is not lost: another reader gets all of it, in place again."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        stream, task = await begun(protocol, transport)
        if landed:
            transport.deliver(BODY[BEGUN : BEGUN + landed])
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert transport.protocol is protocol
        assert stream.total_bytes == BEGUN + landed
        assert stream.read_nowait(10) == BODY[:10]
        again = asyncio.ensure_future(stream.read())
        await turns()
        assert len(transport.landings) == 2
        transport.deliver(BODY[BEGUN + landed :])
        assert await again == BODY[10:]

    run(body)


def test_a_transport_that_is_taken_over() -> None:
    """A program that has put in its own protocol while it landed keeps it."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        stream, task = await begun(protocol, transport)
        transport.deliver(BODY[BEGUN : BEGUN + 100])
        task.cancel()
        own = asyncio.Protocol()
        transport.set_protocol(own)
        await asyncio.wait([task])
        assert transport.get_protocol() is own
        assert stream.read_nowait() == BODY[: BEGUN + 100]

    run(body)


def test_cancelled_with_nothing_held() -> None:
    """Nothing held and nothing landed is not the end."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        transport.deliver(HEAD + BODY[:BEGUN])
        _, stream = await protocol.read()
        assert stream.read_nowait() == BODY[:BEGUN]  # type: ignore[union-attr]
        task = asyncio.ensure_future(stream.read())  # type: ignore[union-attr]
        await turns()
        assert transport.landings
        task.cancel()
        await asyncio.wait([task])
        again = asyncio.ensure_future(stream.readany())  # type: ignore[union-attr]
        await turns()
        assert not again.done()
        transport.deliver(BODY[BEGUN:])
        assert await again == BODY[BEGUN:]

    run(body)


def test_a_second_reader() -> None:
    """It is refused, and the first one gets all."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        stream, task = await begun(protocol, transport)
        for read in (stream.read, stream.readany, stream.readline):
            with pytest.raises(RuntimeError, match="already waiting"):
                await read()
        with pytest.raises(RuntimeError, match="waiting for incoming"):
            stream.read_nowait()
        transport.deliver(BODY[BEGUN:])
        assert await task == BODY

    run(body)


@pytest.mark.parametrize("how", ["eof", "lost", "reset"])
def test_a_connection_that_ends(how: str) -> None:
    """The reader is told how much was missing; the connection is not used again."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        stream, task = await begun(protocol, transport)
        transport.deliver(BODY[BEGUN : BEGUN + 5000])
        if how == "eof":
            transport.protocol.eof_received()
        else:
            transport.lose(None if how == "lost" else ConnectionResetError(104, "reset"))
        with pytest.raises(ClientPayloadError, match=f"{SIZE}.*{BEGUN + 5000}|{BEGUN + 5000}.*{SIZE}"):
            await task
        assert not protocol.reusable
        assert stream.exception() is not None

    run(body)


def test_a_read_timeout() -> None:
    """Each octet that lands is a sign of life; silence ends the connection."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        _, task = await begun(protocol, transport)
        before = protocol._last_read
        await asyncio.sleep(0.01)
        transport.deliver(BODY[BEGUN : BEGUN + 1])
        assert protocol._last_read > before
        # A look after half an hour finds that it was alive; one after an hour of silence, that it is not.
        protocol._on_read_timeout()
        assert not transport.closing
        protocol._last_read -= 3601
        protocol._on_read_timeout()
        with pytest.raises(SocketTimeoutError):
            await task
        assert transport.closing

    run(body, read_timeout=3600)


def test_a_total_timeout() -> None:
    """A deadline ends the reader's wait, and what has landed is the stream's."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        transport = LendingTransport(loop)
        protocol = ResponseHandler(loop)
        transport.connect(protocol)
        timer = TimerContext(loop)
        protocol.ask("GET", None, REQUEST, timer, DEFAULT_OPTIONS)
        stream, task = await begun(protocol, transport)
        transport.deliver(BODY[BEGUN : BEGUN + 10])
        timer.timeout()
        with pytest.raises(asyncio.TimeoutError):
            await task
        assert transport.protocol is protocol
        assert stream.read_nowait(BEGUN + 10) == BODY[: BEGUN + 10]

    asyncio.run(main())


def test_a_failed_stream() -> None:
    """Whoever fails the exchange ends the reader; later octets are dropped."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        _, task = await begun(protocol, transport)
        protocol.set_exception(ClientPayloadError("enough"))
        transport.deliver(BODY[BEGUN : BEGUN + 100])
        with pytest.raises(ClientPayloadError, match="enough"):
            await task
        assert transport.protocol is protocol
        transport.deliver(BODY[BEGUN + 100 :])
        assert not protocol.reusable

    run(body)


def test_flow_control() -> None:
    """A transport that is full tells the connection."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        _, task = await begun(protocol, transport)
        transport.protocol.pause_writing()
        assert protocol.writing_paused
        transport.protocol.resume_writing()
        assert not protocol.writing_paused
        transport.deliver(BODY[BEGUN:])
        assert await task == BODY

    run(body)


def test_no_cycle() -> None:
    """Without the garbage collector nothing of it stays."""

    async def body(protocol: ResponseHandler, transport: LendingTransport) -> None:
        gc.collect()
        gc.disable()
        try:
            _, task = await begun(protocol, transport)
            transport.deliver(BODY[BEGUN:])
            assert await task == BODY
            transport.landings.clear()
            assert not [found for found in gc.get_objects() if isinstance(found, Landing)]
        finally:
            gc.enable()

    run(body)


# --- any order of events ---------------------------------------------------------------------------------------------

STEPS = st.one_of(
    st.tuples(st.just("deliver"), st.integers(1, SIZE)),
    st.tuples(st.just("read"), st.sampled_from(["read", "readany", "nowait"])),
    st.tuples(st.just("cancel"), st.just(0)),
    st.tuples(st.just("turn"), st.integers(1, 3)),
)
ENDS = st.sampled_from(["all", "eof", "lost", "behind", "fail"])


async def _told(awaited: Any) -> Any:
    try:
        return await awaited
    except asyncio.CancelledError:
        return "cancelled"
    except Exception as exc:  # noqa: BLE001  (whatever it is, both transports must give the same)
        return type(exc).__name__, str(exc)


async def _scenario(protocol: ResponseHandler, transport: Any, first: int, steps: list[Any], end: str) -> list[Any]:
    got: list[Any] = []
    tasks: list[Any] = []
    at = first
    transport.deliver(HEAD + BODY[:first])
    _, stream = await protocol.read()
    tasks.append(asyncio.ensure_future(_told(stream.read())))  # type: ignore[union-attr]
    await turns()
    for name, value in steps:
        if name == "deliver":
            transport.deliver(BODY[at : at + value])
            at = min(SIZE, at + value)
        elif name == "read" and value == "nowait":
            try:
                got.append(stream.read_nowait(1000))  # type: ignore[union-attr]
            except RuntimeError as exc:
                got.append(str(exc))
        elif name == "read" and tasks[-1].done():
            tasks.append(asyncio.ensure_future(_told(getattr(stream, value)())))
        elif name == "cancel":
            tasks[-1].cancel()
        await turns(value if name == "turn" else 3)
    rest = BODY[at:] + (OK if end == "behind" else b"")
    if end in ("all", "behind"):
        asyncio.get_running_loop().call_soon(transport.deliver, rest)
    elif end == "eof":
        transport.hang_up()
    elif end == "lost":
        transport.lose(ConnectionResetError(104, "reset"))
    else:
        protocol.set_exception(ClientPayloadError("enough"))
    await turns()
    tasks.append(asyncio.ensure_future(_told(stream.read())))  # type: ignore[union-attr]
    await turns()
    for task in tasks:
        if not task.done():
            task.cancel()
    got += [await _told(task) for task in tasks]
    # Octets behind the content end the connection when they are seen, or when it is given back.
    closing = "perhaps" if end == "behind" else transport.closing
    return [*got, stream.total_bytes, protocol.reusable, protocol.should_close, closing]  # type: ignore[union-attr]


@given(st.sampled_from([BEGUN, BEGUN, 1, SIZE - LANDING_SIZE + 1]), st.lists(STEPS, max_size=8), ENDS, st.booleans())
def test_the_same_without(first: int, steps: list[Any], end: str, greedy: bool) -> None:
    """Whatever is done in whatever order: a transport that lends and one that cannot come to the same."""

    class Lending(LendingTransport):
        pass

    Lending.greedy = greedy

    async def lending(protocol: ResponseHandler, transport: LendingTransport) -> list[Any]:
        outcome = await _scenario(protocol, transport, first, steps, end)
        assert first != BEGUN or transport.landings
        return outcome

    async def keeping(protocol: ResponseHandler, transport: LendingTransport) -> list[Any]:
        outcome = await _scenario(protocol, transport, first, steps, end)
        assert not transport.landings
        return outcome

    assert run(lending, Lending) == run(keeping, Keeping)
