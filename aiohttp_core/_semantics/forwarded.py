"""The Forwarded field (RFC 7239)."""

import re
from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

_PAIR: Final = re.compile(
    r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+)=([!#$%&'*+\-.^_`|~0-9A-Za-z]+"
    r'|"[^"\\\x00-\x08\x0a-\x1f\x7f-\uffff]*(?:\\[\t\x20-\x7e][^"\\\x00-\x08\x0a-\x1f\x7f-\uffff]*)*")'
    r"(:[0-9]{1,4})?"
)
_ESCAPED: Final = re.compile(r"\\(.)")
_BLANK: Final = " \t"


def parse_forwarded(fields: Iterable[str]) -> tuple[MappingProxyType[str, str], ...]:
    """One mapping of lower-case parameter names for every hop, the nearest to the client first.

    Where a hop breaks the grammar, its parameters before the error are kept and reading goes on after the next
    comma. Every value is what some client or proxy claimed: trust it no further than the proxy in front.
    """
    hops: list[MappingProxyType[str, str]] = []
    for field in fields:
        _parse_field(field, hops)
    return tuple(hops)


def _parse_field(field: str, hops: list[MappingProxyType[str, str]]) -> None:
    position, length = 0, len(field)
    hop: dict[str, str] = {}
    hops.append(MappingProxyType(hop))
    need_separator = False
    while position < length:
        character = field[position]
        match = None if need_separator else _PAIR.match(field, position)
        if match is not None:
            name, value, port = match.groups()
            if value[0] == '"':
                value = _ESCAPED.sub(r"\1", value[1:-1])
            hop[name.lower()] = value + port if port else value
            position = match.end()
            need_separator = True
        elif character == ",":
            need_separator = False
            hop = {}
            hops.append(MappingProxyType(hop))
            position += 1
        elif character == ";":
            need_separator = False
            position += 1
        elif character in _BLANK:
            position += 1
        else:
            comma = field.find(",", position)
            position = comma if comma >= 0 else length
