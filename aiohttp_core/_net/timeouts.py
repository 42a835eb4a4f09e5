"""Time limits on what a task waits for: over a stretch of code, and over a group of waits that share one deadline.

Both cancel the task and turn that cancellation, and no other, into TimeoutError.

Also compiled from this source, with the types of ``_cparser/types``.
"""

from __future__ import annotations

import asyncio
import sys
from math import ceil
from types import TracebackType
from typing import Any, Final

from aiohttp_core._wire import _accel

if sys.version_info >= (3, 12):
    from asyncio import current_task
else:
    # There it is a function in Python around this.
    from asyncio.tasks import _current_tasks  # type: ignore[attr-defined]

    current_task = _current_tasks.get

CEIL_THRESHOLD: Final = 5.0
"""Seconds above which a deadline is moved to the next whole second, so that many timers fire together."""

_COUNTS_CANCELLING: Final = sys.version_info >= (3, 11)

if sys.version_info >= (3, 11):

    def _cancelling(task: asyncio.Task[Any]) -> int:
        return task.cancelling()

    def _uncancel(task: asyncio.Task[Any]) -> int:
        return task.uncancel()

else:

    def _cancelling(task: asyncio.Task[Any]) -> int:
        return 0

    def _uncancel(task: asyncio.Task[Any]) -> int:
        return 0


def deadline_of(loop: asyncio.AbstractEventLoop, delay: float, threshold: float = CEIL_THRESHOLD) -> float:
    """The loop's time ``delay`` seconds from now, rounded up where ``delay`` exceeds ``threshold``."""
    when = loop.time() + delay
    return ceil(when) if delay > threshold else when


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
        # Not by the function above, which costs another call.
        cancelling = task.cancelling() if _COUNTS_CANCELLING else 0
        self._tasks.append((task, cancelling))
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> bool | None:
        task, cancelling = self._tasks.pop()
        if exc_type is asyncio.CancelledError and self._expired:
            if _uncancel(task) > cancelling:
                # Somebody else cancelled the task too: that cancellation goes on.
                return None
            raise asyncio.TimeoutError from exc_val
        return None

    def start(self, delay: float, threshold: float = CEIL_THRESHOLD) -> None:
        """Be over in ``delay`` seconds, by a timer of its own."""
        self._handle = self._loop.call_at(deadline_of(self._loop, delay, threshold), self.timeout)

    def start_in(self, queue: DeadlineQueue) -> None:
        """Be over when ``queue`` says so."""
        self._queue = queue
        queue.add(self)

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

    def add(self, timer: TimerContext) -> None:
        self._due[timer] = self._loop.time() + self._delay
        if self._handle is None:
            self._arm(self._delay)

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

    def discard(self, timer: TimerContext) -> None:
        self._due.pop(timer, None)

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


class Timeout:
    """``async with Timeout(seconds):`` raises TimeoutError inside once they are over; None or 0 is no limit."""

    __slots__ = ("_cancelling", "_delay", "_expired", "_handle", "_task", "_threshold")

    def __init__(self, delay: float | None, threshold: float = CEIL_THRESHOLD) -> None:
        self._delay = delay
        self._threshold = threshold
        self._expired = False
        self._handle: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Timeout:
        if self._delay is not None and self._delay > 0:
            loop = asyncio.get_running_loop()
            task = asyncio.current_task()
            if task is None:
                raise RuntimeError("Timeout context manager should be used inside a task")
            self._task = task
            self._cancelling = _cancelling(task)
            self._handle = loop.call_at(deadline_of(loop, self._delay, self._threshold), self._expire)
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        handle = self._handle
        if handle is None:
            return
        self._handle = None
        handle.cancel()
        if self._expired and exc_type is asyncio.CancelledError:
            if _uncancel(self._task) > self._cancelling:
                return
            raise asyncio.TimeoutError from exc_val

    def _expire(self) -> None:
        self._expired = True
        self._task.cancel()


_accel.use_compiled(globals(), "timeouts")
