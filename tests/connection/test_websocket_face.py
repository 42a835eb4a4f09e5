"""WebSocketFace: what programs, their subclasses and their tests do with its methods."""

import asyncio
import gc
import inspect
import warnings
import weakref
from typing import Any
from unittest import mock

import pytest
from connection.channels import Upgraded, alone, both, client_frame
from connection.scripted import ScriptedTransport

from aiohttp_core._connection.websocket import WebSocketChannel
from aiohttp_core._connection.websocket_face import WebSocketFace
from aiohttp_core._wire.websocket.frame import Role
from aiohttp_core._wire.websocket.messages import WSMessage, WSMsgType
from aiohttp_core._wire.websocket.reader import MessageReader
from aiohttp_core._wire.websocket.writer import MessageWriter

END = WSMessage(WSMsgType.CLOSED, None, None)


class Face(WebSocketFace):
    def __init__(self, channel: Any) -> None:
        self._channel = channel


class Other:
    """Another base with attributes of its own."""

    other: int


class Both(Face, Other):
    pass


@pytest.mark.parametrize("name", ["send_str", "send_bytes", "send_json", "send_frame", "ping", "pong", "receive"])
def test_coroutine_functions(name: str) -> None:
    """Sends and receives are coroutine functions, and give coroutines: whose await is missed is warned of."""

    async def main(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        method = getattr(Face(server), name)
        assert inspect.iscoroutinefunction(method)
        arguments: dict[str, tuple[Any, ...]] = {
            "send_str": ("x",),
            "send_bytes": (b"x",),
            "send_json": (1,),
            "send_frame": (b"x", WSMsgType.BINARY),
        }
        sending = method(*arguments.get(name, ()))
        assert inspect.iscoroutine(sending)
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            del sending
            gc.collect()
        assert [warning.category for warning in told] == [RuntimeWarning]
        assert name in str(told[0].message)
        assert transport.octets == b""

    alone(main)


def test_sends_as_tasks() -> None:
    """Sends run as tasks, gathered and with a time limit."""

    async def main(client: WebSocketChannel, server: WebSocketChannel) -> None:
        face, other = Face(client), Both(server)
        await asyncio.create_task(face.send_str("1"))
        await asyncio.gather(face.send_str("2"), face.send_bytes(b"3"))
        await asyncio.wait_for(face.send_json(4), 5)
        assert [(await other.receive()).data for _ in range(4)] == ["1", "2", b"3", "4"]

    both(main)


def test_the_wrong_kind_of_data() -> None:
    """TypeError for data of the wrong kind, awaited and not before, and nothing is sent."""

    async def main(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        face: Any = Face(server)
        for send, data in ((face.send_str, b"x"), (face.send_str, None), (face.send_bytes, "x"), (face.send_bytes, 1)):
            sending = send(data)
            with pytest.raises(TypeError, match="data argument must be"):
                await sending
        assert transport.octets == b""

    alone(main)


def test_before_there_is_a_channel() -> None:
    """RuntimeError until the handshake is done, whatever is called; AttributeError where __init__ was not called."""

    async def main() -> None:
        calls: list[Any] = [
            lambda face: face.send_str(b"wrong too"),
            lambda face: face.send_bytes(b"x"),
            lambda face: face.receive(),
            lambda face: anext_of(face),
        ]
        for call in calls:
            with pytest.raises(RuntimeError, match="prepare"):
                await call(Face(None))
            with pytest.raises(AttributeError):
                await call(Face.__new__(Face))

    async def anext_of(face: Face) -> Any:
        return await face.__anext__()

    asyncio.run(main())


def test_iteration() -> None:
    """Iterates over itself; a next message may be asked for as a task."""

    async def main(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        face = Both(server)
        assert face.__aiter__() is face
        waiting = asyncio.create_task(face.__anext__())
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="Concurrent"):
            await face.__anext__()
        transport.deliver(client_frame(WSMsgType.TEXT, "one") + client_frame(WSMsgType.BINARY, b"two"))
        assert await waiting == (WSMsgType.TEXT, "one", "")
        transport.deliver(client_frame(WSMsgType.CLOSE))
        assert [message.data async for message in face] == [b"two"]
        assert list(inspect.signature(WebSocketFace.__anext__).parameters) == ["self"]
        assert WebSocketFace.__anext__.__name__ == "__anext__"

    alone(main)


def test_a_receive_of_a_subclass_or_a_test() -> None:
    """``async for`` calls the ``receive`` of the object: a subclass's, or one put into class or object meanwhile."""

    class Own(Face):
        async def receive(self, timeout: float | None = None) -> Any:
            message = await super().receive(timeout)
            return message._replace(extra="own")

    async def main(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        transport.deliver(b"".join(client_frame(WSMsgType.TEXT, text) for text in "abc"))
        own, face = Own(server), Face(server)
        assert (await own.__anext__()).extra == "own"
        assert (await face.__anext__()).extra == ""
        with mock.patch.object(face, "receive", mock.AsyncMock()) as put:
            put.side_effect = [WSMessage(WSMsgType.TEXT, "put in", ""), END]
            assert [message.data async for message in face] == ["put in"]
        with mock.patch.object(Face, "receive", mock.AsyncMock(return_value=WSMessage(WSMsgType.TEXT, "for all", ""))):
            assert (await face.__anext__()).data == "for all"
        assert (await face.__anext__()).data == "c"

    alone(main)


@pytest.mark.parametrize("shape", [mock.MagicMock, mock.create_autospec])
def test_mocks(shape: Any) -> None:
    """A mock with the face's specification sends and iterates."""

    async def main() -> None:
        face = shape(WebSocketFace, instance=True) if shape is mock.create_autospec else shape(spec=WebSocketFace)
        await face.send_str("x")
        face.send_str.assert_awaited_once_with("x")
        face.receive.return_value = END
        assert await face.receive() is END

    asyncio.run(main())


def test_is_let_go() -> None:
    """Takes attributes and weak references, and goes with its channel in a cycle."""

    async def main(server: WebSocketChannel, transport: ScriptedTransport) -> None:
        face: Any = Face(server)
        face.itself = face
        face.kept = face.__anext__
        seen = weakref.ref(face)
        del face
        gc.collect()
        assert seen() is None

    alone(main)


class StandIn:
    """As much of a connection as a channel asks for, without being one."""

    connected = True
    writing_paused = False
    transport_shown = False

    def __init__(self, transport: ScriptedTransport) -> None:
        self.transport = transport

    async def drain(self) -> None:
        pass


class Writer:
    """As much of a writer, likewise."""

    def text(self, data: str, compress: int | None = None) -> bytes:
        return b"text %s;" % data.encode()

    def binary(self, data: bytes, compress: int | None = None) -> bytes:
        return b"binary %s;" % data


@pytest.mark.parametrize("writer", [MessageWriter(Role.SERVER), Writer()], ids=["ours", "another"])
@pytest.mark.parametrize("shown", [False, True])
def test_stand_ins(writer: Any, shown: bool) -> None:
    """A connection and a writer of somebody's own are sent through; what follows a first frame is held back unless a
    program has the transport."""

    async def main() -> None:
        transport = ScriptedTransport(asyncio.get_running_loop())
        transport.connect(Upgraded(transport.loop))
        protocol: Any = StandIn(transport)
        protocol.transport_shown = shown
        channel = WebSocketChannel(
            protocol, MessageReader(Role.SERVER), writer, loop=transport.loop, shut=transport.close
        )
        face = Face(channel)
        one, two = (b"\x81\x011", b"\x82\x012") if isinstance(writer, MessageWriter) else (b"text 1;", b"binary 2;")
        await face.send_str("1")
        await face.send_bytes(b"2")
        assert transport.octets == (one + two if shown else one)
        await asyncio.sleep(0)
        assert transport.octets == one + two

    asyncio.run(main())
