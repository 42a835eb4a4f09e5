"""WebSocketChannel: receiving, sending, closing, heartbeat and bounds, both roles joined without a kernel."""

import asyncio
from typing import Any

import pytest
from connection.channels import alone, both, client_frame
from connection.scripted import ScriptedTransport

from aiohttp_core._connection.protocol import ConnectionLost
from aiohttp_core._connection.websocket import QUEUE_LIMIT, WebSocketChannel, WebSocketError
from aiohttp_core._wire.websocket.frame import Role
from aiohttp_core._wire.websocket.messages import WSMsgType
from aiohttp_core._wire.websocket.writer import MessageWriter


@pytest.mark.parametrize("deflate", [False, True])
def test_messages_arrive_in_order(deflate: bool) -> None:
    """Texts and binaries of any size arrive as they were sent, in order, compressed or not."""

    async def body(client: WebSocketChannel, server: WebSocketChannel) -> None:
        sizes = [0, 1, 125, 126, 65535, 65536, 300_000]
        for size in sizes:
            await client.send(WSMsgType.TEXT, "x" * size)
            await server.send(WSMsgType.BINARY, b"y" * size)
        for size in sizes:
            assert (await server.receive())[:2] == (WSMsgType.TEXT, "x" * size)
            assert (await client.receive())[:2] == (WSMsgType.BINARY, b"y" * size)

    both(body, deflate=deflate)


def test_close_handshake() -> None:
    """The closing side gets the peer's code back; the other side reads the CLOSE once, then CLOSED."""

    async def body(client: WebSocketChannel, server: WebSocketChannel) -> None:
        closing = asyncio.ensure_future(client.close(4000, b"bye"))
        message = await server.receive()
        assert (message.type, message.data, message.extra) == (WSMsgType.CLOSE, 4000, "bye")
        assert await closing is True
        assert (client.close_code, server.close_code) == (4000, 4000)
        assert (await server.receive()).type is WSMsgType.CLOSED
        assert (await client.receive()).type is WSMsgType.CLOSED
        assert await client.close() is False
        with pytest.raises(ConnectionLost):
            await client.send(WSMsgType.TEXT, "late")

    both(body)


def test_both_close_at_once() -> None:
    """CLOSE frames that cross end both sides."""

    async def body(client: WebSocketChannel, server: WebSocketChannel) -> None:
        assert await asyncio.gather(client.close(4001), server.close(4002)) == [True, True]
        assert (client.close_code, server.close_code) == (4002, 4001)

    both(body)


def test_close_wakes_the_receiver() -> None:
    """A coroutine that waits in receive gets CLOSING when another one closes."""

    async def body(client: WebSocketChannel, server: WebSocketChannel) -> None:
        receiving = asyncio.ensure_future(client.receive())
        answering = asyncio.ensure_future(server.receive())
        await asyncio.sleep(0)
        await client.close()
        assert (await receiving).type is WSMsgType.CLOSING
        assert (await answering).type is WSMsgType.CLOSE

    both(body)


def test_close_gives_up_waiting() -> None:
    """A peer that never answers a CLOSE does not hold close() longer than its timeout: 1006."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        assert await server.close() is True
        assert server.close_code == 1006
        assert transport.closing

    alone(body, close_timeout=0.01)


def test_pings_are_answered_while_nobody_receives() -> None:
    """A PING gets its PONG at once and is not shown to the application."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.deliver(client_frame(9, b"hello"))
        assert transport.written == [b"\x8a\x05hello"]

    alone(body)


def test_pings_of_a_peer_that_does_not_read_are_bounded() -> None:
    """While the transport is full, only the most recent PING is remembered."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.protocol.pause_writing()
        for number in range(1000):
            transport.deliver(client_frame(9, b"%d" % number))
        assert transport.written == []
        await asyncio.sleep(0)
        transport.protocol.resume_writing()
        while not transport.written:
            await asyncio.sleep(0)
        assert transport.written == [b"\x8a\x03999"]

    alone(body)


def test_without_autoping_the_application_sees_them() -> None:
    """autoping=False delivers PING and PONG."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.deliver(client_frame(9, b"a") + client_frame(10, b"b"))
        assert (await server.receive())[:2] == (WSMsgType.PING, b"a")
        assert (await server.receive())[:2] == (WSMsgType.PONG, b"b")
        assert transport.written == []

    alone(body, autoping=False)


