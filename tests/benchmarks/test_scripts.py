"""The octets that scripts send are what the RFC says, or the figures would be of something else."""

import zlib

import pytest
from frames import compressed, frame, frame_length, handshake_answer

from aiohttp_core._wire.websocket.frame import Role
from aiohttp_core._wire.websocket.reader_pure import MessageReader


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536])
@pytest.mark.parametrize("masked", [False, True])
def test_frames_are_read_as_the_message_they_carry(size: int, masked: bool) -> None:
    """A frame of any length form is one message, and its own length is known."""
    octets = frame(b"x" * size, False, masked, False)
    assert frame_length(octets) == len(octets)
    reader = MessageReader(Role.SERVER if masked else Role.CLIENT, 2**20)
    (message,) = reader.feed(octets)
    assert bytes(message.data) == b"x" * size


def test_the_length_of_an_incomplete_head_is_unknown() -> None:
    """Nothing is guessed before the length is there."""
    octets = frame(b"x" * 70000, False, False, False)
    assert [frame_length(octets[:at]) for at in (0, 1, 9)] == [0, 0, 0]


def test_deflated_messages_share_a_context() -> None:
    """The second of two equal messages refers to the first, and both inflate."""
    first, second = compressed(b"some text that is long enough to be referred to", 2)
    assert len(second) < len(first)
    inflate = zlib.decompressobj(wbits=-15)
    for payload in (first, second):
        assert inflate.decompress(payload + b"\x00\x00\xff\xff") == b"some text that is long enough to be referred to"


def test_the_handshake_is_answered_for_its_key() -> None:
    """The accept value is RFC 6455's example."""
    answer = handshake_answer(b"GET / HTTP/1.1\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", False)
    assert b"\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in answer
