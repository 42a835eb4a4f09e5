"""Resolved addresses, kept for a while: bounded, the least recently used leave first."""

from __future__ import annotations

from collections import OrderedDict
from time import monotonic

from .resolver import ResolveResult


class DNSCacheTable:
    """(host, port) -> addresses; each use begins at the next address. ``ttl`` in seconds, None for ever."""

    def __init__(self, ttl: float | None = None, max_size: int = 1000) -> None:
        self._entries: OrderedDict[tuple[str, int], tuple[list[ResolveResult], float]] = OrderedDict()
        self._ttl = ttl
        self._max_size = max_size

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, key: tuple[str, int], addrs: list[ResolveResult]) -> None:
        self._entries[key] = (list(addrs), monotonic())
        self._entries.move_to_end(key)
        while len(self._entries) > self._max_size:
            self._entries.popitem(last=False)

    def remove(self, key: tuple[str, int]) -> None:
        self._entries.pop(key, None)

    def clear(self) -> None:
        self._entries.clear()

    def next_addrs(self, key: tuple[str, int]) -> list[ResolveResult]:
        """The addresses, rotated by one each time. KeyError where there are none."""
        addresses, _ = self._entries[key]
        self._entries.move_to_end(key)
        found = list(addresses)
        if len(addresses) > 1:
            addresses.append(addresses.pop(0))
        return found

    def expired(self, key: tuple[str, int]) -> bool:
        """Whether the entry outlived its time. KeyError where there is none."""
        return self._ttl is not None and self._entries[key][1] + self._ttl < monotonic()
