"""Connections on their way out: a peer that does not play its part at the end is not waited for beyond a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from .connection import ResponseHandler


class Endings:
    """Connections that close; those that are still there when their time is over are dropped.

    A peer may never say goodbye (TLS's close_notify), or never read what was sent to it.
    """

    __slots__ = ("_due", "_handle", "_loop")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._due: dict[ResponseHandler, float] = {}
        self._handle: asyncio.TimerHandle | None = None

    def __iter__(self) -> Iterator[ResponseHandler]:
        return iter(self._due)

    def close(self, protocol: ResponseHandler, grace: float) -> None:
        """Close ``protocol``, and drop it where that takes more than ``grace`` seconds."""
        protocol.close()
        closed = protocol.closed
        if closed is None or protocol in self._due or self._loop.is_closed():
            return
        due = self._due[protocol] = self._loop.time() + grace
        closed.add_done_callback(lambda _: self._gone(protocol))
        if self._handle is None:
            self._handle = self._loop.call_at(due, self._drop)

    def _gone(self, protocol: ResponseHandler) -> None:
        self._due.pop(protocol, None)
        if not self._due and self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _drop(self) -> None:
        now = self._loop.time()
        for protocol in [protocol for protocol, due in self._due.items() if due <= now]:
            del self._due[protocol]
            protocol.abort()
        self._handle = self._loop.call_at(min(self._due.values()), self._drop) if self._due else None
