"""The reader against the vectors: every twin, every vector, several feedings."""

import gc
import itertools
import time
import tracemalloc
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors.sections import by_section
from vectors.websocket_deflate import DEFLATE_VECTORS
from vectors.websocket_frames import BINARY, CLOSE, FIN, PING, TEXT, VECTORS, Frames, Vector
from wire.websocket.twins import READERS, feed_all, outcome, reader_for

from aiohttp_core._wire.websocket.deflate import Inflater
from aiohttp_core._wire.websocket.frame import Role
from aiohttp_core._wire.websocket.messages import WSMessage, WSMessageTextBytes, WSMsgType

ALL = VECTORS + DEFLATE_VECTORS
SECTIONS = by_section(ALL)
SPLIT_EVERYWHERE_UP_TO = 400
"""Octets of a vector that is split at every offset; longer ones at offsets around the headers and the end."""
ROLES = pytest.mark.parametrize("role", Role)
TWINS = pytest.mark.parametrize("twin", READERS)


def offsets(size: int) -> list[int]:
    if size <= SPLIT_EVERYWHERE_UP_TO:
        return list(range(1, size))
    return [*range(1, 20), size // 3, size // 2, *range(size - 10, size)]


def check(vector: Vector, result: tuple[object, ...], feeding: str) -> None:
    messages, _, error, closed = result
    assert messages == list(vector.messages), f"{vector}, {feeding}"
    assert (error[0] if isinstance(error, tuple) else None) == vector.error, f"{vector}, {feeding}"
    assert closed == vector.closed, f"{vector}, {feeding}"


def holds_text(vector: Vector) -> bool:
    return vector.error == 1007 or any(message[0] == TEXT for message in vector.messages)


@TWINS
@pytest.mark.parametrize("section", SECTIONS)
def test_vectors(twin: str, section: str) -> None:
    """A vector gives its messages, then its error, however it is cut; where does not change the error's words."""
    for vector in SECTIONS[section]:
        whole = outcome(reader_for(twin, vector), [vector.wire])
        check(vector, whole, "whole")
        check(vector, outcome(reader_for(twin, vector), wire_octets(vector.wire)), "octet by octet")
        for at in offsets(len(vector.wire)):
            cut = outcome(reader_for(twin, vector), [vector.wire[:at], vector.wire[at:]])
            assert cut == whole, f"{vector}, cut at {at}"


@TWINS
class TestOtherWays:
    def test_trailing_octets(self, twin: str) -> None:
        """What follows an error or a close is not parsed, in the same read or later."""
        vectors = [vector for vector in ALL if vector.error or vector.closed]
        assert len(vectors) > 300
        for vector in vectors:
            tail = Frames(vector.role)(FIN | TEXT, b"late") + b"\xff" * 20
            reader = reader_for(twin, vector)
            check(vector, outcome(reader, [vector.wire + tail]), "and more")
            error = reader.error
            assert reader.feed(tail) == []
            assert reader.error is error

    def test_text_as_bytes(self, twin: str) -> None:
        """Without decoding, text comes as WSMessageTextBytes, judged just the same."""
        vectors = [vector for vector in ALL if holds_text(vector)]
        assert len(vectors) > 300
        for vector in vectors:
            messages, kinds, error, _ = outcome(reader_for(twin, vector, decode_text=False), [vector.wire])
            expected = [
                (kind, data.encode() if kind == TEXT and isinstance(data, str) else data, extra)
                for kind, data, extra in vector.messages
            ]
            assert messages == expected, vector
            assert kinds == [WSMessageTextBytes if kind == TEXT else WSMessage for kind, _, _ in expected], vector
            assert (error[0] if isinstance(error, tuple) else None) == vector.error, vector

    def test_other_buffers(self, twin: str) -> None:
        """bytearray and memoryview are read as bytes are."""
        for vector in ALL[::25]:
            check(vector, outcome(reader_for(twin, vector), [bytearray(vector.wire)]), "bytearray")
            check(vector, outcome(reader_for(twin, vector), [memoryview(vector.wire)]), "memoryview")


@pytest.mark.skipif(len(READERS) < 2, reason="only one implementation is here")
class TestTwinsAgree:
    @given(st.data())
    def test_on_mutated_vectors(self, data: st.DataObject) -> None:
        """Damaged frames give both twins the same messages and the same error, however they are cut."""
        vector = data.draw(st.sampled_from(SMALL))
        wire = bytearray(vector.wire)
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(wire)))
            action = data.draw(st.sampled_from(["replace", "flip", "insert", "delete", "repeat"]))
            if action == "replace" and at < len(wire):
                wire[at] = data.draw(st.integers(0, 255))
            elif action == "flip" and at < len(wire):
                wire[at] ^= 1 << data.draw(st.integers(0, 7))
            elif action == "insert":
                wire[at:at] = data.draw(st.binary(max_size=6))
            elif action == "delete":
                del wire[at : at + data.draw(st.integers(1, 6))]
            else:
                wire += wire[at:]
        size = data.draw(st.sampled_from([len(wire) + 1, 1, 2, 3, 7, 50]))
        self._agree(vector, bytes(wire), size)

    @given(st.binary(max_size=200), st.sampled_from(Role), st.booleans(), st.integers(1, 40))
    def test_on_noise(self, wire: bytes, role: Role, deflate: bool, size: int) -> None:
        """Random octets give both twins the same outcome."""
        self._agree(Vector("noise", "", role, wire, (), deflate=deflate, max_msg_size=1000), wire, size)

    @staticmethod
    def _agree(vector: Vector, wire: bytes, size: int) -> None:
        reads = [wire[at : at + size] for at in range(0, len(wire), size)]
        results = [
            outcome(reader_for(twin, vector), feeding)
            for twin in READERS
            for feeding in (reads, [wire], wire_octets(wire))
        ]
        assert all(result == results[0] for result in results[1:])


