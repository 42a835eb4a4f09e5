"""WebSocketChannel on connections that end, and what it holds back then."""

import asyncio
import contextlib
import sys
from typing import Any

import pytest
from connection.channels import alone, both, client_frame
from connection.scripted import ScriptedTransport

from aiohttp_core._connection.http1 import Http1Connection
from aiohttp_core._connection.protocol import ConnectionLost, transport_to_show
from aiohttp_core._connection.websocket import QUEUE_LIMIT, WebSocketChannel
from aiohttp_core._wire.http1.parser import request_parser
from aiohttp_core._wire.http1.rules import Limits
from aiohttp_core._wire.websocket.frame import Role
from aiohttp_core._wire.websocket.messages import WSMsgType
from aiohttp_core._wire.websocket.reader import MessageReader
from aiohttp_core._wire.websocket.writer import MessageWriter


class Connection(Http1Connection):
    """A connection that can be upgraded; no request comes on it."""


def upgraded(transport: ScriptedTransport, **options: Any) -> tuple[Connection, WebSocketChannel]:
    loop = transport.loop
    connection = Connection(loop, request_parser(Limits()))
    transport.connect(connection)
    channel = WebSocketChannel(
        connection,
        MessageReader(Role.SERVER, 0, None),
        MessageWriter(Role.SERVER),
        loop=loop,
        shut=connection.close_transport,
        **options,
    )
    connection.upgrade(channel)
    return connection, channel


def test_closing_the_transport_sends_what_is_held() -> None:
    """A message whose send has returned leaves before the connection closes, by whomever that is closed."""

    async def main() -> None:
        transport = ScriptedTransport(asyncio.get_running_loop())
        connection, channel = upgraded(transport)
        for number in range(4):
            await channel.send(WSMsgType.TEXT, str(number))
        assert transport.octets == b"\x81\x010"
        connection.close_transport()
        assert transport.closing
        assert transport.octets == b"\x81\x010\x81\x011\x81\x012\x81\x013"
        connection.close_transport()
        with pytest.raises(ConnectionLost):
            await channel.send(WSMsgType.TEXT, "late")

    asyncio.run(main())


@pytest.mark.parametrize("kept", [False, True])
def test_a_program_may_close_the_transport(kept: bool) -> None:
    """A program that has got the transport, before it sent or after, loses nothing by closing it."""

    async def main() -> None:
        transport = ScriptedTransport(asyncio.get_running_loop())
        connection, channel = upgraded(transport)
        if kept:
            transport_to_show(connection)
        for number in range(4):
            await channel.send(WSMsgType.TEXT, str(number))
        if not kept:
            assert transport.octets == b"\x81\x010"
            assert channel.transport is transport
        transport.close()
        assert transport.octets == b"\x81\x010\x81\x011\x81\x012\x81\x013"

    asyncio.run(main())


class StuckTransport(ScriptedTransport):
    """A transport whose peer reads nothing: closed, it waits for that."""

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.lose(None)


