"""What requests are until they are awaited: coroutines that can also be used by ``async with``."""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .response import ClientResponse
from .websocket import ClientWebSocketResponse

if TYPE_CHECKING:
    from .session import ClientSession

_Result = TypeVar("_Result", bound="AbstractAsyncContextManager[Any]")


class _BaseRequestContextManager(Coroutine[Any, Any, _Result], Generic[_Result]):
    """A request that can be awaited, or used by ``async with``."""

    __slots__ = ("_coro", "_resp")

    def __init__(self, coro: Coroutine[Any, Any, _Result]) -> None:
        self._coro = coro

    def send(self, arg: None) -> Any:
        return self._coro.send(arg)

    def throw(self, *args: Any, **kwargs: Any) -> Any:
        return self._coro.throw(*args, **kwargs)

    def close(self) -> None:
        self._coro.close()

    def __await__(self) -> Generator[Any, None, _Result]:
        return self._coro.__await__()

    def __iter__(self) -> Generator[Any, None, _Result]:
        return self._coro.__await__()

    async def __aenter__(self) -> _Result:
        response: Any = await self._coro
        self._resp: Any = response
        if type(response) is ClientResponse:
            # ``__aenter__`` of this very class waits for nothing.
            response._in_context = True
            return response  # type: ignore[return-value]
        entered: _Result = await response.__aenter__()
        return entered

    def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> Coroutine[Any, Any, None]:
        response = self._resp
        ended: Coroutine[Any, Any, None]
        if type(response) is ClientResponse:
            # As above: one coroutine less.
            ended = response._leave_context()
        else:
            ended = response.__aexit__(exc_type, exc, tb)
        return ended


if TYPE_CHECKING:
    _RequestContextManager = _BaseRequestContextManager[ClientResponse]
    _WSRequestContextManager = _BaseRequestContextManager[ClientWebSocketResponse[Any]]
else:
    # Calling a generic alias costs more than the class.
    _RequestContextManager = _WSRequestContextManager = _BaseRequestContextManager


class _SessionRequestContextManager:
    """One request with a session of its own."""

    __slots__ = ("_coro", "_resp", "_session")

    def __init__(self, coro: Coroutine[Any, Any, ClientResponse], session: ClientSession) -> None:
        self._coro = coro
        self._resp: ClientResponse | None = None
        self._session = session

    async def __aenter__(self) -> ClientResponse:
        try:
            self._resp = await self._coro
        except BaseException:
            await self._session.close()
            raise
        return self._resp

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        if self._resp is not None:
            self._resp.close()
        await self._session.close()


__all__ = (
    "_BaseRequestContextManager",
    "_RequestContextManager",
    "_SessionRequestContextManager",
    "_WSRequestContextManager",
)
