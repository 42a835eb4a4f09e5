"""What every HTTP/1 parser is, compiled or pure.

The law of feeding, which makes an outcome independent of how octets were cut:

- A start line is judged when its LF arrives, a field section when its blank line arrives; either
  also when it outgrows a limit. In a section the first violation, line by line, decides; framing
  is judged after all lines are.
- A chunk-size line is judged octet by octet.
- Events come in the order of the octets: what was good before an error is delivered before it.
- After an error each call raises that error again; nothing more is parsed.
"""

from __future__ import annotations

from typing import Protocol

from multidict import CIMultiDictProxy

from .messages import RawHeaders, RequestEvent, ResponseEvent


class FieldSection(Protocol):
    """The field lines of a head or of trailers, in the order received."""

    @property
    def raw(self) -> RawHeaders:
        """Names and values as octets, without surrounding white space."""

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """The same as a case-insensitive mapping; values are UTF-8 with surrogate escapes. Built once."""

    def first(self, name: bytes) -> bytes | None:
        """The first value of ``name``, which is given in lower case, or None."""

    def __len__(self) -> int: ...


class MessageParser(Protocol):
    """What both roles share. A parser reads one connection's octets and never more than it is asked for."""

    def feed(self, data: bytes) -> None:
        """Take octets from the connection. Parses nothing yet; never raises for what they hold."""

    def feed_eof(self) -> None:
        """Take note that the peer has finished sending."""

    @property
    def pending(self) -> int:
        """Octets fed and not yet parsed into events, those of an unfinished head included."""

    @property
    def mid_message(self) -> bool:
        """Whether a message has begun and not ended."""

    @property
    def missing(self) -> int:
        """Octets that are still to come of a content whose length is known; 0 while any that were fed wait, and in any
        other place of a message."""

    def skip(self, count: int) -> None:
        """Take note that ``count`` of the ``missing`` octets went to the reader of the content without coming here.
        Raises ValueError where those are fewer."""

    def take_rest(self) -> bytes:
        """Hand over the octets that are not parsed, untouched, and stop parsing for good: the connection
        now speaks another protocol (RFC 9110 section 7.8, CONNECT)."""


class RequestParser(MessageParser, Protocol):
    """Reads requests."""

    def next_event(self) -> RequestEvent | None:
        """The next event, or None until more is fed.

        After a request with ``keep_alive`` false nothing more is delivered and what follows is dropped.
        Raises HttpWireError where the octets break RFC 9112.
        """


class ResponseParser(MessageParser, Protocol):
    """Reads responses; octets beyond the expected one stay ``pending`` and are no error of that response."""

    def expect(self, method: str) -> None:
        """Tell the method of the request whose response comes next: HEAD and CONNECT change its framing."""

    def next_event(self) -> ResponseEvent | None:
        """The next event, or None until more is fed or a response is expected.

        Interim responses (1xx) come as heads of their own. Raises HttpWireError.
        """
