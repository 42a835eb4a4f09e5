"""The HTTP/1 parsers in pure Python; ``contract`` says what they promise."""

from __future__ import annotations

import re
from collections import deque
from enum import IntEnum
from typing import Final

from ..._semantics.versions import HttpVersion
from ..errors import BadChunk, BadStartLine, HttpWireError, IncompleteMessage, LimitExceeded
from . import grammar
from .body_pure import LineState, SizeLine
from .framing import Framing, SpecialFields, check_trailers, request_framing, response_framing
from .messages import (
    END,
    BodyKind,
    Chunks,
    EndOfMessage,
    Fields,
    RequestEvent,
    RequestHead,
    ResponseEvent,
    ResponseHead,
)
from .rules import DEFAULT_LIMITS, SPECIAL_FIELDS, Limits, Role

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


class _Parser:
    """Both roles; the subclasses read start lines and choose the framing."""

    role: Role

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._state = State.START
        self._queue: deque[bytes] = deque()
        self._data = b""
        self._pos = 0
        # An incomplete head or trailer section: its octets so far, where to go on looking for its end.
        self._section = bytearray()
        self._scanned = 0
        self._line_start = 0
        self._lines = 0
        self._remaining = 0
        self._keep_alive = True
        self._eof = False
        self._error: HttpWireError | None = None
        self._size_line = SizeLine(limits.max_line_size, self.role is Role.RESPONSE)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._state.name} pending={self.pending}>"

    def feed(self, data: bytes) -> None:
        if self._state is State.CLOSED or not data:
            return
        if self._pos == len(self._data) and not self._queue:
            self._data = bytes(data)
            self._pos = 0
        else:
            self._queue.append(bytes(data))

    def feed_eof(self) -> None:
        self._eof = True

    @property
    def pending(self) -> int:
        return len(self._section) + len(self._data) - self._pos + sum(map(len, self._queue))

    @property
    def mid_message(self) -> bool:
        return self._state in (
            State.FIELDS, State.LENGTH, State.UNTIL_EOF, State.SIZE, State.DATA, State.DATA_END, State.TRAILERS
        ) or (self._state is State.START and bool(self._section))

    def take_rest(self) -> bytes:
        rest = bytes(self._section) + self._data[self._pos:] + b"".join(self._queue)
        self._section.clear()
        self._queue.clear()
        self._data, self._pos = b"", 0
        self._state = State.HANDED_OVER
        return rest

    def _next(self) -> RequestHead | ResponseHead | bytes | Chunks | EndOfMessage | None:
        if self._error is not None:
            raise self._error
        try:
            while True:
                if self._state is State.LENGTH and self._remaining == 0:
                    return self._finish(END)
                if self._pos == len(self._data):
                    if not self._queue:
                        return self._at_eof() if self._eof else None
                    self._data, self._pos = self._queue.popleft(), 0
                before = self._pos
                event = self._step()
                if event is not None:
                    return event
                if self._pos == before:
                    return None
        except HttpWireError as exc:
            self._error = exc
            self._section.clear()
            raise

    def _at_eof(self) -> EndOfMessage | None:
        if self._state is State.UNTIL_EOF:
            return self._finish(END)
        if self.mid_message:
            raise IncompleteMessage("the peer closed the connection in the middle of a message")
        return None

    def _step(self) -> RequestHead | ResponseHead | bytes | Chunks | EndOfMessage | None:
        match self._state:
            case State.START:
                return self._read_start()
            case State.FIELDS:
                section = self._read_section()
                return None if section is None else self._head_complete(section)
            case State.LENGTH:
                return self._read_length()
            case State.UNTIL_EOF:
                data = self._data[self._pos:]
                self._pos = len(self._data)
                return data
            case State.SIZE | State.DATA | State.DATA_END:
                return self._read_chunks()
            case State.TRAILERS:
                section = self._read_section()
                return None if section is None else self._trailers_complete(section)
            case State.CLOSED:
                self._pos = len(self._data)
        return None

    # Heads

    def _read_start(self) -> RequestHead | ResponseHead | None:
        section = self._section
        if not section:
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
            section += self._data[self._pos:]
            self._pos = len(self._data)
            if len(section) - section.endswith(b"\r") > limit:
                raise LimitExceeded(self._start_line_name, limit, bytes(section[:limit]))
            return None
        line = self._data[self._pos:stop]
        if section:
            line = bytes(section) + line
            section.clear()
        self._pos = stop
        if line == b"\r\n" or (line == b"\n" and self.role is Role.RESPONSE):
            return None
        self._parse_start(line)
        self._state = State.FIELDS
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
                return data[pos:self._pos]
        section += data[pos:]
        self._pos = len(data)
        end = _EMPTY_LINE.match(section) or _SECTION_END.search(section, max(0, self._scanned - 2))
        if end is None:
            self._check_partial()
            return None
        self._pos -= len(section) - end.end()
        found = bytes(section[:end.end()])
        section.clear()
        self._scanned = self._line_start = self._lines = 0
        return found

    def _check_partial(self) -> None:
        section, limits = self._section, self._limits
        *complete, partial = bytes(section[self._line_start:]).split(b"\n")
        longest = max(len(line) - line.endswith(b"\r") for line in (*complete, partial))
        self._lines += len(complete)
        self._scanned = len(section)
        self._line_start = len(section) - len(partial)
        if self._lines > limits.max_fields or longest > limits.max_field_size:
            grammar.judge_partial(bytes(section), self.role, limits)

    def _collect(self, section: bytes) -> tuple[Fields, SpecialFields]:
        pairs = grammar.parse_section(section, self.role, self._limits)
        specials: SpecialFields = []
        for name, value in pairs:
            special = SPECIAL_FIELDS.get(name.lower())
            if special is not None:
                specials.append((special, value))
        return Fields(pairs), specials

    def _enter_body(self, framing: Framing) -> None:
        kind, length, self._keep_alive, _ = framing
        if kind is BodyKind.NONE:
            self._state = self._rest_state()
        elif kind is BodyKind.LENGTH:
            self._remaining = length or 0
            self._state = State.LENGTH
        elif kind is BodyKind.CHUNKED:
            self._size_line.reset()
            self._state = State.SIZE
        else:
            self._state = State.UNTIL_EOF

    def _rest_state(self) -> State:
        raise NotImplementedError

    def _parse_start(self, line: bytes) -> None:
        raise NotImplementedError

    def _head_complete(self, section: bytes) -> RequestHead | ResponseHead:
        raise NotImplementedError

    @property
    def _start_line_name(self) -> str:
        raise NotImplementedError

    # Content

    def _finish(self, end: EndOfMessage) -> EndOfMessage:
        self._state = self._rest_state()
        return end

    def _read_length(self) -> bytes:
        data, pos = self._data, self._pos
        available = len(data) - pos
        if available <= self._remaining:
            piece = data[pos:] if pos else data
            self._pos = len(data)
        else:
            piece = data[pos:pos + self._remaining]
            self._pos = pos + self._remaining
        self._remaining -= len(piece)
        return piece

    def _read_chunks(self) -> Chunks | EndOfMessage | None:
        """All chunk data in the current piece, or the end; an error waits until what was good is out."""
        data = self._data
        size_line = self._size_line
        pieces: list[bytes] = []
        ends: list[int] = []
        total = 0
        try:
            while self._pos < len(data):
                if self._state is State.SIZE:
                    self._pos = size_line.take(data, self._pos)
                    if size_line.state is not LineState.DONE:
                        break
                    self._remaining = size_line.size
                    size_line.reset()
                    if self._remaining == 0:
                        self._state = State.TRAILERS
                        break
                    self._state = State.DATA
                elif self._state is State.DATA:
                    piece = data[self._pos:self._pos + self._remaining]
                    self._pos += len(piece)
                    self._remaining -= len(piece)
                    total += len(piece)
                    pieces.append(piece)
                    if self._remaining == 0:
                        ends.append(total)
                        self._state = State.DATA_END
                        self._remaining = 2
                else:
                    self._expect_crlf(data)
        except HttpWireError as exc:
            if not pieces:
                raise
            self._error = exc
        if pieces:
            return Chunks(pieces[0] if len(pieces) == 1 else b"".join(pieces), tuple(ends))
        return None

    def _expect_crlf(self, data: bytes) -> None:
        octet = data[self._pos]
        if octet != (0x0D if self._remaining == 2 else 0x0A):
            raise BadChunk("chunk data does not end in CRLF where its size says", data[self._pos:self._pos + 8])
        self._pos += 1
        self._remaining -= 1
        if self._remaining == 0:
            self._state = State.SIZE

    def _trailers_complete(self, section: bytes) -> EndOfMessage:
        if section == b"\r\n":
            return self._finish(END)
        fields, specials = self._collect(section)
        if not fields.raw:
            return self._finish(END)
        check_trailers(specials)
        return self._finish(EndOfMessage(fields))


