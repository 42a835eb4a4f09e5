"""Which resources could match a path, without asking all of them.

A resource is filed under the whole literal segments that its paths begin with. A request asks for its path,
then for each parent of it: the longest literal prefix wins, and under one prefix the order of registration.
Where many share a prefix, those whose segments are each wholly literal or wholly variable are filed by their
literal segments too; so hundreds of them cost a few dictionary look-ups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from .resources import AbstractResource, DynamicResource

CROWD: Final = 8
"""Resources under one prefix above which their other segments are looked at."""

_Shape = tuple[int, ...]


class _Crowd:
    """The resources under one prefix, filed by the literal ones of their segments."""

    __slots__ = ("_irregular", "_shapes")

    def __init__(self, resources: Iterable[AbstractResource]) -> None:
        self._irregular: list[tuple[int, AbstractResource]] = []
        # Number of segments -> positions of the literal ones -> their texts -> resources.
        self._shapes: dict[int, dict[_Shape, dict[tuple[str, ...], list[tuple[int, AbstractResource]]]]] = {}
        for order, resource in enumerate(resources):
            segments = resource.segments if type(resource) is DynamicResource else None
            if segments is None:
                self._irregular.append((order, resource))
                continue
            shape = tuple(index for index, segment in enumerate(segments) if segment is not None)
            literals = tuple(segment for segment in segments if segment is not None)
            by_shape = self._shapes.setdefault(len(segments), {})
            by_shape.setdefault(shape, {}).setdefault(literals, []).append((order, resource))

    def candidates(self, path: str) -> Iterable[AbstractResource]:
        segments = path.split("/")
        found = list(self._irregular)
        for shape, resources in self._shapes.get(len(segments), {}).items():
            found += resources.get(tuple([segments[index] for index in shape]), ())
        found.sort(key=_order)
        return [resource for _, resource in found]


def _order(entry: tuple[int, AbstractResource]) -> int:
    return entry[0]


class ResourceIndex:
    """Resources by the literal prefix of their paths."""

    __slots__ = ("_by_prefix", "_crowds")

    def __init__(self) -> None:
        self._by_prefix: dict[str, list[AbstractResource]] = {}
        self._crowds: dict[str, _Crowd] = {}

    def add(self, resource: AbstractResource) -> None:
        key = resource.index_key
        self._by_prefix.setdefault(key, []).append(resource)
        self._crowds.pop(key, None)

    def remove(self, resource: AbstractResource) -> None:
        """Forget ``resource``; its prefix must be what it was when it was added."""
        key = resource.index_key
        self._by_prefix[key].remove(resource)
        self._crowds.pop(key, None)

    def under(self, prefix: str) -> list[AbstractResource]:
        return self._by_prefix.get(prefix, [])

    def prefixes(self) -> Iterable[str]:
        return self._by_prefix

    def candidates(self, path: str) -> Iterator[AbstractResource]:
        """The resources that could match ``path``, in the order in which they are to be asked."""
        by_prefix = self._by_prefix
        prefix = path
        while True:
            resources = by_prefix.get(prefix)
            if resources is not None:
                if len(resources) > CROWD:
                    yield from self._crowd(prefix, resources).candidates(path)
                else:
                    yield from resources
            if prefix == "/" or not prefix:
                return
            prefix = prefix.rpartition("/")[0] or "/"

    def _crowd(self, prefix: str, resources: list[AbstractResource]) -> _Crowd:
        crowd = self._crowds.get(prefix)
        if crowd is None:
            crowd = self._crowds[prefix] = _Crowd(resources)
        return crowd
