"""The opening handshake: judged by both roles, and made so that the other role accepts it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict
from vectors.websocket_handshake import (
    BAD_REQUESTS,
    BAD_RESPONSES,
    GOOD_REQUESTS,
    KEY,
    REQUEST,
    RESPONSE,
    FieldLines,
    change,
)

from aiohttp_core._wire.websocket import deflate, handshake
from aiohttp_core._wire.websocket.extensions import (
    MAX_EXTENSIONS,
    MAX_PARAMETERS,
    BadExtension,
    Extension,
    format_extensions,
    parse_extensions,
)
from aiohttp_core._wire.websocket.handshake import Agreement, HandshakeError

TOKENS = st.text("abcXYZ019-_.!", min_size=1, max_size=8)


class TestServer:
    @pytest.mark.parametrize("fields", GOOD_REQUESTS)
    def test_accepts(self, fields: FieldLines) -> None:
        """A handshake by the letter is accepted, whatever the case and company of its keywords."""
        assert handshake.check_request("GET", (1, 1), CIMultiDict(fields)) == KEY
        assert handshake.is_upgrade(CIMultiDict(fields))

    @pytest.mark.parametrize(("fields", "status", "words"), BAD_REQUESTS)
    def test_refuses(self, fields: FieldLines, status: int, words: str) -> None:
        """A handshake that lacks something is refused with its status and the reason."""
        with pytest.raises(HandshakeError, match=words) as caught:
            handshake.check_request("GET", (1, 1), CIMultiDict(fields))
        assert caught.value.status == status
        if status == 426:
            assert ("Sec-WebSocket-Version", "13") in caught.value.fields

    def test_method_and_version(self) -> None:
        """Only a GET of HTTP/1.1 opens a connection."""
        with pytest.raises(HandshakeError, match="POST"):
            handshake.check_request("POST", (1, 1), CIMultiDict(REQUEST))
        with pytest.raises(HandshakeError, match=r"HTTP/1\.1"):
            handshake.check_request("GET", (1, 0), CIMultiDict(REQUEST))

    def test_subprotocols(self) -> None:
        """The client's order decides, names compare exactly, and no match is no subprotocol."""
        offered = handshake.requested_protocols(["chat, superchat", "mqtt,"])
        assert offered == ["chat", "superchat", "mqtt"]
        assert handshake.select_subprotocol(offered, ("mqtt", "superchat")) == "superchat"
        assert handshake.select_subprotocol(offered, ("CHAT",)) is None
        with pytest.raises(HandshakeError, match="token"):
            handshake.requested_protocols(["chat room"])
        with pytest.raises(HandshakeError, match="more than"):
            handshake.requested_protocols([",".join("p" * 200)])

    @pytest.mark.parametrize(
        ("origin", "host", "allowed", "expected"),
        [
            (None, "example.com", None, True),
            ("https://example.com", "example.com", None, True),
            ("https://EXAMPLE.com", "example.com:443", None, True),
            ("http://example.com:8080", "example.com:8080", None, True),
            ("http://example.com:8080", "example.com", None, False),
            ("https://evil.com", "example.com", None, False),
            ("https://example.com.evil.com", "example.com", None, False),
            ("null", "example.com", None, False),
            ("https://", "example.com", None, False),
            ("https://example.com", None, None, False),
            ("https://app.example.com", "example.com", ["https://app.example.com/"], True),
            ("https://example.com", "example.com", ["https://app.example.com"], False),
            ("null", "example.com", ["null"], True),
        ],
    )
    def test_origin(self, origin: str | None, host: str | None, allowed: list[str] | None, expected: bool) -> None:
        """A browser's page may connect to its own host, or from the origins that are listed."""
        assert handshake.origin_allowed(origin, host, allowed) is expected

    def test_extensions(self) -> None:
        """permessage-deflate is taken where offered; a malformed field is refused."""
        agreed = handshake.negotiate_extensions(["foo", "permessage-deflate; client_max_window_bits"])
        assert agreed is not None
        assert handshake.negotiate_extensions([]) is None
        with pytest.raises(HandshakeError, match="malformed"):
            handshake.negotiate_extensions(["permessage-deflate; ;"])

    def test_response(self) -> None:
        """The answer carries the proof of RFC 6455 section 1.3, and what was chosen."""
        assert handshake.response_fields(KEY) == RESPONSE
        assert handshake.response_fields(KEY, "chat", Extension("x"))[3:] == [
            ("Sec-WebSocket-Protocol", "chat"),
            ("Sec-WebSocket-Extensions", "x"),
        ]


