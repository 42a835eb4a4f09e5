"""Deadlines of exchanges: many on one timer."""

from __future__ import annotations

import asyncio

import pytest

from aiohttp_core._client.deadlines import BaseTimerContext, DeadlineQueue, TimerContext, TimerNoop


def test_deadline_queue() -> None:
    """Timers of one delay share one timer of the loop; what was removed does not fire."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        queue = DeadlineQueue(loop, 0.02)
        kept, removed = queue.timer(), queue.timer()
        removed.stop()
        with pytest.raises(asyncio.TimeoutError), kept:
            await asyncio.Event().wait()
        with removed:
            await asyncio.sleep(0)
        with pytest.raises(asyncio.TimeoutError):
            kept.assert_timeout()

    asyncio.run(main())


def test_a_context_without_a_deadline() -> None:
    """The base, and what says so by its name, are never over."""
    for context in (BaseTimerContext(), TimerNoop()):
        with context as entered:
            assert entered is context
        assert context.assert_timeout() is None
    assert issubclass(TimerContext, BaseTimerContext)


def test_a_deadline_outside_a_task() -> None:
    """There is nothing to cancel: said at once."""
    loop = asyncio.new_event_loop()
    try:
        with pytest.raises(RuntimeError, match="inside a task"), TimerContext(loop):
            pytest.fail("entered")
    finally:
        loop.close()


def test_another_cancellation_goes_on() -> None:
    """A task that is cancelled by somebody else while its deadline is over ends by CancelledError."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        timer = TimerContext(loop)

        async def waits() -> None:
            with timer:
                await asyncio.Event().wait()

        task = asyncio.create_task(waits())
        await asyncio.sleep(0)
        timer.timeout()
        task.cancel()
        with pytest.raises((asyncio.CancelledError, asyncio.TimeoutError)) as caught:
            await task
        if hasattr(task, "uncancel"):
            assert caught.type is asyncio.CancelledError

    asyncio.run(main())
