# cython: binding=True
"""One WebSocket connection in either role (RFC 6455), once the handshake is done.

    OPEN -> CLOSING (the peer's CLOSE is read) -> CLOSED
    OPEN -> CLOSED (we close, or the connection fails)

Frames are parsed as they come, whether or not anybody receives: pings are answered at once, the peer's CLOSE when it
is received, so that messages before it can still be answered. What waits to be received is bounded, and above the
bound the socket is paused.

Also compiled from this source, with the types of ``_cparser/types``.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Callable
from enum import IntEnum
from operator import getitem as field  # compiled: a type
from typing import Any, Final

from aiohttp_core._connection.arrival import Arrival  # compiled: a type
from aiohttp_core._connection.protocol import BaseProtocol  # compiled: a type
from aiohttp_core._net.timeouts import Timeout
from aiohttp_core._wire import _accel
from aiohttp_core._wire.errors import WebSocketWireError
from aiohttp_core._wire.websocket.contract import MessageReader
from aiohttp_core._wire.websocket.messages import (
    END_KINDS,
    WS_CLOSED_MESSAGE,
    WS_CLOSING_MESSAGE,
    WSCloseCode,
    WSMessage,
    WSMsgType,
)
from aiohttp_core._wire.websocket.writer import (
    MessageWriter,  # compiled: a type
    Wire,
)

MESSAGE_MEMORY: Final = 128
"""Octets that a waiting message counts for besides its own: so that empty ones are bounded too."""
HOLD_LIMIT: Final = 65536
"""Octets of small frames that are held back at the most, to leave in one piece."""
QUEUE_LIMIT: Final = 262144
"""Octets of waiting messages above which the socket is paused."""
INFLATE_AT_ONCE: Final = 4096
"""Octets of compressed messages after which what waits is looked at: they may have become a thousand times as many."""
DEFLATE_IN_THREAD: Final = 131072
"""Octets of a message from which it is compressed in a thread."""

_TEXT: Final = WSMsgType.TEXT
_BINARY: Final = WSMsgType.BINARY
_PING: Final = WSMsgType.PING
_CLOSE: Final = WSMsgType.CLOSE
_KIND: Final = 0
"""Where ``type`` and ``data`` stand in a message: a name would be looked up for each one."""
_DATA: Final = 1


class WebSocketError(Exception):
    """The peer broke the protocol; ``code`` is the close code that tells it."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(code, message)

    def __str__(self) -> str:
        return str(self.args[1])


class WSMessageTypeError(TypeError):
    """A message of another kind than the one asked for."""


class State(IntEnum):
    """Where the connection stands; the picture is above."""

    OPEN = 0
    CLOSING = 1
    CLOSED = 2


_OPEN: Final = State.OPEN
_CLOSING: Final = State.CLOSING
_CLOSED: Final = State.CLOSED


