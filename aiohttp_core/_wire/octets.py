"""Octets in memory, found and received: compiled when that was built, pure otherwise."""

import io
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ._accel import octets as compiled


def find_delimiter_pure(data: bytes, delimiter: bytes, start: int) -> int:
    """The index of the first ``delimiter``, CRLF and more without a CR, from ``start`` on; -1 where there is none."""
    return data.find(delimiter, start)


class PlacePure:
    """Room for ``size`` octets to be received into, which are given out as bytes, without a copy where that can be.

    What nobody has written is anything; nothing may be written after ``take``.
    """

    __slots__ = ("_lent", "_octets", "_size", "_view")

    def __init__(self, size: int) -> None:
        self._size = size
        self._octets: io.BytesIO | None = io.BytesIO(bytes(size))
        self._view = self._lent = self._octets.getbuffer()

    def lend(self, start: int) -> memoryview:
        """The room from ``start`` on, to be written to."""
        if self._octets is None or not 0 <= start <= self._size:
            raise ValueError(f"no room from {start} on")
        self._lent = self._view[start:]
        return self._lent

    def take(self, end: int) -> bytes:
        """The octets up to ``end``. Once; the room is given up."""
        octets = self._octets
        if octets is None or not 0 <= end <= self._size:
            raise ValueError(f"no octets up to {end}")
        self._octets = None
        with suppress(BufferError):
            # Where somebody still holds it, the octets are copied.
            self._lent.release()
            self._view.release()
        taken = octets.getvalue()
        return taken if end == self._size else taken[:end]


find_delimiter: Callable[[bytes, bytes, int], int] = (
    find_delimiter_pure if compiled is None else compiled.find_delimiter
)
Place: Any = PlacePure if compiled is None else compiled.Place
