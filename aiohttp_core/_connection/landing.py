"""Content that goes from the socket into the octets its reader gets, with no copy between.

Once a reader waits for all of a content whose length is known, there is a place for each octet still to come. So the
transport is given, instead of the connection, a protocol that lends it that place to receive into, and room for one
octet more: a peer that sends on behind the content must be seen to do so before the connection is used again.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from aiohttp_core._connection.stand_in import StandIn
from aiohttp_core._wire.place import Place

if TYPE_CHECKING:
    from .http1 import Http1Connection
    from .stream_core import StreamCore

SPILL: Final = 65536
"""Octets at once that a transport may bring after the last ones that had a place."""


class Landing(StandIn, asyncio.BufferedProtocol):
    """What a transport calls until the ``missing`` octets are there, or ``end``."""

    __slots__ = ("_ended", "_filled", "_place", "_spill", "reader")

    def __init__(self, connection: Http1Connection, reader: StreamCore, missing: int) -> None:
        super().__init__(connection)
        self.reader = reader
        self._place = Place(reader._size + missing)
        self._filled = 0
        self._ended = False
        self._spill = bytearray()

    def begin(self) -> None:
        """The transport has it: what the reader holds is the beginning."""
        for piece in self.reader.give_up_held():
            self._place.lend(self._filled)[: len(piece)] = piece
            self._filled += len(piece)

    def end(self) -> bytes:
        """Give the reader what has landed, and the transport the connection again; what came behind it is returned.

        Once; then this does nothing.
        """
        if self._ended:
            return b""
        self._ended = True
        reader, place = self.reader, self._place
        # Some transports know this for as long as they are open: the content is not to stay with them.
        del self.reader, self._place
        behind: bytes
        landed, behind = place.take(self._filled)
        reader.take_landed(landed)
        self._connection.landing_ended()
        return behind

    # What the transport calls

    def get_buffer(self, sizehint: int) -> memoryview:
        if self._ended:
            # Some transports hand on all of one read to the protocol they had at its beginning.
            self._spill = bytearray(SPILL)
            return memoryview(self._spill)
        lent: memoryview = self._place.lend(self._filled)
        return lent

    def buffer_updated(self, nbytes: int) -> None:
        if self._ended:
            spill, self._spill = self._spill, bytearray()
            self._connection.data_received(bytes(spill[:nbytes]))
            return
        self._filled += nbytes
        self._connection.landed(self, nbytes)

    def data_received(self, data: bytes) -> None:
        """For transports of other loops that know no buffered protocols."""
        self.end()
        self._connection.data_received(data)

    def eof_received(self) -> bool | None:
        self.end()
        return super().eof_received()

    def connection_lost(self, exc: BaseException | None) -> None:
        self.end()
        super().connection_lost(exc)
