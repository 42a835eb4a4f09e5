"""The serialisers: heads, chunks and trailers to octets, and everything that may not be sent."""

import enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, istr
from wire.http1.twins import SERIALIZERS, run

from aiohttp_core._semantics import field_names as hdrs
from aiohttp_core._semantics.product import SERVER_SOFTWARE
from aiohttp_core._semantics.versions import HttpVersion, HttpVersion10, HttpVersion11

CONTROLS = [chr(code) for code in (*range(0x20), 0x7F)]
WORDS = st.text(max_size=40)
NAMES = st.text(alphabet="Xabc-", min_size=1, max_size=20)
VALUES = st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), max_size=60)
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=8)
SURROGATES = st.text(alphabet=st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF), max_size=3)


@pytest.fixture(params=SERIALIZERS)
def wire(request: pytest.FixtureRequest) -> Any:
    return SERIALIZERS[request.param]


def test_request_head(wire: Any) -> None:
    """A request head is its line, its fields in order with doubles, and the blank line."""
    headers = CIMultiDict([("Host", "a"), (istr("X-One"), "1"), ("x-one", "é\udcff"), ("Empty", "")])
    octets = wire.serialize_request_head("GET", "/a?b", HttpVersion11, headers)
    assert octets == b"GET /a?b HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nx-one: \xc3\xa9\xff\r\nEmpty: \r\n\r\n"


def test_response_head(wire: Any) -> None:
    """A response head is its status line, with a space even before an empty reason, its fields and the blank line."""
    assert wire.serialize_response_head(HttpVersion10, 200, "OK", {"A": "b"}) == b"HTTP/1.0 200 OK\r\nA: b\r\n\r\n"
    assert wire.serialize_response_head(HttpVersion11, 404, "", {}) == b"HTTP/1.1 404 \r\n\r\n"
    assert wire.serialize_response_head(HttpVersion11, 999, "é\t", {}) == b"HTTP/1.1 999 \xc3\xa9\t\r\n\r\n"


def test_whole_response(wire: Any) -> None:
    """A whole response is its head, completed by length, type, date and server, and its content."""
    headers = CIMultiDict([("X", "1")])
    octets = wire.serialize_whole_response(200, "OK", headers, b"abc", "now")
    added = [(hdrs.CONTENT_LENGTH, "3"), (hdrs.CONTENT_TYPE, "application/octet-stream"), (hdrs.DATE, "now")]
    completed = [("X", "1"), *added, (hdrs.SERVER, SERVER_SOFTWARE)]
    assert list(headers.items()) == completed
    assert octets == wire.serialize_response_head(HttpVersion11, 200, "OK", CIMultiDict(completed)) + b"abc"


def test_whole_response_keeps_what_is_there(wire: Any) -> None:
    """Fields that a program has set stay as they are, however they are written; no content has no type."""
    given_fields = [("DATE", "then"), ("server", ""), ("content-Type", "a/b"), ("Content-Typo", "c")]
    headers = CIMultiDict(given_fields)
    wire.serialize_whole_response(404, "", headers, b"abc", "now")
    assert list(headers.items()) == [*given_fields, ("Content-Length", "3")]
    empty: CIMultiDict[str] = CIMultiDict()
    wire.serialize_whole_response(200, "OK", empty, b"", "now")
    assert list(empty) == ["Content-Length", "Date", "Server"]


@pytest.mark.parametrize("name", ["content-length", "CONTENT-LENGTH", "Transfer-encoding", "Connection"])
def test_no_whole_response(wire: Any, name: str) -> None:
    """Where a program frames the response itself or speaks of the connection, it takes the long way, untouched."""
    headers = CIMultiDict([(name, "3")])
    assert wire.serialize_whole_response(200, "OK", headers, b"abc", "now") is None
    assert list(headers.items()) == [(name, "3")]


def test_chunk(wire: Any) -> None:
    """A chunk is its size in hexadecimal digits and its data; an empty one would end the message."""
    for size in (1, 9, 10, 15, 16, 255, 256, 4096, 100_000):
        data = b"x" * size
        assert wire.serialize_chunk(data) == b"%x\r\n%b\r\n" % (size, data)
    for data in (bytearray(b"abc"), memoryview(b"abc")):
        assert wire.serialize_chunk(data) == b"3\r\nabc\r\n"
    assert wire.serialize_chunk(memoryview(b"abcd").cast("I")) == b"4\r\nabcd\r\n"
    for empty in (b"", bytearray(), memoryview(b"")):
        with pytest.raises(ValueError, match="empty"):
            wire.serialize_chunk(empty)
    for other in (5, "text", None):
        with pytest.raises(TypeError):
            wire.serialize_chunk(other)


