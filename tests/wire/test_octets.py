"""Octets in memory: finding a multipart delimiter, receiving into place. Both implementations."""

import ctypes
import gc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiohttp_core._wire import _accel
from aiohttp_core._wire.octets import PlacePure, find_delimiter, find_delimiter_pure

DELIMITER = b"\r\n--ab"
FINDERS = [find_delimiter_pure] if _accel.octets is None else [find_delimiter_pure, _accel.octets.find_delimiter]


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


PLACES = [PlacePure] if _accel.octets is None else [PlacePure, _accel.octets.Place]
PLACED = pytest.mark.parametrize("place_type", PLACES)


@PLACED
@pytest.mark.parametrize("size", [0, 1, 5, 2**20])
def test_a_place(place_type: Any, size: int) -> None:
    """What is written to what was lent is what is taken; the last room is empty."""
    wanted = bytes(index & 255 for index in range(size))
    place = place_type(size)
    for start, end in ((0, size // 3), (size // 3, size)):
        room = place.lend(start)
        assert (len(room), room.readonly, room.format) == (size - start, False, "B")
        room[: end - start] = wanted[start:end]
    assert len(place.lend(size)) == 0
    taken = place.take(size)
    assert type(taken) is bytes
    assert taken == wanted


@PLACED
@pytest.mark.parametrize("end", [0, 1, 4])
def test_a_part_of_a_place(place_type: Any, end: int) -> None:
    """Less than all may be taken."""
    place = place_type(5)
    place.lend(0)[:] = b"abcde"
    assert place.take(end) == b"abcde"[:end]


@PLACED
def test_what_is_lent_outlives_the_place(place_type: Any) -> None:
    """A transport may hold its room for longer: the octets stay as they were taken, and the memory is there."""
    place = place_type(2**16)
    place.lend(0)[:] = b"x" * 2**16
    with memoryview(place.lend(1)) as held:
        taken = place.take(2**16)
        del place
        assert taken == b"x" * 2**16
        assert held[:3] == b"xxx"
    assert taken == b"x" * 2**16


@PLACED
def test_a_place_is_taken_once(place_type: Any) -> None:
    """Nothing is lent or taken after that, and nothing outside of it."""
    with pytest.raises(ValueError, match="negative"):
        place_type(-1)
    place = place_type(3)
    for start in (-1, 4):
        with pytest.raises(ValueError, match=f"no room from {start} on"):
            place.lend(start)
    with pytest.raises(ValueError, match="no octets up to 4"):
        place.take(4)
    place.lend(0)[:] = b"abc"
    assert place.take(3) == b"abc"
    with pytest.raises(ValueError, match="no room from 0 on"):
        place.lend(0)
    with pytest.raises(ValueError, match="no octets up to 3"):
        place.take(3)


@PLACED
def test_nothing_is_copied(place_type: Any) -> None:
    """Taken whole, the octets are those that were received into."""
    place = place_type(2**20)
    room = place.lend(0)
    room[:] = b"y" * 2**20
    address = ctypes.addressof(ctypes.c_char.from_buffer(room))
    gc.collect()
    taken = place.take(2**20)
    assert ctypes.cast(taken, ctypes.c_void_p).value == address
