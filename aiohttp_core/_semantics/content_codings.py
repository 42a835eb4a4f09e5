"""Content codings and their negotiation (RFC 9110 sections 8.4 and 12.5.3)."""

import enum
import re
from collections.abc import Iterable
from typing import Final, TypeVar

_WEIGHT: Final = re.compile(r"[ \t]*[qQ][ \t]*=[ \t]*([01](?:\.[0-9]{0,3})?)[ \t]*")
_MAX_MEMBERS: Final = 64


class ContentCoding(enum.Enum):
    """A coding that a response can be given; in order of the server's preference."""

    deflate = "deflate"
    gzip = "gzip"
    identity = "identity"


_Coding = TypeVar("_Coding", bound=enum.Enum)


def parse_accept_encoding(header: str) -> dict[str, float]:
    """Coding in lower case -> weight from 0 to 1. ``x-gzip`` reads as ``gzip`` (RFC 9110 section 8.4.1.3).

    A weight that breaks the grammar counts as 0: the coding is not used. Members past 64 are not looked at.
    """
    weights: dict[str, float] = {}
    for member in header.split(",", _MAX_MEMBERS)[:_MAX_MEMBERS]:
        name, semicolon, parameter = member.partition(";")
        name = name.strip().lower()
        if not name:
            continue
        match = _WEIGHT.fullmatch(parameter)
        weight = min(float(match[1]), 1.0) if match is not None else (0.0 if semicolon else 1.0)
        weights.setdefault(name.removeprefix("x-") if name in ("x-gzip", "x-compress") else name, weight)
    return weights


def select_coding(header: str, offers: Iterable[_Coding]) -> _Coding | None:
    """The offered coding the client likes best, the earlier offer on a tie; None for sending the content as it is.

    Only codings that are named count: ``*`` alone is answered with the identity.
    """
    weights = parse_accept_encoding(header)
    best: _Coding | None = None
    best_weight = 0.0
    for offer in offers:
        weight = weights.get(str(offer.value), 0.0)
        if weight > best_weight:
            best, best_weight = offer, weight
    if best is None or best.value == "identity":
        return None
    return best