SMALL = [vector for vector in ALL if 0 < len(vector.wire) <= 300]


def wire_octets(wire: bytes) -> list[bytes]:
    return [wire[at : at + 1] for at in range(len(wire))]


@TWINS
class TestFailsFast:
    """A violation is known at the first octet that makes it one, long before its frame is complete."""

    @pytest.mark.parametrize("first", [0xF1, 0x83, 0x09, 0x80, 0xC1])
    @ROLES
    def test_first_octet(self, twin: str, role: Role, first: int) -> None:
        """The first octet of a frame is judged before the second one is there."""
        reader = READERS[twin](role)
        assert reader.feed(bytes([first])) == []
        assert reader.error is not None
        assert reader.error.code == 1002

    @pytest.mark.parametrize(("role", "second"), [(Role.SERVER, 0x05), (Role.CLIENT, 0x85)])
    def test_mask_bit(self, twin: str, role: Role, second: int) -> None:
        """A frame masked in the wrong direction is refused at its second octet."""
        reader = READERS[twin](role)
        reader.feed(bytes([0x81, second]))
        assert reader.error is not None
        assert reader.error.code == 1002

    @ROLES
    def test_size_before_payload(self, twin: str, role: Role) -> None:
        """A frame over the limit is refused at its length, and nothing of it is kept."""
        reader = READERS[twin](role, 1000)
        head = Frames(role)(FIN | BINARY, b"", size=2**40, width=8)
        reader.feed(head[:10])
        assert reader.error is not None
        assert reader.error.code == 1009
        assert reader.pending == 0

    @pytest.mark.parametrize(
        ("good", "bad"),
        [
            (b"abc", b"\xff"),
            (b"\xe2\x82", b"a"),
            (b"\xed", b"\xa0"),
            (b"\xf4", b"\x90"),
            (b"\xf0", b"\x8f"),
            (b"", b"\xc0"),
        ],
    )
    @pytest.mark.parametrize("prefix", [0, 40])
    @ROLES
    def test_text_inside_a_frame(self, twin: str, role: Role, good: bytes, bad: bytes, prefix: int) -> None:
        """Text is refused at the first octet that cannot be UTF-8, in the middle of an unfinished frame."""
        payload = b"a" * prefix + good + bad
        wire = Frames(role)(TEXT, payload + b"x" * 50)[:-50]
        reader = READERS[twin](role)
        for octet in wire_octets(wire[:-1]):
            assert reader.feed(octet) == []
            assert reader.error is None
        reader.feed(wire[-1:])
        assert reader.error is not None
        assert reader.error.code == 1007

    @ROLES
    def test_text_at_a_fragment_end(self, twin: str, role: Role) -> None:
        """Bad text in the first fragment is refused before the second one comes."""
        reader = READERS[twin](role)
        reader.feed(Frames(role)(TEXT, b"ok \xff"))
        assert reader.error is not None
        assert reader.error.code == 1007