@pytest.mark.parametrize(
    ("wire", "code"),
    [
        (b"\x81\x01a", 1002),
        (client_frame(3), 1002),
        (b"\xc1" + client_frame(1, b"a")[1:], 1002),
        (client_frame(1, b"\xff"), 1007),
        (b"\x88\x82\x00\x00\x00\x00\x03\xed", 1002),
        (b"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", 1009),
    ],
    ids=["unmasked", "reserved-opcode", "reserved-bit", "bad-utf-8", "reserved-close-code", "too-big"],
)
def test_a_violation_closes_with_its_code(wire: bytes, code: int) -> None:
    """A violation sends CLOSE with its code at once, and the application gets what was good, then one ERROR."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.deliver(client_frame(1, "good") + wire)
        assert transport.octets == b"\x88\x02" + code.to_bytes(2, "big")
        assert transport.closing
        assert (await server.receive()).data == "good"
        message = await server.receive()
        assert message.type is WSMsgType.ERROR
        assert isinstance(message.data, WebSocketError)
        assert message.data.code == server.close_code == code
        assert server.exception is message.data
        assert (await server.receive()).type is WSMsgType.CLOSED

    alone(body, max_msg_size=1000)


def test_a_lost_connection_ends_receiving() -> None:
    """A connection that goes without CLOSE gives CLOSED with 1006 after what it brought; ``exception`` tells why."""

    async def clean(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        receiving = asyncio.ensure_future(server.receive())
        await asyncio.sleep(0)
        transport.lose(None)
        assert server.exception is None
        assert (await receiving).type is WSMsgType.CLOSED
        assert server.close_code == 1006
        assert isinstance(server.exception, ConnectionLost)

    async def broken(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.deliver(client_frame(1, "before"))
        error = ConnectionResetError("gone")
        transport.lose(error)
        assert (await server.receive()).data == "before"
        assert (await server.receive()).type is WSMsgType.CLOSED
        assert server.close_code == 1006
        assert isinstance(server.exception, ConnectionLost)
        assert server.exception.__cause__ is error

    async def closed(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.lose(None)
        assert await server.close() is True
        assert server.close_code == 1006
        assert isinstance(server.exception, ConnectionLost)

    async def unanswered(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        closing = asyncio.ensure_future(server.close())
        await asyncio.sleep(0)
        transport.lose(None)
        assert await closing is True
        assert server.close_code == 1006
        assert isinstance(server.exception, ConnectionLost)

    async def answered(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.deliver(client_frame(8, b"\x03\xe8"))
        transport.lose(None)
        assert (await server.receive()).type is WSMsgType.CLOSE
        assert (server.close_code, server.exception) == (1000, None)

    for case in (clean, broken, closed, unanswered, answered):
        alone(case)


def test_one_receiver_at_a_time() -> None:
    """A second coroutine in receive gets RuntimeError; the first goes on."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        first = asyncio.ensure_future(server.receive())
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="Concurrent"):
            await server.receive()
        transport.deliver(client_frame(1, "x"))
        assert (await first).data == "x"

    alone(body)


def test_receive_timeout_leaves_the_connection_usable() -> None:
    """A timeout or a cancellation in receive loses nothing."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        with pytest.raises(asyncio.TimeoutError):
            await server.receive(0.01)
        task = asyncio.ensure_future(server.receive())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        transport.deliver(client_frame(1, "x"))
        assert (await server.receive()).data == "x"

    alone(body)


def test_heartbeat_failure_is_told_to_the_receiver() -> None:
    """Silence after a ping fails the connection and wakes the receiver with the exception."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        message = await server.receive()
        assert message.type is WSMsgType.ERROR
        assert isinstance(message.data, asyncio.TimeoutError)
        assert transport.written == [b"\x89\x00"]
        assert transport.closing
        assert server.close_code == 1006

    alone(body, heartbeat=0.02)


def test_heartbeat_is_content_with_any_data() -> None:
    """An answer to the ping keeps the connection open."""

    async def body(client: WebSocketChannel, server: WebSocketChannel) -> None:
        with pytest.raises(asyncio.TimeoutError):
            await client.receive(0.9)
        assert not client.closed
        assert client.exception is None

    both(body, heartbeat=0.3)


