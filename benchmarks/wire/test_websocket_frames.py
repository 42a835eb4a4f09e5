"""Frames read and written: both twins beside aiohttp's reader, in buffers as a socket gives them.

Each round parses the same number of octets; divide by the number of messages for the cost of one.
"""

import asyncio
import importlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from aiohttp_core._wire._accel import websocket as compiled
from aiohttp_core._wire.websocket import reader_pure, writer_pure
from aiohttp_core._wire.websocket.frame import Role
from aiohttp_core._wire.websocket.writer import MessageWriter

READ = 64 * 1024
"""Octets that one read of a socket gives."""
MAX_MSG_SIZE = 4 * 1024 * 1024
KEY = b"\x37\xfa\x21\x3d"
LOADS = {"market feed 64 B": (64, 1000), "8 KiB": (8192, 32), "100 KB": (100_000, 4), "1 MiB": (2**20, 1)}
Parse = Callable[[list[bytes]], int]

READERS: dict[str, Any] = {"pure": reader_pure.MessageReader}
BUILDERS: dict[str, Any] = {"pure": writer_pure.build_frame}
if compiled is not None:
    READERS["compiled"] = compiled.MessageReader
    BUILDERS["compiled"] = compiled.build_frame


def reads(load: str, kind: int, role: Role) -> list[bytes]:
    size, count = LOADS[load]
    payload = (b'{"symbol": "ABC", "price": 12.5} ' * (size // 32 + 1))[:size]
    frame: bytes = writer_pure.build_frame(0x80 | kind, payload, KEY if role is Role.SERVER else None)
    wire = frame * count
    return [wire[at : at + READ] for at in range(0, len(wire), READ)]


def ours(twin: str, role: Role) -> Parse:
    def parse(buffers: list[bytes]) -> int:
        reader = READERS[twin](role, MAX_MSG_SIZE)
        return sum(len(reader.feed(buffer)) for buffer in buffers)

    return parse


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def aiohttps(loop: asyncio.AbstractEventLoop) -> Parse:
    """aiohttp's reader and queue, found by name in the installed package."""
    try:
        peer = importlib.import_module("aiohttp._websocket.reader")
        protocols = importlib.import_module("aiohttp.base_protocol")
    except ImportError:
        pytest.skip("aiohttp is not installed")

    def parse(buffers: list[bytes]) -> int:
        queue = peer.WebSocketDataQueue(protocols.BaseProtocol(loop), 2**30, loop=loop)
        reader = peer.WebSocketReader(queue, MAX_MSG_SIZE, False, True)
        for buffer in buffers:
            reader.feed_data(buffer)
        return len(queue._buffer)

    return parse


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
@pytest.mark.parametrize("kind", [1, 2], ids=["text", "binary"])
@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("candidate", [*READERS, "aiohttp"])
def test_read(
    benchmark: Any, loop: asyncio.AbstractEventLoop, candidate: str, load: str, kind: int, role: Role
) -> None:
    """A stream of equal messages comes in by reads of 64 KiB."""
    benchmark.group = f"read {load} {'text' if kind == 1 else 'binary'} as {role.value}"
    parse = aiohttps(loop) if candidate == "aiohttp" else ours(candidate, role)
    buffers = reads(load, kind, role)
    assert benchmark(parse, buffers) == LOADS[load][1]


@pytest.mark.parametrize("masked", [False, True], ids=["server", "client"])
@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("candidate", BUILDERS)
def test_build(benchmark: Any, candidate: str, load: str, masked: bool) -> None:
    """One message becomes one frame."""
    benchmark.group = f"build {load} as {'client' if masked else 'server'}"
    benchmark(BUILDERS[candidate], 0x82, b"x" * LOADS[load][0], KEY if masked else None)


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_write_small_text(benchmark: Any, role: Role) -> None:
    """One small text leaves through the writer, with a fresh key where masked."""
    benchmark.group = "write 64 B text"
    benchmark(MessageWriter(role).text, "x" * 64)