class TestClient:
    def test_key(self) -> None:
        """Each key is 16 fresh octets in Base64."""
        one, two = handshake.new_key(), handshake.new_key()
        assert one != two
        assert len(base64.b64decode(one)) == 16

    @pytest.mark.parametrize(("status", "fields", "words"), BAD_RESPONSES)
    def test_refuses(self, status: int, fields: FieldLines, words: str) -> None:
        """An answer that does not match the question is refused, with the server's status."""
        with pytest.raises(HandshakeError, match=words) as caught:
            handshake.check_response(status, CIMultiDict(fields), KEY, ["chat", "superchat"], deflate.offer())
        assert caught.value.status == status

    def test_accepts(self) -> None:
        """An answer that matches says what was agreed."""
        assert handshake.check_response(101, CIMultiDict(RESPONSE), KEY) == Agreement()
        fields = change(RESPONSE, "Sec-WebSocket-Protocol", "chat")
        assert handshake.check_response(101, CIMultiDict(fields), KEY, ["chat"]).protocol == "chat"

    def test_extension_that_was_not_offered(self) -> None:
        """Without an offer no extension is accepted."""
        fields = change(RESPONSE, "Sec-WebSocket-Extensions", "permessage-deflate")
        with pytest.raises(HandshakeError, match="not offered"):
            handshake.check_response(101, CIMultiDict(fields), KEY)

    def test_request(self) -> None:
        """A subprotocol that is no token, or would break the line, is refused before it travels."""
        for protocol in ("a b", "a\r\nb", "", "a,b"):
            with pytest.raises(ValueError, match="token"):
                handshake.request_fields(KEY, [protocol])

    @given(
        protocols=st.lists(TOKENS, max_size=4),
        supported=st.lists(TOKENS, max_size=4),
        bits=st.integers(9, 15),
        own=st.integers(9, 15),
        forget=st.booleans(),
    )
    def test_both_roles_agree(
        self, protocols: list[str], supported: list[str], bits: int, own: int, forget: bool
    ) -> None:
        """What a client asks for and a server answers, the client accepts, and both hold the same agreement."""
        key, asked = handshake.new_key(), deflate.offer(bits, forget)
        request = CIMultiDict(handshake.request_fields(key, protocols, [asked], "https://example.com"))
        assert handshake.check_request("GET", (1, 1), request) == key
        offered = handshake.requested_protocols(request.getall("Sec-WebSocket-Protocol", ()))
        chosen = handshake.select_subprotocol(offered, supported)
        agreed = handshake.negotiate_extensions(request.getall("Sec-WebSocket-Extensions", ()), own)
        response = CIMultiDict(handshake.response_fields(key, chosen, agreed[1] if agreed else None))
        agreement = handshake.check_response(101, response, key, protocols, asked)
        assert agreement == Agreement(chosen, agreed[0] if agreed else None)


class TestExtensionField:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("", []),
            (" , ,", []),
            ("a", [Extension("a")]),
            ("a;b=c", [Extension("a", (("b", "c"),))]),
            ('a ; b = "c" , d', [Extension("a", (("b", "c"),)), Extension("d")]),
            ('a;b="\\c\\d"', [Extension("a", (("b", "cd"),))]),
            ("a;b;b=1;b", [Extension("a", (("b", None), ("b", "1"), ("b", None)))]),
            ("a,,b,", [Extension("a"), Extension("b")]),
        ],
    )
    def test_parses(self, value: str, expected: list[Extension]) -> None:
        """The grammar of RFC 6455 section 9.1, with quoted tokens and empty list elements."""
        assert parse_extensions([value]) == expected

    @pytest.mark.parametrize(
        "value",
        ["a;", "a b", "a;b=", "a=b", 'a;b="', 'a;b="c d"', 'a;b=""', ";", "a;;b", "\u00e9", "a/b", 'a;b="c"d', "a\r\n"],
    )
    def test_refuses(self, value: str) -> None:
        """What is outside the grammar is refused."""
        with pytest.raises(BadExtension):
            parse_extensions([value])

    def test_limits(self) -> None:
        """The number of extensions and parameters is bounded."""
        with pytest.raises(BadExtension, match="more than"):
            parse_extensions([",".join("a" * (MAX_EXTENSIONS + 1))])
        with pytest.raises(BadExtension, match="more than"):
            parse_extensions(["a" + ";b" * (MAX_PARAMETERS + 1)])

    def test_linear(self) -> None:
        """A field of nothing but separators or an open quote is judged in linear time."""
        assert parse_extensions([" ," * 50_000]) == []
        for value in ('a;b="' + "\\" * 50_001, "a" + " " * 50_000 + "b", "a" + " ;" * 50_000):
            with pytest.raises(BadExtension):
                parse_extensions([value])

    @given(
        st.lists(
            st.builds(Extension, TOKENS, st.lists(st.tuples(TOKENS, st.none() | TOKENS), max_size=4).map(tuple)),
            max_size=5,
        )
    )
    def test_round_trip(self, extensions: list[Extension]) -> None:
        """What is formatted parses back to itself."""
        assert parse_extensions([format_extensions(extensions)]) == extensions