class RequestParser(_Parser):
    """Reads requests; see ``contract.RequestParser``."""

    role = Role.REQUEST
    _start_line_name = "the request line"

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self._line: tuple[str, str, HttpVersion] | None = None

    def next_event(self) -> RequestEvent | None:
        return self._next()  # type: ignore[return-value]

    def _rest_state(self) -> State:
        return State.START if self._keep_alive else State.CLOSED

    def _parse_start(self, line: bytes) -> None:
        self._line = grammar.parse_request_line(line, self._limits)

    def _head_complete(self, section: bytes) -> RequestHead:
        if self._line is None:
            raise BadStartLine("a field section without a request line")
        method, target, version = self._line
        fields, specials = self._collect(section)
        framing = request_framing(method == "CONNECT", version.minor, specials)
        self._enter_body(framing)
        return RequestHead(method, target, version, fields, *framing)


class ResponseParser(_Parser):
    """Reads responses; see ``contract.ResponseParser``."""

    role = Role.RESPONSE
    _start_line_name = "the status line"

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self._state = State.AWAITING
        self._method = ""
        self._line: tuple[HttpVersion, int, str] | None = None

    def expect(self, method: str) -> None:
        self._method = method
        if self._state is State.AWAITING:
            self._state = State.START

    def next_event(self) -> ResponseEvent | None:
        return self._next()  # type: ignore[return-value]

    def _rest_state(self) -> State:
        return State.AWAITING if self._keep_alive else State.CLOSED

    def _parse_start(self, line: bytes) -> None:
        self._line = grammar.parse_status_line(line, self._limits)

    def _head_complete(self, section: bytes) -> ResponseHead:
        if self._line is None:
            raise BadStartLine("a field section without a status line")
        version, status, reason = self._line
        fields, specials = self._collect(section)
        framing = response_framing(self._method, status, version.minor, specials)
        self._enter_body(framing)
        if 100 <= status < 200 and status != 101:
            self._state = State.START
        return ResponseHead(status, reason, version, fields, *framing)
