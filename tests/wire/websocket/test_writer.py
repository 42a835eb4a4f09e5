"""Frame building, masking keys, and whole messages."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors.websocket_frames import BINARY, FIN, KEY, TEXT, Frames
from wire.websocket.twins import BUILDERS, READERS, feed_all

from aiohttp_core._wire.websocket.deflate import Deflater, Inflater
from aiohttp_core._wire.websocket.frame import OP_CONTINUATION, OP_TEXT, Role
from aiohttp_core._wire.websocket.messages import WSCloseCode, WSMsgType
from aiohttp_core._wire.websocket.writer import GATHER_FROM, MaskKeys, MessageWriter, Wire, next_mask_key

SIZES = (0, 1, 125, 126, 127, 65535, 65536, 70000)
BUILD = pytest.mark.parametrize("twin", BUILDERS)


def octets_of(wire: Wire) -> bytes:
    return wire if isinstance(wire, bytes) else b"".join(wire)


@BUILD
class TestBuildFrame:
    @pytest.mark.parametrize("size", SIZES)
    def test_lengths(self, twin: str, size: int) -> None:
        """Lengths take the shortest of the three encodings, masked or not."""
        payload = bytes(at & 0xFF for at in range(size))
        assert BUILDERS[twin](FIN | BINARY, payload) == Frames(Role.CLIENT)(FIN | BINARY, payload)
        assert BUILDERS[twin](FIN | BINARY, payload, KEY) == Frames(Role.SERVER)(FIN | BINARY, payload)

    @pytest.mark.parametrize("text", ["", "Hello", "h\u00e9llo", "\u20ac" * 100, "\U0001f600", "a" * 70000])
    def test_text(self, twin: str, text: str) -> None:
        """str goes out as UTF-8."""
        assert BUILDERS[twin](FIN | TEXT, text) == Frames(Role.CLIENT)(FIN | TEXT, text.encode())
        assert BUILDERS[twin](FIN | TEXT, text, KEY) == Frames(Role.SERVER)(FIN | TEXT, text.encode())

    def test_subclass_of_str(self, twin: str) -> None:
        """A subclass of str is text too."""
        word = type("Word", (str,), {})("w\u00f6rd")
        assert BUILDERS[twin](FIN | TEXT, word) == Frames(Role.CLIENT)(FIN | TEXT, "w\u00f6rd".encode())

    def test_buffers(self, twin: str) -> None:
        """Every kind of buffer is a payload."""
        data = bytes(range(40))
        for buffer in (bytearray(data), memoryview(data), memoryview(data).cast("I")):
            assert BUILDERS[twin](FIN | BINARY, buffer, KEY) == Frames(Role.SERVER)(FIN | BINARY, data)
        strided = memoryview(data)[::2]
        assert BUILDERS[twin](FIN | BINARY, strided) == Frames(Role.CLIENT)(FIN | BINARY, data[::2])

    def test_refusals(self, twin: str) -> None:
        """Lone surrogates, other types and keys of another length are refused."""
        with pytest.raises(UnicodeEncodeError):
            BUILDERS[twin](FIN | TEXT, "\ud800")
        with pytest.raises(TypeError):
            BUILDERS[twin](FIN | TEXT, 5)
        with pytest.raises(ValueError, match="4 octets"):
            BUILDERS[twin](FIN | TEXT, b"x", b"abc")

    @given(
        payload=st.binary(max_size=400), key=st.none() | st.binary(min_size=4, max_size=4), first=st.integers(0, 255)
    )
    def test_twins_agree(self, twin: str, payload: bytes, key: bytes | None, first: int) -> None:
        """Both twins build the same octets."""
        assert BUILDERS[twin](first, payload, key) == BUILDERS["pure"](first, payload, key)


class TestMaskKeys:
    def test_keys_differ(self) -> None:
        """Keys have four octets and are fetched anew when the pool is spent."""
        keys = MaskKeys()
        seen = [keys() for _ in range(3000)]
        assert all(len(key) == 4 for key in seen)
        assert len(set(seen)) > 2990

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
    @pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
    def test_a_child_has_its_own(self) -> None:
        """A forked child does not repeat its parent's keys."""
        keys = next_mask_key
        keys()
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.write(writing, keys() + keys())
            os._exit(0)
        os.waitpid(child, 0)
        try:
            assert os.read(reading, 8) != keys() + keys()
        finally:
            os.close(reading)
            os.close(writing)


