"""Heads, chunks and trailers to octets (RFC 9112) in pure Python.

Everything a program passes is checked here, at the last step before the wire: a control character in a
method, target, name, value or reason raises ValueError, so that nothing can be injected from above.
"""

import re
from collections.abc import Mapping
from typing import Final

from ..._semantics.versions import HttpVersion

_NOT_TOKEN: Final = re.compile(r"[^!#$%&'*+\-.^_`|~0-9A-Za-z]")
_NOT_VALUE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_NOT_TARGET: Final = re.compile(r"[^\x21-\x7e]")
# Programs use few names; the bound keeps generated ones from growing memory.
_KNOWN_LIMIT: Final = 1024
_known_names: dict[str, str] = {}


def _token(text: str, what: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{what} must be str, not {type(text).__name__}")
    if not text or _NOT_TOKEN.search(text):
        raise ValueError(f"{what} {text!r} is not a token (RFC 9110 section 5.6.2)")
    return text


def _name(text: str) -> str:
    known = _known_names.get(text)
    if known is None:
        known = str(_token(text, "a field name"))
        if len(_known_names) < _KNOWN_LIMIT:
            _known_names[known] = known
    return known


def _value(text: str, what: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{what} must be str, not {type(text).__name__}")
    if _NOT_VALUE.search(text):
        raise ValueError(f"{what} {text!r} holds a control character")
    return text


def _fields(headers: Mapping[str, str]) -> str:
    return "".join([f"{_name(name)}: {_value(value, 'a field value')}\r\n" for name, value in headers.items()])


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def serialize_request_head(method: str, target: str, version: HttpVersion, headers: Mapping[str, str]) -> bytes:
    """A request line and its fields with the blank line; raises ValueError or TypeError for what may not be sent."""
    _token(method, "the method")
    if not isinstance(target, str):
        raise TypeError(f"the request target must be str, not {type(target).__name__}")
    if not target or _NOT_TARGET.search(target):
        raise ValueError(f"the request target {target!r} is empty or holds a character that a URI may not hold")
    major, minor = _version(version)
    return _octets(f"{method} {target} HTTP/{major}.{minor}\r\n{_fields(headers)}\r\n")


def serialize_response_head(version: HttpVersion, status: int, reason: str, headers: Mapping[str, str]) -> bytes:
    """A status line and its fields with the blank line; raises ValueError or TypeError for what may not be sent."""
    _value(reason, "the reason")
    if not 100 <= status <= 999:
        raise ValueError(f"the status {status!r} has not three digits from 100")
    major, minor = _version(version)
    return _octets(f"HTTP/{major}.{minor} {int(status)} {reason}\r\n{_fields(headers)}\r\n")


def _version(version: HttpVersion) -> HttpVersion:
    if version not in ((1, 1), (1, 0)):
        raise ValueError(f"the version {version!r} is neither HTTP/1.0 nor HTTP/1.1")
    return version


def serialize_chunk(data: bytes) -> bytes:
    """``data``, which is not empty, as one chunk (RFC 9112 section 7.1)."""
    if not data:
        raise ValueError("an empty chunk would end the message")
    return b"%x\r\n%b\r\n" % (len(data), data)


def serialize_trailers(headers: Mapping[str, str]) -> bytes:
    """The last chunk with the trailer fields behind it; raises ValueError or TypeError as heads do."""
    return _octets(f"0\r\n{_fields(headers)}\r\n")
