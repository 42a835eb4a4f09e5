"""Octets that are received into place: both implementations."""

import ctypes
import gc
from typing import Any

import pytest

from aiohttp_core._wire import _accel
from aiohttp_core._wire.place import PlacePure

PLACES = [PlacePure] if _accel.place is None else [PlacePure, _accel.place.Place]
PLACED = pytest.mark.parametrize("place_type", PLACES)


@PLACED
@pytest.mark.parametrize("size", [1, 2, 5, 2**20])
@pytest.mark.parametrize("behind", [b"", b"!"])
def test_a_place(place_type: Any, size: int, behind: bytes) -> None:
    """What is written to what was lent is what is taken; there is room for one octet more."""
    wanted = bytes(index & 255 for index in range(size))
    place = place_type(size)
    for start, end in ((0, size // 3), (size // 3, size)):
        room = place.lend(start)
        assert (len(room), room.readonly, room.format) == (size - start + 1, False, "B")
        room[: end - start] = wanted[start:end]
    room = place.lend(size)
    assert len(room) == 1
    if behind:
        room[:] = behind
    taken, rest = place.take(size + len(behind))
    assert type(taken) is type(rest) is bytes
    assert (taken, rest) == (wanted, behind)
    # CPython keeps a NUL behind bytes, which its own functions look at.
    assert ctypes.string_at(taken, size + 1) == wanted + b"\0"


@PLACED
@pytest.mark.parametrize("end", [0, 1, 4])
def test_a_part_of_a_place(place_type: Any, end: int) -> None:
    """Less than all may be taken."""
    place = place_type(5)
    place.lend(0)[:5] = b"abcde"
    assert place.take(end) == (b"abcde"[:end], b"")


@PLACED
@pytest.mark.parametrize("end", [2**16, 2**16 + 1, 5])
def test_what_is_lent_outlives_the_place(place_type: Any, end: int) -> None:
    """A transport may hold its room for longer: the octets stay as they were taken, and the memory is there."""
    place = place_type(2**16)
    place.lend(0)[:] = b"x" * 2**16 + b"!"
    with memoryview(place.lend(1)) as held:
        taken, behind = place.take(end)
        del place
        assert taken == b"x" * min(end, 2**16)
        assert behind == (b"!" if end > 2**16 else b"")
        assert held[:3] == b"xxx"
    assert taken == b"x" * min(end, 2**16)


@PLACED
def test_a_place_is_taken_once(place_type: Any) -> None:
    """Nothing is lent or taken after that, and nothing outside of it."""
    for size in (0, -1):
        with pytest.raises(ValueError, match=f"no place for {size} octets"):
            place_type(size)
    place = place_type(3)
    for start in (-1, 4, 2**70):
        with pytest.raises(ValueError, match=f"no room from {start} on"):
            place.lend(start)
    for end in (-1, 5, 2**70):
        with pytest.raises(ValueError, match=f"no octets up to {end}"):
            place.take(end)
    place.lend(0)[:3] = b"abc"
    assert place.take(3) == (b"abc", b"")
    with pytest.raises(ValueError, match="no room from 0 on"):
        place.lend(0)
    with pytest.raises(ValueError, match="no octets up to 3"):
        place.take(3)


@PLACED
@pytest.mark.parametrize("behind", [0, 1])
def test_nothing_is_copied(place_type: Any, behind: int) -> None:
    """Taken whole, the octets are those that were received into."""
    place = place_type(2**20)
    room = place.lend(0)
    room[:] = b"y" * (2**20 + 1)
    address = ctypes.addressof(ctypes.c_char.from_buffer(room))
    gc.collect()
    taken, _ = place.take(2**20 + behind)
    assert ctypes.cast(taken, ctypes.c_void_p).value == address
