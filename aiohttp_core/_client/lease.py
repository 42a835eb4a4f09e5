"""A connection while one exchange has it, and who lends it.

Also compiled from this source, with the types of ``_cparser/types``.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from aiohttp_core._client.pool import Pool  # compiled: a type
from aiohttp_core._connection.protocol import transport_to_show
from aiohttp_core._semantics.deprecations import warn_caller
from aiohttp_core._wire import _accel

if TYPE_CHECKING:
    from aiohttp_core._client.connection import ResponseHandler
    from aiohttp_core._client.connection_key import ConnectionKey

logger: Final = logging.getLogger("aiohttp.client")


class Lender:
    """The half of a connector that a request sees which finds its connection idle: it takes it, and gives it back."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, pool: Pool, keepalive_timeout: float | None, force_close: bool
    ) -> None:
        self._loop = loop
        self._pool = pool
        self._acquired: set[ResponseHandler] = set()
        self._keepalive_timeout = keepalive_timeout
        self._force_close = force_close
        self._cleanup_handle: asyncio.TimerHandle | None = None

    def lease_idle(self, key: ConnectionKey) -> Lease | None:
        """An idle connection where there is one and a slot is free; no trace is told."""
        keepalive = self._keepalive_timeout
        oldest = 0.0 if keepalive is None else self._loop.time() - keepalive
        protocol = self._pool.take(key, oldest)
        if protocol is None:
            return None
        self._acquired.add(protocol)
        return lease(self, key, protocol, self._loop)

    def give_back(self, key: ConnectionKey, protocol: ResponseHandler) -> None:
        """The exchange is over: keep the connection for others where it left it clean."""
        if protocol in self._acquired and not self._force_close and protocol.reusable:
            self._acquired.discard(protocol)
            self._keep(key, protocol)
        else:
            self._release(key, protocol, should_close=True)

    def _keep(self, key: ConnectionKey, protocol: ResponseHandler) -> None:
        self._pool.give_back(key, protocol, self._loop.time())
        if self._cleanup_handle is None and self._keepalive_timeout is not None:
            self._cleanup_handle = self._loop.call_later(self._keepalive_timeout, self._cleanup)

    @property
    def force_close(self) -> bool:
        """Whether each connection is closed after one use."""
        return self._force_close

    def _release(self, key: ConnectionKey, protocol: ResponseHandler, *, should_close: bool = False) -> None:
        raise NotImplementedError

    def _cleanup(self) -> None:
        raise NotImplementedError


class Lease:
    """A connection taken from a connector; ``release`` gives it back for others, ``close`` ends it.

    For those who see to it that one of both happens; whoever might not is given a ``Connection``.
    """

    __slots__ = ("_callbacks", "_connector", "_key", "_loop", "_protocol")

    def __init__(
        self,
        connector: Lender,
        key: ConnectionKey,
        protocol: ResponseHandler,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._key = key
        self._connector = connector
        self._loop = loop
        self._protocol: ResponseHandler | None = protocol
        self._callbacks: list[Callable[[], None]] | None = None

    def __repr__(self) -> str:
        return f"Connection<{self._key}>"

    def __bool__(self) -> bool:
        return True

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """Deprecated."""
        warn_caller("connector.loop property is deprecated")
        return self._loop

    @property
    def transport(self) -> asyncio.Transport | None:
        return None if self._protocol is None else transport_to_show(self._protocol)

    @property
    def protocol(self) -> Any:
        """The ResponseHandler, or None once it was given back."""
        return self._protocol

    @property
    def closed(self) -> bool:
        """Whether it was given back, or the transport is gone."""
        return self._protocol is None or not self._protocol.is_connected()

    def add_callback(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` when the connection is given back."""
        if callback is not None:
            if self._callbacks is None:
                self._callbacks = []
            self._callbacks.append(callback)

    def _notify_release(self) -> None:
        callbacks, self._callbacks = self._callbacks, None
        for callback in callbacks or ():
            try:
                callback()
            except Exception:
                # The connection is given back all the same, and the others are called.
                logger.exception("A callback of %r failed", self)

    def close(self) -> None:
        """End the connection."""
        if self._callbacks is not None:
            self._notify_release()
        protocol = self._protocol
        if protocol is not None:
            self._protocol = None
            self._connector._release(self._key, protocol, should_close=True)

    def release(self) -> None:
        """Give the connection back; it is used again where the exchange left it clean."""
        if self._callbacks is not None:
            self._notify_release()
        protocol = self._protocol
        if protocol is not None:
            self._protocol = None
            self._connector.give_back(self._key, protocol)


def lease(connector: Lender, key: ConnectionKey, protocol: ResponseHandler, loop: asyncio.AbstractEventLoop) -> Lease:
    """As the constructor, which costs more: one is made for each request."""
    made = Lease.__new__(Lease)
    made._key = key
    made._connector = connector
    made._loop = loop
    made._protocol = protocol
    made._callbacks = None
    return made


class Connection(Lease):
    """As it is given to the public: one that is dropped is closed, and said to have been."""

    __slots__ = ("_source_traceback",)

    def __init__(
        self,
        connector: Lender,
        key: ConnectionKey,
        protocol: ResponseHandler,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__(connector, key, protocol, loop)
        self._source_traceback = traceback.extract_stack(sys._getframe(1)) if loop.get_debug() else None

    def __del__(self, _warnings: Any = warnings) -> None:
        if getattr(self, "_protocol", None) is None:
            return
        _warnings.warn(f"Unclosed connection {self!r}", ResourceWarning, source=self)
        if self._loop.is_closed():
            return
        protocol, self._protocol = self._protocol, None
        self._connector._release(self._key, protocol, should_close=True)  # type: ignore[arg-type]
        context = {"client_connection": self, "message": "Unclosed connection"}
        if self._source_traceback is not None:
            context["source_traceback"] = self._source_traceback
        self._loop.call_exception_handler(context)


_accel.use_compiled(globals(), "lease")
