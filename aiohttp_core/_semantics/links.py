"""The Link field (RFC 8288)."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from multidict import MultiDict, MultiDictProxy

from .media_types import split_outside_quotes

# A target may hold commas, so a comma only ends a link where the next target opens.
_NEXT_LINK: Final = re.compile(r",(?=[ \t]*<)")
_LINK: Final = re.compile(r"[ \t]*<([^>]*)>(.*)", re.DOTALL)
_PARAMETER: Final = re.compile(r"[ \t]*([^\s=]+)[ \t]*=[ \t]*(.*)", re.DOTALL)


class Link(NamedTuple):
    """A link: its target as written (often relative) and its parameters."""

    target: str
    parameters: "MultiDictProxy[str]"

    @property
    def relation(self) -> str:
        """The first ``rel``, or the target where the link has none."""
        return self.parameters.get("rel", self.target)


def parse_links(fields: Iterable[str]) -> tuple[Link, ...]:
    """The links of all Link fields, in order; what is not a link is left out."""
    return tuple(
        link
        for field in fields
        for piece in _NEXT_LINK.split(field)
        if (link := _parse_link(piece.strip(" \t,"))) is not None
    )


def _parse_link(text: str) -> Link | None:
    match = _LINK.match(text)
    if match is None:
        return None
    parameters: MultiDict[str] = MultiDict()
    for piece in split_outside_quotes(match[2], ";"):
        parameter = _PARAMETER.fullmatch(piece)
        if parameter is not None:
            parameters.add(parameter[1], _unwrap(parameter[2].strip()))
    return Link(match[1], MultiDictProxy(parameters))


def _unwrap(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value
