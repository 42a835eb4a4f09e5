"""permessage-deflate: contexts (Autobahn 12), negotiation of every combination of parameters (Autobahn 13)."""

import itertools
import os
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire.websocket.test_writer import octets_of
from wire.websocket.twins import READERS, feed_all

from aiohttp_core._wire.errors import WebSocketWireError
from aiohttp_core._wire.websocket.deflate import (
    MAX_FINAL_BLOCKS,
    DeflateParams,
    Deflater,
    Inflater,
    accept,
    confirm,
    offer,
)
from aiohttp_core._wire.websocket.extensions import BadExtension, Extension, parse_extensions
from aiohttp_core._wire.websocket.frame import Role
from aiohttp_core._wire.websocket.writer import MessageWriter

TAIL = b"\x00\x00\xff\xff"
BITS = st.integers(9, 15)


class TestContexts:
    @pytest.mark.parametrize("forget", [False, True])
    @pytest.mark.parametrize("bits", range(9, 16))
    def test_sizes(self, bits: int, forget: bool) -> None:
        """12: messages of all sizes, compressible or not, come back with any window, with takeover or without."""
        deflater, inflater = Deflater(bits, forget), Inflater(bits, forget)
        for size in (0, 1, 16, 64, 256, 1024, 8192, 131072):
            for data in (b"", b"*" * size, os.urandom(size), (b'{"price": 12.5, "size": 3}' * size)[:size]):
                assert inflater.inflate(deflater.deflate(data), True, -1) == data

    def test_takeover(self) -> None:
        """A repeated message is shorter with a window that is kept, and not without."""
        kept, forgotten = Deflater(), Deflater(no_context_takeover=True)
        data = os.urandom(500)
        assert len(kept.deflate(data)) > len(kept.deflate(data)) * 5
        first = forgotten.deflate(data)
        assert first == forgotten.deflate(data)

    def test_no_takeover_needs_no_window(self) -> None:
        """What is compressed without takeover inflates in a fresh context."""
        deflater = Deflater(no_context_takeover=True)
        for data in (b"abc" * 100, b"abc" * 100, b"", b"xyz"):
            fresh = zlib.decompressobj(-15)
            assert fresh.decompress(deflater.deflate(data) + TAIL) == data

    @pytest.mark.parametrize("bits", range(9, 16))
    def test_window_is_kept_to(self, bits: int) -> None:
        """A compressor never refers further back than the window that was agreed."""
        deflater = Deflater(bits)
        inflater = zlib.decompressobj(-bits)
        data = os.urandom(1 << bits)
        # One octet of output at a time, so that zlib has nothing but its window to look back into.
        for message in (data, data, b"z" * 100, data[:300]):
            source, out = deflater.deflate(message) + TAIL, bytearray()
            while source:
                out += inflater.decompress(source, 1)
                source = inflater.unconsumed_tail
            while len(out) < len(message):
                out += inflater.decompress(b"", 1)
            assert out == message

    def test_limits(self) -> None:
        """What comes out over the limit is an error of 1009, and is not made."""
        deflater = Deflater()
        payload = deflater.deflate(b"x" * 1000)
        assert Inflater().inflate(payload, True, 1000) == b"x" * 1000
        for limit in (0, 1, 999):
            with pytest.raises(WebSocketWireError) as caught:
                Inflater().inflate(payload, True, limit)
            assert caught.value.code == 1009
        assert Inflater().inflate(b"\x00", True, 0) == b""

    def test_streams_that_end(self) -> None:
        """A message may end its stream (BFINAL); messages after it start another one."""
        inflater = Inflater()
        for number in range(100):
            context = zlib.compressobj(wbits=-15)
            data = b"message %d " % number * 20
            ended = context.compress(data) + context.flush(zlib.Z_FINISH)
            assert inflater.inflate(ended + b"\x00", True, -1) == data
        with pytest.raises(WebSocketWireError) as caught:
            inflater.inflate(b"\x03\x00" * (MAX_FINAL_BLOCKS + 1) + b"\x00", True, -1)
        assert caught.value.code == 1008

    @pytest.mark.parametrize("bits", [7, 16, 0, -15])
    def test_bad_bits(self, bits: int) -> None:
        """Windows that do not exist are refused."""
        for call in (Deflater, Inflater, offer):
            with pytest.raises(ValueError, match="window bits"):
                call(bits)
        with pytest.raises(ValueError, match="window bits"):
            Deflater(8)


