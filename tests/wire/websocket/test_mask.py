"""Masking against the definition in RFC 6455 section 5.3."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire.websocket.twins import IN_PLACE, INTO_NEW

KEYS = st.binary(min_size=4, max_size=4)
NEW = pytest.mark.parametrize("twin", INTO_NEW)


def defined(data: bytes, key: bytes, offset: int) -> bytes:
    return bytes(octet ^ key[(at + offset) % 4] for at, octet in enumerate(data))


@NEW
class TestMask:
    @given(data=st.binary(max_size=700), key=KEYS, offset=st.integers(0, 2**40))
    def test_any_offset(self, twin: str, data: bytes, key: bytes, offset: int) -> None:
        """Any data, key and offset give what the definition gives, as new bytes and in place."""
        expected = defined(data, key, offset)
        assert INTO_NEW[twin](data, key, offset) == expected
        changed = bytearray(data)
        assert IN_PLACE[twin](changed, key, offset) is None
        assert changed == expected

    @given(data=st.binary(max_size=300), key=KEYS)
    def test_twice_is_nothing(self, twin: str, data: bytes, key: bytes) -> None:
        """Masking twice with one key gives the data back."""
        assert INTO_NEW[twin](INTO_NEW[twin](data, key), key) == data

    @given(data=st.binary(max_size=300), key=KEYS, cut=st.integers(0, 300))
    def test_in_pieces(self, twin: str, data: bytes, key: bytes, cut: int) -> None:
        """Pieces masked at their offsets make up the whole."""
        mask = INTO_NEW[twin]
        assert mask(data[:cut], key) + mask(data[cut:], key, min(cut, len(data))) == mask(data, key)

    def test_every_alignment(self, twin: str) -> None:
        """Sizes and alignments around the width of words and vectors are masked right, and nothing beside them."""
        key = b"\x01\x82\x03\xf4"
        sizes = (*range(200), 255, 256, 511, 512, 513, 1023, 4096, 65535, 65537)
        for size, start, offset in itertools.product(sizes, (0, 1, 7, 13, 16, 31), range(4)):
            octets = bytearray(b"\x5a" * (start + size + 40))
            IN_PLACE[twin](memoryview(octets)[start : start + size], key, offset)
            masked = defined_fast(b"\x5a" * size, key, offset)
            assert octets == b"\x5a" * start + masked + b"\x5a" * 40, (size, start, offset)

    def test_buffers(self, twin: str) -> None:
        """Every kind of buffer is masked into bytes; the source stays as it is."""
        key = b"abcd"
        data = bytes(range(40))
        expected = defined(data, key, 1)
        source = bytearray(data)
        for buffer in (data, source, memoryview(data), memoryview(data).cast("I")):
            masked = INTO_NEW[twin](buffer, key, 1)
            assert masked == expected
            assert type(masked) is bytes
        assert source == data
        strided = memoryview(data)[::2]
        assert INTO_NEW[twin](strided, key) == defined(data[::2], key, 0)

    @pytest.mark.parametrize("key", [b"", b"abc", b"abcde"])
    def test_bad_key(self, twin: str, key: bytes) -> None:
        """A key that has not four octets is refused."""
        with pytest.raises(ValueError, match="4 octets"):
            INTO_NEW[twin](b"data", key)
        with pytest.raises(ValueError, match="4 octets"):
            IN_PLACE[twin](bytearray(b"data"), key)

    def test_read_only(self, twin: str) -> None:
        """bytes cannot be masked in place."""
        with pytest.raises(TypeError, match="read-only"):
            IN_PLACE[twin](b"data", b"abcd")


def defined_fast(data: bytes, key: bytes, offset: int) -> bytes:
    """As ``defined``, for data of one octet repeated."""
    lane = bytes(data[0] ^ key[(at + offset) % 4] for at in range(4)) if data else b""
    return (lane * (len(data) // 4 + 1))[: len(data)]
