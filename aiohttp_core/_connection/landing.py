"""Content that goes from the socket into the octets its reader gets, with no copy between.

Once a reader waits for all of a content whose length is known, there is a place for each octet still to come. So the
transport is given, instead of the connection, a protocol that lends it that place to receive into.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from aiohttp_core._wire.octets import Place

if TYPE_CHECKING:
    from .http1 import Http1Connection
    from .stream_core import StreamCore

SPILL: Final = 65536
"""Octets at once that a transport may bring after the last ones that had a place."""


class Landing(asyncio.BufferedProtocol):
    """What a transport calls until the ``missing`` octets are there, or ``end``."""

    __slots__ = ("_at", "_connection", "_ended", "_place", "_size", "_spill", "reader")

    def __init__(self, connection: Http1Connection, reader: StreamCore, missing: int) -> None:
        self._connection = connection
        self.reader = reader
        self._size = reader.held + missing
        self._place = Place(self._size)
        self._at = 0
        self._ended = False
        self._spill = bytearray()

    def begin(self) -> None:
        """The transport has it: what the reader holds is the beginning."""
        for piece in self.reader.give_up_held():
            self._place.lend(self._at)[: len(piece)] = piece
            self._at += len(piece)

    def end(self) -> None:
        """Give the reader what has landed, and the transport the connection again. Once; then this does nothing."""
        if not self._ended:
            self._ended = True
            self._connection.landing_ended()
            self.reader.take_landed(self._place.take(self._at))

    # What the transport calls

    def get_buffer(self, sizehint: int) -> memoryview:
        if self._ended:
            # Some transports hand on all of one read to the protocol they had at its beginning.
            self._spill = bytearray(SPILL)
            return memoryview(self._spill)
        lent: memoryview = self._place.lend(self._at)
        return lent

    def buffer_updated(self, nbytes: int) -> None:
        if self._ended:
            self._connection.data_received(bytes(self._spill[:nbytes]))
            return
        self._at += nbytes
        self._connection.landed(nbytes)

    def eof_received(self) -> bool | None:
        self.end()
        return self._connection.eof_received()

    def connection_lost(self, exc: BaseException | None) -> None:
        self.end()
        self._connection.connection_lost(exc)

    def pause_writing(self) -> None:
        self._connection.pause_writing()

    def resume_writing(self) -> None:
        self._connection.resume_writing()