def test_trailers(wire: Any) -> None:
    """Trailers follow the last chunk; without any it is the plain end."""
    assert wire.serialize_trailers({}) == b"0\r\n\r\n"
    assert wire.serialize_trailers(CIMultiDict([("X", "1"), ("X", "2")])) == b"0\r\nX: 1\r\nX: 2\r\n\r\n"


def test_long_heads(wire: Any) -> None:
    """A head may be of any size."""
    headers = {f"X-{number}": "v" * 500 for number in range(500)}
    octets = wire.serialize_request_head("GET", "/" + "p" * 5000, HttpVersion11, headers)
    assert octets.count(b"\r\n") == 502
    assert octets.endswith(b"X-499: " + b"v" * 500 + b"\r\n\r\n")


def injected(wire: Any, text: str) -> list[tuple[str, Any]]:
    """Every place where ``text`` could be sent."""
    return [
        ("method", lambda: wire.serialize_request_head(text, "/", HttpVersion11, {})),
        ("target", lambda: wire.serialize_request_head("GET", text, HttpVersion11, {})),
        ("name", lambda: wire.serialize_request_head("GET", "/", HttpVersion11, {text: "v"})),
        ("value", lambda: wire.serialize_request_head("GET", "/", HttpVersion11, {"A": "b", "X": text})),
        ("reason", lambda: wire.serialize_response_head(HttpVersion11, 200, text, {})),
        ("response name", lambda: wire.serialize_response_head(HttpVersion11, 200, "OK", {text: "v"})),
        ("response value", lambda: wire.serialize_response_head(HttpVersion11, 200, "OK", {"X": text})),
        ("trailer name", lambda: wire.serialize_trailers({text: "v"})),
        ("trailer value", lambda: wire.serialize_trailers({"X": text})),
    ]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: f"{ord(control):02x}")
def test_control_characters(wire: Any, control: str) -> None:
    """Every CR, LF, NUL and control character in a method, target, name, value or reason raises ValueError."""
    for form in ("{}", "a{}", "{}a", "a{}b", "é{}", "a{}\u2028"):
        for place, send in injected(wire, form.format(control)):
            if control == "\t" and ("value" in place or place == "reason"):
                assert b"\t" in send()
                continue
            with pytest.raises(ValueError, match=r"control character|not a token|URI may not hold"):
                send()


def test_response_splitting(wire: Any) -> None:
    """A whole second head inside a value is refused (security rows 7, 8, 27 and 32)."""
    for text in ("a\r\nX: y", "a\nX: y", "a\rX: y", "GET / HTTP/1.1\r\nHost: b\r\n\r\nGET", "a\r\n\r\n<html>", "\x00"):
        for _, send in injected(wire, text):
            with pytest.raises(ValueError):
                send()


@pytest.mark.parametrize("method", ["", "G T", "GET ", "G/T", "GÉT", "G:T", "G(T", "\u212a"])
def test_methods_are_tokens(wire: Any, method: str) -> None:
    """A method is a token, also for names."""
    with pytest.raises(ValueError):
        wire.serialize_request_head(method, "/", HttpVersion11, {})
    with pytest.raises(ValueError):
        wire.serialize_request_head("GET", "/", HttpVersion11, {method: "v"})


@pytest.mark.parametrize("target", ["", " ", "/a b", "/é", "/\u212a", "/a\tb", "/\xa0"])
def test_targets_are_of_uri_octets(wire: Any, target: str) -> None:
    """A target is not empty and holds visible ASCII only."""
    with pytest.raises(ValueError):
        wire.serialize_request_head("GET", target, HttpVersion11, {})


@pytest.mark.parametrize(
    "version",
    [(0, 9), (1, 2), (2, 0), (1,), (1, 1, 1), None, "1.1", "HTTP/1.1", ("1", "1\r\nX: y"), 1.1, HttpVersion(9, 9)],
)
def test_versions(wire: Any, version: Any) -> None:
    """Only HTTP/1.0 and HTTP/1.1 are versions, and no text gets in by way of one."""
    with pytest.raises(ValueError):
        wire.serialize_request_head("GET", "/", version, {})
    with pytest.raises(ValueError):
        wire.serialize_response_head(version, 200, "OK", {})
    assert wire.serialize_request_head("GET", "/", (True, 1.0), {}) == b"GET / HTTP/1.1\r\n\r\n"


@pytest.mark.parametrize("status", [99, 0, -200, 1000, 10**30])
def test_statuses_out_of_range(wire: Any, status: int) -> None:
    """A status has three digits from 100."""
    with pytest.raises(ValueError):
        wire.serialize_response_head(HttpVersion11, status, "OK", {})


