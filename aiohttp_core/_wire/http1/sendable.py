"""What may be sent in a head, as checks that raise; both serialisers ask here (RFC 9112 sections 3 to 5).

The last step before the wire: a control character in a method, target, name, value or reason raises
ValueError, so that nothing can be injected from above.
"""

import re
from collections.abc import Mapping
from typing import Final

from ..._semantics.versions import HttpVersion

_NOT_TOKEN: Final = re.compile(r"[^!#$%&'*+\-.^_`|~0-9A-Za-z]")
_NOT_VALUE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_NOT_TARGET: Final = re.compile(r"[^\x21-\x7e]")


def check_token(text: str, what: str) -> str:
    """``text`` as a plain str; raises ValueError unless it is a token, TypeError unless it is a str."""
    text = _plain(text, what)
    if not text or _NOT_TOKEN.search(text):
        raise ValueError(f"{what} {text!r} is not a token (RFC 9110 section 5.6.2)")
    return text


def check_value(text: str, what: str) -> str:
    """``text`` as a plain str; raises ValueError for a control character but HTAB, TypeError unless it is a str."""
    if type(text) is not str:
        text = _plain(text, what)
    # isprintable() is several times quicker and says no to every control character, and to some more.
    if not text.isprintable() and _NOT_VALUE.search(text):
        raise ValueError(f"{what} {text!r} holds a control character")
    return text


def check_target(text: str) -> str:
    """``text`` as a plain str; raises ValueError for what no URI holds, TypeError unless it is a str."""
    text = _plain(text, "the request target")
    if not text or _NOT_TARGET.search(text):
        raise ValueError(f"the request target {text!r} is empty or holds a character that a URI may not hold")
    return text


def check_version(version: HttpVersion) -> str:
    """How ``version`` is written; raises ValueError unless it is HTTP/1.0 or HTTP/1.1."""
    if version == (1, 1):
        return "HTTP/1.1"
    if version == (1, 0):
        return "HTTP/1.0"
    raise ValueError(f"the version {version!r} is neither HTTP/1.0 nor HTTP/1.1")


def check_status(status: int) -> int:
    """``status`` as a plain int; raises ValueError outside of 100 to 999, TypeError unless it is an int."""
    if not isinstance(status, int):
        raise TypeError(f"the status must be int, not {type(status).__name__}")
    if not 100 <= status <= 999:
        raise ValueError(f"the status {status!r} has not three digits from 100")
    return int(status)


def check_chunk(data: bytes) -> bytes:
    """``data`` as bytes; raises ValueError where it is empty, which would end the message, TypeError for no buffer."""
    if type(data) is not bytes:
        data = memoryview(data).tobytes()
    if not data:
        raise ValueError("an empty chunk would end the message")
    return data


def _plain(text: str, what: str) -> str:
    if type(text) is str:
        return text
    if not isinstance(text, str):
        raise TypeError(f"{what} must be str, not {type(text).__name__}")
    # What a subclass holds, whatever it says of itself: an enumeration's member formats as its name.
    return str.__str__(text)


def octets(text: str) -> bytes:
    """``text`` as it is sent; raises UnicodeEncodeError, a ValueError, for surrogates that escape no octet."""
    return text.encode("utf-8", "surrogateescape")


# What a serialiser that found something wrong asks: which of it is to be named.


def refuse_request_head(method: str, target: str, version: HttpVersion, headers: Mapping[str, str]) -> None:
    """Raise for the first part of a request head that may not be sent."""
    check_token(method, "the method")
    check_target(target)
    check_version(version)
    refuse_fields(headers)


def refuse_response_head(version: HttpVersion, status: int, reason: str, headers: Mapping[str, str]) -> None:
    """Raise for the first part of a response head that may not be sent."""
    check_version(version)
    check_status(status)
    octets(check_value(reason, "the reason"))
    refuse_fields(headers)


def refuse_fields(headers: Mapping[str, str]) -> None:
    """Raise for the first name or value that may not be sent."""
    for name, value in headers.items():
        check_token(name, "a field name")
        octets(check_value(value, "a field value"))
    raise ValueError("the fields changed while they were sent")
