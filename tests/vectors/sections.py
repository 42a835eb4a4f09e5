"""Vectors in portions: what pytest does for one test costs more than most vectors, of which there are thousands."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol, TypeVar

AT_ONCE = 50


class _OfSection(Protocol):
    @property
    def rfc(self) -> str: ...


AnyVector = TypeVar("AnyVector", bound=_OfSection)


def by_section(vectors: Iterable[AnyVector]) -> dict[str, list[AnyVector]]:
    """At most AT_ONCE vectors under the section of the RFC that they are about, and a number where it has more."""
    sections: defaultdict[str, list[AnyVector]] = defaultdict(list)
    for vector in vectors:
        sections[vector.rfc].append(vector)
    return {
        section if len(found) <= AT_ONCE else f"{section} from {start}": found[start : start + AT_ONCE]
        for section, found in sections.items()
        for start in range(0, len(found), AT_ONCE)
    }
