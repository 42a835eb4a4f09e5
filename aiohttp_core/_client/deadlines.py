"""The time that an exchange may take: contexts in which waiting ends with TimeoutError at a deadline.

A deadline that is over cancels the task and turns that cancellation, and no other, into TimeoutError.

Also compiled from this source, with the types of ``_cparser/types``.
"""

from __future__ import annotations

import asyncio
from math import ceil
from types import TracebackType
from typing import Any

from aiohttp_core._connection.arrival import current_task
from aiohttp_core._net.timeouts import CEIL_THRESHOLD, cancelling_of, deadline_of, uncancel
from aiohttp_core._wire import _accel


class BaseTimerContext:
    """A context in which waiting ends with TimeoutError once a deadline is over. In this one it never is."""

    __slots__ = ()

    def assert_timeout(self) -> None:
        """Raise TimeoutError if the deadline is over."""

    def __enter__(self) -> BaseTimerContext:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> bool | None:
        return None


class TimerNoop(BaseTimerContext):
    """No deadline."""

    __slots__ = ()


class TimerContext(BaseTimerContext):
    """The waits of one exchange, which all end when ``timeout`` is called."""

    __slots__ = ("_expired", "_handle", "_loop", "_queue", "_tasks")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: DeadlineQueue | None = None
        self._handle: asyncio.TimerHandle | None = None
        self._tasks: list[tuple[asyncio.Task[Any], int]] = []
        self._expired = False

    def assert_timeout(self) -> None:
        if self._expired:
            raise asyncio.TimeoutError

    def __enter__(self) -> BaseTimerContext:
        task = current_task(self._loop)
        if task is None:
            raise RuntimeError("Timeout context manager should be used inside a task")
        if self._expired:
            raise asyncio.TimeoutError
        self._tasks.append((task, cancelling_of(task)))
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> bool | None:
        task, cancelling = self._tasks.pop()
        if exc_type is asyncio.CancelledError and self._expired:
            if uncancel(task) > cancelling:
                # Somebody else cancelled the task too: that cancellation goes on.
                return None
            raise asyncio.TimeoutError from exc_val
        return None

    def start(self, delay: float, threshold: float = CEIL_THRESHOLD) -> None:
        """Be over in ``delay`` seconds, by a timer of its own."""
        self._handle = self._loop.call_at(deadline_of(self._loop, delay, threshold), self.timeout)

    def stop(self) -> None:
        """Never be over."""
        queue = self._queue
        if queue is not None:
            self._queue = None
            queue._due.pop(self, None)
        elif self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def timeout(self) -> None:
        """The deadline is over."""
        if self._expired:
            return
        self._expired = True
        for task in {task for task, _ in self._tasks}:
            task.cancel()


class DeadlineQueue:
    """Timers that are all due the same number of seconds after they were added, on one timer of the loop.

    Adding and removing is a dictionary's work; the timer is moved only when it fires.
    """

    __slots__ = ("_delay", "_due", "_handle", "_loop", "_threshold")

    def __init__(self, loop: asyncio.AbstractEventLoop, delay: float, threshold: float = CEIL_THRESHOLD) -> None:
        self._loop = loop
        self._delay = delay
        self._threshold = threshold
        # The delay is one for all, so the order of insertion is the order of deadlines.
        self._due: dict[TimerContext, float] = {}
        self._handle: asyncio.TimerHandle | None = None

    def timer(self) -> TimerContext:
        """A timer that is over with this queue's delay."""
        # As the constructor does, without the call: one is made for each request.
        made = TimerContext.__new__(TimerContext)
        made._loop = self._loop
        made._queue = self
        made._handle = None
        made._tasks = []
        made._expired = False
        self._due[made] = self._loop.time() + self._delay
        if self._handle is None:
            self._arm(self._delay)
        return made

    def rest(self) -> None:
        """Hold no timer of the loop where none of these is to come: what is still under way keeps its deadline."""
        if not self._due and self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _arm(self, delay: float) -> None:
        when = self._loop.time() + delay
        self._handle = self._loop.call_at(ceil(when) if self._delay > self._threshold else when, self._fire)

    def _fire(self) -> None:
        self._handle = None
        now = self._loop.time()
        over = []
        for timer, due in self._due.items():
            if due > now:
                self._arm(due - now)
                break
            over.append(timer)
        for timer in over:
            del self._due[timer]
            timer.timeout()


_accel.use_compiled(globals(), "deadlines")
