"""Media types: the Content-Type field and its parameters (RFC 9110 section 8.3).

Peers send anything here, so parsing never fails: what cannot be read becomes empty strings. One pass over
the text; nothing backtracks.
"""

import functools
import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

import attr
from multidict import MultiDict, MultiDictProxy

from .charsets import charset_codec

DEFAULT_CONTENT_TYPE: Final = "application/octet-stream"

_JSON: Final = re.compile(r"application/(?:[A-Za-z0-9_.-]+\+)*json", re.ASCII | re.IGNORECASE)


@attr.s(auto_attribs=True, frozen=True, slots=True)
class MimeType:
    """A media type in parts; ``suffix`` is what follows the first ``+`` of the subtype (RFC 6839)."""

    type: str
    subtype: str
    suffix: str
    parameters: "MultiDictProxy[str]"


@functools.lru_cache(maxsize=56)
def parse_mimetype(mimetype: str) -> MimeType:
    """Split a media type. Type, subtype and parameter names come out in lower case; never raises."""
    if not mimetype:
        return MimeType(type="", subtype="", suffix="", parameters=MultiDictProxy(MultiDict()))
    full_type, *parameters = split_outside_quotes(mimetype, ";")
    params: MultiDict[str] = MultiDict()
    for parameter in parameters:
        if parameter.strip():
            key, _, value = parameter.partition("=")
            params.add(key.lower().strip(), value.strip(' "'))
    full_type = full_type.strip().lower()
    if full_type == "*":
        full_type = "*/*"
    mtype, _, subtype = full_type.partition("/")
    subtype, _, suffix = subtype.partition("+")
    return MimeType(type=mtype, subtype=subtype, suffix=suffix, parameters=MultiDictProxy(params))


@functools.lru_cache(maxsize=56)
def parse_content_type(raw: str) -> tuple[str, MappingProxyType[str, str]]:
    """``("type/subtype", parameters)`` of a Content-Type field, unquoted.

    A field that names no ``type/subtype`` means ``application/octet-stream`` (RFC 9110 section 8.3). The first of
    two parameters with one name wins.
    """
    full_type, *parameters = split_outside_quotes(raw, ";")
    content_type = full_type.strip().lower()
    mtype, slash, subtype = content_type.partition("/")
    if not (slash and mtype and subtype) or "/" in subtype:
        content_type = DEFAULT_CONTENT_TYPE
    params: dict[str, str] = {}
    for key, value in _parameters(parameters):
        params.setdefault(key, value)
    return content_type, MappingProxyType(params)


def is_expected_content_type(actual: str, expected: str) -> bool:
    """Whether ``actual`` will do where ``expected`` is asked for.

    ``application/json`` also accepts ``application/*+json`` (RFC 6839); anything else is found as a substring.
    """
    if expected == "application/json":
        return _JSON.match(actual) is not None
    return expected in actual


def split_outside_quotes(text: str, separator: str) -> list[str]:
    """Split at a one-character ``separator``, except inside quoted strings.

    A quote that is never closed quotes nothing: peers forget them.
    """
    if '"' not in text:
        return text.split(separator)
    pieces: list[str] = []
    start = position = 0
    while True:
        cut = text.find(separator, position)
        if cut < 0:
            pieces.append(text[start:])
            return pieces
        quote = text.find('"', position, cut)
        if quote >= 0:
            end = closing_quote(text, quote)
            if end < 0:
                pieces.extend(text[start:].split(separator))
                return pieces
            position = end + 1
            continue
        pieces.append(text[start:cut])
        start = position = cut + 1


def closing_quote(text: str, start: int) -> int:
    """Index of the quote that closes the one at ``start``, or -1; a backslash hides the character after it."""
    position = start + 1
    while True:
        quote = text.find('"', position)
        if quote < 0:
            return -1
        slash = text.find("\\", position, quote)
        if slash < 0:
            return quote
        position = slash + 2


def unquote_string(text: str) -> str:
    """The value of a quoted-string (RFC 9110 section 5.6.4), or ``text`` itself when it is not quoted."""
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return _QUOTED_PAIR.sub(r"\1", text[1:-1])
    return text


_QUOTED_PAIR: Final = re.compile(r"\\(.)", re.DOTALL)


def _parameters(pieces: list[str]) -> Iterator[tuple[str, str]]:
    for piece in pieces:
        key, _, value = piece.partition("=")
        key = key.strip().lower()
        value = unquote_string(value.strip()).removesuffix('"').removeprefix('"')
        if key.endswith("*") and value.count("'") >= 2:
            charset, _, encoded = value.split("'", 2)
            try:
                value = unquote(encoded, charset_codec(charset or "utf-8"), "replace")
            except LookupError:
                value = encoded
            key = key[:-1]
        if key:
            yield key, value
