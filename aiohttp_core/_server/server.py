"""The low-level server: makes a protocol for each connection and watches over all of them."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast

from .logs import server_logger
from .protocol import RequestCycle
from .request import BaseRequest
from .request_handler import RequestHandler

IDLE_TICK: Final = 1.0
"""Seconds between two looks at the keep-alive deadlines; one timer serves all connections."""

GOODBYE_TIME: Final = 1.0
"""Seconds that closed transports have to be gone: for octets on their way, and TLS's farewell."""

_RequestFactory = Callable[..., BaseRequest]


_OPTIONS: Final = frozenset(inspect.signature(RequestHandler.__init__).parameters) - {"self", "manager", "loop"}


def _known(options: dict[str, Any]) -> dict[str, Any]:
    """``options`` that a connection takes; others are left out with a warning, for they stopped no server so far."""
    unknown = sorted(set(options) - _OPTIONS)
    if unknown:
        server_logger.warning("Unknown options of the request handler are ignored: %s", ", ".join(unknown))
    return {name: value for name, value in options.items() if name in _OPTIONS}


class Server:
    """A callable for ``loop.create_server``. ``kwargs`` go to each connection's ``RequestHandler``."""

    def __init__(
        self,
        handler: Callable[[Any], Awaitable[Any]],
        *,
        request_factory: _RequestFactory | None = None,
        handler_cancellation: bool = False,
        loop: asyncio.AbstractEventLoop | None = None,
        **kwargs: Any,
    ) -> None:
        self._loop = loop or asyncio.get_running_loop()
        self._connections: dict[RequestHandler, Any] = {}
        self._kwargs = _known(kwargs)
        self._tick: asyncio.TimerHandle | None = None
        # Done once the last connection is gone.
        self._empty: asyncio.Future[None] | None = None
        # The count of requests taken, for whoever watches.
        self.requests_count = 0
        self.request_handler = handler
        self.request_factory: _RequestFactory = request_factory or self._make_request
        self.lazy_writers = request_factory is None
        """Whether requests make their writers themselves: a program's factory is given one."""
        self.handler_cancellation = handler_cancellation

    @property
    def connections(self) -> list[RequestHandler]:
        return list(self._connections)

    def __call__(self) -> RequestHandler:
        return RequestHandler(self, loop=self._loop, **self._kwargs)

    def connection_made(self, handler: RequestCycle, transport: asyncio.Transport) -> None:
        self._connections[cast(RequestHandler, handler)] = transport
        self._watch()

    def connection_lost(self, handler: RequestCycle, exc: BaseException | None = None) -> None:
        self._connections.pop(cast(RequestHandler, handler), None)
        if self._empty is not None and not self._connections and not self._empty.done():
            self._empty.set_result(None)

    def _make_request(
        self, message: Any, payload: Any, protocol: RequestHandler, writer: Any, task: "asyncio.Task[None]"
    ) -> BaseRequest:
        return BaseRequest(message, payload, protocol, writer, task, self._loop)

    # Keep-alive

    def _close_overdue(self) -> None:
        """Close connections whose time has come, to within two ticks: each knows its own deadline, once it was seen
        idle."""
        self._tick = None
        now = self._loop.time()
        for handler in list(self._connections):
            deadline = handler.idle_deadline
            if deadline < 0.0:
                handler.idle_deadline = now + handler.keepalive_timeout
            elif 0.0 < deadline <= now:
                handler.force_close()
        self._watch()

    def _watch(self) -> None:
        if self._tick is None and self._connections:
            self._tick = self._loop.call_later(IDLE_TICK, self._close_overdue)

    # The end

    def pre_shutdown(self) -> None:
        """Close idle connections now and the others after their current request."""
        for handler in list(self._connections):
            handler.close()

    async def shutdown(self, timeout: float | None = None) -> None:
        """Wait up to ``timeout`` seconds for the requests in flight, then cancel them; close everything.

        Transports that close in good time are gone when it returns; no peer can hold it up for longer than that.
        """
        if self._tick is not None:
            self._tick.cancel()
            self._tick = None
        await asyncio.gather(*(handler.shutdown(timeout) for handler in list(self._connections)))
        if self._connections:
            self._empty = self._loop.create_future()
            await asyncio.wait({self._empty}, timeout=GOODBYE_TIME)
            self._empty = None
        self._connections.clear()