@pytest.mark.parametrize("other", [None, 1, b"GET", ["GET"], object()])
def test_other_types(wire: Any, other: Any) -> None:
    """What is no str (for a status no int) is a TypeError, not text of its own."""
    for _, send in injected(wire, other):
        with pytest.raises(TypeError):
            send()
    for status in ("200", 200.0, None):
        with pytest.raises(TypeError):
            wire.serialize_response_head(HttpVersion11, status, "OK", {})


class Word(str):
    def __str__(self) -> str:
        return "evil\r\nX: y"

    def __format__(self, spec: str) -> str:
        return "evil\r\nX: y"

    def encode(self, *arguments: Any) -> bytes:
        return b"evil\r\nX: y"


class Named(str, enum.Enum):
    GET = "GET"


def test_subclasses_of_str(wire: Any) -> None:
    """Of a subclass of str its content is sent, not what it says of itself."""
    word = Word("word")
    octets = wire.serialize_request_head(word, word, HttpVersion11, {word: word})
    assert octets == b"word word HTTP/1.1\r\nword: word\r\n\r\n"
    assert wire.serialize_response_head(HttpVersion11, 200, word, {}) == b"HTTP/1.1 200 word\r\n\r\n"
    octets = wire.serialize_request_head(Named.GET, "/", HttpVersion11, {"X": Named.GET})
    assert octets == b"GET / HTTP/1.1\r\nX: GET\r\n\r\n"


def result(function: Any, *arguments: Any) -> object:
    """The octets, or which of the two errors; every other exception is a defect."""
    try:
        return function(*arguments)
    except ValueError:
        return ValueError
    except TypeError:
        return TypeError


def same(name: str, *arguments: Any) -> object:
    results = [result(getattr(wire, name), *arguments) for wire in SERIALIZERS.values()]
    assert results.count(results[0]) == len(results)
    return results[0]


@given(method=NAMES, target=st.text(alphabet="/ab?=%", min_size=1), headers=HEADERS)
def test_twins_and_parser_agree(method: str, target: str, headers: list[tuple[str, str]]) -> None:
    """Both twins send the same octets, and what they send is read as what was meant."""
    sent = CIMultiDict([("Host", "a"), *headers])
    octets = same("serialize_request_head", method, "/" + target, HttpVersion11, sent)
    assert isinstance(octets, bytes)
    (message,) = run("pure", [octets]).messages
    wanted = [(name.encode(), value.strip(" \t").encode()) for name, value in sent.items()]
    assert list(message.fields) == wanted


@given(
    st.one_of(WORDS, SURROGATES), WORDS, st.lists(st.tuples(WORDS, st.one_of(WORDS, SURROGATES, VALUES)), max_size=3)
)
def test_twins_agree_on_anything(first: str, second: str, headers: list[tuple[str, str]]) -> None:
    """Whatever the text, both twins send the same octets or raise the same error, and lines never multiply."""
    fields = CIMultiDict(headers)
    for octets in (
        same("serialize_request_head", first, second, HttpVersion11, fields),
        same("serialize_request_head", "GET", "/", HttpVersion10, fields),
        same("serialize_response_head", HttpVersion11, 200, first, fields),
        same("serialize_trailers", fields),
    ):
        if isinstance(octets, bytes):
            assert octets.count(b"\n") == octets.count(b"\r") == len(fields) + 2
    same("serialize_chunk", first.encode("utf-8", "surrogatepass"))


KNOWN = st.sampled_from(["date", "Server", "CONTENT-TYPE", "content-length", "Connection", "transfer-Encoding", "X"])


ANY: Any = st.one_of(VALUES, WORDS, SURROGATES)


@given(ANY, st.lists(st.tuples(KNOWN | NAMES | WORDS, ANY), max_size=5), st.binary(max_size=2000))
def test_twins_agree_on_whole_responses(reason: str, headers: list[tuple[str, str]], body: bytes) -> None:
    """Both twins send the same whole responses and complete the fields alike, or raise the same and change none."""
    results = []
    for wire in SERIALIZERS.values():
        fields = CIMultiDict(headers)
        results.append((result(wire.serialize_whole_response, 200, reason, fields, body, "now"), list(fields.items())))
    assert results.count(results[0]) == len(results)
    if not isinstance(results[0][0], bytes):
        assert results[0][1] == headers


@given(st.integers() | st.text() | st.none() | st.floats(), st.tuples(st.integers(0, 2), st.integers(0, 2)) | st.none())
def test_twins_agree_on_statuses(status: Any, version: Any) -> None:
    """Whatever the status and the version, both twins send the same or raise the same."""
    same("serialize_response_head", version, status, "OK", {})
    same("serialize_response_head", version, 200, status, {})
