"""The server's end of one connection: requests in, handlers run in order, responses out.

    IDLE -> RECEIVING (head is there) -> HANDLING (response not finished) -> IDLE
                                               |-> LINGERING (the rest of an unread body) -> IDLE
    any -> CLOSING

One request is handled at a time; while one is, octets behind it stay unparsed (``hold``).

Also compiled from this source, with the types of ``_cparser/types``.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from aiohttp_core._body.errors import MultipartError
from aiohttp_core._connection.body_receiver import BodyReceiver, receiver_for
from aiohttp_core._connection.errors import HttpProcessingError, translate
from aiohttp_core._connection.http1 import Http1Connection  # compiled: a type
from aiohttp_core._connection.stream_reader import EMPTY_PAYLOAD, StreamReader
from aiohttp_core._connection.stream_writer import StreamWriter
from aiohttp_core._connection.websocket import WebSocketChannel
from aiohttp_core._semantics.deprecations import warn_caller
from aiohttp_core._semantics.versions import HttpVersion10, HttpVersion11
from aiohttp_core._server.access_log import AbstractAccessLogger
from aiohttp_core._server.drive import Driver
from aiohttp_core._server.error_pages import error_page
from aiohttp_core._server.errors import RequestPayloadError, printable
from aiohttp_core._server.exceptions import HTTPBadRequest, HTTPException, HTTPInternalServerError
from aiohttp_core._server.request import BaseRequest
from aiohttp_core._server.response import Response, StreamResponse
from aiohttp_core._server.tcp import tcp_keepalive as set_tcp_keepalive
from aiohttp_core._wire import _accel
from aiohttp_core._wire.errors import HttpWireError, WireError
from aiohttp_core._wire.http1.messages import BodyKind, Fields, RequestHead
from aiohttp_core._wire.http1.parser import request_parser
from aiohttp_core._wire.http1.rules import Limits

if TYPE_CHECKING:
    from aiohttp_core._server.server import Server

BAD_REQUEST_HEAD: Final = RequestHead("UNKNOWN", "/", HttpVersion10, Fields(()), BodyKind.NONE, None, False, False)
"""What a request that could not be read is shown as."""


CANCELLED_TIME: Final = 1.0
"""Seconds that a cancelled handler has at least to clean up."""

_GONE: Final = Response()
"""Stands for the response of a connection that is gone."""
_MISSING_RETURN: Final = "Missing return statement on request handler"


class Phase(IntEnum):
    """Where the connection stands; the picture is above."""

    IDLE = 0
    RECEIVING = 1
    HANDLING = 2
    LINGERING = 3
    CLOSING = 4


_IDLE: Final = Phase.IDLE
_RECEIVING: Final = Phase.RECEIVING
_HANDLING: Final = Phase.HANDLING
_LINGERING: Final = Phase.LINGERING
_CLOSING: Final = Phase.CLOSING


@dataclass(frozen=True)
class ConnectionOptions:
    """What a connection is told, with ``RequestHandler``'s defaults."""

    keepalive_timeout: float
    tcp_keepalive: bool
    logger: logging.Logger
    access_log_class: type[AbstractAccessLogger]
    access_log: logging.Logger | None
    access_log_format: str
    debug: bool
    max_line_size: int
    max_headers: int
    max_field_size: int
    lingering_time: float
    read_bufsize: int
    auto_decompress: bool
    timeout_ceil_threshold: float


