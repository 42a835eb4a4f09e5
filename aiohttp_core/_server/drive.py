"""Runs a handler's first step at once, in the name of the connection's task.

Most handlers never suspend. Such a one is finished inside ``data_received``: no task, no turn of the loop.
One that suspends is handed to the connection's own task, which was its current task from the start; so
``asyncio.current_task()``, timeouts, cancellation and context variables are what they would be anyway.

Also compiled from this source, with the types of ``_cparser/types``.
"""

import asyncio
import contextvars
import sys
from collections.abc import Callable, Coroutine, Generator
from typing import Any, Final

from aiohttp_core._wire import _accel

CAN_DRIVE: Final = sys.version_info >= (3, 11)
"""Tasks take a context from 3.11 on; before, every handler starts in its task's next turn."""
_enter_task: Final = asyncio._enter_task
_leave_task: Final = asyncio._leave_task


class _Suspended:
    """Awaits what ``coroutine`` is suspended on, and then the rest of it."""

    __slots__ = ("_coroutine", "_waiting_on")

    def __init__(self, coroutine: Coroutine[Any, Any, None], waiting_on: Any) -> None:
        self._coroutine = coroutine
        self._waiting_on = waiting_on

    def __await__(self) -> Generator[Any, Any, None]:
        coroutine, waiting_on = self._coroutine, self._waiting_on
        # An idle connection holds nothing of its last request.
        self._waiting_on = None
        while True:
            try:
                yield waiting_on
            except GeneratorExit:
                coroutine.close()
                raise
            except BaseException as exc:  # noqa: BLE001  (handed to the handler)
                try:
                    waiting_on = coroutine.throw(exc)
                except StopIteration:
                    return
            else:
                waiting_on = None
                # From here on the interpreter passes everything through by itself.
                yield from coroutine.__await__()
                return


class Driver:
    """One connection's task; ``run`` starts a coroutine in its name. One coroutine at a time.

    ``cancelled_idle`` is called where a program cancels the task while it has nothing to do: it can run nothing more.
    """

    __slots__ = ("_busy", "_cancelled_idle", "_closed", "_context", "_loop", "_next", "_wakeup", "task")

    def __init__(self, loop: asyncio.AbstractEventLoop, cancelled_idle: Callable[[], None]) -> None:
        self._loop = loop
        self._cancelled_idle: Callable[[], None] | None = cancelled_idle
        self._busy = False
        self._closed = False
        self._next: Coroutine[Any, Any, None] | _Suspended | None = None
        self._wakeup: asyncio.Future[None] | None = None
        self._context = contextvars.copy_context()
        if sys.version_info >= (3, 11):
            self.task: asyncio.Task[None] = asyncio.Task(self._main(), loop=loop, context=self._context)
        else:
            self.task = self._context.run(loop.create_task, self._main())

    @property
    def busy(self) -> bool:
        """Whether a coroutine was started and has not ended."""
        return self._busy

    def close(self, cancel: bool) -> None:
        """End the task once it has nothing to do; with ``cancel`` cancel what it does."""
        self._closed = True
        self._cancelled_idle = None
        if (cancel or not self._busy) and not self.task.done():
            # One that has failed would no longer be reported.
            self.task.cancel()

    def run(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Start ``coroutine``; it must not raise but for cancellation."""
        self._busy = True
        if not CAN_DRIVE:
            self._hand_over(coroutine)
            return
        try:
            _enter_task(self._loop, self.task)
        except RuntimeError:
            # Another task runs, one that writes to this connection, say.
            self._hand_over(coroutine)
            return
        try:
            waiting_on = self._context.run(coroutine.send, None)
        except StopIteration:
            self._busy = False
        except asyncio.CancelledError:
            self._busy = False
            self.task.cancel()
        except BaseException:
            # SystemExit, say, by which a program ends: nothing must wait for this coroutine any more.
            self._busy = False
            raise
        else:
            self._hand_over(_Suspended(coroutine, waiting_on))
        finally:
            _leave_task(self._loop, self.task)

    def _hand_over(self, work: "Coroutine[Any, Any, None] | _Suspended") -> None:
        self._next = work
        wakeup = self._wakeup
        if wakeup is not None and not wakeup.done():
            wakeup.set_result(None)

    async def _main(self) -> None:
        while not self._closed or self._next is not None:
            if self._next is None:
                self._wakeup = self._loop.create_future()
                try:
                    await self._wakeup
                except asyncio.CancelledError:
                    if self._next is None:
                        if self._cancelled_idle is None:
                            return
                        self._cancelled_idle()
                        raise
                    # Cancelled between its first step and this one: it is the handler that is meant, once.
                    if sys.version_info >= (3, 11):
                        self.task.uncancel()
                    self._loop.call_soon(self.task.cancel)
                finally:
                    self._wakeup = None
                if self._next is None:
                    continue
            work, self._next = self._next, None
            try:
                await work
            finally:
                del work
                # It may have started the next one: that of a pipelined request.
                self._busy = self._next is not None


_accel.use_compiled(globals(), "server_drive")
