"""Finding a multipart delimiter: both implementations, every place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiohttp_core._wire import _accel
from aiohttp_core._wire.delimiter import find_delimiter, find_delimiter_pure

DELIMITER = b"\r\n--ab"
FINDERS = [find_delimiter_pure] if _accel.delimiter is None else [find_delimiter_pure, _accel.delimiter.find_delimiter]


@pytest.mark.parametrize("find", FINDERS)
@pytest.mark.parametrize(
    ("data", "start", "index"),
    [
        (b"", 0, -1),
        (DELIMITER[:-1], 0, -1),
        (DELIMITER, 0, 0),
        (DELIMITER, 1, -1),
        (DELIMITER, 7, -1),
        (DELIMITER, 8, -1),
        (b"x" + DELIMITER * 2, 0, 1),
        (b"x" + DELIMITER * 2, 2, 7),
        (b"\r\r\n--a\r\n--ab", 0, 6),
        (b"\r\n--aB\r\n-\r", 0, -1),
        (b"\0\r\n\0" + DELIMITER + b"\0", 0, 4),
    ],
)
def test_places(find: Any, data: bytes, start: int, index: int) -> None:
    """The first delimiter from the start on that is there as a whole is found; -1 tells that there is none."""
    assert find(data, DELIMITER, start) == index


@given(st.lists(st.sampled_from([b"\r", b"\n", b"-", b"--", b"a", b"ab", b"x", DELIMITER])), st.integers(0, 40))
def test_implementations_agree(pieces: list[bytes], start: int) -> None:
    """The implementation in use finds what the pure one finds."""
    data = b"".join(pieces)
    assert find_delimiter(data, DELIMITER, start) == find_delimiter_pure(data, DELIMITER, start)