@pytest.mark.parametrize("role", Role)
class TestMessageWriter:
    @pytest.mark.parametrize("twin", READERS)
    @pytest.mark.parametrize("deflate", [False, True])
    def test_the_other_side_reads_it(self, role: Role, twin: str, deflate: bool) -> None:
        """What one role writes the other role reads."""
        writer = MessageWriter(role, Deflater() if deflate else None)
        other = Role.SERVER if role is Role.CLIENT else Role.CLIENT
        reader = READERS[twin](other, 0, Inflater() if deflate else None)
        large = bytes(range(256)) * 300
        frames = [
            writer.text("h\u00e9llo"),
            writer.text(b"octets"),
            writer.ping(b"p"),
            writer.fragment(OP_TEXT, "one ", False),
            writer.pong("q"),
            writer.fragment(OP_CONTINUATION, b"two", True),
            writer.binary(large),
            writer.binary(bytearray(large), compress=0),
            writer.binary(b""),
            writer.close(4000, "bye"),
        ]
        messages = feed_all(reader, map(octets_of, frames))
        assert reader.error is None
        assert [tuple(message) for message in messages] == [
            (WSMsgType.TEXT, "h\u00e9llo", ""),
            (WSMsgType.TEXT, "octets", ""),
            (WSMsgType.PING, b"p", ""),
            (WSMsgType.PONG, b"q", ""),
            (WSMsgType.TEXT, "one two", ""),
            (WSMsgType.BINARY, large, ""),
            (WSMsgType.BINARY, large, ""),
            (WSMsgType.BINARY, b"", ""),
            (WSMsgType.CLOSE, 4000, "bye"),
        ]

    def test_masks(self, role: Role) -> None:
        """A client masks every frame with a key of its own, a server none."""
        keys = iter([b"aaaa", b"bbbb", b"cccc"])
        writer = MessageWriter(role, new_key=lambda: next(keys))
        frames = [octets_of(writer.text("x")), writer.ping(), writer.close()]
        masked = [bool(frame[1] & 0x80) for frame in frames]
        assert masked == [role is Role.CLIENT] * 3
        if role is Role.CLIENT:
            assert [frame[2:6] for frame in frames] == [b"aaaa", b"bbbb", b"cccc"]

    def test_large_payloads_are_not_copied(self, role: Role) -> None:
        """A server hands large bytes on beside their header; bytes that may change are copied."""
        writer = MessageWriter(role)
        payload = b"x" * GATHER_FROM
        wire = writer.binary(payload)
        if role is Role.SERVER:
            assert isinstance(wire, tuple)
            assert wire[1] is payload
        else:
            assert isinstance(wire, bytes)
        assert isinstance(writer.binary(bytearray(payload)), bytes)
        assert isinstance(writer.binary(payload[:-1]), bytes)

    def test_control_limits(self, role: Role) -> None:
        """Control frames over 125 octets, reserved close codes and long reasons are refused before they travel."""
        writer = MessageWriter(role)
        for build in (writer.ping, writer.pong):
            assert len(build(b"p" * 125)) in (127, 131)
            with pytest.raises(ValueError, match="125"):
                build(b"p" * 126)
        with pytest.raises(ValueError, match="125"):
            writer.frame(WSMsgType.PING, b"p" * 126)
        for code in (0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65536):
            with pytest.raises(ValueError, match="must not travel"):
                writer.close(code)
        with pytest.raises(ValueError, match="123"):
            writer.close(WSCloseCode.OK, "\u20ac" * 42)
        with pytest.raises(ValueError, match="needs a close code"):
            writer.close(None, "why")
        with pytest.raises(UnicodeDecodeError):
            writer.close(WSCloseCode.OK, b"\xff")

    def test_close_as_a_frame(self, role: Role) -> None:
        """A CLOSE whose payload the program has put together is judged as one that is put together here."""
        writer = MessageWriter(role, new_key=lambda: KEY)
        assert writer.frame(WSMsgType.CLOSE, b"\x0f\xa0bye") == writer.close(4000, "bye")
        assert writer.frame(WSMsgType.CLOSE, bytearray()) == writer.close(None)
        with pytest.raises(ValueError, match="one octet"):
            writer.frame(WSMsgType.CLOSE, b"\x03")
        with pytest.raises(ValueError, match="1006 must not travel"):
            writer.frame(WSMsgType.CLOSE, b"\x03\xee")
        with pytest.raises(UnicodeDecodeError):
            writer.frame(WSMsgType.CLOSE, b"\x03\xe8\xff")

    def test_close_without_a_code(self, role: Role) -> None:
        """A close may be sent without a code."""
        assert MessageWriter(role).close(None)[:1] == b"\x88"
        assert MessageWriter(role).close(None)[1] & 0x7F == 0

    def test_compressed_elsewhere(self, role: Role) -> None:
        """A payload that was compressed before is framed as one that is compressed now."""
        one, two = Deflater(), Deflater()
        writer = MessageWriter(role, one, new_key=lambda: KEY)
        assert writer.compresses
        assert not MessageWriter(role).compresses
        assert writer.text("Hello") == writer.compressed_frame(OP_TEXT, two.deflate(b"Hello"))

    def test_compress_without_negotiation(self, role: Role) -> None:
        """A wish to compress is ignored where nothing was negotiated."""
        assert octets_of(MessageWriter(role).text("x", compress=15))[0] == FIN | TEXT
