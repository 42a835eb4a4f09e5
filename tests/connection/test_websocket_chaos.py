"""Two channels under whatever order of sends, receives, closes, cancellations, pauses and losses.

The wire is judged from outside: what each side has written must be whole frames, with nothing behind a CLOSE, and what
the other side received must be what was sent, in order, with none in between missing.
"""

import asyncio
import functools
from typing import Any

import pytest
from connection.channels import channel_on
from connection.scripted import ScriptedTransport, pair
from functional.websocket_servers import run
from hypothesis import given
from hypothesis import strategies as st

from aiohttp_core._connection.protocol import ConnectionLost
from aiohttp_core._connection.websocket import WebSocketChannel
from aiohttp_core._wire.websocket.deflate import DeflateParams
from aiohttp_core._wire.websocket.frame import Role
from aiohttp_core._wire.websocket.messages import WSMsgType
from aiohttp_core._wire.websocket.reader_pure import MessageReader

SIZES = (0, 5, 130, 70_000, 140_000)
Step = tuple[str, int, int]
ACTIONS = (
    *("send", "send", "send", "receive", "receive", "cancel", "cancel", "pause", "resume", "ping", "close", "frame"),
    *("garbage", "lose", "break", "shut", "going", "flush", "show"),
)
STEPS = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 1), st.integers(0, 4)), max_size=25)


class Side:
    """One channel, what it was told to do, and what came of that."""

    def __init__(self, transport: ScriptedTransport, role: Role, deflate: bool) -> None:
        self.transport = transport
        self.deflate = deflate
        self.channel: WebSocketChannel = channel_on(
            transport, role, deflate, close_timeout=0.01, abort_timeout=0.01, writer_limit=100_000, autoclose=True
        )
        self.role = role
        self.tasks: list[asyncio.Task[Any]] = []
        self.sent: list[bytes] = []
        self.kept: list[Any] = []
        self.garbage = False

    def start(self, coroutine: Any) -> None:
        self.tasks.append(asyncio.ensure_future(coroutine))

    async def send(self, number: int) -> None:
        data = b"%d " % len(self.sent) + b"x" * SIZES[number]
        self.sent.append(data)
        await self.channel.send(WSMsgType.BINARY, data)

    async def receive(self, number: int) -> None:
        message = await (self.channel.receive(0.005) if number == 4 else self.channel.receive())
        self.kept.append(message)

    def do(self, action: str, number: int) -> None:
        channel, transport = self.channel, self.transport
        if action == "send":
            self.start(self.send(number))
        elif action == "receive":
            self.start(self.receive(number))
        elif action == "ping":
            self.start(channel.send(WSMsgType.PING, b"p" * number))
        elif action == "close":
            self.start(channel.close(4000 + number))
        elif action == "frame":
            self.start(channel.send_frame(b"\x0f\xa0", WSMsgType.CLOSE))
        elif action == "cancel" and self.tasks:
            self.tasks[-1 - number % len(self.tasks)].cancel()
        elif action == "pause" and transport.protocol is not None:
            transport.protocol.pause_writing()
        elif action == "resume" and transport.protocol is not None:
            transport.protocol.resume_writing()
        elif action == "garbage" and transport.protocol is not None:
            self.garbage = True
            transport.deliver(b"\xff" * (number + 1))
        elif action == "lose":
            transport.lose(None)
        elif action == "break":
            transport.lose(OSError("broken"))
        elif action == "shut" and not transport.closing:
            channel.flush_and_end()
            transport.close()
        elif action == "going":
            channel.going_away()
        elif action == "flush" and not transport.closing:
            channel.flush()
        elif action == "show":
            assert channel.transport in (transport, None)

    def written(self) -> list[Any]:
        """The messages on the wire; fails where something is no whole frame or follows a CLOSE."""
        other = Role.SERVER if self.role is Role.CLIENT else Role.CLIENT
        reader = MessageReader(other, 0, DeflateParams().inflater(other) if self.deflate else None)
        messages = reader.feed(self.transport.octets)
        assert reader.error is None
        assert reader.pending == 0
        if reader.closed:
            again = MessageReader(other, 0, DeflateParams().inflater(other) if self.deflate else None)
            size = len(self.transport.octets)
            assert not again.feed(self.transport.octets[: size - 1]) or not again.closed, "octets behind a CLOSE"
        return messages


async def chaos(steps: list[Step], deflate: bool) -> None:
    problems: list[Any] = []
    loop, before = asyncio.get_running_loop(), asyncio.all_tasks()
    loop.set_exception_handler(lambda _, context: problems.append(context))
    one, other = pair(loop)
    sides = Side(one, Role.CLIENT, deflate), Side(other, Role.SERVER, deflate)
    for action, which, number in steps:
        sides[which].do(action, number)
        for _ in range(number):
            await asyncio.sleep(0)
    for side in sides:
        side.do("resume", 0)
    outcomes = []
    for side in sides:
        side.start(side.channel.close())
        outcomes += await asyncio.wait_for(asyncio.gather(*side.tasks, return_exceptions=True), 10)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            assert isinstance(
                outcome, (ConnectionLost, OSError, asyncio.TimeoutError, asyncio.CancelledError, RuntimeError)
            ), outcome
    while any(side.transport.protocol is not None for side in sides) or asyncio.all_tasks() != before:
        await asyncio.sleep(0)
    for side in sides:
        assert side.channel.closed
        assert (await side.channel.receive()).type is WSMsgType.CLOSED
    assert problems == []
    for side, peer in (sides, sides[::-1]):
        on_wire = [message.data for message in side.written() if message.type is WSMsgType.BINARY]
        assert on_wire == [data for data in side.sent if data in set(on_wire)]
        received = [message.data for message in peer.kept if message.type is WSMsgType.BINARY]
        assert received == on_wire[: len(received)]


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("deflate", [False, True])
@given(steps=STEPS)
def test_nothing_is_torn(loop: str, deflate: bool, steps: list[Step]) -> None:
    """Whatever happens, frames leave whole and in order, every wait ends, no task stays and nothing is reported."""
    run(functools.partial(chaos, steps, deflate), loop)
