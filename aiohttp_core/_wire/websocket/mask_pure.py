"""Masking in pure Python (RFC 6455 section 5.3).

Short data is one XOR of two long integers: few calls. Converting to and from an integer costs more per
octet than looking it up, so longer data is split into the four lanes of the key, each translated by a
table: a bytearray does both about twice as fast as bytes do.
"""

import struct
from typing import Final

from .contract import Octets
from .frame import KEY_SIZE

_LANES_FROM: Final = 512
"""Octets from which lanes are faster than integers."""
_ALL_OCTETS: Final = int.from_bytes(bytes(range(256)), "little")
_XOR_TABLES: Final = tuple(
    (_ALL_OCTETS ^ int.from_bytes(bytes([key]) * 256, "little")).to_bytes(256, "little") for key in range(256)
)
_REPEAT: Final = tuple(int.from_bytes((b"\1\0\0\0" * _LANES_FROM)[:size], "little") for size in range(_LANES_FROM))
"""Times a key (as little-endian integer), entry n repeats it over n octets, and up to three more."""
_KEEP: Final = tuple((1 << 8 * size) - 1 for size in range(_LANES_FROM))
"""Entry n keeps the first n octets of a little-endian integer."""

_load_key: Final = struct.Struct("<I").unpack
_from_bytes: Final = int.from_bytes


def _number(key: bytes, offset: int) -> int:
    """``key`` as it stands at ``offset``, as little-endian integer."""
    try:
        (number,) = _load_key(key)
    except struct.error:
        raise ValueError(f"a masking key has {KEY_SIZE} octets, not {len(key)}") from None
    shift = offset % KEY_SIZE * 8
    rotated: int = (number >> shift | number << 32 - shift) & 0xFFFFFFFF
    return rotated


def _mask_lanes(octets: bytearray, number: int) -> None:
    octets[0::4] = octets[0::4].translate(_XOR_TABLES[number & 0xFF])
    octets[1::4] = octets[1::4].translate(_XOR_TABLES[number >> 8 & 0xFF])
    octets[2::4] = octets[2::4].translate(_XOR_TABLES[number >> 16 & 0xFF])
    octets[3::4] = octets[3::4].translate(_XOR_TABLES[number >> 24])


def mask_into_new(data: Octets, key: bytes, offset: int = 0) -> bytes:
    """See contract.MaskIntoNew."""
    return bytes(masked(data, key, offset))


def masked(data: Octets, key: bytes, offset: int = 0) -> bytes | bytearray:
    """As `mask_into_new`; a new bytearray where the data is long, for those who need not copy it into bytes."""
    if offset or len(key) != KEY_SIZE:
        number = _number(key, offset)
    else:
        (number,) = _load_key(key)
    if type(data) is memoryview:
        data = data.tobytes()
    size = len(data)
    if size < _LANES_FROM:
        return ((_from_bytes(data, "little") ^ number * _REPEAT[size]) & _KEEP[size]).to_bytes(size, "little")
    lanes = bytearray(data)
    _mask_lanes(lanes, number)
    return lanes


def mask_in_place(data: bytearray | memoryview, key: bytes, offset: int = 0) -> None:
    """See contract.MaskInPlace."""
    if type(data) is bytearray:
        if len(data) < _LANES_FROM:
            data[:] = mask_into_new(data, key, offset)
        else:
            _mask_lanes(data, _number(key, offset))
        return
    view = memoryview(data)
    if view.readonly:
        raise TypeError("cannot mask read-only data in place")
    octets = view if view.format == "B" and view.ndim == 1 else view.cast("B")
    octets[:] = mask_into_new(octets, key, offset)
