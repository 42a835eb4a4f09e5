# cython: binding=True
"""The transport's side of one connection: flow control in both directions, whatever is spoken on it.

Also compiled from this source, with the types of ``_cparser/types``.
"""

import asyncio
import socket
from typing import Any, Final

from aiohttp_core._connection.errors import ClientConnectionResetError
from aiohttp_core._wire import _accel

CORK_LIMIT: Final = 65536
"""Octets that are kept back at the most."""


# glibc maps a large piece of memory anew for each use, and gives the top of the heap back at each free, until a piece
# as large was freed once: then it keeps up to twice that. Many a program has done so by chance; here it is done for
# the others, since asyncio reads into 256 KiB that it then shrinks, and the pages of a message of 1 MB cost more than
# to read, copy and mask it.
bytes(2**21)


class ConnectionLost(ClientConnectionResetError):
    """Writing to a connection that is gone: what a server's handler gets. Its name tells it from the same error of a
    client that the handler uses."""


class BaseProtocol:
    """Keeps the transport, lets writers wait while it is full and readers stop it while they are full.

    An ``asyncio.Protocol`` in all but name: compiled, it has no bases but its own; the roles have that one too.
    """

    __slots__ = (
        "_connection_lost",
        "_corked",
        "_corked_size",
        "_drain_waiter",
        "_loop",
        "_paused",
        "_reading_paused",
        "transport",
        "transport_shown",
    )

    lost_error: type[ConnectionResetError] = ConnectionLost
    """What a writer gets when the connection is gone."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._paused = False
        self._drain_waiter: asyncio.Future[None] | None = None
        self._reading_paused = False
        self._connection_lost = False
        # Octets that wait for the end of the current turn; None: write through.
        self._corked: list[Any] | None = None
        self._corked_size = 0
        self.transport: Any = None
        self.transport_shown = False
        """Whether a program has got the transport, which it may close at any time."""

    @property
    def connected(self) -> bool:
        """Whether there is a transport that is not closing."""
        transport = self.transport
        return transport is not None and not transport.is_closing()

    @property
    def writing_paused(self) -> bool:
        return self._paused

    def show_transport(self) -> Any:
        """The transport, for a program: nothing is kept back from it any more."""
        self.uncork()
        self.transport_shown = True
        return self.transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        sock = transport.get_extra_info("socket")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6) and sock.type == socket.SOCK_STREAM:
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError:
                # The peer may be gone already; the transport will say so.
                self._connection_lost = self._connection_lost or transport.is_closing()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._connection_lost = True
        self.transport = None
        waiter = self._drain_waiter
        if waiter is None:
            return
        self._drain_waiter = None
        if not waiter.done():
            if exc is None:
                waiter.set_result(None)
            else:
                error = self.lost_error("Connection lost")
                error.__cause__ = exc
                waiter.set_exception(error)
                # Whoever waited may have been cancelled: then there is nobody to tell.
                waiter.exception()

    def close_transport(self) -> None:
        """Close the transport once what was written has left; once only, since Python 3.13.0's TLS transport takes a
        second call for a reason to forget its connection."""
        transport = self.transport
        if transport is not None and not transport.is_closing():
            transport.close()

    # Writing

    def write(self, data: Any) -> None:
        """Send octets, or keep them until ``uncork``. Raises ``lost_error`` when the connection is gone."""
        transport = self.transport
        if transport is None or transport.is_closing():
            raise self.lost_error("Cannot write to closing transport")
        if self._corked is None:
            transport.write(data)
        elif len(data) > CORK_LIMIT:
            # On its own: before Python 3.12 writelines() would copy it.
            self.uncork()
            transport.write(data)
            self._corked = []
        else:
            self._corked.append(data)
            self._corked_size += len(data)
            if self._corked_size > CORK_LIMIT:
                self.uncork()
                self._corked = []

    def cork(self) -> None:
        """Collect what is written, so that the answers to pipelined requests leave together."""
        if self._corked is None and not self.transport_shown:
            self._corked = []

    def uncork(self) -> None:
        """Send what was collected, and write through from now on."""
        corked, self._corked = self._corked, None
        if not corked:
            return
        self._corked_size = 0
        transport = self.transport
        if transport is None or transport.is_closing():
            return
        # Not writelines: in Python 3.12 and 3.13.0 it does not tell the protocol that the transport is full.
        transport.write(corked[0] if len(corked) == 1 else b"".join(corked))

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        waiter = self._drain_waiter
        if waiter is not None:
            self._drain_waiter = None
            if not waiter.done():
                waiter.set_result(None)

    async def drain(self) -> None:
        """Wait until the transport takes more; raises ``lost_error`` when the connection goes meanwhile."""
        if self._corked:
            self.uncork()
            self.cork()
        await self._drain_helper()

    async def _drain_helper(self) -> None:
        # Third-party code calls and replaces this name.
        if self.transport is None:
            raise self.lost_error("Connection lost")
        if not self._paused:
            return
        waiter = self._drain_waiter
        if waiter is None:
            waiter = self._drain_waiter = self._loop.create_future()
        # Several writers may wait for one future: a cancelled one must not take it from the others.
        await asyncio.shield(waiter)

    def pause_reading(self) -> None:
        """Stop the socket; data already read may still arrive."""
        if not self._reading_paused and self.transport is not None:
            self._reading_paused = True
            try:
                self.transport.pause_reading()
            except (AttributeError, NotImplementedError, RuntimeError):
                # Not every transport can; it then keeps delivering, and the parser keeps it.
                self._reading_paused = False

    def resume_reading(self) -> None:
        if self._reading_paused and self.transport is not None:
            self._reading_paused = False
            try:
                self.transport.resume_reading()
            except (AttributeError, NotImplementedError, RuntimeError):
                self._reading_paused = False


def transport_to_show(protocol: Any) -> Any:
    """The transport for a program, which may also have put in a ``protocol`` of its own."""
    return protocol.show_transport() if isinstance(protocol, BaseProtocol) else getattr(protocol, "transport", None)


_accel.use_compiled(globals(), "connection_protocol")