@pytest.mark.parametrize("payload", ["", "x" * 1000])
def test_waiting_messages_are_bounded(payload: str) -> None:
    """Messages that nobody receives pause the socket, empty ones too; receiving them resumes it."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        frame = client_frame(1, payload)
        sent = 0
        while transport.reading:
            transport.deliver(frame * 50)
            sent += 50
            assert sent * (len(payload) + 128) < QUEUE_LIMIT * 2
        for _ in range(sent):
            assert (await server.receive()).data == payload
        assert transport.reading

    alone(body)


def test_answers_to_many_messages_leave_together() -> None:
    """Messages that came in one read and are answered in one turn are written at once, as soon as all are."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.deliver(client_frame(1, "x") * 16)
        for _ in range(16):
            assert server.send_text((await server.receive()).data, None) is None
        assert transport.written == [b"\x81\x01x" * 16]

    alone(body)


def test_a_burst_leaves_in_two_pieces() -> None:
    """The first message leaves at once, those sent behind it in the same turn together at its end, in order."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        for text in "abcd":
            await server.send(WSMsgType.TEXT, text)
        await server.send(WSMsgType.PING, b"")
        assert transport.written == [b"\x81\x01a"]
        await asyncio.sleep(0)
        assert transport.written[1:] == [b"\x81\x01b\x81\x01c\x81\x01d\x89\x00"]
        await server.send(WSMsgType.TEXT, "e")
        assert transport.written[2:] == [b"\x81\x01e"]

    alone(body)


def test_large_messages_do_not_overtake() -> None:
    """What is held back leaves before a message that is written in pieces, before a drain and before the CLOSE."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        large = b"l" * 70_000
        for data in (b"1", b"2", large, b"3"):
            await server.send(WSMsgType.BINARY, data)
        wire = MessageWriter(Role.SERVER)
        frames = [wire.binary(b"1"), wire.binary(b"2"), *wire.binary(large), wire.binary(b"3")]
        expected = b"".join(frame for frame in frames if isinstance(frame, bytes))
        await server.drain()
        assert transport.octets == expected
        await server.send(WSMsgType.BINARY, b"4")
        await server.send(WSMsgType.BINARY, b"5")
        closing = asyncio.ensure_future(server.close())
        await asyncio.sleep(0)
        assert transport.octets[len(expected) :] == b"\x82\x014\x82\x015" + wire.close(1000)
        transport.deliver(client_frame(8, b"\x03\xe8"))
        assert await closing

    alone(body)


def test_a_connection_that_goes_takes_what_is_held() -> None:
    """What is held back when the connection goes is dropped without a report, and the next send says so."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        problems: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context))
        await server.send(WSMsgType.TEXT, "a")
        await server.send(WSMsgType.TEXT, "b")
        transport.close()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert transport.written == [b"\x81\x01a"]
        with pytest.raises(ConnectionLost):
            await server.send(WSMsgType.TEXT, "c")
        assert not problems

    alone(body)


def test_sends_wait_for_a_slow_peer() -> None:
    """Above writer_limit a send waits until the transport takes more."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.protocol.pause_writing()
        sending = asyncio.ensure_future(server.send(WSMsgType.BINARY, bytes(2000)))
        await asyncio.sleep(0)
        assert not sending.done()
        transport.protocol.resume_writing()
        await sending

    alone(body, writer_limit=1000)


def test_large_and_small_compressed_messages_keep_their_order() -> None:
    """Messages compressed beside the loop do not overtake or get overtaken."""

    async def body(client: WebSocketChannel, server: WebSocketChannel) -> None:
        messages = ["a" * 200_000, "small", "b" * 200_000, "c"]
        await asyncio.gather(*(client.send(WSMsgType.TEXT, text) for text in messages))
        assert [(await server.receive()).data for _ in messages] == messages

    both(body, deflate=True)


def test_cancelled_compression_closes() -> None:
    """A send cancelled while compressing leaves no half-used window behind: the connection ends."""

    async def body(client: WebSocketChannel, server: WebSocketChannel) -> None:
        sending = asyncio.ensure_future(client.send(WSMsgType.BINARY, bytes(3_000_000)))
        await asyncio.sleep(0)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        with pytest.raises(ConnectionLost):
            await client.send(WSMsgType.TEXT, "x")
        assert (await server.receive()).type is WSMsgType.CLOSE

    both(body, deflate=True)


def test_invalid_close_codes_are_refused() -> None:
    """A code that must not travel is a ValueError before anything is sent."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        with pytest.raises(ValueError, match="1006"):
            await server.close(1006)
        assert transport.written == []
        assert not server.closed

    alone(body)
