"""The HTTP/1 parsers in pure Python; ``contract`` says what they promise."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from enum import IntEnum
from typing import Final, Generic, TypeVar

from ..._semantics.versions import HttpVersion10, HttpVersion11
from ..errors import BadChunk, HttpWireError, IncompleteMessage, LimitExceeded
from . import grammar
from .body_pure import PLAIN_SIZE, LineState, SizeLine
from .framing import Framing, SpecialFields, check_trailers, request_framing, response_framing
from .messages import (
    END,
    BodyKind,
    Chunks,
    EndOfMessage,
    Fields,
    RequestHead,
    ResponseHead,
)
from .rules import DEFAULT_LIMITS, SPECIAL_FIELDS, Limits, Role, Special

HeadT = TypeVar("HeadT", RequestHead, ResponseHead)

_EMPTY_LINE: Final = re.compile(rb"\r?\n")
_SECTION_END: Final = re.compile(rb"\n\r?\n")
_EMPTY: Final = (
    re.compile(rb"(?:\r\n)*\r?"),
    re.compile(rb"(?:\r?\n)*\r?"),
)


class State(IntEnum):
    """What the next octet belongs to.

    START -> FIELDS -> LENGTH | UNTIL_EOF -----------------> START
                    -> SIZE <-> DATA -> (CRLF) , SIZE -> TRAILERS -> START
    any -> FAILED | CLOSED | HANDED_OVER
    """

    START = 0
    FIELDS = 1
    LENGTH = 2
    UNTIL_EOF = 3
    SIZE = 4
    DATA = 5
    DATA_END = 6
    TRAILERS = 7
    AWAITING = 8
    CLOSED = 9
    HANDED_OVER = 10


_START: Final = State.START
_FIELDS: Final = State.FIELDS
_LENGTH: Final = State.LENGTH
_UNTIL_EOF: Final = State.UNTIL_EOF
_SIZE: Final = State.SIZE
_DATA: Final = State.DATA
_DATA_END: Final = State.DATA_END
_TRAILERS: Final = State.TRAILERS
_CLOSED: Final = State.CLOSED
_NO_BODY: Final = BodyKind.NONE
_MID_MESSAGE: Final = frozenset({_FIELDS, _LENGTH, _UNTIL_EOF, _SIZE, _DATA, _DATA_END, _TRAILERS})

_plain_fields: Final = grammar.PLAIN_FIELDS.findall
_DECIDED_LIMIT: Final = 8
_KNOWN_LIMIT: Final = 1024


class _SpecialByName(dict[bytes, Special | None]):
    """Field names as they came, in any case; names are few, and the bound keeps made-up ones from growing memory."""

    def __missing__(self, name: bytes) -> Special | None:
        special = SPECIAL_FIELDS.get(name.lower())
        if len(self) < _KNOWN_LIMIT and len(name) <= 64:
            self[name] = special
        return special


_special_by_name: Final = _SpecialByName()


def _specials_of(pairs: list[tuple[bytes, bytes]]) -> SpecialFields:
    find = _special_by_name
    return [(special, value) for name, value in pairs if (special := find[name]) is not None]


class _Parser(Generic[HeadT]):
    """Both roles; the subclasses read start lines and choose the framing."""

    role: Role
    _at_rest: State
    _plain_start: Callable[[bytes, int], re.Match[bytes] | None]

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._state = State.START
        self._queue: deque[bytes] = deque()
        self._queued = 0
        self._data = b""
        self._pos = 0
        # An incomplete head or trailer section: its octets so far, where to go on looking for its end.
        self._section = bytearray()
        self._scanned = 0
        self._line_start = 0
        self._lines = 0
        self._remaining = self._announced = 0
        self._keep_alive = True
        self._eof = False
        self._error: HttpWireError | None = None
        self._size_line = SizeLine(limits.max_line_size, self.role is Role.RESPONSE)
        self._plain_limit = limits.max_line_size + 2
        # The fields that the last framing was decided on: on a connection they repeat.
        self._decided: tuple[object, SpecialFields] | None = None
        self._framing: Framing = (BodyKind.NONE, None, True, False)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._state.name} pending={self.pending}>"

    def feed(self, data: bytes) -> None:
        if self._state is _CLOSED or not data:
            return
        if type(data) is not bytes:
            data = bytes(data)
        if self._pos == len(self._data) and not self._queue:
            self._data = data
            self._pos = 0
        else:
            self._queue.append(data)
            self._queued += len(data)

    def feed_eof(self) -> None:
        self._eof = True

    @property
    def pending(self) -> int:
        return len(self._section) + len(self._data) - self._pos + self._queued

    @property
    def mid_message(self) -> bool:
        return self._state in _MID_MESSAGE or (self._state is _START and bool(self._section))

    @property
    def missing(self) -> int:
        return self._remaining if self._state is _LENGTH and not self.pending else 0

    def skip(self, count: int) -> None:
        if not 0 <= count <= self.missing:
            raise ValueError(f"{count} octets went by, {self.missing} are missing")
        self._remaining -= count

    def take_rest(self) -> bytes:
        rest = bytes(self._section) + self._data[self._pos :] + b"".join(self._queue)
        self._section.clear()
        self._queue.clear()
        self._queued = 0
        self._data, self._pos = b"", 0
        self._state = State.HANDED_OVER
        return rest

    def next_event(self) -> HeadT | bytes | Chunks | EndOfMessage | None:
        if self._error is not None:
            raise self._error
        try:
            while True:
                state = self._state
                if state is _LENGTH and not self._remaining:
                    return self._finish(END)
                before = self._pos
                if before == len(self._data):
                    if not self._next_read():
                        return self._at_eof() if self._eof else None
                    before = 0
                event = self._read_start() if state is _START else self._step(state)
                if event is not None:
                    return event
                if self._pos == before:
                    return None
        except HttpWireError as exc:
            self._error = exc
            self._section.clear()
            raise

    def _next_read(self) -> bool:
        """Go to the next queued octets; without any, nothing is retained of the last ones."""
        self._pos = 0
        if not self._queue:
            self._data = b""
            return False
        self._data = self._queue.popleft()
        self._queued -= len(self._data)
        return True

    def _at_eof(self) -> EndOfMessage | None:
        if self._state is _UNTIL_EOF:
            return self._finish(END)
        if self.mid_message:
            error = IncompleteMessage("the peer closed the connection in the middle of a message")
            if self._state is _LENGTH:
                error.received, error.announced = self._announced - self._remaining, self._announced
            raise error
        return None

    def _step(self, state: State) -> HeadT | bytes | Chunks | EndOfMessage | None:
        if state is _LENGTH:
            return self._read_length()
        if state is _SIZE or state is _DATA or state is _DATA_END:
            return self._read_chunks()
        if state is _FIELDS or state is _TRAILERS:
            section = self._read_section()
            if section is None:
                return None
            return self._head_complete(section) if state is _FIELDS else self._trailers_complete(section)
        if state is _UNTIL_EOF:
            data = self._data[self._pos :]
            self._pos = len(self._data)
            return data
        if state is _CLOSED:
            self._pos = len(self._data)
        return None

    # Heads

    def _read_plain_head(self) -> HeadT | None:
        """A head that is in this read as a whole and plain; None for one that must be looked at more closely."""
        data, pos = self._data, self._pos
        found = self._plain_start(data, pos)
        end = data.find(b"\r\n\r\n", pos) + 2
        if found is None or end == 1:
            return None
        stop = found.end()
        section = data[stop:end]
        lines = section.count(b"\n")
        limits = self._limits
        if stop - pos > limits.max_line_size or lines > limits.max_fields or len(section) > limits.max_field_size:
            return None
        pairs = _plain_fields(section)
        if len(pairs) != lines:
            return None
        self._take_plain_start(found)
        self._pos = end + 2
        return self._head(pairs)

    def _read_start(self) -> HeadT | None:
        section = self._section
        if not section:
            head = self._read_plain_head()
            if head is not None:
                return head
            # A robust reader skips empty lines before a start line (RFC 9112 section 2.2).
            skipped = _EMPTY[self.role].match(self._data, self._pos)
            if skipped is not None and skipped.end() > self._pos:
                end = skipped.end()
                if self._data[end - 1] == 0x0D:
                    end -= 1
                self._pos = end
                if end == len(self._data):
                    return None
        stop = self._data.find(b"\n", self._pos) + 1
        limit = self._limits.max_line_size
        if not stop:
            section += self._data[self._pos :]
            self._pos = len(self._data)
            if len(section) - section.endswith(b"\r") > limit:
                raise LimitExceeded(self._start_line_name, limit, bytes(section[:limit]))
            return None
        line = self._data[self._pos : stop]
        if section:
            line = bytes(section) + line
            section.clear()
        self._pos = stop
        if line == b"\r\n" or (line == b"\n" and self.role is Role.RESPONSE):
            return None
        self._parse_start(line)
        self._state = _FIELDS
        if self._pos == len(self._data):
            return None
        complete = self._read_section()
        return None if complete is None else self._head_complete(complete)

    def _read_section(self) -> bytes | None:
        """The field section with its blank line, once that has come."""
        data, pos = self._data, self._pos
        section = self._section
        if not section:
            end = _SECTION_END.search(data, pos) if data[pos] not in b"\r\n" else _EMPTY_LINE.match(data, pos)
            if end is not None:
                self._pos = end.end()
                return data[pos : self._pos]
        section += data[pos:]
        self._pos = len(data)
        end = _EMPTY_LINE.match(section) or _SECTION_END.search(section, max(0, self._scanned - 2))
        if end is None:
            self._check_partial()
            return None
        self._pos -= len(section) - end.end()
        found = bytes(section[: end.end()])
        section.clear()
        self._scanned = self._line_start = self._lines = 0
        return found

    def _check_partial(self) -> None:
        section, limits = self._section, self._limits
        *complete, partial = bytes(section[self._line_start :]).split(b"\n")
        longest = max(len(line) - line.endswith(b"\r") for line in (*complete, partial))
        self._lines += len(complete)
        self._scanned = len(section)
        self._line_start = len(section) - len(partial)
        if self._lines > limits.max_fields or longest > limits.max_field_size:
            grammar.judge_partial(bytes(section), self.role, limits)

    def _head_complete(self, section: bytes) -> HeadT:
        return self._head(grammar.parse_section(section, self.role, self._limits))

    def _frame(self, variant: object, specials: SpecialFields) -> Framing:
        """The framing decided on the same fields before, or a new one; the body begins."""
        if (variant, specials) == self._decided:
            framing = self._framing
        else:
            framing = self._framing = self._decide(specials)
            self._decided = (variant, specials) if len(specials) <= _DECIDED_LIMIT else None
        kind, length, self._keep_alive, _ = framing
        if kind is _NO_BODY:
            self._state = self._at_rest if self._keep_alive else _CLOSED
        elif kind is BodyKind.LENGTH:
            self._remaining = self._announced = length or 0
            self._state = _LENGTH
        elif kind is BodyKind.CHUNKED:
            self._size_line.reset()
            self._state = _SIZE
        else:
            self._state = _UNTIL_EOF
        return framing

    def _parse_start(self, line: bytes) -> None:
        raise NotImplementedError

    def _take_plain_start(self, found: re.Match[bytes]) -> None:
        raise NotImplementedError

    def _decide(self, specials: SpecialFields) -> Framing:
        raise NotImplementedError

    def _head(self, pairs: list[tuple[bytes, bytes]]) -> HeadT:
        raise NotImplementedError

    @property
    def _start_line_name(self) -> str:
        raise NotImplementedError

    # Content

    def _finish(self, end: EndOfMessage) -> EndOfMessage:
        self._state = self._at_rest if self._keep_alive else _CLOSED
        return end

    def _read_length(self) -> bytes:
        data, pos = self._data, self._pos
        available = len(data) - pos
        if available <= self._remaining:
            piece = data[pos:] if pos else data
            self._pos = len(data)
        else:
            piece = data[pos : pos + self._remaining]
            self._pos = pos + self._remaining
        self._remaining -= len(piece)
        return piece

    def _read_chunks(self) -> Chunks | EndOfMessage | None:
        """All chunk data in the current piece, or the end; an error waits until what was good is out."""
        pieces: list[bytes] = []
        ends: list[int] = []
        try:
            if self._state is _SIZE and self._size_line.at_start:
                self._read_plain_chunks(pieces, ends)
            self._read_any_chunks(pieces, ends)
        except HttpWireError as exc:
            if not pieces:
                raise
            self._error = exc
        if pieces:
            return Chunks(pieces[0] if len(pieces) == 1 else b"".join(pieces), tuple(ends))
        return None

    def _read_plain_chunks(self, pieces: list[bytes], ends: list[int]) -> None:
        """Chunks that are in this read as a whole, without extensions; stops in front of any other."""
        data, pos, length, total = self._data, self._pos, len(self._data), 0
        match = PLAIN_SIZE.match
        while (found := match(data, pos)) is not None:
            start = found.end()
            stop = start + int(found[1], 16)
            if (
                stop == start
                or stop + 2 > length
                or data[stop : stop + 2] != b"\r\n"
                or start - pos > self._plain_limit
            ):
                break
            pieces.append(data[start:stop])
            total += stop - start
            ends.append(total)
            pos = stop + 2
        self._pos = pos

    def _read_any_chunks(self, pieces: list[bytes], ends: list[int]) -> None:
        data = self._data
        size_line = self._size_line
        total = ends[-1] if ends else 0
        while self._pos < len(data):
            if self._state is _SIZE:
                self._pos = size_line.take(data, self._pos)
                if size_line.state is not LineState.DONE:
                    break
                self._remaining = size_line.size
                size_line.reset()
                if self._remaining == 0:
                    self._state = _TRAILERS
                    break
                self._state = _DATA
            elif self._state is _DATA:
                piece = data[self._pos : self._pos + self._remaining]
                self._pos += len(piece)
                self._remaining -= len(piece)
                total += len(piece)
                pieces.append(piece)
                if self._remaining == 0:
                    ends.append(total)
                    self._state = _DATA_END
                    self._remaining = 2
            else:
                self._expect_crlf(data)

    def _expect_crlf(self, data: bytes) -> None:
        octet = data[self._pos]
        if octet != (0x0D if self._remaining == 2 else 0x0A):
            raise BadChunk("chunk data does not end in CRLF where its size says", data[self._pos : self._pos + 8])
        self._pos += 1
        self._remaining -= 1
        if self._remaining == 0:
            self._state = _SIZE

    def _trailers_complete(self, section: bytes) -> EndOfMessage:
        if section == b"\r\n":
            return self._finish(END)
        pairs = grammar.parse_section(section, self.role, self._limits)
        if not pairs:
            return self._finish(END)
        check_trailers(_specials_of(pairs))
        return self._finish(EndOfMessage(Fields(pairs)))


class RequestParser(_Parser[RequestHead]):
    """Reads requests; see ``contract.RequestParser``."""

    role = Role.REQUEST
    _at_rest = _START
    _plain_start = grammar.PLAIN_REQUEST_LINE.match
    _start_line_name = "the request line"

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self._method = ""
        self._target = ""
        self._version = HttpVersion11

    def _parse_start(self, line: bytes) -> None:
        self._method, self._target, self._version = grammar.parse_request_line(line, self._limits)

    def _take_plain_start(self, found: re.Match[bytes]) -> None:
        method, target, minor = found.groups()
        if target[0] != 0x2F or method == b"CONNECT":
            grammar.check_target(method, target)
        self._method, self._target = method.decode("ascii"), target.decode("ascii")
        self._version = HttpVersion11 if minor == b"1" else HttpVersion10

    def _decide(self, specials: SpecialFields) -> Framing:
        return request_framing(self._method == "CONNECT", self._version.minor, specials)

    def _head(self, pairs: list[tuple[bytes, bytes]]) -> RequestHead:
        method, version = self._method, self._version
        framing = self._frame((method == "CONNECT", version), _specials_of(pairs))
        return RequestHead(method, self._target, version, Fields(pairs), *framing)


class ResponseParser(_Parser[ResponseHead]):
    """Reads responses; see ``contract.ResponseParser``."""

    role = Role.RESPONSE
    _at_rest = State.AWAITING
    _plain_start = grammar.PLAIN_STATUS_LINE.match
    _start_line_name = "the status line"

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self._state = State.AWAITING
        self._method = ""
        self._version = HttpVersion11
        self._status = 0
        self._reason = ""

    def expect(self, method: str) -> None:
        self._method = method
        if self._state is State.AWAITING:
            self._state = _START

    def _parse_start(self, line: bytes) -> None:
        self._version, self._status, self._reason = grammar.parse_status_line(line, self._limits)

    def _take_plain_start(self, found: re.Match[bytes]) -> None:
        minor, status, reason = found.groups()
        self._version = HttpVersion11 if minor == b"1" else HttpVersion10
        self._status = int(status)
        self._reason = "OK" if reason == b"OK" else (reason or b"").decode("utf-8", "surrogateescape")

    def _decide(self, specials: SpecialFields) -> Framing:
        return response_framing(self._method, self._status, self._version.minor, specials)

    def _head(self, pairs: list[tuple[bytes, bytes]]) -> ResponseHead:
        status, version = self._status, self._version
        framing = self._frame((self._method, status, version), _specials_of(pairs))
        if 100 <= status < 200 and status != 101:
            self._state = _START
        return ResponseHead(status, self._reason, version, Fields(pairs), *framing)