@pytest.mark.parametrize("how", ["violation", "heartbeat", "close", "role"])
def test_a_peer_that_reads_nothing_is_aborted(how: str) -> None:
    """However a connection ends, what was written has bounded time to leave; then the transport is aborted."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        transport = StuckTransport(loop)
        heartbeat = 0.01 if how == "heartbeat" else None
        connection, channel = upgraded(transport, abort_timeout=0.01, close_timeout=0.01, heartbeat=heartbeat)
        connection.pause_writing()
        if how == "violation":
            connection.data_received(b"\xff")
        elif how == "close":
            await channel.close()
        elif how == "role":
            connection.close_transport()
        with contextlib.suppress(ConnectionLost):
            while (await channel.receive()).type is not WSMsgType.CLOSED:
                assert transport.closing
        while transport.protocol is not None:
            await asyncio.sleep(0)
        assert not connection.connected

    asyncio.run(asyncio.wait_for(main(), 10))


def test_a_close_that_was_sent_as_a_frame() -> None:
    """After a CLOSE by ``send_frame`` nothing more is sent; ``close`` waits for the peer's, and tells its code."""

    async def body(client: WebSocketChannel, server: WebSocketChannel) -> None:
        await client.send_frame(b"\x0f\xa0bye", WSMsgType.CLOSE)
        assert client.closing
        assert not client.closed
        for send in (client.send(WSMsgType.TEXT, "late"), client.send_frame(b"\x03\xe8", WSMsgType.CLOSE)):
            with pytest.raises(ConnectionLost):
                await send
        with pytest.raises(ConnectionLost):
            client.send_text("late", None)
        await server.send(WSMsgType.TEXT, "still read")
        assert (await client.receive()).data == "still read"
        assert (await server.receive())[:] == (WSMsgType.CLOSE, 4000, "bye")
        assert await client.close() is True
        assert (client.close_code, server.close_code, client.exception) == (4000, 4000, None)

    both(body)


@pytest.mark.parametrize("full", [False, True])
def test_a_connection_that_goes_while_it_is_closed(full: bool) -> None:
    """RFC 6455 section 7.1.5: without the peer's CLOSE the code is 1006, whether ours had left or waited to."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        transport = ScriptedTransport(loop)
        connection, channel = upgraded(transport)
        if full:
            connection.pause_writing()
        loop.call_soon(transport.lose, None)
        assert await asyncio.wait_for(channel.close(), 5)
        assert channel.close_code == 1006
        assert isinstance(channel.exception, ConnectionLost)

    asyncio.run(main())


def test_a_close_frame_is_answered_while_receiving() -> None:
    """A receiver gets the peer's answer to a CLOSE that was sent as a frame, and no second CLOSE leaves."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        await server.send(WSMsgType.TEXT, "a")
        await server.send(WSMsgType.TEXT, "b")
        await server.send_frame(b"", WSMsgType.CLOSE)
        transport.deliver(client_frame(WSMsgType.PING, b"x") + client_frame(WSMsgType.CLOSE))
        assert (await server.receive()).type is WSMsgType.CLOSE
        assert transport.octets == b"\x81\x01a\x81\x01b\x88\x00"
        assert (server.closed, transport.closing) == (True, True)

    alone(body)


def test_a_violation_after_a_close_frame() -> None:
    """What breaks the protocol after our CLOSE ends the connection without a second one."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        await server.send_frame(b"\x03\xe8", WSMsgType.CLOSE)
        transport.deliver(b"\xff")
        assert (await server.receive()).type is WSMsgType.ERROR
        assert transport.octets == b"\x88\x02\x03\xe8"
        assert server.close_code == 1002

    alone(body)


def test_a_ping_on_a_closing_transport_is_not_answered() -> None:
    """What a transport still delivers while it closes is read; a ping among it is not an error."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.closing = True
        server.data_received(client_frame(WSMsgType.PING, b"x") + client_frame(WSMsgType.TEXT, "last"))
        assert (await server.receive()).data == "last"
        assert transport.octets == b""

    alone(body)