class WebSocketChannel:
    """Receives and sends messages on an upgraded connection.

    ``heartbeat``: seconds of silence before a ping; half of that may pass until anything answers it, else the
    connection fails with ``heartbeat_error``. ``close_timeout``: seconds to wait for the peer's CLOSE (None:
    no limit). ``writer_limit``: octets sent since the last wait above which a send waits for the transport.
    ``shut``: closes the transport in the role's way, with ``abort_timeout`` seconds for what was written to leave.
    ``patience``: how often CLOSED may be received before it is an error (0: always). ``close_late``: without
    ``autoclose``, a receive after the peer's CLOSE answers it.
    """

    def __init__(
        self,
        protocol: BaseProtocol,
        reader: MessageReader,
        writer: MessageWriter,
        *,
        loop: asyncio.AbstractEventLoop,
        shut: Callable[[], None],
        autoping: bool = True,
        autoclose: bool = True,
        heartbeat: float | None = None,
        heartbeat_error: type[Exception] = asyncio.TimeoutError,
        receive_timeout: float | None = None,
        close_timeout: float | None = 10.0,
        abort_timeout: float = 10.0,
        writer_limit: int = 65536,
        deflater: Any = None,
        patience: int = 0,
        close_late: bool = False,
    ) -> None:
        self._protocol = protocol
        # The same, where it is no stand-in: its attributes are asked for with each message. So with the writer.
        is_base = isinstance(protocol, BaseProtocol)
        self._base: BaseProtocol | None = protocol if is_base else None
        self._reader = reader
        self._writer = writer
        is_ours = isinstance(writer, MessageWriter)
        self._our_writer: MessageWriter | None = writer if is_ours else None
        self._loop = loop
        self._shut = shut
        self._autoping = autoping
        self._autoclose = autoclose
        self._heartbeat = heartbeat
        self._heartbeat_error = heartbeat_error
        self._receive_timeout = receive_timeout
        self._close_timeout = close_timeout
        self._abort_timeout = abort_timeout
        # Compiled, it is a machine word; "no limit" may be given as any large number, infinity too.
        self._writer_limit = int(min(writer_limit, sys.maxsize))
        self._deflater = deflater
        self._patience = patience
        self._close_late = close_late
        self._refused = 0
        self._state = _OPEN
        queue: deque[Any] = deque()
        self._queue = queue
        self._put = queue.append
        self._get = queue.popleft
        self._queued = 0
        self._stopped = False
        # Compressed octets that wait for room.
        self._unread = b""
        self._inflates = reader.inflates
        self._waiter: Arrival | None = None
        self._receive_timer: asyncio.TimerHandle | None = None
        self._peer_close: Arrival | None = None
        self._peer_closed = False
        self._lost = False
        # What the transport said when it went.
        self._loss: BaseException | None = None
        self._failure: BaseException | None = None
        self._close_code: int | None = None
        self._exception: BaseException | None = None
        self._unsent = 0
        # Frames that wait for the end of the turn, or for the last message that waits to be answered.
        self._held: list[Any] = []
        self._held_size = 0
        self._flush_planned = False
        self._sent = False
        # No send is taken any more: a CLOSE has left, or the transport is about to close.
        self._ending = False
        self._close_sent = False
        self._abort_timer: asyncio.TimerHandle | None = None
        # Held by who compresses beside the loop; all that waits for it is counted.
        self._compressing: asyncio.Lock | None = None
        self._compressions = 0
        self._late_pong: bytes | None = None
        self._pong_task: asyncio.Task[None] | None = None
        self._goodbye: asyncio.Task[bool] | None = None
        self._last_seen = 0.0
        self._ping_sent = False
        self._timer: asyncio.TimerHandle | None = None
        if heartbeat is not None:
            self._last_seen = loop.time()
            self._timer = loop.call_at(self._last_seen + heartbeat, self._beat)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._state.name} waiting={len(self._queue)}>"

    @property
    def closed(self) -> bool:
        """Whether it was closed, or given up by the heartbeat."""
        return self._state is _CLOSED or isinstance(self._failure, self._heartbeat_error)

    @property
    def closing(self) -> bool:
        """Whether a CLOSE was read or sent."""
        return self._state is not _OPEN or self._close_sent

    @property
    def transport(self) -> Any:
        return self._protocol.show_transport()

    async def send_frame(self, message: bytes, opcode: int, compress: int | None = None) -> None:
        """``send`` under the name and in the order that aiohttp's writer has."""
        await self.send(opcode, message, compress)

    @property
    def close_code(self) -> int | None:
        return self._close_code

    @property
    def exception(self) -> BaseException | None:
        return self._exception

    # What the connection delivers

    def data_received(self, data: bytes) -> None:
        if self._heartbeat is not None:
            self._last_seen = self._loop.time()
            self._ping_sent = False
        self._sent = False
        if self._inflates:
            self._unread += data
            self._read_in_pieces()
        else:
            self._read(data)
        waiter = self._waiter
        if waiter is not None and (self._queue or self._failure is not None):
            # The receiver goes on in here, and what it sends leaves before the loop looks at its sockets again.
            waiter.arrive()
        if self._stopped:
            self._protocol.pause_reading()

    def _read_in_pieces(self) -> None:
        unread = self._unread
        at = 0
        while at < len(unread) and not self._stopped:
            self._read(unread[at : at + INFLATE_AT_ONCE])
            at += INFLATE_AT_ONCE
        self._unread = unread[at:]

    def _go_on(self) -> None:
        """There is room: for what is not parsed, then for the socket."""
        self._stopped = False
        self._read_in_pieces()
        if self._stopped:
            self._protocol.pause_reading()
        else:
            self._protocol.resume_reading()

    def _read(self, data: bytes) -> None:
        messages: list[Any] = self._reader.feed(data)
        for message in messages:
            kind = field(message, _KIND)
            if kind is _TEXT or kind is _BINARY:
                if self._state is not _CLOSED:
                    self._put(message)
                    self._queued += len(field(message, _DATA)) + MESSAGE_MEMORY
            elif kind is _CLOSE:
                self._peer_closed = True
                self._close_code = message.data
                self._put(message)
                if self._peer_close is not None:
                    self._peer_close.end(None)
            elif not self._autoping:
                if self._state is not _CLOSED:
                    self._put(message)
                    self._queued += len(message.data) + MESSAGE_MEMORY
            elif kind is _PING:
                self._answer_ping(message.data)
        error = self._reader.error
        if error is not None and self._failure is None and not self._lost:
            self._violated(error)
        if self._queued > QUEUE_LIMIT:
            self._stopped = True

    def eof_received(self) -> bool | None:
        """The peer has finished sending, without a CLOSE if none was read."""
        return None

    def connection_lost(self, exc: BaseException | None) -> None:
        self._lost = True
        self._held.clear()
        self._stop_timer()
        if self._abort_timer is not None:
            self._abort_timer.cancel()
            self._abort_timer = None
        if not self._peer_closed and self._close_code is None:
            self._close_code = WSCloseCode.ABNORMAL_CLOSURE
        self._loss = exc
        if self._peer_close is not None:
            self._peer_close.end(None)
        self._wake()

    def _violated(self, error: WebSocketWireError) -> None:
        """The peer broke the protocol: tell it why at once; the application learns of it when it receives."""
        failure = WebSocketError(error.code, error.reason)
        failure.__cause__ = error
        self._close_code = error.code
        self._fail(failure, error.code)

    def _fail(self, failure: BaseException, code: int | None) -> None:
        self._failure = failure
        self._stop_timer()
        if code is not None and not self._close_sent:
            try:
                self._send_close(self._writer.close(code))
            except ConnectionError as exc:
                failure.__context__ = exc
        if self._state is _CLOSED:
            self._exception = failure
        self._shut()
        if self._peer_close is not None:
            self._peer_close.end(None)
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None:
            self._waiter.end(None)

    def _answer_ping(self, payload: bytes) -> None:
        if self._ending or not self._protocol.connected:
            return
        if not self._protocol.writing_paused:
            self._send_now(self._writer.pong(payload))
            return
        # Only the most recent ping need be answered (RFC 6455 section 5.5.3), and the peer is slow to read.
        self._late_pong = payload
        if self._pong_task is None:
            self._pong_task = self._loop.create_task(self._send_late_pong())

    async def _send_late_pong(self) -> None:
        try:
            await self._protocol.drain()
            payload = self._late_pong
            if payload is not None and not self._ending and self._protocol.connected:
                self._send_now(self._writer.pong(payload))
        except ConnectionError as exc:
            # The connection went: whoever receives is told by connection_lost.
            self._exception = self._exception or exc
        finally:
            self._late_pong = None
            self._pong_task = None

    # Heartbeat

    def _beat(self) -> None:
        self._timer = None
        heartbeat = self._heartbeat
        if heartbeat is None or self._state is _CLOSED or self._lost:
            return
        now = self._loop.time()
        if self._stopped:
            # The program is slow to receive: what the peer answers is not read.
            self._last_seen = now
        elif self._ping_sent:
            self._close_code = WSCloseCode.ABNORMAL_CLOSURE
            failure = self._heartbeat_error(f"No PONG received after {heartbeat / 2} seconds")
            self._exception = failure
            self._fail(failure, None)
            return
        due = self._last_seen + heartbeat
        if now < due:
            self._timer = self._loop.call_at(due, self._beat)
            return
        self._ping_sent = True
        self._timer = self._loop.call_at(now + heartbeat / 2, self._beat)
        if self._protocol.connected and not self._protocol.writing_paused and not self._ending:
            self._send_now(self._writer.ping())

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # Receiving

    async def receive(self, timeout: float | None = None) -> Any:
        """The next message, or one of the kinds CLOSE, CLOSING, CLOSED and ERROR that end the connection.

        Raises RuntimeError when another coroutine is receiving, asyncio.TimeoutError after ``timeout`` seconds; and,
        with ``patience``, once CLOSED was received that many times.
        """
        message = self._take()
        while message is None:
            try:
                await self._begin_wait(timeout or self._receive_timeout)
            finally:
                self._end_wait()
            # CLOSING: by us, while we waited.
            message = WS_CLOSING_MESSAGE if self._state is _CLOSED else self._take()
        kind = field(message, _KIND)
        if kind is _TEXT or kind is _BINARY:
            return message
        return await self._at_end(message) if kind in END_KINDS else message

    async def next(self) -> Any:
        """``receive``, with StopAsyncIteration at the end of the connection. Not by ``receive``: one coroutine less."""
        message = self._take()
        while message is None:
            try:
                await self._begin_wait(self._receive_timeout)
            finally:
                self._end_wait()
            # CLOSING: by us, while we waited.
            message = WS_CLOSING_MESSAGE if self._state is _CLOSED else self._take()
        kind = field(message, _KIND)
        if kind is _TEXT or kind is _BINARY:
            return message
        if kind in END_KINDS:
            await self._at_end(message)
            raise StopAsyncIteration
        return message

    def _take(self) -> Any:
        """What is there to be received, or None where that is to come."""
        if self._waiter is not None:
            raise RuntimeError("Concurrent call to receive() is not allowed")
        if self._queue and self._state is not _CLOSED:
            message = self._get()
            if field(message, _KIND) is not _CLOSE:
                self._queued -= len(field(message, _DATA)) + MESSAGE_MEMORY
                if self._stopped and self._queued < QUEUE_LIMIT // 2:
                    self._go_on()
            return message
        if self._state is not _OPEN or self._failure is not None or self._lost:
            return self._nothing_more()
        return None

    def _begin_wait(self, timeout: float | None) -> Arrival:
        """What to await until something is there; ``_end_wait`` must follow."""
        self._waiter = Arrival(self._loop)
        if timeout:
            self._receive_timer = self._loop.call_later(timeout, _time_out, self._waiter)
        return self._waiter

    def _end_wait(self) -> None:
        self._waiter = None
        if self._receive_timer is not None:
            self._receive_timer.cancel()
            self._receive_timer = None

    def _nothing_more(self) -> WSMessage:
        if self._state is _CLOSED:
            self._refused += 1
            if self._refused == self._patience:
                self._refused -= 1
                raise RuntimeError("WebSocket connection is closed.")
            return WS_CLOSED_MESSAGE
        if self._failure is not None:
            return self._received_failure(self._failure)
        if self._state is _CLOSING:
            return WS_CLOSING_MESSAGE
        self._note_loss()
        self._state = _CLOSED
        self._shut()
        return WS_CLOSED_MESSAGE

    async def _at_end(self, message: Any) -> Any:
        if message.type is _CLOSE:
            return await self._received_close(message)
        if self._close_late and message is WS_CLOSING_MESSAGE and self._state is _CLOSING:
            await self._answer_close()
            return WS_CLOSED_MESSAGE
        return message

    async def _received_close(self, message: Any) -> Any:
        self._state = _CLOSING
        self._close_code = message.data
        if self._autoclose:
            await self._answer_close()
        return message

    async def _answer_close(self) -> None:
        # The answer repeats the code (RFC 6455 section 5.5.1).
        await self._close_with(self._close_code or None, b"", True)

    def _note_loss(self) -> None:
        """The connection went without the peer's CLOSE: an end, to the receiver, of which ``exception`` tells."""
        if self._exception is None and not self._peer_closed:
            self._exception = self._protocol.lost_error("Connection lost")
            self._exception.__cause__ = self._loss

    def _received_failure(self, failure: BaseException) -> WSMessage:
        self._state = _CLOSED
        self._exception = self._exception or failure
        if self._close_code is None:
            self._close_code = WSCloseCode.ABNORMAL_CLOSURE
        self._shut()
        return WSMessage(WSMsgType.ERROR, failure, None)

    # Sending

    def _check_open(self) -> None:
        if self._state is _CLOSED or self._lost or self._ending or self._failure is not None:
            raise self._protocol.lost_error("Cannot write to closing transport")

    async def send(self, opcode: int, data: Any, compress: int | None = None) -> None:
        """Send a whole message. It leaves in one piece, and in the order of the calls.

        Raises the protocol's ``lost_error`` when the connection is closing. A CLOSE ends the sending (RFC 6455 section
        5.5.1); ``close`` then only waits for the peer's.
        """
        self._check_open()
        if opcode == _CLOSE:
            self._send_close(self._writer.frame(opcode, data))
            return
        if opcode < _CLOSE and self._deflater is not None:
            if self._compressions or (compress != 0 and len(data) >= DEFLATE_IN_THREAD):
                await self._send_in_turn(opcode, data, compress)
                return
        self._send_now(self._writer.frame(opcode, data, compress))
        if self._unsent > self._writer_limit:
            await self.drain()

    def send_text(self, data: str, compress: int | None) -> Any:
        """``send`` for a TEXT message: done at once where that can be, else the rest, to be awaited."""
        if not isinstance(data, str):
            raise TypeError(f"data argument must be str ({type(data)!r})")
        if self._deflater is not None:
            return self.send(_TEXT, data, compress)
        if self._state is _CLOSED or self._lost or self._ending or self._failure is not None:
            self._check_open()
        self._send_now(self._writer.text(data) if self._our_writer is None else self._our_writer.text(data))
        return self.drain() if self._unsent > self._writer_limit else None

    def send_binary(self, data: Any, compress: int | None) -> Any:
        """As ``send_text``, for a BINARY message."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"data argument must be byte-ish ({type(data)!r})")
        if self._deflater is not None:
            return self.send(_BINARY, data, compress)
        if self._state is _CLOSED or self._lost or self._ending or self._failure is not None:
            self._check_open()
        self._send_now(self._writer.binary(data) if self._our_writer is None else self._our_writer.binary(data))
        return self.drain() if self._unsent > self._writer_limit else None

    async def drain(self) -> None:
        """Wait until the transport takes more."""
        self._flush()
        self._unsent = 0
        await self._protocol.drain()

    async def _send_in_turn(self, opcode: int, data: Any, compress: int | None) -> None:
        """Compress a large message beside the loop; others wait, so that their order is the window's order."""
        if self._compressing is None:
            self._compressing = asyncio.Lock()
        octets = data.encode() if isinstance(data, str) else bytes(data)
        self._compressions += 1
        try:
            async with self._compressing:
                self._check_open()
                if compress != 0 and len(octets) >= DEFLATE_IN_THREAD:
                    self._send_now(self._writer.compressed_frame(opcode, await self._deflate_beside(octets)))
                else:
                    self._send_now(self._writer.frame(opcode, octets, compress))
        finally:
            self._compressions -= 1
        await self.drain()

    async def _deflate_beside(self, octets: bytes) -> bytes:
        try:
            deflated: bytes = await self._loop.run_in_executor(None, self._deflater.deflate, octets)
        except BaseException:
            # Cancelled, say. The window now holds what the peer will not get: nothing can be compressed any more.
            if self._failure is None and not self._lost:
                self._fail(self._protocol.lost_error("a message was not compressed"), WSCloseCode.INTERNAL_ERROR)
            raise
        self._check_open()
        return deflated

    def _send_now(self, wire: Wire) -> None:
        """To the transport. The first frame leaves at once; more that follow it before anything comes back leave
        together at the end of the turn, and answers to messages that came together leave together."""
        if isinstance(wire, tuple):
            self._flush()
            self._sent = True
            for piece in wire:
                self._unsent += len(piece)
                self._write(piece)
            return
        size = len(wire)
        self._unsent += size
        if not self._sent and not self._queue and not self._held:
            self._sent = True
            self._write(wire)
            return
        self._held.append(wire)
        self._held_size += size
        shown = self._protocol.transport_shown if self._base is None else self._base.transport_shown
        if shown or self._held_size > HOLD_LIMIT or not (self._sent or self._queue):
            self._flush()
        elif not self._flush_planned:
            self._flush_planned = True
            self._loop.call_soon(self._turn_over)

    def _turn_over(self) -> None:
        self._flush_planned = False
        self._sent = False
        try:
            self._flush()
        except ConnectionError as exc:
            # The connection went with what was held; connection_lost tells whoever receives.
            self._exception = self._exception or exc

    def flush(self) -> None:
        """Send what was held back."""
        self._flush()

    def flush_and_end(self) -> None:
        """Send what was held back; the connection calls this before it closes, and no send is taken after it.

        A peer that reads nothing cannot keep the connection for long.
        """
        self._ending = True
        self._stop_timer()
        if self._abort_timer is None:
            self._abort_timer = self._loop.call_later(self._abort_timeout, self._protocol.transport.abort)
        self._flush()

    def _flush(self) -> None:
        held = self._held
        if held:
            self._held = []
            self._held_size = 0
            self._write(held[0] if len(held) == 1 else b"".join(held))

    def _write(self, octets: bytes) -> None:
        transport = self._protocol.transport if self._base is None else self._base.transport
        if transport is None or transport.is_closing():
            raise self._protocol.lost_error("Cannot write to closing transport")
        transport.write(octets)

    # Closing

    def _send_close(self, frame: Any) -> None:
        """The last frame."""
        self._ending = True
        self._close_sent = True
        self._flush()
        self._write(frame)

    async def close(self, code: int = WSCloseCode.OK, message: bytes | str = b"", drain: bool = True) -> bool:
        """Close with ``code``, wait for the peer's CLOSE, and close the transport; false when it was closed before.

        A code that may not travel (RFC 6455 section 7.4) raises ValueError.
        """
        return await self._close_with(code, message, drain)

    async def _close_with(self, code: int | None, message: bytes | str, drain: bool) -> bool:
        if self._state is _CLOSED:
            return False
        if self._failure is not None:
            self._received_failure(self._failure)
            return True
        if self._lost:
            self._note_loss()
            self._state = _CLOSED
            self._shut()
            return True
        frame = None if self._close_sent else self._writer.close(code, message)
        self._state = _CLOSED
        if self._close_code is None:
            self._close_code = code
        self._stop_timer()
        self._wake()
        try:
            if frame is not None:
                self._send_close(frame)
            if not self._peer_closed:
                # Read past what waits, before anything else: the peer may read only once it has sent.
                self._queue.clear()
                self._queued = 0
                self._go_on()
            if drain and self._protocol.writing_paused and not (frame is None and self._peer_closed):
                async with Timeout(self._close_timeout):  # before Python 3.12 wait_for may swallow a cancellation
                    await self._protocol.drain()
            if not self._peer_closed:
                await self._await_peer_close()
        except asyncio.CancelledError:
            self._close_code = WSCloseCode.ABNORMAL_CLOSURE
            raise
        except (ConnectionError, asyncio.TimeoutError) as exc:
            self._close_code = WSCloseCode.ABNORMAL_CLOSURE
            self._exception = exc
        finally:
            self._queue.clear()
            self._queued = 0
            self._unread = b""
            self._shut()
        return True

    def going_away(self) -> None:
        """The server shuts down: close with 1001, and let the receiver's loop end."""
        if self._state is _OPEN and self._goodbye is None:
            self._goodbye = self._loop.create_task(self.close(WSCloseCode.GOING_AWAY))

    async def _await_peer_close(self) -> None:
        if not (self._lost or self._peer_closed):
            waiter = self._peer_close = Arrival(self._loop)
            timeout = self._close_timeout
            timer = self._loop.call_later(timeout, _time_out, waiter) if timeout else None
            try:
                await waiter
            finally:
                self._peer_close = None
                if timer is not None:
                    timer.cancel()
        if not self._peer_closed:
            self._close_code = WSCloseCode.ABNORMAL_CLOSURE
            self._note_loss()


def next_by(receive: Any) -> Callable[[Any], Any]:
    """The ``__anext__`` of a class whose ``receive`` this is."""

    def __anext__(self: Any) -> Any:
        # A subclass may have its own, and a test may have put one into the object.
        if getattr(self.receive, "__func__", None) is not receive:
            return self._next_received()
        channel = self._channel
        return (self._channel_in_use() if channel is None else channel).next()

    return __anext__


def _time_out(waiter: Arrival) -> None:
    waiter.end(asyncio.TimeoutError())


_accel.use_compiled(globals(), "websocket_channel")
