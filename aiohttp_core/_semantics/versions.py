"""HTTP versions (RFC 9110 section 2.5). Only 1.0 and 1.1 travel on HTTP/1 connections."""

from typing import Final, NamedTuple


class HttpVersion(NamedTuple):
    """A version as ``(major, minor)``; compares as a tuple does."""

    major: int
    minor: int


HttpVersion10: Final = HttpVersion(1, 0)
HttpVersion11: Final = HttpVersion(1, 1)