def test_the_heartbeat_of_a_closing_transport_ends_it() -> None:
    """A transport that closes but never ends is given up by the heartbeat, without a ping on it."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        problems: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context))
        transport.closing = True
        message = await server.receive()
        assert message.type is WSMsgType.ERROR
        assert isinstance(message.data, asyncio.TimeoutError)
        assert (transport.octets, problems) == (b"", [])

    alone(body, heartbeat=0.02)


def test_control_frames_after_our_close_are_not_kept() -> None:
    """Pings that the application would see are dropped once it has closed, so that the peer's CLOSE is reached."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        closing = asyncio.ensure_future(server.close())
        await asyncio.sleep(0)
        ping = client_frame(WSMsgType.PING, b"x" * 125)
        for _ in range(QUEUE_LIMIT // 100):
            server.data_received(ping)
        assert transport.pauses == 0
        server.data_received(client_frame(WSMsgType.CLOSE, b"\x03\xe8"))
        assert await closing is True

    alone(body, autoping=False)


@pytest.mark.parametrize("limit", [float("inf"), 1e6, sys.maxsize, 2**80])
def test_any_number_is_a_writer_limit(limit: Any) -> None:
    """``writer_limit`` takes numbers that no machine word holds: compiled or not, they mean no limit."""

    async def body(client: WebSocketChannel, server: WebSocketChannel) -> None:
        assert client.send_text("x" * 100_000, None) is None
        assert len((await server.receive()).data) == 100_000

    both(body, writer_limit=limit)


@pytest.mark.parametrize("deflate", [False, True])
def test_a_cancelled_receive_loses_nothing(deflate: bool) -> None:
    """A receiver that is cancelled when its message has just come leaves it to the next one."""

    async def body(client: WebSocketChannel, server: WebSocketChannel) -> None:
        for taking in (server.receive, server.next):
            receiver = asyncio.ensure_future(taking())
            await asyncio.sleep(0)
            server.data_received(client_frame(WSMsgType.TEXT, "kept"))
            receiver.cancel()
            with pytest.raises(asyncio.CancelledError):
                await receiver
            assert (await server.receive()).data == "kept"
        await client.send(WSMsgType.TEXT, "on")
        assert (await server.receive()).data == "on"

    both(body, deflate=deflate)


def test_a_cancelled_send_has_sent() -> None:
    """A send that is cancelled while it waits for a slow peer has put its message on the wire, whole."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.protocol.pause_writing()
        sender = asyncio.ensure_future(server.send(WSMsgType.BINARY, b"x" * 1000))
        await asyncio.sleep(0)
        sender.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sender
        transport.protocol.resume_writing()
        await server.send(WSMsgType.BINARY, b"y")
        await server.drain()
        assert transport.octets == b"\x82\x7e\x03\xe8" + b"x" * 1000 + b"\x82\x01y"

    alone(body, writer_limit=100)


@pytest.mark.parametrize("turns", [1, 5])
def test_a_cancelled_close_closes(turns: int) -> None:
    """A close that is cancelled, at its start or while it waits for the peer's CLOSE, ends the connection: 1006."""

    async def body(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        for text in "ab":
            await server.send(WSMsgType.TEXT, text)
        closing = asyncio.ensure_future(server.close())
        for _ in range(turns):
            await asyncio.sleep(0)
        assert transport.octets == b"\x81\x01a\x81\x01b\x88\x02\x03\xe8"
        closing.cancel()
        await asyncio.wait([closing], timeout=5)  # less than the time that the peer has for its CLOSE
        assert closing.cancelled()
        assert transport.closing
        assert (server.closed, server.close_code) == (True, 1006)
        assert (await server.receive()).type is WSMsgType.CLOSED

    alone(body)


@pytest.mark.parametrize("deflate", [False, True])
def test_many_senders_keep_messages_whole(deflate: bool) -> None:
    """Messages that several tasks send at once, large ones compressed beside the loop, arrive whole and each
    task's in its order."""

    async def body(client: WebSocketChannel, server: WebSocketChannel) -> None:
        async def sender(name: int) -> None:
            for number in range(10):
                size = 140_000 if number % 3 == 0 else 10
                await client.send(WSMsgType.TEXT, f"{name} {number} " + "x" * size, 0 if number == 5 else None)

        senders = [asyncio.ensure_future(sender(name)) for name in range(4)]
        seen: dict[str, list[int]] = {}
        for _ in range(40):
            name, number, rest = (await server.receive()).data.split(" ")
            assert set(rest) == {"x"} and len(rest) == (140_000 if int(number) % 3 == 0 else 10)
            seen.setdefault(name, []).append(int(number))
        assert seen == {str(name): list(range(10)) for name in range(4)}
        await asyncio.gather(*senders)

    both(body, deflate=deflate)
