"""Masking in pure Python (RFC 6455 section 5.3).

Short data is one XOR of two long integers. Converting to and from an integer costs more per octet than
looking it up, so longer data is split into the four lanes of the key, each translated by a table: a
bytearray does both about twice as fast as bytes do.
"""

from typing import Final

from .contract import Octets
from .frame import KEY_SIZE

_LANES_FROM: Final = 512
"""Octets from which lanes are faster than integers."""
_XOR_TABLES: Final = tuple(bytes(octet ^ key for octet in range(256)) for key in range(256))


def _rotated(key: bytes, offset: int) -> bytes:
    if len(key) != KEY_SIZE:
        raise ValueError(f"a masking key has {KEY_SIZE} octets, not {len(key)}")
    shift = offset % KEY_SIZE
    return key[shift:] + key[:shift]


def _mask_lanes(octets: bytearray, key: bytes) -> None:
    octets[0::4] = octets[0::4].translate(_XOR_TABLES[key[0]])
    octets[1::4] = octets[1::4].translate(_XOR_TABLES[key[1]])
    octets[2::4] = octets[2::4].translate(_XOR_TABLES[key[2]])
    octets[3::4] = octets[3::4].translate(_XOR_TABLES[key[3]])


def mask_into_new(data: Octets, key: bytes, offset: int = 0) -> bytes:
    """See contract.MaskIntoNew."""
    if offset or len(key) != KEY_SIZE:
        key = _rotated(key, offset)
    if type(data) is memoryview:
        data = data.tobytes()
    size = len(data)
    if size < _LANES_FROM:
        repeated = (key * (size // KEY_SIZE + 1))[:size]
        return (int.from_bytes(data, "little") ^ int.from_bytes(repeated, "little")).to_bytes(size, "little")
    lanes = bytearray(data)
    _mask_lanes(lanes, key)
    return bytes(lanes)


def mask_in_place(data: bytearray | memoryview, key: bytes, offset: int = 0) -> None:
    """See contract.MaskInPlace."""
    if type(data) is bytearray:
        if len(data) < _LANES_FROM:
            data[:] = mask_into_new(data, key, offset)
        else:
            _mask_lanes(data, _rotated(key, offset))
        return
    view = memoryview(data)
    if view.readonly:
        raise TypeError("cannot mask read-only data in place")
    octets = view if view.format == "B" and view.ndim == 1 else view.cast("B")
    octets[:] = mask_into_new(octets, key, offset)
