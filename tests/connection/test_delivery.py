"""A reader goes on within the read that brings its content, once all of that read was fed; and in no other way."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from aiohttp_core._connection.stream_reader import StreamReader


class Source:
    """Feeds by hand."""

    def pause_reading(self) -> None:
        """Nothing is read."""

    def resume_reading(self) -> None:
        """Nothing is read."""


def run(body: Callable[[StreamReader, asyncio.AbstractEventLoop], Awaitable[None]]) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        await asyncio.wait_for(body(StreamReader(Source(), 2**16, loop=loop), loop), 10)

    asyncio.run(main())


async def in_the_loop(loop: asyncio.AbstractEventLoop, step: Callable[[], Any]) -> Any:
    """What ``step`` returns, called as a transport calls: by the loop, and not within a task."""
    done = loop.create_future()
    loop.call_soon(lambda: done.set_result(step()))
    return await done


def test_goes_on_within_the_read() -> None:
    """Not at the first octets, but before the delivery returns."""

    async def body(reader: StreamReader, loop: asyncio.AbstractEventLoop) -> None:
        task = asyncio.ensure_future(reader.readany())
        await asyncio.sleep(0)

        def deliver() -> list[bool]:
            reader.begin_delivery()
            reader.feed_data(b"ab")
            seen = [task.done()]
            reader.feed_data(b"cd")
            reader.end_delivery()
            return [*seen, task.done()]

        assert await in_the_loop(loop, deliver) == [False, True]
        assert await task == b"abcd"
        # Without a delivery a turn of the loop lies between.
        task = asyncio.ensure_future(reader.readany())
        await asyncio.sleep(0)

        def feed() -> bool:
            reader.feed_data(b"e")
            return task.done()

        assert await in_the_loop(loop, feed) is False
        assert await task == b"e"

    run(body)


def test_a_delivery_within_a_task() -> None:
    """A task that feeds is not interrupted by the one that reads."""

    async def body(reader: StreamReader, loop: asyncio.AbstractEventLoop) -> None:
        task = asyncio.ensure_future(reader.readexactly(2))
        await asyncio.sleep(0)
        reader.begin_delivery()
        reader.feed_data(b"ab")
        reader.end_delivery()
        assert not task.done()
        assert await task == b"ab"

    run(body)


def test_a_failure_in_a_delivery() -> None:
    """Octets and a failure that come together: the reader is told of the failure, once."""

    async def body(reader: StreamReader, loop: asyncio.AbstractEventLoop) -> None:
        for first in (b"", b"ab"):
            task = asyncio.ensure_future(reader.read(5))
            await asyncio.sleep(0)

            def deliver(octets: bytes = first) -> None:
                reader.begin_delivery()
                reader.feed_data(octets)
                reader.set_exception(ValueError("broken"))
                reader.end_delivery()

            await in_the_loop(loop, deliver)
            with pytest.raises(ValueError, match="broken"):
                await task

    run(body)


def test_cancelled_beside_a_delivery() -> None:
    """A reader that is cancelled before its octets come leaves them for the next; one that is cancelled after was
    given them."""

    async def body(reader: StreamReader, loop: asyncio.AbstractEventLoop) -> None:
        task = asyncio.ensure_future(reader.readany())
        await asyncio.sleep(0)

        def cancel_and_deliver() -> None:
            task.cancel()
            reader.begin_delivery()
            reader.feed_data(b"ab")
            reader.end_delivery()

        await in_the_loop(loop, cancel_and_deliver)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await reader.readany() == b"ab"
        late = asyncio.ensure_future(reader.readany())
        await asyncio.sleep(0)

        def deliver_and_cancel() -> bool:
            reader.begin_delivery()
            reader.feed_data(b"cd")
            reader.end_delivery()
            return late.cancel()

        assert await in_the_loop(loop, deliver_and_cancel) is False
        assert await late == b"cd"

    run(body)


def test_reads_again_within_the_read() -> None:
    """A reader that goes on may wait again at once: the next delivery finds it."""

    async def body(reader: StreamReader, loop: asyncio.AbstractEventLoop) -> None:
        got = []

        async def read() -> None:
            async for piece in reader.iter_any():
                got.append(piece)

        task = asyncio.ensure_future(read())
        await asyncio.sleep(0)

        def deliver(octets: bytes) -> int:
            reader.begin_delivery()
            reader.feed_data(octets)
            reader.end_delivery()
            return len(got)

        for count, octets in enumerate((b"a", b"b", b"c"), 1):
            assert await in_the_loop(loop, lambda octets=octets: deliver(octets)) == count

        def end() -> bool:
            reader.begin_delivery()
            reader.feed_data(b"d")
            reader.feed_eof()
            reader.end_delivery()
            return task.done()

        assert await in_the_loop(loop, end) is True
        assert got == [b"a", b"b", b"c", b"d"]

    run(body)