class RequestCycle(Http1Connection):
    """The machinery of ``RequestHandler``: one connection's requests, in order."""

    __slots__ = (
        "_access_log_enabled",
        "_auto_decompress",
        "_closing",
        "_current_request",
        "_driver",
        "_error",
        "_keepalive",
        "_keepalive_timeout",
        "_lingering",
        "_lingering_time",
        "_manager",
        "_phase",
        "_read_bufsize",
        "_received",
        "_tcp_keepalive",
        "_timeout_ceil_threshold",
        "_waiting",
        "access_log",
        "access_logger",
        "debug",
        "idle_deadline",
        "logger",
        "max_field_size",
        "max_headers",
        "max_line_size",
    )

    def __init__(self, manager: Server, loop: asyncio.AbstractEventLoop, options: ConnectionOptions) -> None:
        limits = Limits(options.max_line_size, options.max_field_size, options.max_headers)
        super().__init__(loop, request_parser(limits))
        self._manager: Server | None = manager
        self._keepalive_timeout = options.keepalive_timeout
        self._tcp_keepalive = options.tcp_keepalive
        self._lingering_time = float(options.lingering_time)
        self._read_bufsize = options.read_bufsize
        self._auto_decompress = options.auto_decompress
        self._timeout_ceil_threshold = options.timeout_ceil_threshold
        self.max_line_size = options.max_line_size
        self.max_headers = options.max_headers
        self.max_field_size = options.max_field_size
        self.logger = options.logger
        self.debug = options.debug
        self.access_log = options.access_log
        self.access_logger: AbstractAccessLogger | None = None
        if options.access_log:
            self.access_logger = options.access_log_class(options.access_log, options.access_log_format)
        self._access_log_enabled = self.access_logger is not None and self.access_logger.enabled
        self._phase = _IDLE
        # Loop time after which an idle connection is closed; 0 while there is something to do, below 0 since it became
        # idle until the server looks.
        self.idle_deadline = 0.0
        self._driver: Driver | None = None
        self._waiting: tuple[RequestHead, StreamReader] | None = None
        self._received = True
        self._current_request: BaseRequest | None = None
        self._keepalive = False
        self._closing = False
        self._error: HttpWireError | WireError | None = None
        self._lingering: asyncio.TimerHandle | None = None

    def __repr__(self) -> str:
        where = "connected" if self.transport is not None else "disconnected"
        return f"<{type(self).__name__} {self._phase.name} {where}>"

    # What others see

    @property
    def keepalive_timeout(self) -> float:
        return self._keepalive_timeout

    @property
    def closing(self) -> bool:
        """Whether the connection ends after the current response."""
        return self._closing

    @property
    def ssl_context(self) -> Any:
        """The SSLContext of the connection, or None."""
        return None if self.transport is None else self.transport.get_extra_info("sslcontext")

    @property
    def peername(self) -> str | tuple[str, int, int, int] | tuple[str, int] | None:
        return None if self.transport is None else self.transport.get_extra_info("peername")

    @property
    def sockname(self) -> str | tuple[str, int, int, int] | tuple[str, int] | None:
        return None if self.transport is None else self.transport.get_extra_info("sockname")

    # Life

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._tcp_keepalive:
            set_tcp_keepalive(transport)
        manager = self._manager
        if manager is not None:
            manager.connection_made(self, self.transport)
        self._driver = Driver(self._loop, self.force_close)
        self._become_idle()

    def connection_lost(self, exc: BaseException | None) -> None:
        manager, self._manager = self._manager, None
        if manager is None:
            return
        manager.connection_lost(self, exc)
        self._closing = True
        super().connection_lost(exc)
        self._stop_lingering()
        if self._driver is not None:
            self._driver.close(manager.handler_cancellation)
        self._phase = _CLOSING

    def eof_received(self) -> bool | None:
        """The client has finished sending; it may still read, so what it sent is answered first."""
        result = super().eof_received()
        if self._upgraded is not None:
            return result
        manager = self._manager
        if manager is None or manager.handler_cancellation:
            # Nothing tells a client that is gone from one that only has no more to say.
            return None
        if self.ssl_context is not None:
            # TLS transports close all the same, and warn of being told otherwise.
            return None
        # Held while idle: the client does not read its answers, and more of its requests may wait for that.
        return self._hold or self._phase in (_RECEIVING, _HANDLING)

    def close(self) -> None:
        """Close the connection: now when it is idle, otherwise after the current request."""
        self._closing = True
        if self._phase in (_IDLE, _LINGERING):
            self.force_close()

    def force_close(self) -> None:
        """Close the connection now; a handler that runs is not cancelled."""
        self._closing = True
        self._phase = _CLOSING
        self.uncork()
        self.close_transport()

    async def shutdown(self, timeout: float | None = 15.0) -> None:
        """Let the current request finish for ``timeout`` seconds, then cancel its handler and let that end for as long
        again; close."""
        self._closing = True
        if isinstance(self._upgraded, WebSocketChannel):
            # Not before: ``on_shutdown`` may close them with a code of the program's.
            self._upgraded.going_away()
        driver = self._driver
        if driver is not None and driver.busy and driver.task is not asyncio.current_task():
            await asyncio.wait({driver.task}, timeout=timeout)
            if not driver.task.done():
                request = self._current_request
                if request is not None:
                    request._cancel(asyncio.CancelledError())
                driver.task.cancel()
                # Not awaited by itself: a handler that goes on all the same must not hold up the end.
                await asyncio.wait({driver.task}, timeout=None if timeout is None else max(timeout, CANCELLED_TIME))
        if driver is not None and not driver.task.done() and driver.task is not asyncio.current_task():
            driver.task.cancel()
        self.force_close()

    async def start(self) -> None:
        """Wait for the connection's task; the requests are handled by themselves."""
        if self._driver is not None:
            await asyncio.wait({self._driver.task})

    def keep_alive(self, val: bool) -> None:
        """Say whether the connection may go on after the current response."""
        self._keepalive = val

    def set_parser(self, parser: Any, data_received_cb: Callable[[], None] | None = None) -> None:
        """Give the connection to ``parser`` (``feed_data``, ``feed_eof``), as upgrades in aiohttp's shape do."""
        rest = self.upgrade(_FeedAdapter(parser, data_received_cb))
        if rest:
            parser.feed_data(rest)

    # Requests

    def delivered(self) -> None:
        """A head whose content is still on its way: its handler starts now."""
        if self._waiting is not None:
            self._begin()

    def head_received(self, head: RequestHead) -> BodyReceiver | None:
        self._become_busy()
        self._received = False
        if not head.body:
            self._waiting = (head, EMPTY_PAYLOAD)
            return None
        reader = StreamReader(self, self._read_bufsize, loop=self._loop)
        self._waiting = (head, reader)
        coding = head.fields.first(b"content-encoding") if self._auto_decompress else None
        if coding is None:
            return BodyReceiver(reader)
        try:
            # A list may stand in several fields (RFC 9110 section 5.3).
            return receiver_for(reader, ", ".join(head.headers.getall("Content-Encoding")))
        except ValueError as exc:
            self._waiting = None
            raise HttpWireError(str(exc), coding) from exc

    def message_received(self) -> None:
        self._received = True
        if self._phase is _LINGERING:
            self._stop_lingering()
            self._next_request()
            return
        self.hold()
        if self._waiting is not None:
            self._begin()

    def _begin(self) -> None:
        """Run the handler of the request that waits."""
        waiting, self._waiting = self._waiting, None
        manager, driver = self._manager, self._driver
        if waiting is None or manager is None or driver is None:
            return
        head, payload = waiting
        self._phase = _HANDLING
        manager.requests_count += 1
        writer = None if manager.lazy_writers else StreamWriter(self, self._loop)
        request = manager.request_factory(head, payload, self, writer, driver.task)
        self._current_request = request
        self._keepalive = head.keep_alive
        handler = manager.request_handler if head is not BAD_REQUEST_HEAD else self._refuse
        # Whether a whole response may leave in one step: the connection goes on, and the content is wanted.
        plain = (
            head.keep_alive
            and head.version is HttpVersion11
            and head.method != "HEAD"
            and head.method != "CONNECT"
            and head is not BAD_REQUEST_HEAD
        )
        driver.run(self._serve(request, handler, plain))

    async def _serve(self, request: BaseRequest, handler: Callable[[Any], Any], plain: bool) -> None:
        start = time.monotonic() if self._access_log_enabled else None
        failed = False
        try:
            try:
                response: Any = await handler(request)
                sent = plain and self._send_at_once(request, response)
                if not sent:
                    response, failed = await self.finish_response(request, response, start)
            except Exception as exc:  # noqa: BLE001  (answered and logged)
                response = self._answer_to(request, exc)
                sent = plain and response is not _GONE and self.connected and self._send_at_once(request, response)
                if not sent:
                    response, failed = await self.finish_response(request, response, start)
            if sent and start is not None:
                self.log_access(request, response, start)
            keep_alive = sent or (not failed and response.keep_alive)
        except Exception:  # noqa: BLE001  (logged)
            # Not the handler's: that of a program's access logger or of the log.
            self.log_exception("Unhandled exception")
            self._current_request = None
            self.force_close()
            return
        except BaseException as exc:
            # Cancellation, or what ends a program: the connection ends with its task.
            if isinstance(exc, asyncio.CancelledError):
                self._log_cancelled(request)
            request._finish()
            self._current_request = None
            self.force_close()
            raise
        self._current_request = None
        if request.attended:
            # The frames of its traceback know the request.
            request._fault = None
        if not keep_alive or not self._keepalive or self._closing or self._upgraded is not None:
            if self._received or self.transport is None or failed or self._upgraded is not None:
                self.force_close()
            else:
                self._closing = True
                self._linger()
        elif self._received:
            self._next_request()
        else:
            self._linger()

    def _send_at_once(self, request: BaseRequest, response: Any) -> bool:
        """Send the plainest of answers in one step; false where this is none."""
        if type(response) is not Response or self._closing or request._writer is not None or request.attended:
            return False
        try:
            message = response.whole_message()
        except (TypeError, ValueError):
            # What may not be sent: the long way tells of it.
            return False
        if message is None:
            return False
        self.write(message)
        return True

    def _log_cancelled(self, request: BaseRequest) -> None:
        if self.debug:
            self.log_debug("Ignored premature client disconnection of %s", request)

    def _answer_to(self, request: BaseRequest, exc: Exception) -> Any:
        """The response to what a handler raised; _GONE where there is nobody to answer."""
        if isinstance(exc, HTTPException):
            # The frames of its traceback know it: without this each 404 would wait for the garbage collector.
            exc.__traceback__ = None
            return exc.as_response()
        if isinstance(exc, asyncio.TimeoutError):
            self.log_debug("Request handler timed out.", exc_info=exc)
            return self._failure(request, 504)
        answer = self._after_exception(request, exc)
        if isinstance(exc, RequestPayloadError):
            # The request's stream keeps it, and the frames of its traceback know both.
            exc.__traceback__ = None
        return answer

    def _after_exception(self, request: BaseRequest, exc: Exception) -> StreamResponse:
        """The answer to what a handler let pass: 400 where the client is at fault, 500 for the rest."""
        if isinstance(exc, self.lost_error) or (
            self.transport is None and isinstance(exc, (ConnectionError, RequestPayloadError))
        ):
            self.log_debug("The client went away: %s", exc)
            return _GONE
        if exc is request._fault:
            self.log_debug("Bad request from %s: %s", request.remote, exc)
            return HTTPBadRequest(text=printable(exc)).as_response()
        if isinstance(exc, (RequestPayloadError, MultipartError)):
            return self._failure(request, 400, exc, str(exc))
        return self._failure(request, 500, exc)

    def _failure(
        self, request: BaseRequest, status: int, exc: BaseException | None = None, message: str | None = None
    ) -> StreamResponse:
        """``handle_error``, or _GONE where another response has begun: then only the connection can tell."""
        try:
            return self.handle_error(request, status, exc, message)
        except ConnectionError:
            return _GONE

    async def finish_response(
        self, request: BaseRequest, resp: Any, start_time: float | None
    ) -> tuple[StreamResponse, bool]:
        """Prepare ``resp``, write its end and log it; true where the connection cannot go on."""
        request._finish()
        if resp is None and (not self.connected or request.writer.output_size > 0):
            self.log_exception(_MISSING_RETURN)
            resp = _GONE
        if resp is _GONE:
            return _GONE, True
        if type(resp) is not Response:
            resp = self._checked(resp)
        failed = False
        try:
            await self._send(request, resp)
        except ConnectionError:
            failed = True
        except Exception as exc:  # noqa: BLE001  (answered and logged)
            failed = True
            error = self._failure(request, 500, exc)
            if error is not _GONE and self.transport is not None:
                with suppress(ConnectionError):
                    await self._send(request, error)
                resp = error
        if start_time is not None:
            self.log_access(request, resp, start_time)
        return resp, failed

    def _checked(self, resp: Any) -> Any:
        """``resp``, or the answer where a handler returned no response."""
        if isinstance(resp, HTTPException):
            warn_caller(
                "returning HTTPException object is deprecated (#2415) and will be removed, "
                "please raise the exception instead"
            )
        elif not isinstance(resp, StreamResponse) and getattr(resp, "prepare", None) is None:
            if resp is None:
                self.log_exception(_MISSING_RETURN)
            else:
                self.log_exception(f"Web-handler should return a response instance, got {resp!r}")
            resp = self._internal_error()
        return resp

    async def _send(self, request: BaseRequest, resp: Any) -> None:
        writer = request.writer
        before = resp.body_length
        try:
            if not resp.prepared and writer.output_size > 0:
                raise ConnectionResetError("Another response has begun; this one cannot be sent behind it")
            await resp.prepare(request)
            await resp.write_eof()
        except BaseException:
            if isinstance(resp, Response):
                await resp.close_body()
            raise
        if before and not writer.output_size:
            raise RuntimeError("The response was sent before; each request needs one of its own")

    def _internal_error(self) -> StreamResponse:
        return HTTPInternalServerError().as_response()

    # Between requests

    def _next_request(self) -> None:
        if self._closing:
            self.force_close()
            return
        self._become_idle()
        if self._paused:
            # The client does not read its answers: its next request can wait for that.
            return
        self.release_hold()
        if self._socket_eof and self._phase is _IDLE and not self._pumping and not self._hold:
            self.force_close()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._hold and self._phase is _IDLE:
            # In the next turn: asyncio's transport does not bear being closed within this call.
            self._loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        if self._hold and self._phase is _IDLE and self.transport is not None:
            self._next_request()

    def _linger(self) -> None:
        """Read and drop the rest of the body, so that the client gets to read the answer (RFC 9112 section 9.6)."""
        if self.transport is None:
            return
        self._phase = _LINGERING
        if self._lingering_time <= 0:
            self.force_close()
            return
        self._lingering = self._loop.call_later(self._lingering_time, self.force_close)
        self.discard_body()

    def _stop_lingering(self) -> None:
        if self._lingering is not None:
            self._lingering.cancel()
            self._lingering = None

    def _become_idle(self) -> None:
        self._phase = _IDLE
        self.idle_deadline = -1.0

    def _become_busy(self) -> None:
        self._phase = _RECEIVING
        self.idle_deadline = 0.0

    # Errors

    def translate(self, exc: Exception) -> BaseException:
        """What the handler gets when it reads a body that broke off."""
        error = translate(exc)
        return RequestPayloadError(error.message if isinstance(error, HttpProcessingError) else str(error))

    def receiving_failed(self, exc: WireError) -> None:
        self._received = True
        self._keepalive = False
        self._closing = True
        if self._phase is _LINGERING or self.transport is None:
            self._stop_lingering()
            self.force_close()
        elif self._phase is _HANDLING:
            # Its handler learns of it by the body and answers; the connection ends after that.
            self.hold()
        elif self._waiting is not None:
            self.hold()
            self._begin()
        else:
            self._error = exc
            self.hold()
            self._become_busy()
            self._waiting = (BAD_REQUEST_HEAD, EMPTY_PAYLOAD)
            self._begin()

    async def _refuse(self, request: BaseRequest) -> StreamResponse:
        error = translate(self._error) if self._error is not None else None
        status = self._error.status if isinstance(self._error, HttpWireError) else 400
        message = error.message if isinstance(error, HttpProcessingError) else str(error)
        return self._failure(request, status, error, message)

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> StreamResponse:
        """The answer to a failure, as HTML where the client takes that; the traceback is shown in debug only."""
        if status >= 500:
            self.log_exception("Error handling request from %s", request.remote, exc_info=exc)
        elif self.debug:
            self.log_debug("Error handling request from %s: %s", request.remote, message)
        if request.writer.output_size > 0:
            raise ConnectionError("Response is sent already, cannot send another response with the error message")
        response = error_page(request, HTTPStatus(status), exc, message, self.debug)
        response.force_close()
        return response

    # Logs

    def log_access(self, request: BaseRequest, response: StreamResponse, time: float | None) -> None:
        if self._access_log_enabled and self.access_logger is not None and time is not None:
            self.access_logger.log(request, response, self._elapsed(time))

    @staticmethod
    def _elapsed(start: float) -> float:
        return time.monotonic() - start

    def log_debug(self, *args: Any, **kw: Any) -> None:
        if self.debug:
            self.logger.debug(*args, **kw)

    def log_exception(self, *args: Any, **kw: Any) -> None:
        self.logger.exception(*args, **kw)


class _FeedAdapter:
    """A parser in aiohttp's shape (``feed_data``, ``feed_eof``) as the receiver of an upgraded connection."""

    def __init__(self, parser: Any, callback: Callable[[], None] | None) -> None:
        self._parser = parser
        self._callback = callback

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)
        if self._callback is not None:
            self._callback()

    def eof_received(self) -> bool | None:
        self._parser.feed_eof()
        return None

    def connection_lost(self, exc: BaseException | None) -> None:
        self._parser.feed_eof()


_accel.use_compiled(globals(), "server_protocol")
