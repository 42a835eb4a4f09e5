"""The parsers in use: compiled where they were built, else pure. ``contract`` says what they promise."""

from typing import Any

from .._accel import http_parser as _compiled
from . import contract
from .rules import DEFAULT_LIMITS, Limits


def request_parser(limits: Limits = DEFAULT_LIMITS) -> contract.RequestParser:
    """A parser for the requests of one connection."""
    parser: contract.RequestParser = _twin.RequestParser(limits)
    return parser


def response_parser(limits: Limits = DEFAULT_LIMITS) -> contract.ResponseParser:
    """A parser for the responses of one connection."""
    parser: contract.ResponseParser = _twin.ResponseParser(limits)
    return parser


def _choose() -> Any:
    if _compiled is not None:
        return _compiled
    from . import parser_pure

    return parser_pure


_twin = _choose()
