"""The client's end of a connection, on a transport without a kernel: who goes on when, and what is left."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from connection.scripted import ScriptedTransport

from aiohttp_core import ClientError, ClientPayloadError, ServerDisconnectedError
from aiohttp_core._client.connection import ResponseHandler
from aiohttp_core._client.read_options import DEFAULT_OPTIONS
from aiohttp_core._connection.errors import BadHttpMessage
from aiohttp_core._semantics.compression import _Inflation

REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def run(body: Callable[[ResponseHandler, ScriptedTransport], Awaitable[None]]) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        transport = ScriptedTransport(loop)
        protocol = ResponseHandler(loop)
        transport.connect(protocol)
        await asyncio.wait_for(body(protocol, transport), 10)

    asyncio.run(main())


def deliver_outside_of_tasks(transport: ScriptedTransport, *pieces: bytes) -> None:
    """As a loop delivers: not from within a task."""
    for piece in pieces:
        asyncio.get_running_loop().call_soon(transport.deliver, piece)


def ask(protocol: ResponseHandler) -> None:
    protocol.ask("GET", None, REQUEST, None, DEFAULT_OPTIONS)


async def exchanges(protocol: ResponseHandler, count: int) -> list[Any]:
    got = []
    for _ in range(count):
        ask(protocol)
        _, content = await protocol.read()
        got.append(content if isinstance(content, bytes) else await content.read())
    return got


@pytest.mark.parametrize("interim", [b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"])
def test_the_next_request_leaves_while_a_response_is_read(interim: bytes) -> None:
    """Whoever waits for a response goes on within the read that brings it, without a turn of the loop."""

    async def body(protocol: ResponseHandler, transport: ScriptedTransport) -> None:
        written: list[int] = []

        def deliver() -> None:
            transport.deliver(interim + OK)
            written.append(len(transport.written))

        task = asyncio.ensure_future(exchanges(protocol, 3))
        await asyncio.sleep(0)
        loop = asyncio.get_running_loop()
        for _ in range(3):
            loop.call_soon(deliver)
        assert await task == [b"ok"] * 3
        assert written == [2, 3, 3]
        assert protocol.reusable

    run(body)


@pytest.mark.parametrize("cut", range(1, len(OK)))
def test_a_response_in_two_pieces(cut: int) -> None:
    """However it is cut, it is the same response, and the next request follows."""

    async def body(protocol: ResponseHandler, transport: ScriptedTransport) -> None:
        task = asyncio.ensure_future(exchanges(protocol, 2))
        await asyncio.sleep(0)
        deliver_outside_of_tasks(transport, OK[:cut], OK[cut:])
        while len(transport.written) < 2:
            await asyncio.sleep(0)
        deliver_outside_of_tasks(transport, OK[:cut], OK[cut:])
        assert await task == [b"ok", b"ok"]

    run(body)


@pytest.mark.parametrize(
    ("octets", "error"),
    [
        (b"HTTP/1.1 2 OK\r\n\r\n", BadHttpMessage),
        (b"HTTP/1.1 200 OK\r\nA b\r\n\r\n", BadHttpMessage),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", ClientPayloadError),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", ClientPayloadError),
    ],
)
def test_who_waits_hears_of_what_is_no_response(octets: bytes, error: type[Exception]) -> None:
    """The connection is closed by the time that the program goes on, and is not used again."""

    async def body(protocol: ResponseHandler, transport: ScriptedTransport) -> None:
        task = asyncio.ensure_future(exchanges(protocol, 1))
        await asyncio.sleep(0)
        deliver_outside_of_tasks(transport, octets)
        with pytest.raises(error):
            await task
        assert transport.closing
        assert not protocol.reusable

    run(body)


def test_nobody_waits_for_what_failed_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that is none of HTTP, in the middle of a read, ends the transport and with it the wait; what is read is
    that error, and nothing that is not all."""

    def fail(self: object, data: bytes, max_length: int = 0) -> bytes:
        raise MemoryError

    monkeypatch.setattr(_Inflation, "decompress", fail)

    async def body(protocol: ResponseHandler, transport: ScriptedTransport) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: transport.lose(context["exception"]))
        task = asyncio.ensure_future(exchanges(protocol, 1))
        await asyncio.sleep(0)
        deliver_outside_of_tasks(
            transport, b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd"
        )
        with pytest.raises(MemoryError):
            await asyncio.wait_for(task, 5)

    run(body)


@pytest.mark.parametrize("delay", [0, 3])
def test_what_is_wrong_is_the_same_for_a_slow_reader(delay: int) -> None:
    """Content that is decoded when its connection is gone fails as what was read at once, and names the URL."""
    coded = gzip.compress(bytes(range(256)) * 4000)[:-8] + bytes(8)

    async def body(protocol: ResponseHandler, transport: ScriptedTransport) -> None:
        options = replace(DEFAULT_OPTIONS, bufsize=1000)
        protocol.ask("GET", "http://a/", REQUEST, None, options)
        head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
        deliver_outside_of_tasks(transport, head % len(coded) + coded)
        asyncio.get_running_loop().call_soon(transport.lose, None)
        _, content = await protocol.read()
        for _ in range(delay):
            await asyncio.sleep(0)
        with pytest.raises(ClientPayloadError, match=r"incorrect data check.*\(from http://a/\)"):
            await content.read()  # type: ignore[union-attr]

    run(body)


def test_a_program_may_close_within_the_read() -> None:
    """Closing or dropping the connection from where its response is read leaves nothing half done."""

    for ending in ("close", "abort"):

        async def body(protocol: ResponseHandler, transport: ScriptedTransport, ending: str = ending) -> None:
            async def once() -> None:
                ask(protocol)
                await protocol.read()
                getattr(protocol, ending)()

            task = asyncio.ensure_future(once())
            await asyncio.sleep(0)
            deliver_outside_of_tasks(transport, OK + OK)
            await task
            assert transport.closing
            assert not protocol.reusable

        run(body)


def test_a_cancelled_wait_is_not_woken() -> None:
    """A response that comes between the cancellation of its task and the task's next step is left alone."""

    async def body(protocol: ResponseHandler, transport: ScriptedTransport) -> None:
        task = asyncio.ensure_future(exchanges(protocol, 1))
        await asyncio.sleep(0)
        loop = asyncio.get_running_loop()
        loop.call_soon(task.cancel)
        loop.call_soon(transport.deliver, OK)
        with pytest.raises(asyncio.CancelledError):
            await task

    run(body)


def test_a_lost_connection_ends_the_wait() -> None:
    """The end of the connection, with and without a reason."""

    for reason, error in ((None, ServerDisconnectedError), (OSError(104, "reset"), ClientError)):

        async def body(
            protocol: ResponseHandler,
            transport: ScriptedTransport,
            reason: Exception | None = reason,
            error: type[Exception] = error,
        ) -> None:
            task = asyncio.ensure_future(exchanges(protocol, 1))
            await asyncio.sleep(0)
            asyncio.get_running_loop().call_soon(transport.lose, reason)
            with pytest.raises(error):
                await task

        run(body)
