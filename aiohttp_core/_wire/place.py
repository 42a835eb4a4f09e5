"""A place that octets are received into: compiled when that was built, pure otherwise."""

import io
from typing import Any

from ._accel import place as compiled


class PlacePure:
    """Room for ``size`` octets, and for one behind them, by which it is seen that more have come.

    They are given out as bytes, without a copy where that can be. What nobody has written is anything; what was lent
    must not be written to after ``take``.
    """

    __slots__ = ("_lent", "_octets", "_size", "_view")

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError(f"no place for {size} octets")
        self._size = size
        self._octets: io.BytesIO | None = io.BytesIO(bytes(size + 1))
        self._view = self._lent = self._octets.getbuffer()

    def lend(self, start: int) -> memoryview:
        """The room from ``start`` on, to be written to."""
        if self._octets is None or not 0 <= start <= self._size:
            raise ValueError(f"no room from {start} on")
        self._lent = self._view[start:]
        return self._lent

    def take(self, end: int) -> tuple[bytes, bytes]:
        """The octets up to ``end`` that have a place, and the one behind them if that is before ``end``. Once."""
        octets, size = self._octets, self._size
        if octets is None or not 0 <= end <= size + 1:
            raise ValueError(f"no octets up to {end}")
        self._octets = None
        behind = bytes(self._view[size:end])
        try:
            self._lent.release()
            self._view.release()
            octets.truncate(min(end, size))
        except BufferError:
            # Somebody still holds what was lent.
            return octets.getvalue()[: min(end, size)], behind
        return octets.getvalue(), behind


Place: Any = PlacePure if compiled is None else compiled.Place
