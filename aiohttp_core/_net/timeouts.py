"""A time limit on what a task waits for in a stretch of code.

Its end cancels the task and turns that cancellation, and no other, into TimeoutError.
"""

from __future__ import annotations

import asyncio
import sys
from math import ceil
from types import TracebackType
from typing import Any, Final

CEIL_THRESHOLD: Final = 5.0
"""Seconds above which a deadline is moved to the next whole second, so that many timers fire together."""

if sys.version_info >= (3, 11):

    def cancelling_of(task: asyncio.Task[Any]) -> int:
        return task.cancelling()

    def uncancel(task: asyncio.Task[Any]) -> int:
        return task.uncancel()

else:

    def cancelling_of(task: asyncio.Task[Any]) -> int:
        return 0

    def uncancel(task: asyncio.Task[Any]) -> int:
        return 0


def deadline_of(loop: asyncio.AbstractEventLoop, delay: float, threshold: float = CEIL_THRESHOLD) -> float:
    """The loop's time ``delay`` seconds from now, rounded up where ``delay`` exceeds ``threshold``."""
    when = loop.time() + delay
    return ceil(when) if delay > threshold else when


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
            self._cancelling = cancelling_of(task)
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
            if uncancel(self._task) > self._cancelling:
                return
            raise asyncio.TimeoutError from exc_val

    def _expire(self) -> None:
        self._expired = True
        self._task.cancel()
