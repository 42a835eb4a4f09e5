"""Where the delimiter of a multipart body is (RFC 2046 section 5.1.1): compiled when that was built, pure otherwise."""

from collections.abc import Callable

from ._accel import delimiter as compiled


def find_delimiter_pure(data: bytes, delimiter: bytes, start: int) -> int:
    """The index of the first ``delimiter``, CRLF and more without a CR, from ``start`` on; -1 where there is none."""
    return data.find(delimiter, start)


find_delimiter: Callable[[bytes, bytes, int], int] = (
    find_delimiter_pure if compiled is None else compiled.find_delimiter
)
