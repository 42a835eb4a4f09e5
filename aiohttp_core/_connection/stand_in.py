"""What a transport calls instead of the connection while octets need not go through it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .http1 import Http1Connection


class StandIn:
    """All but the octets is for the connection."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Http1Connection) -> None:
        self._connection = connection

    def eof_received(self) -> bool | None:
        return self._connection.eof_received()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._connection.connection_lost(exc)

    def pause_writing(self) -> None:
        self._connection.pause_writing()

    def resume_writing(self) -> None:
        self._connection.resume_writing()


class Direct(StandIn, asyncio.Protocol):
    """For an upgraded connection: octets go to the receiver without a detour."""

    __slots__ = ("data_received",)

    def __init__(self, connection: Http1Connection, receiver: Any) -> None:
        super().__init__(connection)
        self.data_received: Callable[[bytes], None] = receiver.data_received  # type: ignore[assignment]
