"""What an endpoint that echoes puts on the wire for every vector, by Autobahn's categories: 1-7, 9 and 10 plain, 12 and
13 compressed."""

import asyncio
from typing import Any

import pytest
from connection.channels import channel_on
from connection.scripted import ScriptedTransport
from vectors.websocket_deflate import DEFLATE_VECTORS
from vectors.websocket_frames import BINARY, CLOSE, PING, PONG, TEXT, VECTORS, Vector

from aiohttp_core._connection.websocket import WebSocketChannel
from aiohttp_core._wire.websocket.deflate import DeflateParams
from aiohttp_core._wire.websocket.frame import Role
from aiohttp_core._wire.websocket.messages import WSMsgType
from aiohttp_core._wire.websocket.reader_pure import MessageReader

CASES = [vector for vector in VECTORS + DEFLATE_VECTORS if vector.max_fragments is None]


async def echo(channel: WebSocketChannel) -> list[Any]:
    """Send everything back; gives the message at which that ended, if it was an error."""
    errors = []
    try:
        while True:
            message = await channel.next()
            if message.type is WSMsgType.ERROR:
                errors.append(message)
            else:
                await channel.send(message.type, message.data)
    except StopAsyncIteration:
        return errors
    except ConnectionError:
        # A violation behind good messages ends the connection before those are answered.
        return errors or [await channel.receive()]


def answers(vector: Vector, octets: bytes) -> list[Any]:
    """What the vector's sender gets to read."""
    role = Role.SERVER if vector.role is Role.CLIENT else Role.CLIENT
    reader = MessageReader(role, 0, DeflateParams().inflater(role) if vector.deflate else None)
    messages = reader.feed(octets)
    assert reader.error is None
    return messages


@pytest.mark.parametrize("way", ["whole", "in pieces"])
@pytest.mark.parametrize("vector", CASES, ids=str)
def test_echo(vector: Vector, way: str) -> None:
    """Good messages come back, pings are answered in order, the close is echoed, a violation is told by its code; no
    task is left."""

    async def main() -> None:
        transport = ScriptedTransport(asyncio.get_running_loop())
        channel = channel_on(transport, vector.role, vector.deflate, max_msg_size=vector.max_msg_size)
        echoing = asyncio.ensure_future(echo(channel))
        step = len(vector.wire) if way == "whole" else max(len(vector.wire) // 7, 3)
        for at in range(0, len(vector.wire), step):
            transport.deliver(vector.wire[at : at + step])
            for _ in range(3):
                await asyncio.sleep(0)
        if not vector.closed and vector.error is None:
            transport.lose(None)
        errors = await asyncio.wait_for(echoing, 10)
        assert [error.data.code for error in errors] == ([] if vector.error is None else [vector.error])
        got = answers(vector, transport.octets)
        echoed = [tuple(message[:2]) for message in got if message.type in (TEXT, BINARY)]
        sent = [message[:2] for message in vector.messages if message[0] in (TEXT, BINARY)]
        assert echoed == (sent if vector.error is None else sent[: len(echoed)])
        pings = [message[1] for message in vector.messages if message[0] == PING]
        assert [message.data for message in got if message.type == PONG] == pings
        if vector.error is not None or vector.closed:
            expected = vector.error if vector.error is not None else vector.messages[-1][1]
            assert (got[-1].type, got[-1].data) == (CLOSE, expected)
            assert channel.close_code == expected
            assert transport.closing
        assert channel.closed
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())
