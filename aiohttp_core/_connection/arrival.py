"""What one task waits for, and goes on with where it comes.

A future costs its task a turn of the loop. Where an ``Arrival`` ends in a transport's callback its task takes the next
step within that, so that what was read is answered, or the next request sent, before the loop looks at its sockets
again.

Also compiled from this source, with the types of ``_cparser/types``.
"""

import asyncio
import contextvars
import sys
from collections.abc import Callable
from typing import Any

from aiohttp_core._wire import _accel

if sys.version_info >= (3, 12):
    from asyncio import current_task
else:
    # There it is a function in Python around this.
    from asyncio.tasks import _current_tasks  # type: ignore[attr-defined]

    current_task = _current_tasks.get


class Arrival:
    """Awaited once, by one task. It has as much of a future as tasks ask for."""

    __slots__ = ("_asyncio_future_blocking", "_callback", "_context", "_done", "_exception", "_loop")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._done = False
        self._exception: BaseException | None = None
        self._callback: Callable[[Any], None] | None = None
        self._context: contextvars.Context | None = None
        self._asyncio_future_blocking = False

    # What ends the wait

    def arrive(self) -> None:
        """Let the task go on, within this call unless a task is running."""
        if self._done:
            return
        if current_task(self._loop) is not None or self._context is None:
            self.end(None)
            return
        self._done = True
        callback, self._callback = self._callback, None
        try:
            self._context.run(callback, self)  # type: ignore[arg-type]
        except RuntimeError:
            # Whoever called runs in this very context. (What the task itself raises it keeps, and does not get here.)
            self._loop.call_soon(callback, self, context=self._context)  # type: ignore[arg-type]

    def end(self, exception: BaseException | None) -> None:
        """Let the task go on in the loop's next turn, with ``exception`` where there is one."""
        if self._done:
            return
        self._done = True
        self._exception = exception
        callback, self._callback = self._callback, None
        if callback is not None:
            self._loop.call_soon(callback, self, context=self._context)

    # What a task calls

    def __await__(self) -> Any:
        return self

    def __next__(self) -> "Arrival":
        if self._done:
            raise StopIteration
        self._asyncio_future_blocking = True
        return self

    def get_loop(self) -> asyncio.AbstractEventLoop:
        return self._loop

    def add_done_callback(self, fn: Callable[[Any], None], *, context: contextvars.Context | None = None) -> None:
        if self._done:
            # Between its coroutine's wait and the task's: the first step of a handler is not the task's own.
            self._loop.call_soon(fn, self, context=context)
            return
        # Given up when it is done: a task knows what it waits for, by the frames of what failed it too.
        self._callback = fn
        self._context = context

    def cancel(self, msg: Any = None) -> bool:
        if self._done:
            return False
        self.end(asyncio.CancelledError() if msg is None else asyncio.CancelledError(msg))
        return True

    def result(self) -> None:
        # Kept here or in this frame, it would keep by its traceback all that the task was.
        exception, self._exception = self._exception, None
        if exception is not None:
            try:
                raise exception
            finally:
                del exception


_accel.use_compiled(globals(), "arrival")
