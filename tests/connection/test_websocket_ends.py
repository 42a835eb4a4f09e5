"""WebSocketChannel on connections that end, and what it holds back then."""

import asyncio
import sys
from typing import Any

import pytest
from connection.channels import alone, both, client_frame
from connection.scripted import ScriptedTransport

from aiohttp_core._connection.http1 import Http1Connection
from aiohttp_core._connection.protocol import ConnectionLost
from aiohttp_core._connection.websocket import QUEUE_LIMIT, WebSocketChannel
from aiohttp_core._wire.http1.parser import request_parser
from aiohttp_core._wire.http1.rules import Limits
from aiohttp_core._wire.websocket.frame import Role
from aiohttp_core._wire.websocket.messages import WSMsgType
from aiohttp_core._wire.websocket.reader import MessageReader
from aiohttp_core._wire.websocket.writer import MessageWriter


class Connection(Http1Connection):
    """A connection that can be upgraded; no request comes on it."""


def upgraded(transport: ScriptedTransport) -> tuple[Connection, WebSocketChannel]:
    loop = transport.loop
    connection = Connection(loop, request_parser(Limits()))
    transport.connect(connection)
    channel = WebSocketChannel(
        connection,
        MessageReader(Role.SERVER, 0, None),
        MessageWriter(Role.SERVER),
        loop=loop,
        shut=connection.close_transport,
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
        assert client.send_data(WSMsgType.TEXT, "x" * 100_000, None) is None
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
