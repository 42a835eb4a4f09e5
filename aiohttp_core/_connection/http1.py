"""One HTTP/1 connection in either role: parser events to heads and streams, with back-pressure to the socket.

The roles say what a head means (``head_received``), when the next message may be read (``hold``), and what an
error is to the program (``translate``). Nothing is parsed ahead: while a role holds or a stream is full, octets stay
unparsed, and above ``PENDING_LIMIT`` the socket is paused. Of a large content that is waited for as a whole the rest
goes past the parser (``land``).

Also compiled from this source, with the types of ``_cparser/types``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from aiohttp_core._connection.body_receiver import BodyReceiver  # compiled: a type
from aiohttp_core._connection.landing import Landing
from aiohttp_core._connection.protocol import BaseProtocol  # compiled: a type
from aiohttp_core._connection.stand_in import Direct
from aiohttp_core._connection.stream_core import StreamCore  # compiled: a type
from aiohttp_core._semantics.compression import CodingError
from aiohttp_core._wire import _accel
from aiohttp_core._wire.errors import HttpWireError, IncompleteMessage, WireError
from aiohttp_core._wire.http1.contract import RequestParser, ResponseParser
from aiohttp_core._wire.http1.messages import Chunks, EndOfMessage, RequestHead, ResponseHead

PENDING_LIMIT: Final = 2**18
"""Octets that wait for a role or a full stream before the socket is paused: as many as a loop reads at once. To pause
and resume it costs more than to keep them, and most often the reader is about to run."""
_ENDED: Final = object()
"""Stands for what had the connection, once both are gone."""


class Http1Connection(BaseProtocol):
    """The part of a connection that both roles share; also what its streams pause and resume."""

    __slots__ = ("_body", "_hold", "_landing", "_parser", "_pumping", "_socket_eof", "_upgraded")

    def __init__(self, loop: asyncio.AbstractEventLoop, parser: RequestParser | ResponseParser | None) -> None:
        super().__init__(loop)
        self._parser: Any = parser
        self._body: BodyReceiver | None = None
        self._landing: Landing | None = None
        self._hold = False
        self._pumping = False
        self._socket_eof = False
        # What takes the octets once another protocol has the connection.
        self._upgraded: Any = None

    # What the roles decide

    def head_received(self, head: Any) -> BodyReceiver | None:
        """Take a head and give the receiver of its content (None where it has none, or to drop it)."""
        raise NotImplementedError

    def message_received(self) -> None:
        """The content of the last head is complete. Called for heads without content too."""

    def delivered(self) -> None:
        """All that was there has been delivered; what is written meanwhile leaves together after this."""

    def receiving_failed(self, exc: WireError) -> None:
        """What the peer sent cannot be read any further; called after the body stream was failed."""
        raise NotImplementedError

    def translate(self, exc: Exception) -> BaseException:
        """``exc``, a WireError or CodingError, as what the reader of the content gets."""
        return exc

    def translate_later(self) -> Callable[[Exception], BaseException]:
        """``translate`` for a content that is decoded when the connection may have gone on to another message."""
        return self.translate

    # Reading

    def data_received(self, data: bytes) -> None:
        if self._upgraded is not None:
            self._upgraded.data_received(data)
            return
        self._parser.feed(data)
        if self._hold or (self._body is not None and self._body.full()):
            if self._parser.pending > PENDING_LIMIT:
                BaseProtocol.pause_reading(self)
            return
        if self._landing is not None:
            # Not by the transport: what has landed comes first.
            self._landing.end()
        self._deliver()

    def _deliver(self) -> None:
        """``_pump``; who reads the content goes on when all is delivered, within this."""
        body = self._body
        if body is None:
            self._pump()
            return
        reader = body.reader
        reader.begin_delivery()
        try:
            self._pump()
        finally:
            reader.end_delivery()

    def land(self, reader: StreamCore, missing: int) -> Landing | None:
        """Let the ``missing`` octets of the content ``reader`` waits for go into place, where the transport can."""
        body, parser, transport = self._body, self._parser, self.transport
        if body is None or body.reader is not reader or self._reading_paused or parser.missing != missing:
            return None
        try:
            if transport.get_protocol() is not self:
                return None
        except (AttributeError, NotImplementedError):
            return None
        try:
            landing = Landing(self, reader, missing)
        except MemoryError:
            # The length is the peer's word: perhaps not so many will come.
            return None
        try:
            transport.set_protocol(landing)
        except (AttributeError, NotImplementedError):
            return None
        landing.begin()
        self._landing = landing
        return landing

    def landed(self, landing: Landing, count: int) -> None:
        """``count`` octets went into place; the last of them may be one behind the content."""
        parser = self._parser
        missing = parser.missing
        content = min(count, missing)
        parser.skip(content)
        landing.reader.total_bytes += content
        if content == missing:
            behind = landing.end()
            if behind:
                parser.feed(behind)
            self._deliver()

    def landing_ended(self) -> None:
        """What comes from now on is for this connection again, or for a program that has put in its own protocol."""
        landing, self._landing = self._landing, None
        if self.connected and self.transport.get_protocol() is landing:
            self.transport.set_protocol(self)

    def eof_received(self) -> bool | None:
        """The peer has finished sending; what it sent is still answered."""
        self._socket_eof = True
        if self._upgraded is not None:
            result: bool | None = self._upgraded.eof_received()
            return result
        self._parser.feed_eof()
        if not self._hold:
            self._pump()
        return None

    def hold(self) -> None:
        """Parse nothing further until ``release_hold``."""
        self._hold = True

    def release_hold(self) -> None:
        """Go on parsing, with what waits first."""
        self._hold = False
        if not self._pumping:
            self._pump()
        self._resume_socket()

    def _pump(self, last: bool = False) -> None:
        """Deliver what has been fed, until a role holds, a stream is full (the ``last`` time: even then) or more is
        needed."""
        if self._upgraded is not None or self._parser is None:
            return
        parser = self._parser
        self._pumping = True
        self.cork()
        try:
            while not self._hold and self._upgraded is None:
                body = self._body
                if body is not None and body.full() and not last:
                    break
                event = parser.next_event()
                if event is None:
                    break
                kind = type(event)
                if kind is bytes:
                    if body is not None:
                        body.data(event)
                elif kind is Chunks:
                    if body is not None:
                        body.chunks(event)
                elif kind is RequestHead or kind is ResponseHead:
                    self._body = self.head_received(event)
                    if not event.body:
                        self._body = None
                        self.message_received()
                elif kind is EndOfMessage:
                    self._end_of_body(event)
        except CodingError as exc:
            self._coding_failed(exc)
        except HttpWireError as exc:
            self._wire_failed(exc)
        except BaseException as exc:
            # None of the peer's making: some of the content may be lost, and the rest must not be taken for all of it.
            body, self._body = self._body, None
            if body is not None:
                body.fail(exc)
            raise
        finally:
            self._pumping = False
            try:
                self.delivered()
            finally:
                self.uncork()

    def _end_of_body(self, end: EndOfMessage) -> None:
        body = self._body
        if body is not None:
            body.end(end)
            self._body = None
            if not body.complete:
                body.detach(self.translate_later())
        self.message_received()

    def _coding_failed(self, exc: CodingError) -> None:
        body, self._body = self._body, None
        if body is not None:
            body.fail(self.translate(exc), exc)
        self.receiving_failed(WireError(str(exc)))

    def _wire_failed(self, exc: HttpWireError) -> None:
        body, self._body = self._body, None
        if body is not None:
            body.fail(self.translate(exc), exc)
        self.receiving_failed(exc)
        # The parser keeps it, and the frames of its traceback know the parser and this connection.
        exc.__traceback__ = None

    # Back-pressure: the body stream calls these

    def pause_reading(self) -> None:
        """The stream is full: what comes now waits in the parser, which is why nothing is done here. Another protocol
        stops the socket itself."""
        if self._upgraded is not None:
            BaseProtocol.pause_reading(self)

    def resume_reading(self, resume_parser: bool = True) -> None:
        """The stream has room: first for what is still coded, then for what is not parsed, then for the socket."""
        body = self._body
        if body is not None:
            try:
                body.resume()
            except CodingError as exc:
                self._coding_failed(exc)
        if self._upgraded is None and not self._hold and not self._pumping:
            self._pump()
        self._resume_socket()

    def _resume_socket(self) -> None:
        if not self._reading_paused:
            return
        body = self._body
        if self._upgraded is None:
            if body is not None and body.full():
                return
            if self._hold and self._parser is not None and self._parser.pending > PENDING_LIMIT:
                return
        BaseProtocol.resume_reading(self)

    # Other protocols on this connection

    def upgrade(self, receiver: Any) -> bytes:
        """Give the connection to ``receiver`` (``data_received``, ``eof_received``, ``connection_lost``; where it keeps
        back what it sends, ``flush`` and ``flush_and_end``); the octets that came behind the last message are returned,
        unread."""
        # What was answered so far leaves first, whatever writes to the transport from now on.
        self.uncork()
        self._upgraded = receiver
        rest: bytes = self._parser.take_rest()
        self._hold = False
        super().resume_reading()
        try:
            self.transport.set_protocol(Direct(self, receiver))
        except (AttributeError, NotImplementedError):
            # A transport that keeps its protocol: the octets go through this connection.
            self._upgraded = receiver
        return rest

    def show_transport(self) -> Any:
        """``BaseProtocol.show_transport``; what the other protocol has sent but keeps back leaves first."""
        if self._upgraded is not None and self.connected:
            flush = getattr(self._upgraded, "flush", None)
            if flush is not None:
                flush()
        return super().show_transport()

    def close_transport(self) -> None:
        """``BaseProtocol.close_transport``; what the other protocol has sent but keeps back leaves first."""
        if self._upgraded is not None and self.connected:
            flush_and_end = getattr(self._upgraded, "flush_and_end", None)
            if flush_and_end is not None:
                flush_and_end()
        super().close_transport()

    def discard_body(self) -> None:
        """Drop what still comes of the current message; ``message_received`` tells its end."""
        self._body = None
        if self._upgraded is None and not self._hold and not self._pumping:
            self._pump()
        self._resume_socket()

    def connection_lost(self, exc: BaseException | None) -> None:
        upgraded = self._upgraded
        if upgraded is not None:
            super().connection_lost(exc)
            # It knows this connection: without this each would wait for the garbage collector.
            self._upgraded = _ENDED
            upgraded.connection_lost(exc)
            return
        parser = self._parser
        if parser is not None:
            parser.feed_eof()
            if not self._hold and not self._pumping:
                # The rest of a message that has arrived is not lost for a reader who was slow.
                self._pump(True)
        body, self._body = self._body, None
        if body is not None and not body.complete:
            lost = IncompleteMessage("the connection was lost in the middle of a message")
            lost.__cause__ = exc
            body.fail(self.translate(lost), exc or lost)
        super().connection_lost(exc)


_accel.use_compiled(globals(), "http1_connection")