@TWINS
class TestCost:
    """Time and memory stay in proportion to what was sent."""

    @ROLES
    def test_a_million_fragments(self, twin: str, role: Role) -> None:
        """Many fragments of one octet take linear time."""
        count = 1_000_000 if twin == "compiled" else 30_000
        frames = Frames(role)
        wire = frames(BINARY) + frames(0, b"x") * count + frames(FIN)
        reader = READERS[twin](role)
        assert timed(lambda: reader.feed(wire)) < 8
        reader = READERS[twin](role)
        messages = feed_all(reader, (wire[at : at + 4096] for at in range(0, len(wire), 4096)))
        assert [len(message.data) for message in messages] == [count]

    @ROLES
    def test_octet_by_octet(self, twin: str, role: Role) -> None:
        """A long message fed octet by octet takes linear time."""
        size = 300_000 if twin == "compiled" else 60_000
        wire = Frames(role)(FIN | TEXT, "\u20ac".encode() * (size // 3))
        reader = READERS[twin](role)
        messages = feed_all(reader, wire_octets(wire))
        assert [len(message.data) for message in messages] == [size // 3]

    @ROLES
    def test_endless_empty_fragments(self, twin: str, role: Role) -> None:
        """A message of nothing but empty fragments is ended by the limit on their count."""
        reader = READERS[twin](role, 0, None, True, 1000)
        reader.feed(Frames(role)(TEXT) + Frames(role)(0) * 2000)
        assert reader.error is not None
        assert reader.error.code == 1008

    @ROLES
    def test_a_declared_length_is_not_allocated(self, twin: str, role: Role) -> None:
        """A frame that announces 2**62 octets costs what arrives of it, not what it announces."""
        reader = READERS[twin](role)
        frame = Frames(role)(FIN | BINARY, b"x" * 1000, size=2**62, width=8)
        tracemalloc.start()
        try:
            assert reader.feed(frame) == []
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert reader.pending == 1000
        assert peak < 40 * 2**20

    def test_a_bomb_is_not_inflated(self, twin: str) -> None:
        """A deflate bomb costs no more memory than the limit allows."""
        bomb = next(vector for vector in DEFLATE_VECTORS if vector.name == "bomb")
        reader = reader_for(twin, bomb)
        tracemalloc.start()
        try:
            reader.feed(bomb.wire)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert reader.error is not None
        assert reader.error.code == 1009
        assert peak < 10 * bomb.max_msg_size

    @ROLES
    def test_nothing_is_kept(self, twin: str, role: Role) -> None:
        """After a message, an error or a close, nothing of it stays in the reader."""
        frames = Frames(role)
        reader = READERS[twin](role, 0, Inflater())
        reader.feed(frames(TEXT, b"abc"))
        assert reader.pending == 3
        reader.feed(frames(FIN, b"def"))
        assert reader.pending == 0
        reader.feed(frames(TEXT, b"abc") + frames(FIN | CLOSE))
        assert reader.pending == 0
        reader = READERS[twin](role)
        reader.feed(frames(TEXT, b"abc") + b"\xff")
        assert reader.pending == 0

    @pytest.mark.parametrize(
        "wire",
        [
            b"\xff",
            b"\x81\x01\xff",
            b"\x01\x01\xff",
            b"\x88\x03\x03\xe8\xff",
            b"\xc2\x03\xff\xff\xff",
            b"\xc1\x04\xfa\x07\x00\x00",
        ],
        ids=["header", "text", "fragment", "reason", "deflate", "inflated text"],
    )
    def test_an_error_does_not_keep_the_reader(self, twin: str, wire: bytes) -> None:
        """The error holds no traceback that would tie the reader and its caller into a cycle."""
        slots = {"__slots__": ("__weakref__",)} if twin == "pure" else {}
        reader = type("Reader", (READERS[twin],), slots)(Role.CLIENT, 0, Inflater())
        reader.feed(wire)
        error = reader.error
        assert error is not None
        assert error.__traceback__ is None
        assert error.__context__ is None
        alive = weakref.ref(reader)
        gc.disable()
        try:
            del reader
            assert alive() is None
        finally:
            gc.enable()


@TWINS
class TestMessages:
    def test_message_types(self, twin: str) -> None:
        """Messages are WSMessage tuples whose type is a WSMsgType member and which behave as such."""
        frames = Frames(Role.CLIENT)
        (message,) = READERS[twin](Role.CLIENT).feed(frames(FIN | TEXT, b'{"a": 1}'))
        assert type(message) is WSMessage
        assert message.type is WSMsgType.TEXT
        assert message.json() == {"a": 1}
        assert hash(message) == hash(WSMessage(WSMsgType.TEXT, '{"a": 1}', ""))
        kind, data, extra = message
        assert (kind, data, extra) == (WSMsgType.TEXT, '{"a": 1}', "")
        assert message._replace(data="x").data == "x"

    @ROLES
    def test_sizes_around_every_boundary(self, twin: str, role: Role) -> None:
        """Text and octets of every small size come out as they went in, and are objects of their own."""
        frames = Frames(role)
        for size in itertools.chain(range(300), (1023, 1024, 4097)):
            for payload in (b"a" * size, "\u00e9".encode() * size, b"a" * size + "\u20ac".encode()):
                reader = READERS[twin](role)
                text, octets = reader.feed(frames(FIN | TEXT, payload) + frames(FIN | BINARY, payload))
                assert text.data == payload.decode()
                assert octets.data == payload

    def test_repr(self, twin: str) -> None:
        """The representation shows the state."""
        reader = READERS[twin](Role.CLIENT)
        assert repr(reader) == "<MessageReader open pending=0>"
        reader.feed(b"\x88\x00")
        assert repr(reader) == "<MessageReader closed pending=0>"
        reader = READERS[twin](Role.CLIENT)
        reader.feed(b"\xff")
        assert repr(reader) == "<MessageReader failed pending=0>"

    def test_ping_then_partial(self, twin: str) -> None:
        """A message is delivered when it is complete, not when the read ends."""
        frames = Frames(Role.SERVER)
        reader = READERS[twin](Role.SERVER)
        assert reader.feed(frames(FIN | PING, b"1") + frames(FIN | TEXT, b"Hello")[:-1]) == [(PING, b"1", "")]
        assert reader.feed(frames(FIN | TEXT, b"Hello")[-1:]) == [(TEXT, "Hello", "")]


def timed(call: object) -> float:
    start = time.process_time()
    assert callable(call)
    call()
    return time.process_time() - start


@TWINS
@pytest.mark.parametrize(("limit", "error"), [(-1, ValueError), (None, TypeError), (1.5, TypeError)])
def test_what_is_no_limit(twin: str, limit: object, error: type[Exception]) -> None:
    """A limit that is none is told at once, and alike."""
    with pytest.raises(error):
        READERS[twin](Role.SERVER, limit)
