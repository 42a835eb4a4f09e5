"""Bodies that a coroutine writes, deprecated since asynchronous generators do it."""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp_core._body.payload import Payload
from aiohttp_core._body.registry import payload_type
from aiohttp_core._connection.stream_writer import AbstractStreamWriter


class _StreamWrapper:
    def __init__(self, coro: Callable[..., Awaitable[None]], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.coro = coro
        self.args = args
        self.kwargs = kwargs

    async def __call__(self, writer: AbstractStreamWriter) -> None:
        await self.coro(writer, *self.args, **self.kwargs)


class streamer:
    """Decorates ``async def body(writer, ...)``: what a call of it gives can be sent as a body."""

    def __init__(self, coro: Callable[..., Awaitable[None]]) -> None:
        warnings.warn("@streamer is deprecated, use async generators instead", DeprecationWarning, stacklevel=2)
        self.coro = coro

    def __call__(self, *args: Any, **kwargs: Any) -> _StreamWrapper:
        return _StreamWrapper(self.coro, args, kwargs)


@payload_type(_StreamWrapper)
class StreamWrapperPayload(Payload):
    """Sends what a call of a ``streamer`` gave."""

    _value: _StreamWrapper

    async def write(self, writer: Any) -> None:
        await self._value(writer)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        raise TypeError("Unable to decode.")


@payload_type(streamer)
class StreamPayload(StreamWrapperPayload):
    """Sends what a ``streamer`` without arguments gives."""

    def __init__(self, value: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(value(), *args, **kwargs)
