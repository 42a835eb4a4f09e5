"""Finds the boundaries of a multipart body in large blocks (RFC 2046 section 5.1.1).

Its law: between two calls the position is on the CRLF before the next thing of interest. A delimiter begins with
that CRLF, so a body that starts with its delimiter needs no rule of its own. Every octet is searched once, but for the
few that may be the beginning of a delimiter at the end of a block.
"""

import re
from typing import Final

from multidict import CIMultiDict, CIMultiDictProxy

from .._connection.stream_reader import StreamReader
from .._wire.delimiter import find_delimiter
from .contract import BodySource
from .errors import BadPartHead, IncompleteMultipart, MultipartError, PartLimitExceeded

_MAX_PADDING: Final = 256
_BLOCK_SIZE: Final = 256 * 1024
_FIELD: Final = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")


class PartScanner:
    """One body with a position in it, shared by the readers of all parts and of nested multiparts."""

    __slots__ = ("_buffer", "_position", "_read")

    def __init__(self, content: BodySource) -> None:
        # A class of its own may count on its read() being called.
        self._read = content.read_piece if type(content) is StreamReader else content.read
        # As if a line had ended just before the body.
        self._buffer = b"\r\n"
        self._position = 0

    async def take_until(self, delimiter: bytes) -> tuple[bytes, bool]:
        """``(octets, whether the delimiter comes next)``; no octets only when it does."""
        while True:
            buffer, position = self._buffer, self._position
            index = find_delimiter(buffer, delimiter, position)
            if index >= 0:
                self._position = index
                return buffer[position:index], True
            end = _partial_match(buffer, position, delimiter)
            if end > position:
                self._position = end
                return buffer[position:end], False
            await self._fill()

    async def take(self, amount: int) -> bytes:
        """The next octets, ``amount`` at the most and at least one."""
        if self._position >= len(self._buffer):
            await self._fill()
        data = self._buffer[self._position : self._position + amount]
        self._position += len(data)
        return data

    async def next_is(self, expected: bytes) -> bool:
        """Whether ``expected`` comes next; does not move. False when the body ends before."""
        while True:
            buffer, position = self._buffer, self._position
            if len(buffer) - position >= len(expected):
                return buffer.startswith(expected, position)
            if not expected.startswith(buffer[position:]) or not await self._fill_or_end():
                return False

    async def skip(self, expected: bytes) -> None:
        """Move behind ``expected``; `MultipartError` when something else comes."""
        if not await self.next_is(expected):
            raise MultipartError(f"expected {expected!r}, got {self._buffer[self._position :][:64]!r}")
        self._position += len(expected)

    async def skip_to(self, delimiter: bytes) -> bool:
        """Move onto the delimiter, dropping what is before it; False when the body ends instead."""
        try:
            while not (await self.take_until(delimiter))[1]:
                pass
        except IncompleteMultipart:
            return False
        return True

    async def end_delimiter(self, boundary: bytes) -> bool:
        """Having skipped a delimiter, read its line; True after the last. The CRLF of another is not taken."""
        last = await self.next_is(b"--")
        if last:
            self._position += 2
        for _ in range(_MAX_PADDING):
            # Some senders end the last line by a bare LF.
            if await self.next_is(b"\r\n") or (last and await self.next_is(b"\n")):
                return last
            if not (await self.next_is(b" ") or await self.next_is(b"\t")):
                break
            self._position += 1
        if self._position >= len(self._buffer):
            if last:
                return True
            raise IncompleteMultipart("Reading after EOF: the body ends in a boundary line")
        line = (b"--" if last else b"") + self._buffer[self._position :][:64]
        raise MultipartError(f"Invalid boundary {boundary + line!r}, expected {boundary!r}")

    async def read_head(self, max_field_size: int, max_fields: int) -> "CIMultiDictProxy[str]":
        """The fields of a part, from the CRLF before the first to the CRLF before the body.

        `PartLimitExceeded` for a line of more than ``max_field_size`` octets or more than ``max_fields`` fields.
        """
        fields: CIMultiDict[str] = CIMultiDict()
        self._position += 2
        while True:
            line = await self._line(max_field_size)
            if not line:
                # Step back: see the law above.
                self._position -= 2
                return CIMultiDictProxy(fields)
            if len(fields) >= max_fields:
                raise PartLimitExceeded(f"Too many headers received: a part has more than {max_fields} fields")
            match = _FIELD.fullmatch(line)
            if match is None:
                raise BadPartHead(f"Invalid HTTP header: {line[:64]!r}")
            fields.add(match[1].decode("ascii"), match[2].rstrip(b" \t").decode("utf-8", "surrogateescape"))

    async def _line(self, limit: int) -> bytes:
        searched = self._position
        while True:
            buffer, position = self._buffer, self._position
            index = buffer.find(b"\r\n", searched, position + limit + 2)
            if index >= 0:
                self._position = index + 2
                return buffer[position:index]
            available = len(buffer) - position
            if available >= limit + 2:
                head = buffer[position : position + 64]
                raise PartLimitExceeded(f"Got more than {limit} bytes when reading: {head!r}")
            await self._fill()
            # What was searched may end in half a line end; the buffer now starts at the position.
            searched = max(0, available - 1)

    async def _fill(self) -> None:
        if not await self._fill_or_end():
            raise IncompleteMultipart("Reading after EOF: the body ends before its closing boundary")

    async def _fill_or_end(self) -> bool:
        block = await self._read(_BLOCK_SIZE)
        if not block:
            return False
        rest = self._buffer[self._position :]
        self._buffer = rest + block if rest else bytes(block)
        self._position = 0
        return True


def _partial_match(buffer: bytes, position: int, delimiter: bytes) -> int:
    """Index from which ``buffer`` ends with a beginning of ``delimiter``, else its length."""
    size = len(buffer)
    index = buffer.find(b"\r", max(position, size - len(delimiter) + 1))
    while index >= 0:
        if delimiter.startswith(buffer[index:]):
            return index
        index = buffer.find(b"\r", index + 1)
    return size
