# cython: binding=True
"""The client's end of one connection: what the parser delivers becomes the answer to the request under way.

Also compiled from this source, with the types of ``_cparser/types``.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from aiohttp_core._client.deadlines import BaseTimerContext
from aiohttp_core._client.errors import (
    ClientConnectionError,
    ClientConnectionResetError,
    ClientOSError,
    ClientPayloadError,
    ServerDisconnectedError,
    SocketTimeoutError,
)
from aiohttp_core._client.read_options import DEFAULT_OPTIONS, READ_BUFFER_SIZE, ReadOptions
from aiohttp_core._connection.arrival import Arrival  # compiled: a type
from aiohttp_core._connection.body_receiver import BodyReceiver, receiver_for
from aiohttp_core._connection.errors import BadHttpMessage, ContentEncodingError
from aiohttp_core._connection.errors import translate as translate_wire
from aiohttp_core._connection.http1 import Http1Connection  # compiled: a type
from aiohttp_core._connection.landing import Landing
from aiohttp_core._connection.stream_core import StreamCore  # compiled: a type
from aiohttp_core._connection.stream_reader import EMPTY_PAYLOAD, StreamReader
from aiohttp_core._net.timeouts import deadline_of
from aiohttp_core._wire import _accel
from aiohttp_core._wire.errors import HttpWireError, IncompleteMessage, WireError
from aiohttp_core._wire.http1.messages import BodyKind, EndOfMessage, ResponseHead
from aiohttp_core._wire.http1.parser import response_parser
from aiohttp_core._wire.http1.rules import DEFAULT_LIMITS, Limits

_LENGTH: Final = BodyKind.LENGTH


class ResponseCycle(Http1Connection):
    """The machinery of ``ResponseHandler``: one connection's exchanges, in order."""

    __slots__ = (
        "_busy",
        "_closed",
        "_continue",
        "_exception",
        "_head",
        "_interim",
        "_last_read",
        "_limits",
        "_lost_by",
        "_options",
        "_payload",
        "_read_timeout_handle",
        "_receiving",
        "_should_close",
        "_timer",
        "_url",
        "_waiter",
        "_whole",
        "received",
    )

    lost_error = ClientConnectionResetError

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop, None)
        self._limits = DEFAULT_LIMITS
        self._busy = False
        self._interim = False
        self._should_close = False
        self._head: ResponseHead | None = None
        self._payload: StreamReader | None = None
        self._waiter: Arrival | None = None
        self._receiving = False
        self._exception: BaseException | None = None
        self._closed: asyncio.Future[None] | None = None
        self._continue: asyncio.Future[bool] | None = None
        self._timer: BaseTimerContext | None = None
        self._url: Any = None
        self._options = DEFAULT_OPTIONS
        self._whole: bytes | None = None
        self._lost_by: BaseException | None = None
        self._read_timeout_handle: asyncio.TimerHandle | None = None
        self._last_read = 0.0
        self.received = False
        """Whether any octet of the current answer has arrived."""

    # What the pool and the response ask

    @property
    def upgraded(self) -> bool:
        return self._upgraded is not None

    @property
    def handed_over(self) -> bool:
        """Whether what follows on this connection is another protocol's (101, or a tunnel)."""
        return self._hold or self._upgraded is not None

    @property
    def should_close(self) -> bool:
        """Whether this connection must not be used for another exchange."""
        return not self.reusable

    @property
    def reusable(self) -> bool:
        """Whether this connection is open and ready for another exchange."""
        parser = self._parser
        transport = self.transport
        return not (
            self._should_close
            or transport is None
            or parser is None
            or self._head is not None
            or self._exception is not None
            or self._hold
            or self._upgraded is not None
            or parser.mid_message
            or parser.pending > 0
            or transport.is_closing()
        )

    def is_connected(self) -> bool:
        transport = self.transport
        return transport is not None and not transport.is_closing() and not self._should_close

    @property
    def closed(self) -> asyncio.Future[None] | None:
        """A future that is done once the transport is gone; None where it is gone already."""
        if self.transport is None:
            return None
        if self._closed is None:
            self._closed = self._loop.create_future()
        return self._closed

    @property
    def options(self) -> ReadOptions:
        """How responses are read."""
        return self._options

    @property
    def read_timeout(self) -> float | None:
        return self._options.read_timeout

    @read_timeout.setter
    def read_timeout(self, read_timeout: float | None) -> None:
        self._options = replace(self._options, read_timeout=read_timeout)

    def exception(self) -> BaseException | None:
        return self._exception

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = None) -> None:
        """Fail the exchange under way: whoever waits for the response, or reads it, gets ``exc``."""
        if exc_cause is not None and exc.__cause__ is None:
            exc.__cause__ = exc_cause
        body = self._body
        self._fail(exc)
        if body is not None and not body.complete:
            self._body = None
            body.fail(exc)

    def force_close(self) -> None:
        """Do not use the connection for another exchange."""
        self._should_close = True

    def close(self) -> None:
        """Close the transport once what was written has left; half a request is not waited for."""
        self._should_close = True
        self._drop_timeout()
        if self.transport is None:
            return
        if not self.handed_over and _unsent(self.transport):
            self.transport.abort()
        else:
            self.close_transport()
            # What is not read keeps a paused transport from noticing the peer's close.
            self.resume_reading_socket()

    def abort(self) -> None:
        """Drop the transport now, with what was not sent."""
        self._should_close = True
        self._drop_timeout()
        if self.transport is not None:
            self.transport.abort()

    def resume_reading_socket(self) -> None:
        """Let the socket be read again, whoever paused it."""
        if self._reading_paused:
            self._reading_paused = False
            with suppress(AttributeError, NotImplementedError, RuntimeError):
                self.transport.resume_reading()

    # One exchange

    def set_response_params(
        self,
        *,
        timer: BaseTimerContext | None = None,
        skip_payload: bool = False,
        read_until_eof: bool = False,
        auto_decompress: bool = True,
        read_timeout: float | None = None,
        read_bufsize: int = READ_BUFFER_SIZE,
        timeout_ceil_threshold: float = 5,
        max_line_size: int = 8190,
        max_field_size: int = 8190,
        max_headers: int = 128,
    ) -> None:
        """Say how the next response is to be read."""
        self.read_as(
            timer,
            ReadOptions(
                read_until_eof,
                auto_decompress,
                read_timeout,
                read_bufsize,
                timeout_ceil_threshold,
                Limits(max_line_size, max_field_size, max_headers),
            ),
        )

    def read_as(self, timer: BaseTimerContext | None, options: ReadOptions) -> None:
        """``set_response_params`` with options that were put together before."""
        self._timer = timer
        self._options = options
        limits = options.limits
        if limits is not self._limits:
            if limits != self._limits:
                self._parser = None
            self._limits = limits

    def ask(self, method: str, url: Any, message: bytes, timer: BaseTimerContext | None, options: ReadOptions) -> None:
        """Send a whole request, on a connection that was just found to be open: ``read_as``, ``expect`` and ``write``
        in one."""
        if options.limits is not self._limits:
            self.read_as(timer, options)
        else:
            self._timer = timer
            self._options = options
        parser = self._parser
        if parser is None:
            parser = self._parser = response_parser(self._limits)
        parser.expect(method)
        self._busy = True
        self.received = False
        self._url = url
        self.transport.write(message)
        if options.read_timeout:
            self.start_timeout()

    def expect(self, method: str, url: Any = None) -> None:
        """A request with ``method`` is about to leave: its response is what comes next."""
        parser = self._parser
        if parser is None:
            parser = self._parser = response_parser(self._limits)
        parser.expect(method)
        self._busy = True
        self.received = False
        self._url = url

    def expect_continue(self) -> asyncio.Future[bool]:
        """A future that gets True at ``100 Continue``, and False at a final response without it."""
        self._continue = self._loop.create_future()
        return self._continue

    async def read(self) -> tuple[ResponseHead, StreamReader | bytes]:
        """Wait for the head of the response; its content comes by the stream. Raises as ``taken`` does."""
        waiter = self.arrival()
        if waiter is not None:
            await waiter
        return self.taken()

    def arrival(self) -> Arrival | None:
        """What to await before ``taken``; None where that need not wait."""
        if self._head is not None or self._exception is not None:
            return None
        self._waiter = waiter = Arrival(self._loop)
        return waiter

    def taken(self) -> tuple[ResponseHead, StreamReader | bytes]:
        """The head that has arrived, and the content or the stream that it comes by.

        Raises ServerDisconnectedError, ClientOSError, SocketTimeoutError, and HttpProcessingError for octets that
        are no response.
        """
        head, self._head = self._head, None
        if head is None:
            # Kept here or in this frame, it would keep by its traceback all that the request was.
            failure, self._exception = self._exception, None
            try:
                raise failure or ClientConnectionError("Connection closed")
            finally:
                del failure
        whole = self._whole
        if whole is not None:
            self._whole = None
            return head, whole
        payload, self._payload = self._payload, None
        return head, payload if payload is not None else EMPTY_PAYLOAD

    def _wake(self) -> None:
        waiter = self._waiter
        # What is being read is looked at to its end first; then whoever waits goes on in there.
        if waiter is not None and not self._receiving:
            self._waiter = None
            waiter.end(None)

    def _fail(self, exc: BaseException) -> None:
        if self._exception is None:
            self._exception = exc
        self._should_close = True
        if self._continue is not None and not self._continue.done():
            self._continue.set_result(False)
        self._wake()

    # What the parser delivers

    def data_received(self, data: bytes) -> None:
        if not self._busy and self._upgraded is None:
            # Nobody asked for this: a response sent now would be taken for the answer to the next request.
            self._should_close = True
            self.close_transport()
            return
        self.received = True
        if self._read_timeout_handle is not None:
            self._last_read = self._loop.time()
        if self._upgraded is not None or self._body is not None or self._hold:
            Http1Connection.data_received(self, data)
            return
        self._parser.feed(data)
        waiter = self._waiter
        if waiter is None:
            self._pump()
            return
        self._receiving = True
        try:
            self._receive_head()
        finally:
            self._receiving = False
        if self._head is not None or self._exception is not None:
            self._waiter = None
            waiter.arrive()

    def land(self, reader: StreamCore, missing: int) -> Landing | None:
        """As of any connection; a program's own ``data_received`` sees all octets."""
        if type(self).data_received is not ResponseCycle.data_received:
            return None
        return Http1Connection.land(self, reader, missing)

    def landed(self, landing: Landing, count: int) -> None:
        if self._read_timeout_handle is not None:
            self._last_read = self._loop.time()
        Http1Connection.landed(self, landing, count)

    def _receive_head(self) -> None:
        parser = self._parser
        if parser.mid_message:
            self._pump()
            return
        # As the shared pump; a small response that came in one piece is taken without a stream.
        self._pumping = True
        try:
            head = parser.next_event()
            if head is None:
                return
            if (
                head.body is not _LENGTH
                or head.status < 200
                or (head.fields.first(b"content-encoding") is not None and self._options.auto_decompress)
            ):
                self._body = self.head_received(head)
                if not head.body:
                    self._body = None
                    self.message_received()
            else:
                content = parser.next_event()
                if type(content) is bytes:
                    end = parser.next_event()
                    if type(end) is EndOfMessage:
                        self._take_whole(head, content)
                        return
                    self._begin_stream(head, (content, end))
                else:
                    self._begin_stream(head, ())
        except HttpWireError as exc:
            self._wire_failed(exc)
            return
        finally:
            self._pumping = False
        if self._body is not None or (self._busy and not self._hold):
            self._pump()

    def _take_whole(self, head: ResponseHead, content: bytes) -> None:
        """A response with Content-Length of which all is there."""
        if self._continue is not None and not self._continue.done():
            self._continue.set_result(False)
        if not head.keep_alive:
            self._should_close = True
        self._whole = content
        self._head = head
        self._busy = False
        self._timer = self._url = None
        if self._read_timeout_handle is not None:
            self._drop_timeout()

    def _begin_stream(self, head: ResponseHead, pieces: tuple[Any, ...]) -> None:
        """A response with Content-Length of which more is to come."""
        body = self._body = self.head_received(head)
        if body is not None:
            for piece in pieces:
                if type(piece) is bytes:
                    body.data(piece)

    def head_received(self, head: ResponseHead) -> BodyReceiver | None:
        if head.informational:
            self._interim = True
            if head.status == 100 and self._continue is not None and not self._continue.done():
                self._continue.set_result(True)
            return None
        if self._continue is not None and not self._continue.done():
            self._continue.set_result(False)
        if not head.keep_alive:
            self._should_close = True
        receiver: BodyReceiver | None = None
        kind = head.body
        if kind is BodyKind.UNTIL_EOF:
            self._should_close = True
        if head.status == 101 or (kind is BodyKind.NONE and head.upgrade):
            # The octets behind it are another protocol's.
            self.hold()
            payload = EMPTY_PAYLOAD
        elif not kind or (kind is BodyKind.UNTIL_EOF and not self._options.read_until_eof):
            payload = EMPTY_PAYLOAD
        else:
            payload = StreamReader(self, self._options.bufsize, timer=self._timer, loop=self._loop)
            receiver = self._receiver(head, payload)
        self._head = head
        self._payload = payload
        self._wake()
        return receiver

    def _receiver(self, head: ResponseHead, payload: StreamReader) -> BodyReceiver:
        if not self._options.auto_decompress or head.fields.first(b"content-encoding") is None:
            if head.body is _LENGTH and head.content_length <= sys.maxsize:  # type: ignore[operator]
                payload._length = head.content_length  # type: ignore[assignment]
            return BodyReceiver(payload)
        try:
            # A list may stand in several fields (RFC 9110 section 5.3).
            return receiver_for(payload, ", ".join(head.headers.getall("Content-Encoding")))
        except ValueError as exc:
            receiver = BodyReceiver(payload)
            error = ContentEncodingError(str(exc))
            receiver.fail(_payload_error(error, None, self._url), error)
            self._should_close = True
            return _Dropped(payload)

    def message_received(self) -> None:
        if self._interim:
            # The final response is still to come.
            self._interim = False
        elif not self._hold:
            self._finished()

    def _finished(self) -> None:
        self._busy = False
        self._drop_timeout()
        self._timer = None
        self._url = None

    def receiving_failed(self, exc: WireError) -> None:
        self._drop_timeout()
        if (
            isinstance(exc, IncompleteMessage)
            and self._head is None
            and self._body is None
            and self._waiter is not None
        ):
            # The head was not complete: to the program, the server went before it answered.
            disconnected = ServerDisconnectedError()
            disconnected.__cause__ = exc
            self._fail(disconnected)
            return
        cause = exc.__cause__ if exc.__cause__ is not None else exc
        error = translate_wire(cause if isinstance(cause, Exception) else exc)
        if isinstance(error, BadHttpMessage) or self.transport is None:
            self._fail(error)
        else:
            self._fail(BadHttpMessage(str(exc)))
        self.close_transport()

    def translate(self, exc: Exception) -> BaseException:
        return _payload_error(translate_wire(exc), self._lost_by, self._url)

    def translate_later(self) -> Callable[[Exception], BaseException]:
        url = self._url
        return lambda exc: _payload_error(translate_wire(exc), None, url)

    def discard_body(self) -> None:
        self._should_close = True
        Http1Connection.discard_body(self)

    def eof_received(self) -> bool | None:
        if not self._busy:
            self._should_close = True
        return Http1Connection.eof_received(self) if self._parser is not None or self._upgraded is not None else None

    def connection_lost(self, exc: BaseException | None) -> None:
        self._drop_timeout()
        self._should_close = True
        closed, self._closed = self._closed, None
        if closed is not None and not closed.done():
            closed.set_result(None)
        waiting = self._busy and self._head is None and self._payload is None
        self._lost_by = exc
        if self._busy or self._upgraded is not None:
            Http1Connection.connection_lost(self, exc)
        else:
            self._parser = None
            Http1Connection.connection_lost(self, exc)
        self._lost_by = None
        if waiting and self._exception is None and self._head is None:
            self._fail(self._lost(exc))
        elif waiting and self._head is None and isinstance(self._exception, BadHttpMessage) and not self.received:
            self._exception = self._lost(exc)
        elif self._exception is None:
            self._exception = ClientConnectionError("Connection closed")
        # Whatever has gone wrong before, nobody waits any longer.
        self._wake()
        if self._continue is not None and not self._continue.done():
            self._continue.set_result(False)

    @staticmethod
    def _lost(exc: BaseException | None) -> BaseException:
        if exc is None:
            return ServerDisconnectedError()
        lost = ClientOSError(*exc.args) if isinstance(exc, OSError) else ClientConnectionError(str(exc))
        lost.__cause__ = exc
        return lost

    # Waiting for octets

    def start_timeout(self) -> None:
        """The request has left: from now on the peer has ``read_timeout`` seconds each time."""
        timeout = self._options.read_timeout
        if not timeout:
            return
        self._last_read = self._loop.time()
        if self._read_timeout_handle is None and self._busy:
            self._read_timeout_handle = self._loop.call_at(
                deadline_of(self._loop, timeout, self._options.ceil_threshold), self._on_read_timeout
            )

    def _drop_timeout(self) -> None:
        handle = self._read_timeout_handle
        if handle is not None:
            self._read_timeout_handle = None
            handle.cancel()

    def _on_read_timeout(self) -> None:
        self._read_timeout_handle = None
        timeout = self._options.read_timeout
        if not timeout:
            return
        # A timer is not moved at each read, but looked at when it fires.
        left = self._last_read + timeout - self._loop.time()
        if self._reading_paused or (self._body is not None and self._body.full()):
            # It is the program that takes its time.
            left = timeout
        if left > 0:
            self._read_timeout_handle = self._loop.call_later(left, self._on_read_timeout)
            return
        error = SocketTimeoutError("Timeout on reading data from socket")
        body, self._body = self._body, None
        self._fail(error)
        if body is not None and not body.complete:
            body.fail(error)
        if self.transport is not None:
            self.transport.abort()

    def resume_reading(self, resume_parser: bool = True) -> None:
        if self._read_timeout_handle is not None:
            self._last_read = self._loop.time()
        Http1Connection.resume_reading(self, resume_parser)


def _payload_error(error: BaseException, lost_by: BaseException | None, url: Any) -> ClientPayloadError:
    why = repr(error) if lost_by is None else f"{error!r}. {lost_by!r}"
    failure = ClientPayloadError(f"Response payload is not completed: {why} (from {url})")
    failure.__cause__ = error
    return failure


def _unsent(transport: Any) -> bool:
    """Whether octets that were written are still here."""
    with suppress(AttributeError, NotImplementedError):
        return bool(transport.get_write_buffer_size() > 0)
    return False


class _Dropped(BodyReceiver):
    """A receiver whose stream has failed: what comes is dropped."""

    __slots__ = ()

    def data(self, data: bytes) -> None:
        """Drop it."""

    def chunks(self, chunks: Any) -> None:
        """Drop it."""

    def end(self, end: Any) -> None:
        self.complete = True


_accel.use_compiled(globals(), "client_protocol")
