"""The signals of an application's life."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

from frozenlist import FrozenList

if TYPE_CHECKING:
    from .application import Application


class CleanupError(RuntimeError):
    """Several clean-up contexts failed."""

    @property
    def exceptions(self) -> list[BaseException]:
        errors: list[BaseException] = self.args[1]
        return errors


_Callback = Callable[["Application"], "AbstractAsyncContextManager[None] | AsyncIterator[None]"]


class CleanupContext(FrozenList[_Callback]):
    """Callbacks that set something up and, in reverse order, take it down.

    Each is an async generator function with one ``yield``, or makes an async context manager.
    """

    def __init__(self) -> None:
        super().__init__()
        self._exits: list[AbstractAsyncContextManager[None]] = []

    async def _on_startup(self, app: Application) -> None:
        for callback in self:
            context: Any = callback(app)
            if not isinstance(context, AbstractAsyncContextManager):
                context = asynccontextmanager(_returning(context))()
            await context.__aenter__()
            self._exits.append(context)

    async def _on_cleanup(self, app: Application) -> None:
        errors: list[BaseException] = []
        while self._exits:
            context = self._exits.pop()
            try:
                await context.__aexit__(None, None, None)
            except (Exception, asyncio.CancelledError, SystemExit) as exc:  # noqa: BLE001  (raised when all are down)
                errors.append(exc)
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise CleanupError("Multiple errors on cleanup stage", errors)


def _returning(generator: AsyncIterator[None]) -> Callable[[], Any]:
    """``asynccontextmanager`` wants a function of the generator that is there already."""
    return lambda: generator


__all__ = ("CleanupContext", "CleanupError")
