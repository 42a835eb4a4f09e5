"""Chunked framing (RFC 9112 section 7.1) in pure Python: the size line octet by octet but for what an extension
repeats, the data in slices."""

import re
from enum import IntEnum
from typing import Final

from ..errors import BadChunk, LimitExceeded
from .rules import MAX_CHUNK_SIZE

_HEX: Final = frozenset(b"0123456789abcdefABCDEF")
_TOKEN: Final = frozenset(b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_QUOTED: Final = frozenset(b"\t !" + bytes(range(0x23, 0x5C)) + bytes(range(0x5D, 0x7F)) + bytes(range(0x80, 0x100)))
_ESCAPED: Final = frozenset(b"\t" + bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100)))
_CR, _LF, _SP, _HT, _SEMICOLON, _EQUALS, _QUOTE, _BACKSLASH = b'\r\n \t;="\\'
PLAIN_SIZE: Final = re.compile(rb"([0-9a-fA-F]{1,16})\r\n")


class LineState(IntEnum):
    """The size line, read octet by octet.

    START -> SIZE -> (PAD) -> CR -> DONE
              |  ;             ^
              v                | CR
           EXT_START -> NAME -> EQUALS -> TOKEN | QUOTED <-> ESCAPE -> AFTER_QUOTED
    """

    START = 0
    SIZE = 1
    PAD = 2
    EXT_START = 3
    NAME = 4
    EQUALS = 5
    TOKEN = 6
    QUOTED = 7
    ESCAPE = 8
    AFTER_QUOTED = 9
    CR = 10
    DONE = 11


_START: Final = LineState.START
_SIZE: Final = LineState.SIZE
_DONE: Final = LineState.DONE
_TOKEN_RUN: Final = re.compile(b"[" + re.escape(bytes(_TOKEN)) + b"]*")
_RUNS: Final = (
    *[None] * LineState.NAME,
    _TOKEN_RUN,
    None,
    _TOKEN_RUN,
    re.compile(b"[" + re.escape(bytes(_QUOTED)) + b"]*"),
    *[None] * (LineState.DONE - LineState.QUOTED),
)
"""By state, the octets that leave it as it is."""


class SizeLine:
    """One chunk-size line with its extensions, fed in pieces; extensions are checked and dropped."""

    __slots__ = ("_length", "_limit", "_pad", "size", "state")

    def __init__(self, limit: int, allow_padding: bool) -> None:
        self._limit = limit
        self._pad = allow_padding
        self.reset()

    def reset(self) -> None:
        self.state = _START
        self.size = 0
        self._length = 0

    @property
    def at_start(self) -> bool:
        return self.state is _START

    def take(self, data: bytes, pos: int) -> int:
        """Read from ``data[pos:]`` and return where it stopped: ``state`` is DONE or the data is used up."""
        if self.state is _START:
            plain = PLAIN_SIZE.match(data, pos)
            if plain is not None and plain.end() - pos - 2 <= self._limit:
                self.size = int(plain.group(1), 16)
                self.state = _DONE
                return plain.end()
        index, end = pos, len(data)
        while index < end:
            octet = data[index]
            # The line end itself does not count towards the limit.
            if octet != _CR and octet != _LF:
                self._length += 1
                if self._length > self._limit:
                    raise LimitExceeded("a chunk-size line", self._limit)
            self.state = self._next(octet, data, index)
            index += 1
            if self.state is _DONE:
                return index
            run = _RUNS[self.state]
            if run is not None and (same := run.match(data, index, index + self._limit - self._length)) is not None:
                self._length += same.end() - index
                index = same.end()
        return end

    def _next(self, octet: int, data: bytes, index: int) -> LineState:
        state = self.state
        if state <= _SIZE:
            if octet in _HEX:
                self.size = self.size * 16 + int(chr(octet), 16)
                if self.size > MAX_CHUNK_SIZE:
                    raise BadChunk("a chunk size does not fit 64 bits")
                return LineState.SIZE
            if state is _START:
                raise BadChunk("a chunk size does not begin with a hexadecimal digit", data[index : index + 1])
        if state is LineState.CR:
            if octet == _LF:
                return _DONE
            raise BadChunk("a chunk-size line has a bare CR", data[index : index + 1])
        following = _after(state, octet, self._pad)
        if following is None:
            what = "a chunk size" if state <= LineState.PAD else "a chunk extension"
            raise BadChunk(f"{what} holds an octet that it may not hold", data[index : index + 1])
        return following


def _after(state: LineState, octet: int, pad: bool) -> "LineState | None":
    """The state that follows for all states but START and CR, or None where the octet is not allowed."""
    match state:
        case LineState.SIZE | LineState.PAD:
            if pad and (octet == _SP or octet == _HT):
                return LineState.PAD
        case LineState.EXT_START:
            # Empty names and values change nothing about the framing, and llhttp takes them.
            if octet in _TOKEN:
                return LineState.NAME
            if octet == _EQUALS:
                return LineState.EQUALS
            return LineState.EXT_START if octet == _SEMICOLON else None
        case LineState.NAME:
            if octet in _TOKEN:
                return LineState.NAME
            if octet == _EQUALS:
                return LineState.EQUALS
        case LineState.EQUALS:
            if octet == _QUOTE:
                return LineState.QUOTED
            if octet in _TOKEN:
                return LineState.TOKEN
        case LineState.TOKEN:
            if octet == _QUOTE:
                return LineState.QUOTED
            if octet in _TOKEN:
                return LineState.TOKEN
        case LineState.QUOTED:
            if octet == _QUOTE:
                return LineState.AFTER_QUOTED
            if octet == _BACKSLASH:
                return LineState.ESCAPE
            return LineState.QUOTED if octet in _QUOTED else None
        case LineState.ESCAPE:
            return LineState.QUOTED if octet in _ESCAPED else None
        case _:
            pass
    if octet == _SEMICOLON:
        return LineState.EXT_START
    return LineState.CR if octet == _CR else None
