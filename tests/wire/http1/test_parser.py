"""What the contract says beyond the vectors: feeding, pausing, closing, linear work, nothing retained."""

import gc
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from vectors.http1_all import ALL
from vectors.http1_vector import Request, get, ok, post
from wire.http1.twins import PARSERS, Connection, make, run

from aiohttp_core._wire.errors import BadStartLine, HttpWireError, IncompleteMessage
from aiohttp_core._wire.http1.messages import END, BodyKind, Chunks, RequestHead
from aiohttp_core._wire.http1.rules import Limits

CHUNKED = b"Transfer-Encoding: chunked"
ROLES = pytest.mark.parametrize("response", [False, True], ids=["request", "response"])
MILLION = 1_000_000


@pytest.fixture(params=PARSERS)
def twin(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def parser_for(twin: str, response: bool, limits: Limits | None = None) -> Any:
    parser = make(twin, response, *([] if limits is None else [limits]))
    if response:
        parser.expect("GET")
    return parser


def events(parser: Any) -> list[Any]:
    found = []
    while (event := parser.next_event()) is not None:
        found.append(event)
    return found


# --- feeding ---------------------------------------------------------------------------------------------------------


def test_feed_parses_nothing(twin: str) -> None:
    """feed takes whatever comes and never raises for it; the error waits in next_event."""
    parser = make(twin, False)
    parser.feed(b"\x00\n")
    parser.feed(b"")
    assert parser.pending == 2
    with pytest.raises(BadStartLine):
        parser.next_event()


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_other_buffers(twin: str, kind: Callable[[bytes], Any]) -> None:
    """feed copies a buffer that its owner may change later."""
    data = bytearray(get())
    parser = make(twin, False)
    parser.feed(kind(data))
    data[:] = b"x" * len(data)
    assert parser.next_event().method == "GET"


def test_pending_counts_what_is_not_delivered(twin: str) -> None:
    """pending counts the octets of an unfinished head, those behind a message, and queued ones."""
    parser = make(twin, False)
    parser.feed(get()[:10])
    assert (parser.next_event(), parser.pending, parser.mid_message) == (None, 10, True)
    parser.feed(get()[10:20])
    assert (parser.next_event(), parser.pending, parser.mid_message) == (None, 20 - 16, True)
    parser.feed(get()[20:] + b"GE")
    assert isinstance(parser.next_event(), RequestHead)
    assert (parser.pending, parser.mid_message) == (2, False)
    parser.feed(b"T")
    assert parser.pending == 3


@ROLES
def test_paused_inside_a_message(twin: str, response: bool) -> None:
    """Who does not call next_event pauses the parser; it goes on where it stood, in the same order."""
    start = ok(CHUNKED) if response else post(CHUNKED)
    parser = parser_for(twin, response)
    parser.feed(start + b"3\r\nabc\r\n")
    assert parser.next_event().body is BodyKind.CHUNKED
    for piece in (b"2\r\nde", b"\r\n1\r", b"\nf\r\n", b"0\r\n", b"\r\n"):
        parser.feed(piece)
    assert parser.pending == len(b"3\r\nabc\r\n2\r\nde\r\n1\r\nf\r\n0\r\n\r\n")
    *chunks, end = events(parser)
    assert b"".join(chunk.data for chunk in chunks) == b"abcdef"
    assert end is END


def test_events_of_one_head_each(twin: str) -> None:
    """next_event takes one message at a time: the second of two pipelined requests stays pending."""
    parser = make(twin, False)
    parser.feed(get() * 2)
    assert parser.next_event().target == "/"
    assert parser.pending == len(get())


def test_chunks_of_one_read_come_together(twin: str) -> None:
    """The chunks of one read are one event, which says where each ended."""
    parser = make(twin, False)
    parser.feed(post(CHUNKED) + b"1\r\na\r\n" * 3 + b"4\r\nbc")
    head, chunks = events(parser)
    assert head.body is BodyKind.CHUNKED
    assert isinstance(chunks, Chunks)
    assert (chunks.data, chunks.ends) == (b"aaabc", (1, 2, 3))


def test_octets_that_go_another_way(twin: str) -> None:
    """What is missing of a content of known length may go to its reader without the parser; the next one follows."""
    parser = parser_for(twin, True)
    assert parser.missing == 0
    parser.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab")
    assert parser.missing == 0
    parser.next_event()
    assert (parser.missing, parser.pending) == (0, 2)
    assert parser.next_event() == b"ab"
    assert parser.missing == 8
    parser.skip(3)
    assert (parser.missing, parser.mid_message, parser.next_event()) == (5, True, None)
    parser.feed(b"fg")
    assert parser.missing == 0
    assert parser.next_event() == b"fg"
    parser.skip(0)
    parser.skip(3)
    assert (parser.missing, parser.next_event(), parser.mid_message) == (0, END, False)
    parser.expect("GET")
    parser.feed(ok(b"Content-Length: 0"))
    assert events(parser)[0].status == 200


@ROLES
def test_no_more_octets_than_are_missing(twin: str, response: bool) -> None:
    """More than are missing, or any where none are, is an error of who calls; nothing is changed."""
    start = ok if response else post
    for head, received, missing in (
        (start(b"Content-Length: 5"), b"abc", 2),
        (start(CHUNKED), b"5\r\nab", 0),
        (start(b"Content-Length: 5"), b"", 5),
        (b"", b"", 0),
    ):
        parser = parser_for(twin, response)
        parser.feed(head + received)
        events(parser)
        assert parser.missing == missing
        for count in (missing + 1, -1, 2**70):
            with pytest.raises(ValueError, match=f"{count} octets went by, {missing} are missing"):
                parser.skip(count)
        assert parser.missing == missing


def test_an_end_behind_octets_that_went_another_way(twin: str) -> None:
    """A content that is cut off tells how much of it came, whichever way."""
    parser = parser_for(twin, True)
    parser.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab")
    events(parser)
    parser.skip(3)
    parser.feed_eof()
    with pytest.raises(IncompleteMessage) as caught:
        parser.next_event()
    assert (caught.value.received, caught.value.announced) == (5, 10)


# --- the end of the octets -------------------------------------------------------------------------------------------


@ROLES
def test_eof_before_anything(twin: str, response: bool) -> None:
    """A peer that closes between messages breaks nothing."""
    parser = parser_for(twin, response)
    parser.feed_eof()
    assert parser.next_event() is None
    assert not parser.mid_message


@pytest.mark.parametrize(
    ("wire", "middle"),
    [
        (b"", False),
        (b"\r\n", False),
        (get(), False),
        (b"G", True),
        (b"GET / HTTP/1.1\r\n", True),
        (get()[:-1], True),
        (post(b"Content-Length: 1"), True),
        (post(b"Content-Length: 2") + b"a", True),
        (post(b"Content-Length: 1") + b"a", False),
        (post(CHUNKED), True),
        (post(CHUNKED) + b"1", True),
        (post(CHUNKED) + b"1\r\n", True),
        (post(CHUNKED) + b"1\r\na", True),
        (post(CHUNKED) + b"1\r\na\r\n", True),
        (post(CHUNKED) + b"0\r\n", True),
        (post(CHUNKED) + b"0\r\nX: y\r\n", True),
        (post(CHUNKED) + b"0\r\n\r\n", False),
        (get(b"Connection: close"), False),
    ],
)
def test_eof_in_every_state(twin: str, wire: bytes, middle: bool) -> None:
    """mid_message says whether a close now would cut a message; if so it raises, each time."""
    parser = make(twin, False)
    parser.feed(wire)
    events(parser)
    assert parser.mid_message is middle
    parser.feed_eof()
    for _ in range(2):
        if middle:
            with pytest.raises(IncompleteMessage):
                parser.next_event()
        else:
            assert parser.next_event() is None


def test_eof_waits_behind_the_octets(twin: str) -> None:
    """What was fed before the end is delivered before the end counts."""
    parser = make(twin, False)
    parser.feed(get())
    parser.feed(get() + b"G")
    parser.feed_eof()
    assert isinstance(parser.next_event(), RequestHead)
    assert isinstance(parser.next_event(), RequestHead)
    with pytest.raises(IncompleteMessage):
        parser.next_event()


# --- responses that nobody asked for, and hand-overs -----------------------------------------------------------------


def test_nothing_is_read_unasked(twin: str) -> None:
    """A response is read once its request is named; octets before that stay pending and are no error."""
    parser = make(twin, True)
    parser.feed(b"\x00junk")
    assert parser.next_event() is None
    assert parser.pending == 5
    parser = make(twin, True)
    parser.feed(ok(b"Content-Length: 0"))
    assert parser.next_event() is None
    parser.expect("GET")
    assert parser.next_event().status == 200


def test_methods_frame_their_own_response_only(twin: str) -> None:
    """A HEAD response has no content, the GET behind it has, though their fields are the same."""
    parser = make(twin, True)
    for _ in range(3):
        parser.feed(ok(b"Content-Length: 2"))
        parser.expect("HEAD")
        assert [event.body for event in events(parser)] == [BodyKind.NONE]
        parser.expect("GET")
        parser.feed(ok(b"Content-Length: 2") + b"ab")
        head, *content = events(parser)
        assert head.body is BodyKind.LENGTH
        assert content == [b"ab", END]


@ROLES
def test_take_rest_ends_the_parsing(twin: str, response: bool) -> None:
    """take_rest hands over everything fed, partial heads included; later octets go the same way, unparsed."""
    parser = parser_for(twin, response)
    parser.feed(b"HTT")
    assert parser.next_event() is None
    parser.feed(b"P\x00")
    parser.feed(b"\n\n")
    assert parser.take_rest() == b"HTTP\x00\n\n"
    assert (parser.pending, parser.mid_message) == (0, False)
    parser.feed(b"\x01\n")
    parser.feed_eof()
    assert parser.next_event() is None
    assert parser.take_rest() == b"\x01\n"


# --- errors ----------------------------------------------------------------------------------------------------------


def test_error_is_raised_again(twin: str) -> None:
    """After an error each call raises that very error, whatever is fed."""
    parser = make(twin, False)
    parser.feed(get() + b"\x00\n" + get())
    parser.next_event()
    with pytest.raises(BadStartLine) as first:
        parser.next_event()
    parser.feed(get())
    parser.feed_eof()
    with pytest.raises(BadStartLine) as second:
        parser.next_event()
    assert second.value is first.value


def test_errors_are_short_and_escaped(twin: str) -> None:
    """The words of an error are printable ASCII and short, however long and strange the octets are."""
    vectors = [vector for vector in ALL if vector.error is not None]
    for vector in vectors:
        connection = Connection(twin, vector.expects, vector.handover, vector.limits)
        connection.feed(vector.wire)
        connection.feed_eof()
        connection.drain()
        with pytest.raises(HttpWireError) as caught:
            connection.parser.next_event()
        words = str(caught.value)
        assert len(words) < 400, words
        assert words.isascii() and words.isprintable(), words
        assert caught.value.status == 400


def test_repr_shows_the_state(twin: str) -> None:
    """The repr of a parser names its state."""
    parser = make(twin, False)
    assert "START" in repr(parser)
    parser.feed(b"GET / HTTP/1.1\r\n")
    parser.next_event()
    assert "FIELDS" in repr(parser)


# --- field sections --------------------------------------------------------------------------------------------------


def test_fields(twin: str) -> None:
    """A field section gives its octets, a mapping built once, and first values by lower-case name."""
    parser = make(twin, False)
    parser.feed(get(b"X-One: \xc3\xa9\xff", b"Accept: 1", b"accept: 2"))
    fields = parser.next_event().fields
    assert fields.raw == ((b"Host", b"a"), (b"X-One", b"\xc3\xa9\xff"), (b"Accept", b"1"), (b"accept", b"2"))
    assert fields.headers is fields.headers
    assert fields.headers["x-one"] == "é\udcff"
    assert fields.headers.getall("ACCEPT") == ["1", "2"]
    assert (fields.first(b"accept"), fields.first(b"host"), fields.first(b"none")) == (b"1", b"a", None)
    assert len(fields) == 4


# --- linear work -----------------------------------------------------------------------------------------------------


def steps(twin: str, reads: list[bytes]) -> int:
    """Lines of Python executed to parse ``reads``: the work of the pure twin without a clock."""
    parser = make(twin, False)
    count = 0

    def trace(frame: Any, event: str, arg: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for read in reads:
            parser.feed(read)
            while parser.next_event() is not None:
                pass
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "make_reads",
    [
        lambda n: [b"GET /" + b"a" * n + b" HTTP/1.1\r\n", b"Host: a\r\n\r\n"],
        lambda n: [bytes([octet]) for octet in get(b"X: " + b"y" * n)],
        lambda n: [post(CHUNKED), *([b"1\r\na\r\n"] * n), b"0\r\n\r\n"],
        lambda n: [post(CHUNKED) + b"1\r\na\r\n" * n + b"0\r\n\r\n"],
        lambda n: [bytes([octet]) for octet in post(CHUNKED) + b"1\r\na\r\n" * n + b"0\r\n\r\n"],
        lambda n: [post(CHUNKED), *(bytes([octet]) for octet in b"5;a=" + b"b" * n + b"\r\nhello\r\n0\r\n\r\n")],
        lambda n: [get() * n],
        lambda n: [b"\r\n" * n + get()],
    ],
    ids=[
        "line",
        "field by octet",
        "chunks",
        "chunks at once",
        "chunks by octet",
        "extension",
        "pipeline",
        "empty lines",
    ],
)
def test_steps_are_linear(make_reads: Callable[[int], list[bytes]]) -> None:
    """Ten times the octets take no more than about ten times the steps in the pure parser."""
    few, many = steps("pure", make_reads(50)), steps("pure", make_reads(500))
    assert many <= 11 * few


@pytest.mark.parametrize(
    "make_wire",
    [
        lambda n: get(b"X:" + b" " * n + b"\x01"),
        lambda n: get(b"X:" + b" " * n + b"y"),
        lambda n: get(b"X: " + b"y " * (n // 2) + b"\x01"),
        lambda n: get(b"X: y" + b" " * n),
        lambda n: get(b"x" * n),
        lambda n: b"GET " + b"/ " * (n // 2) + b"\r\n",
        lambda n: b"G" * n + b"\r\n",
        lambda n: b"GET http://" + b"a" * n + b"\\/ HTTP/1.1\r\n",
        lambda n: get(host=b"%41" * (n // 3) + b"%"),
        lambda n: get(b"Connection: " + b"," * n),
        lambda n: post(b"Transfer-Encoding: " + b"chunked," * (n // 8)),
        lambda n: post(b"Content-Length: " + b"1" * n),
        lambda n: post(CHUNKED) + b"0\r\nX:" + b" " * n + b"\x01\r\n\r\n",
    ],
)
def test_no_pattern_takes_quadratic_time(twin: str, make_wire: Callable[[int], bytes]) -> None:
    """Ten times the octets of a malicious line take nowhere near a hundred times the time."""
    limits = Limits(10**6, 10**6)

    def seconds(size: int) -> float:
        wire = make_wire(size)
        best = 1e9
        for _ in range(3):
            before = time.process_time()
            for _ in range(10):
                run(twin, [wire], limits=limits)
            best = min(best, time.process_time() - before)
        return best

    assert seconds(40_000) < 50 * seconds(4_000)


def test_a_million_reads_of_one_octet(twin: str) -> None:
    """A million reads of one octet each come through, with nothing kept."""
    parser = make(twin, False)
    feed, take = parser.feed, parser.next_event
    feed(post(b"Content-Length: %d" % MILLION))
    assert take().body is BodyKind.LENGTH
    for _ in range(MILLION):
        feed(b"x")
        take()
    assert take() is END
    assert parser.pending == 0


def test_a_million_octets_queued_one_by_one(twin: str) -> None:
    """A million one-octet reads that wait while the reader is paused are delivered in order."""
    parser = make(twin, False)
    feed, take = parser.feed, parser.next_event
    feed(post(b"Content-Length: %d" % MILLION))
    for _ in range(MILLION):
        feed(b"x")
    take()
    assert sum(len(take()) for _ in range(MILLION)) == MILLION
    assert take() is END


def test_a_million_chunks_of_one_octet(twin: str) -> None:
    """A million chunks of one octet come through, and each end is told so that a reader can count them."""
    parser = make(twin, False)
    parser.feed(post(CHUNKED))
    parser.next_event()
    wire = b"1\r\nx\r\n" * 10_000
    ends = octets = 0
    for _ in range(MILLION // 10_000):
        parser.feed(wire)
        for event in events(parser):
            ends += len(event.ends)
            octets += len(event.data)
    assert (ends, octets) == (MILLION, MILLION)
    parser.feed(b"0\r\n\r\n")
    assert events(parser) == [END]


def test_a_head_octet_by_octet_is_not_quadratic(twin: str) -> None:
    """A head of 128 long fields, fed by single octets, is read."""
    limits = Limits(max_field_size=8190)
    lines = [b"X-%d: " % number + b"y" * 2000 for number in range(127)]
    wire = get(*lines)
    outcome = run(twin, [wire[at : at + 1] for at in range(len(wire))], limits=limits)
    assert len(outcome.messages[0].fields) == 128


# --- nothing retained ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wire",
    [
        get(b"X: " + b"y" * 5000),
        post(b"Content-Length: 5000") + b"y" * 5000,
        post(CHUNKED) + b"1000\r\n" + b"y" * 4096 + b"\r\n0\r\nT: " + b"y" * 4000 + b"\r\n\r\n",
    ],
    ids=["head", "length", "chunked"],
)
@pytest.mark.parametrize("pieces", [1, 3, 100])
def test_nothing_is_retained(twin: str, wire: bytes, pieces: int) -> None:
    """Once its messages are taken, a parser holds neither the reads nor the events."""
    parser = make(twin, False)
    size = -(-len(wire) // pieces)
    reads = [bytes(wire[at : at + size]) for at in range(0, len(wire), size)]
    counts = [sys.getrefcount(read) for read in reads]
    for read in reads:
        parser.feed(read)
        events(parser)
    del read
    gc.collect()
    assert [sys.getrefcount(read) for read in reads] == counts
    assert parser.pending == 0


def test_memory_of_an_idle_parser(twin: str) -> None:
    """A parser that has read many large messages is no larger than one that has read a small one."""
    body = b"".join([b"X-%d: %b\r\n" % (number, b"y" * 2000) for number in range(100)])
    wire = b"GET / HTTP/1.1\r\nHost: a\r\n" + body + b"\r\n"
    reads = [wire[at : at + 500] for at in range(0, len(wire), 500)]
    parser = make(twin, False)
    parser.feed(get())
    events(parser)
    gc.collect()
    tracemalloc.start()
    try:
        for _ in range(3):
            for read in reads:
                parser.feed(read)
                events(parser)
        gc.collect()
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 65536 < peak


def test_heads_are_plain_values(twin: str) -> None:
    """A head outlives its parser and the octets that it was read from."""
    parser = make(twin, False)
    parser.feed(get(b"X: y"))
    head = parser.next_event()
    parser.feed(b"\x00" * 100 + b"\n")
    del parser
    gc.collect()
    assert head.raw_headers == ((b"Host", b"a"), (b"X", b"y"))
    assert Request(fields=head.raw_headers).fields == head.raw_headers


@pytest.mark.parametrize("response", [False, True])
@pytest.mark.parametrize("cut", range(6))
def test_how_much_of_a_content_is_missing(twin: str, response: bool, cut: int) -> None:
    """A content that is cut off tells what of its length has come, however it came; other messages have none, those
    behind one that had a length too."""
    start = b"HTTP/1.1 200 OK\r\n" if response else b"POST / HTTP/1.1\r\nHost: a\r\n"
    whole = start + b"Content-Length: 6\r\n\r\nabcdef"
    chunked = start + b"Transfer-Encoding: chunked\r\n\r\n6\r\nab"
    cases = [
        (start + b"Content-Length: 6\r\n\r\n" + b"abcdef"[:cut], (cut, 6)),
        (whole + chunked, (0, 0)),
        (whole + start, (0, 0)),
    ]
    for wire, expected in cases:
        for size in (1, 7, len(wire)):
            parser = make(twin, response)
            with pytest.raises(IncompleteMessage) as caught:
                for at in range(0, len(wire), size):
                    parser.feed(wire[at : at + size])
                    if response and not parser.mid_message:
                        parser.expect("GET")
                    while parser.next_event() is not None:
                        if response and not parser.mid_message:
                            parser.expect("GET")
                parser.feed_eof()
                while parser.next_event() is not None:
                    pass
            assert (caught.value.received, caught.value.announced) == expected
