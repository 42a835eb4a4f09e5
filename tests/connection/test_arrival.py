"""Arrival: a wait whose task goes on at once, and otherwise as with a future."""

import asyncio
import contextvars
from typing import Any

import pytest
from functional.websocket_servers import run

from aiohttp_core._connection.arrival import Arrival

LOOPS = pytest.mark.parametrize("loop_name", ["asyncio", "uvloop"])


async def waiting(steps: list[Any]) -> tuple[Arrival, asyncio.Task[None]]:
    """An arrival that a task awaits; what becomes of that is put into ``steps``."""
    arrival = Arrival(asyncio.get_running_loop())

    async def wait() -> None:
        try:
            await arrival
        except BaseException as exc:
            steps.append(exc)
            raise
        steps.append(asyncio.current_task())

    task = asyncio.ensure_future(wait())
    await asyncio.sleep(0)
    assert steps == []
    return arrival, task


@LOOPS
def test_goes_on_within_a_callback(loop_name: str) -> None:
    """Ended by a callback of the loop, the task takes its next step before that returns, as itself."""

    async def main() -> None:
        steps: list[Any] = []
        arrival, task = await waiting(steps)

        def callback() -> None:
            arrival.arrive()
            arrival.arrive()
            steps.append("called back")

        asyncio.get_running_loop().call_soon(callback)
        await task
        assert steps == [task, "called back"]
        assert asyncio.current_task() is not task

    run(main, loop_name)


@LOOPS
def test_waits_for_a_task_that_runs(loop_name: str) -> None:
    """Ended by another task, the task goes on in the loop's next turn."""

    async def main() -> None:
        steps: list[Any] = []
        arrival, task = await waiting(steps)
        arrival.arrive()
        assert steps == []
        await task
        assert steps == [task]

    run(main, loop_name)


def test_keeps_the_context() -> None:
    """The task goes on in its own context, not in the callback's."""
    variable = contextvars.ContextVar("variable", default="callback's")

    async def main() -> None:
        arrival = Arrival(asyncio.get_running_loop())

        async def wait() -> str:
            variable.set("task's")
            await arrival
            return variable.get()

        task = asyncio.ensure_future(wait())
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(arrival.arrive)
        assert await task == "task's"
        assert variable.get() == "callback's"

    asyncio.run(main())


@LOOPS
def test_cancellation(loop_name: str) -> None:
    """A cancelled task gets CancelledError with its message, and what arrives later changes nothing."""

    async def main() -> None:
        steps: list[Any] = []
        arrival, task = await waiting(steps)
        task.cancel("enough")
        arrival.arrive()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert [type(step) for step in steps] == [asyncio.CancelledError]
        assert steps[0].args == ("enough",)
        assert not arrival.cancel()

    run(main, loop_name)


@LOOPS
def test_cancelled_when_it_is_over(loop_name: str) -> None:
    """A task that is cancelled between the end of its wait and its next step gets CancelledError once."""

    async def main() -> None:
        steps: list[Any] = []
        arrival, task = await waiting(steps)
        arrival.end(None)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(steps) == 1

    run(main, loop_name)


def test_an_exception_is_raised_where_it_is_awaited() -> None:
    """``end`` with an exception raises it in the task."""

    async def main() -> None:
        steps: list[Any] = []
        arrival, task = await waiting(steps)
        error = asyncio.TimeoutError()
        arrival.end(error)
        arrival.end(ValueError())
        with pytest.raises(asyncio.TimeoutError):
            await task
        assert steps == [error]

    asyncio.run(main())


def test_over_before_the_task_waits() -> None:
    """A wait that ends between a coroutine's first step and its task's is none, also where it ends in an exception."""

    async def main() -> None:
        for exception in (None, OSError()):
            arrival = Arrival(asyncio.get_running_loop())
            iterator = arrival.__await__()
            assert next(iterator) is arrival
            arrival.end(exception)
            called: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            arrival.add_done_callback(called.set_result, context=contextvars.copy_context())
            assert await called is arrival
            if exception is None:
                arrival.result()
                with pytest.raises(StopIteration):
                    next(iterator)
            else:
                with pytest.raises(OSError):
                    arrival.result()

    asyncio.run(main())


def test_ended_in_its_own_context() -> None:
    """Ended by a callback that runs in the task's own context, it goes on in the loop's next turn."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        context = contextvars.copy_context()
        arrival = Arrival(loop)
        assert next(arrival.__await__()) is arrival
        called: asyncio.Future[Any] = loop.create_future()
        arrival.add_done_callback(called.set_result, context=context)
        loop.call_soon(arrival.arrive, context=context)
        assert await called is arrival

    asyncio.run(main())


def test_of_another_loop() -> None:
    """A task of another loop is told so."""

    async def main() -> None:
        other = asyncio.new_event_loop()
        try:
            with pytest.raises(RuntimeError, match="attached to a different loop"):
                await asyncio.ensure_future(wait(Arrival(other)))
        finally:
            other.close()

    async def wait(arrival: Arrival) -> None:
        await arrival

    asyncio.run(main())
