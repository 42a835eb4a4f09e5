"""Futures that may be done already, and timers, as aiohttp's helpers offer them."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable
from math import ceil
from typing import Any, Final, TypeVar

from aiohttp_core._client.deadlines import TimerContext, TimerNoop
from aiohttp_core._net.timeouts import deadline_of

_T = TypeVar("_T")
_NO_CAUSE: Final = BaseException()


class noop:
    """Awaiting it does nothing."""

    def __await__(self) -> Any:
        yield from ()


def set_result(fut: asyncio.Future[_T], result: _T) -> None:
    """Complete ``fut`` unless it is done."""
    if not fut.done():
        fut.set_result(result)


def set_exception(fut: Any, exc: BaseException, exc_cause: BaseException = _NO_CAUSE) -> None:
    """Fail ``fut``, a future or a stream, unless it is done; ``exc_cause`` becomes the cause."""
    if asyncio.isfuture(fut) and fut.done():
        return
    if exc_cause is not _NO_CAUSE and exc is not exc_cause:
        exc.__cause__ = exc_cause
    fut.set_exception(exc)


def calculate_timeout_when(loop_time: float, timeout: float, timeout_ceiling_threshold: float) -> float:
    """When a timeout that begins at ``loop_time`` is over, on a whole second where it is long."""
    when = loop_time + timeout
    return ceil(when) if timeout > timeout_ceiling_threshold else when


def call_later(
    cb: Callable[[], Any], timeout: float | None, loop: asyncio.AbstractEventLoop, timeout_ceil_threshold: float = 5
) -> asyncio.TimerHandle | None:
    """``loop.call_at`` for a timeout in seconds; None or 0 sets no timer."""
    if timeout is None or timeout <= 0:
        return None
    return loop.call_at(deadline_of(loop, timeout, timeout_ceil_threshold), cb)


def get_running_loop(loop: asyncio.AbstractEventLoop | None = None) -> asyncio.AbstractEventLoop:
    """``loop``, or the current one; a loop that does not run is deprecated."""
    if loop is None:
        loop = asyncio.get_event_loop()
    if not loop.is_running():
        warnings.warn("The object should be created within an async function", DeprecationWarning, stacklevel=3)
    return loop


class TimeoutHandle:
    """A group of waits that share one deadline of ``timeout`` seconds; None is no limit."""

    __slots__ = ("_callbacks", "_loop", "_threshold", "_timeout")

    def __init__(self, loop: asyncio.AbstractEventLoop, timeout: float | None, ceil_threshold: float = 5) -> None:
        self._timeout = timeout
        self._loop = loop
        self._threshold = ceil_threshold
        self._callbacks: list[tuple[Callable[..., None], tuple[Any, ...], dict[str, Any]]] = []

    def register(self, callback: Callable[..., None], *args: Any, **kwargs: Any) -> None:
        """Call ``callback`` when the time is over."""
        self._callbacks.append((callback, args, kwargs))

    def close(self) -> None:
        self._callbacks.clear()

    def start(self) -> asyncio.TimerHandle | None:
        return call_later(self, self._timeout, self._loop, self._threshold)

    def timer(self) -> TimerContext | TimerNoop:
        """A context that the deadline interrupts."""
        if self._timeout is None or self._timeout <= 0:
            return TimerNoop()
        timer = TimerContext(self._loop)
        self.register(timer.timeout)
        return timer

    def __call__(self) -> None:
        callbacks, self._callbacks = self._callbacks, []
        for callback, args, kwargs in callbacks:
            callback(*args, **kwargs)
