"""WebSocketChannel and what is bounded: memory, timers, and the order in which messages leave."""

import asyncio
import zlib
from typing import Any

import pytest
from connection.channels import alone, both, client_frame
from connection.scripted import ScriptedTransport
from vectors.websocket_frames import BINARY, FIN, PING, RSV1, TEXT, Frames

from aiohttp_core._connection.protocol import ConnectionLost
from aiohttp_core._connection.websocket import INFLATE_AT_ONCE, QUEUE_LIMIT, WebSocketChannel
from aiohttp_core._wire.websocket.frame import Role
from aiohttp_core._wire.websocket.messages import WSMsgType

LARGE = 1 << 20


def bombs(count: int) -> bytes:
    """Compressed messages of a megabyte each, about a kilobyte on the wire."""
    context = zlib.compressobj(9, wbits=-15)
    frames = Frames(Role.SERVER)
    wire = b""
    for _ in range(count):
        wire += frames(FIN | RSV1 | BINARY, (context.compress(bytes(LARGE)) + context.flush(zlib.Z_SYNC_FLUSH))[:-4])
    return wire


def test_compressed_messages_do_not_pile_up() -> None:
    """One read of many messages that inflate to much is parsed as far as there is room; the rest is not lost."""
    count = 60

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        wire = bombs(count)
        transport.deliver(wire[:-100])
        transport.deliver(wire[-100:] + client_frame(PING, b"last"))
        assert not transport.reading
        for _ in range(count):
            waiting = int(repr(server).partition("waiting=")[2].rstrip(">"))
            assert waiting * LARGE <= QUEUE_LIMIT + (INFLATE_AT_ONCE // 1000 + 2) * LARGE
            assert len((await server.receive()).data) == LARGE
        assert transport.reading
        await asyncio.sleep(0)
        assert transport.octets == b"\x8a\x04last"

    alone(body, deflate=True)


def test_compressed_messages_survive_the_connection() -> None:
    """What was read and not parsed yet when the connection went is received all the same."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.deliver(bombs(20))
        transport.lose(None)
        kinds = [(await server.receive()).type for _ in range(21)]
        assert kinds == [WSMsgType.BINARY] * 20 + [WSMsgType.CLOSED]

    alone(body, deflate=True)


def test_close_reads_past_what_was_not_received() -> None:
    """``close`` finds the peer's CLOSE behind messages that nobody received."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.deliver(bombs(20) + client_frame(WSMsgType.CLOSE, b"\x0f\xa0"))
        assert not transport.reading
        assert await server.close() is True
        assert server.close_code == 4000

    alone(body, deflate=True)


def test_close_reads_before_it_waits_for_the_peer_to_read() -> None:
    """A peer that reads only once it has sent everything gets our CLOSE, though it had filled both directions."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.protocol.pause_writing()
        transport.deliver(client_frame(BINARY, bytes(QUEUE_LIMIT)))
        assert not transport.reading
        closing = asyncio.ensure_future(server.close(4000))
        await asyncio.sleep(0)
        assert transport.reading
        transport.deliver(client_frame(BINARY, bytes(QUEUE_LIMIT)) * 3)
        assert transport.reading
        transport.protocol.resume_writing()
        transport.deliver(client_frame(WSMsgType.CLOSE, b"\x0f\xa0"))
        assert await closing is True
        assert (server.close_code, server.exception) == (4000, None)
        assert transport.octets == b"\x88\x02\x0f\xa0"

    alone(body)


@pytest.mark.parametrize("kind", ["tiny", "empty", "empty binary", "fragments", "control"])
def test_small_messages_are_bounded(kind: str) -> None:
    """Messages of next to nothing pause the socket too, whatever they are made of."""
    frames = Frames(Role.SERVER)
    one = {
        "tiny": frames(FIN | TEXT, b"x"),
        "empty": frames(FIN | TEXT),
        "empty binary": frames(FIN | BINARY),
        "fragments": frames(TEXT) + frames(0) * 3 + frames(FIN),
        "control": frames(FIN | PING),
    }[kind]

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        delivered = 0
        while transport.reading:
            transport.deliver(one * 10)
            delivered += 10
            assert delivered <= QUEUE_LIMIT // 100
        for _ in range(delivered):
            assert len((await server.receive()).data) <= 1
        assert transport.reading

    alone(body, autoping=False)


def test_a_heartbeat_waits_for_a_slow_program() -> None:
    """While the socket is paused because nobody receives, silence is not the peer's."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        loop = asyncio.get_running_loop()
        beats = 0

        def call_at(when: float, *args: Any, **kwargs: Any) -> asyncio.TimerHandle:
            nonlocal beats
            beats += 1
            return plain_call_at(when, *args, **kwargs)

        plain_call_at, loop.call_at = loop.call_at, call_at  # type: ignore[method-assign]
        transport.deliver(client_frame(WSMsgType.BINARY, bytes(QUEUE_LIMIT)))
        assert not transport.reading
        while beats < 5:
            await asyncio.sleep(0)
        assert (await server.receive()).type is WSMsgType.BINARY
        assert transport.octets == b""
        assert (await server.receive()).type is WSMsgType.ERROR
        assert transport.octets == b"\x89\x00"

    alone(body, heartbeat=0.01)


def test_a_heartbeat_that_fails_while_nobody_receives() -> None:
    """A failed heartbeat closes at once, and the next receive tells of it."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.deliver(client_frame(WSMsgType.TEXT, "before"))
        while not transport.closing:
            assert not server.closed
            await asyncio.sleep(0)
        assert server.closed
        assert (await server.receive()).data == "before"
        message = await server.receive()
        assert message.type is WSMsgType.ERROR
        assert isinstance(message.data, asyncio.TimeoutError)
        assert str(message.data) == "No PONG received after 0.005 seconds"

    alone(body, heartbeat=0.01)


def test_messages_set_no_timers() -> None:
    """However many messages come, a heartbeat keeps its one timer."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        loop = asyncio.get_running_loop()
        made: list[Any] = []
        loop.call_at = loop.call_later = lambda *args, **_: made.append(args)  # type: ignore[assignment,method-assign]
        for _ in range(100):
            transport.deliver(client_frame(WSMsgType.TEXT, "x"))
            await server.send(WSMsgType.TEXT, (await server.receive()).data)
        assert made == []
        del loop.call_at, loop.call_later

    alone(body, heartbeat=30)


def test_answered_within_the_read() -> None:
    """A handler that waits goes on while its message is read: the answer is written before the loop turns."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        loop = asyncio.get_running_loop()

        async def echo() -> None:
            for _ in range(3):
                await server.send(WSMsgType.TEXT, (await server.next()).data)

        def read() -> None:
            transport.deliver(client_frame(WSMsgType.TEXT, "a"))
            assert transport.octets == b"\x81\x01a"
            transport.deliver(client_frame(WSMsgType.TEXT, "b") + client_frame(WSMsgType.TEXT, "c"))
            assert transport.written[1:] == [b"\x81\x01b\x81\x01c"]

        echoing = asyncio.ensure_future(echo())
        await asyncio.sleep(0)
        loop.call_soon(read)
        await echoing

    alone(body)


def test_a_timeout_of_zero_is_the_default() -> None:
    """``receive(0)`` waits as long as ``receive()`` does."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        with pytest.raises(asyncio.TimeoutError):
            await server.receive(0)

    alone(body, receive_timeout=0.01)


def test_compressed_beside_the_loop_in_the_order_of_the_calls() -> None:
    """A message that is sent when another one's compression has just ended does not overtake those that wait."""

    async def body(client: WebSocketChannel, server: WebSocketChannel) -> None:
        large = [bytes([number]) * 200_000 for number in range(3)]
        sending = [asyncio.ensure_future(client.send(WSMsgType.BINARY, data)) for data in large]
        small = iter(range(1000))
        sent: list[bytes] = []
        # In every turn from here on, so that one falls between a compression's end and the next one's start.
        while not all(task.done() for task in sending):
            await asyncio.sleep(0)
            data = b"%d" % next(small, 0)
            if len(sent) < 900:
                sent.append(data)
                sending.append(asyncio.ensure_future(client.send(WSMsgType.BINARY, data, len(sent) % 2)))
        got = [(await server.receive()).data for _ in range(3 + len(sent))]
        assert got == large + sent

    both(body, deflate=True)


def test_a_compression_that_fails_closes() -> None:
    """Where the window cannot be trusted any more, the connection ends: 1011."""

    class Broken:
        def deflate(self, payload: bytes) -> bytes:
            raise MemoryError

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        with pytest.raises(MemoryError):
            await server.send(WSMsgType.BINARY, bytes(200_000))
        assert transport.octets == b"\x88\x02\x03\xf3"
        assert transport.closing
        with pytest.raises(ConnectionLost):
            await server.send(WSMsgType.TEXT, "x")

    alone(body, deflater=Broken())