class TestNegotiation:
    @pytest.mark.parametrize(
        ("offers", "answer"),
        [
            ("permessage-deflate", "permessage-deflate"),
            ("permessage-deflate; client_max_window_bits", "permessage-deflate"),
            ("permessage-deflate; client_max_window_bits=10", "permessage-deflate; client_max_window_bits=10"),
            ('permessage-deflate; client_max_window_bits="10"', "permessage-deflate; client_max_window_bits=10"),
            ("permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=10"),
            ("permessage-deflate; server_max_window_bits=15", "permessage-deflate; server_max_window_bits=15"),
            ("permessage-deflate; server_no_context_takeover", "permessage-deflate; server_no_context_takeover"),
            ("permessage-deflate; client_no_context_takeover", "permessage-deflate; client_no_context_takeover"),
            ("foo, permessage-deflate", "permessage-deflate"),
            (
                "permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=9",
                "permessage-deflate; server_max_window_bits=9",
            ),
            ("permessage-deflate; client_max_window_bits=8", "permessage-deflate; client_max_window_bits=8"),
            ("permessage-deflate; server_max_window_bits=8", None),
            ("permessage-deflate; server_max_window_bits", None),
            ("permessage-deflate; server_max_window_bits=7", None),
            ("permessage-deflate; server_max_window_bits=16", None),
            ("permessage-deflate; server_max_window_bits=010", None),
            ("permessage-deflate; client_max_window_bits=+9", None),
            ("permessage-deflate; server_no_context_takeover=1", None),
            ("permessage-deflate; server_no_context_takeover; server_no_context_takeover", None),
            ("permessage-deflate; bogus", None),
            ("permessage-deflate; bogus, permessage-deflate", "permessage-deflate"),
            ("Permessage-Deflate", None),
            ("x-webkit-deflate-frame", None),
            ("", None),
        ],
    )
    def test_answers(self, offers: str, answer: str | None) -> None:
        """A server takes the first offer it can, declines what RFC 7692 does not know, and answers what was agreed."""
        agreed = accept(parse_extensions([offers]))
        assert (None if agreed is None else str(agreed[1])) == answer

    def test_own_wishes(self) -> None:
        """A server's own window and wish to forget are in the answer; a client's window only where it offered that."""
        agreed = accept(parse_extensions(["permessage-deflate"]), 10, True)
        assert agreed is not None
        assert agreed[0] == DeflateParams(True, True, 10, 15)
        agreed = accept(parse_extensions(["permessage-deflate; client_max_window_bits"]), 10)
        assert agreed is not None
        assert agreed[0] == DeflateParams(False, False, 10, 10)

    @pytest.mark.parametrize(
        "answer",
        [
            "permessage-deflate; client_max_window_bits",
            "permessage-deflate; server_max_window_bits=16",
            "permessage-deflate; server_max_window_bits=12",
            "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
            "permessage-deflate; server_max_window_bits=10; server_no_context_takeover; what",
            "permessage-deflate; server_no_context_takeover",
            "permessage-deflate; server_max_window_bits=10",
            "permessage-deflate",
        ],
    )
    def test_bad_answers(self, answer: str) -> None:
        """A client refuses an answer that does not keep to what it offered."""
        (extension,) = parse_extensions([answer])
        with pytest.raises(BadExtension):
            confirm(extension, offer(10, True))

    def test_client_bits_not_offered(self) -> None:
        """A window for the client in an answer needs to have been offered."""
        with pytest.raises(BadExtension, match="not offered"):
            confirm(
                Extension("permessage-deflate", (("client_max_window_bits", "10"),)), Extension("permessage-deflate")
            )

    def test_a_client_told_8_bits_does_not_compress(self) -> None:
        """zlib cannot compress with a window of 256 octets: such a client sends its messages as they are."""
        params = confirm(Extension("permessage-deflate", (("client_max_window_bits", "8"),)), offer())
        assert params.deflater(Role.CLIENT) is None
        assert params.inflater(Role.CLIENT) is not None

    @pytest.mark.parametrize("twin", READERS)
    @given(data=st.data())
    def test_every_agreement_works(self, twin: str, data: st.DataObject) -> None:
        """13: whatever both sides wish for, they agree and understand each other in both directions."""
        asked = offer(data.draw(BITS), data.draw(st.booleans()))
        agreed = accept([asked], data.draw(st.integers(9, 15)), data.draw(st.booleans()))
        assert agreed is not None
        (echoed,) = parse_extensions([str(agreed[1])])
        assert confirm(echoed, asked) == agreed[0]
        messages = data.draw(st.lists(st.binary(max_size=300).map(lambda part: part * 7), max_size=6))
        self._converse(twin, agreed[0], messages)

    @pytest.mark.parametrize("twin", READERS)
    def test_all_parameters(self, twin: str) -> None:
        """13: every combination of flags and windows carries messages in both directions."""
        messages = [b"*" * 3000, b"", b"abc" * 50, bytes(range(256)) * 20, b"*" * 3000]
        for server, client, server_bits, client_bits in itertools.product(
            (False, True), (False, True), (9, 12, 15), (8, 9, 15)
        ):
            self._converse(twin, DeflateParams(server, client, server_bits, client_bits), messages)

    @staticmethod
    def _converse(twin: str, params: DeflateParams, messages: list[bytes]) -> None:
        for ours, theirs in ((Role.SERVER, Role.CLIENT), (Role.CLIENT, Role.SERVER)):
            writer = MessageWriter(ours, params.deflater(ours))
            reader = READERS[twin](theirs, 0, params.inflater(theirs))
            got = feed_all(reader, (octets_of(writer.binary(message)) for message in messages))
            assert reader.error is None
            assert [message.data for message in got] == messages


class TestFragments:
    @pytest.mark.parametrize("twin", READERS)
    @given(
        text=st.text(max_size=200).map(lambda part: part * 5),
        cuts=st.lists(st.integers(0, 600), max_size=6),
        deflate=st.booleans(),
        reads=st.integers(1, 60),
    )
    def test_any_fragmentation(self, twin: str, text: str, cuts: list[int], deflate: bool, reads: int) -> None:
        """However a message is cut into frames, and frames into reads, the same text comes out."""
        payload = Deflater().deflate(text.encode()) if deflate else text.encode()
        bounds = [0, *sorted(min(cut, len(payload)) for cut in cuts), len(payload)]
        writer = MessageWriter(Role.CLIENT)
        wire = b""
        for number, (start, stop) in enumerate(itertools.pairwise(bounds)):
            first = (0 if number else 0x41 if deflate else 0x01) | (0x80 if number == len(bounds) - 2 else 0)
            wire += octets_of(writer.fragment(first, payload[start:stop], False)) + writer.ping(b"p")
        reader = READERS[twin](Role.SERVER, 0, Inflater() if deflate else None)
        messages = feed_all(reader, (wire[at : at + reads] for at in range(0, len(wire), reads)))
        assert reader.error is None
        assert [message.data for message in messages if message.type == 1] == [text]
        assert sum(message.type == 9 for message in messages) == len(bounds) - 1
