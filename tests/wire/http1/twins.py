"""The implementations under test, and one way to run a parser over a list of reads."""

import dataclasses
import itertools
from collections.abc import Iterable
from typing import Any

from vectors.http1_vector import Message, Pairs, Request, Response, Vector

from aiohttp_core._wire._accel import http_parser as compiled
from aiohttp_core._wire._accel import serializer as compiled_serializer
from aiohttp_core._wire.errors import HttpWireError, LimitExceeded
from aiohttp_core._wire.http1 import parser_pure, serializer_pure
from aiohttp_core._wire.http1.messages import BodyKind, Chunks, EndOfMessage, RequestHead, ResponseHead
from aiohttp_core._wire.http1.rules import DEFAULT_LIMITS, Limits

PARSERS: dict[str, Any] = {"pure": parser_pure}
SERIALIZERS: dict[str, Any] = {"pure": serializer_pure}
if compiled is not None:
    PARSERS["compiled"] = compiled
    SERIALIZERS["compiled"] = compiled_serializer


@dataclasses.dataclass
class Outcome:
    """What a connection gave: the messages, then the error or what stayed unread."""

    messages: list[Message]
    error: str = ""
    what: str = ""
    rest: bytes = b""
    mid_message: bool = False


def make(twin: str, response: bool, limits: Limits = DEFAULT_LIMITS) -> Any:
    module = PARSERS[twin]
    return (module.ResponseParser if response else module.RequestParser)(limits)


class Connection:
    """Runs one parser as a connection would, and writes down what it gives."""

    def __init__(
        self, twin: str, expects: tuple[str, ...] = (), handover: bool = False, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self.parser = make(twin, bool(expects), limits)
        self._expects = list(expects)
        self._handover = handover
        self._handed_over = False
        self._rest = b""
        self._messages: list[dict[str, Any]] = []
        self._error: HttpWireError | None = None
        self._expect_next()

    def feed(self, data: bytes) -> None:
        self.parser.feed(data)

    def feed_eof(self) -> None:
        self.parser.feed_eof()

    def drain(self) -> None:
        """Take all events there are; after an error it must be raised again by each call."""
        if self._error is not None:
            try:
                self.parser.next_event()
            except HttpWireError as exc:
                assert exc is self._error
            else:
                raise AssertionError("an error was raised once only")
            return
        try:
            while not self._handed_over and (event := self.parser.next_event()) is not None:
                self._note(event)
        except HttpWireError as exc:
            self._error = exc
        if self._handed_over:
            self._rest += self.parser.take_rest()

    def outcome(self) -> Outcome:
        messages = [self._frozen(dict(noted)) for noted in self._messages]
        if self._error is not None:
            what = self._error.what if isinstance(self._error, LimitExceeded) else ""
            return Outcome(messages, type(self._error).__name__, what)
        middle = self.parser.mid_message
        return Outcome(messages, rest=self._rest + self.parser.take_rest(), mid_message=middle)

    def _expect_next(self) -> None:
        if self._expects:
            self.parser.expect(self._expects.pop(0))

    def _note(self, event: Any) -> None:
        if isinstance(event, RequestHead | ResponseHead):
            self._messages.append(_noted_head(event))
            if event.body is BodyKind.NONE:
                self._ended(event)
            return
        last = self._messages[-1]
        assert not last["ended"], "content behind the end of a message"
        if isinstance(event, bytes):
            assert event, "no octets"
            last["body"] += event
        elif isinstance(event, Chunks):
            assert event.data, "no octets"
            before = len(last["body"])
            last["body"] += event.data
            last["ends"].extend(before + end for end in event.ends)
        else:
            assert isinstance(event, EndOfMessage)
            trailers: Pairs | None = None if event.trailers is None else event.trailers.raw
            last["trailers"] = trailers
            last["ended"] = True
            self._ended(last["head"])

    def _ended(self, head: Any) -> None:
        if head.upgrade and self._handover:
            self._handed_over = True
        elif not (isinstance(head, ResponseHead) and head.informational):
            self._expect_next()

    @staticmethod
    def _frozen(noted: dict[str, Any]) -> Message:
        kind = Request if isinstance(noted.pop("head"), RequestHead) else Response
        noted["body"] = bytes(noted["body"])
        noted["ends"] = tuple(noted["ends"])
        return kind(**noted)


def _noted_head(head: Any) -> dict[str, Any]:
    section = head.fields
    assert len(section) == len(section.raw) == len(head.headers)
    mapped = [(name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in head.headers.items()]
    assert mapped == list(section.raw)
    noted = {
        "head": head,
        "fields": section.raw,
        "version": tuple(head.version),
        "kind": head.body,
        "length": head.content_length,
        "keep_alive": head.keep_alive,
        "upgrade": head.upgrade,
        "body": bytearray(),
        "ends": [],
        "trailers": None,
        "ended": head.body is BodyKind.NONE,
    }
    own = ("method", "target") if isinstance(head, RequestHead) else ("status", "reason")
    return noted | {name: getattr(head, name) for name in own}


def run(
    twin: str,
    reads: Iterable[bytes],
    expects: tuple[str, ...] = (),
    handover: bool = False,
    limits: Limits = DEFAULT_LIMITS,
    queued: bool = False,
) -> Outcome:
    """The outcome of ``reads`` and a closed connection; ``queued``: nothing is taken until all has come."""
    connection = Connection(twin, expects, handover, limits)
    for read in reads:
        connection.feed(read)
        if not queued:
            connection.drain()
    connection.feed_eof()
    connection.drain()
    connection.drain()
    return connection.outcome()


def run_vector(twin: str, vector: Vector, reads: Iterable[bytes], queued: bool = False) -> Outcome:
    return run(twin, reads, vector.expects, vector.handover, vector.limits, queued)


def expected(vector: Vector) -> Outcome:
    error = "" if vector.error is None else vector.error.__name__
    return Outcome(list(vector.messages), error, vector.what, vector.rest)


def cut(wire: bytes, cuts: Iterable[int]) -> list[bytes]:
    """``wire`` cut at the offsets ``cuts``, in any order, doubles allowed."""
    at = [0, *sorted(cuts), len(wire)]
    return [wire[start:stop] for start, stop in itertools.pairwise(at)]
