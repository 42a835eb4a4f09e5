"""The parsers in use: compiled where they were built, else pure. ``contract`` says what they promise."""

from .._accel import http_parser as _compiled
from . import contract, parser_pure
from .rules import DEFAULT_LIMITS, Limits


def request_parser(limits: Limits = DEFAULT_LIMITS) -> contract.RequestParser:
    """A parser for the requests of one connection."""
    parser: contract.RequestParser = _REQUEST(limits)
    return parser


def response_parser(limits: Limits = DEFAULT_LIMITS) -> contract.ResponseParser:
    """A parser for the responses of one connection."""
    parser: contract.ResponseParser = _RESPONSE(limits)
    return parser


_REQUEST = parser_pure.RequestParser if _compiled is None else _compiled.RequestParser
_RESPONSE = parser_pure.ResponseParser if _compiled is None else _compiled.ResponseParser
