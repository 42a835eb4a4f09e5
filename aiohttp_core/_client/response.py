"""One response: its head, and its content as it comes."""

from __future__ import annotations

import asyncio
import codecs
import json
import sys
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from yarl import URL

from .._connection.errors import HttpProcessingError
from .._connection.stream_reader import StreamReader
from .._semantics.charsets import charset_codec
from .._semantics.deprecations import warn_caller
from .._semantics.media_types import is_expected_content_type, parse_mimetype
from .answer import CLOSED, NOOP, Answer
from .connection_key import RequestInfo
from .deadlines import BaseTimerContext
from .errors import ClientConnectionError, ClientResponseError, ContentTypeError
from .response_fields import ContentDisposition, ResponseFields

if TYPE_CHECKING:
    from .lease import Lease
    from .session import ClientSession
    from .tracing import Trace


class _Unmade:
    """What a response holds whose constructor did not run, as those that tests make; compiled, Answer sees to it."""

    _body: Any = None
    _closed = True
    _connection: Any = None
    _content: Any = None
    _in_context = False
    _released = False
    _sent = 0
    _session: Any = None
    _timer: Any = None
    _traces: Any = ()
    _whole: Any = None
    _writer: Any = None


class ClientResponse(Answer, ResponseFields, _Unmade):
    """A response. ``status``, ``reason``, ``headers`` and ``version`` are there; the content comes by ``read``,
    ``text``, ``json`` or ``content``. Leaving ``async with`` gives the connection back."""

    # For users' subclasses that look at what may be set.
    ATTRS: Final = frozenset({"_content_type", "_content_dict", "_stored_content_type"})

    _continue: asyncio.Future[bool] | None = None
    _source_traceback: traceback.StackSummary | None = None
    _stream_writer: Any = None

    def __init__(
        self,
        method: str,
        url: URL,
        *,
        writer: asyncio.Task[None] | None,
        continue100: asyncio.Future[bool] | None,
        timer: BaseTimerContext | None,
        request_info: RequestInfo,
        traces: list[Trace],
        loop: asyncio.AbstractEventLoop,
        session: ClientSession,
        stream_writer: Any = None,
    ) -> None:
        super().__init__(method, url, request_info, session, loop)
        self._writer = writer
        self._traces = traces
        self._stream_writer = stream_writer
        self._timer = timer
        if continue100 is not None:
            self._continue = continue100
        if loop.get_debug():
            self._source_traceback = traceback.extract_stack(sys._getframe(1))

    def _unclosed(self, _warnings: Any = warnings) -> None:
        if self._loop.get_debug():
            _warnings.warn(f"Unclosed response {self!r}", ResourceWarning, source=self)
            context = {"client_response": self, "message": "Unclosed response"}
            if self._source_traceback:
                context["source_traceback"] = self._source_traceback
            self._loop.call_exception_handler(context)

    def __repr__(self) -> str:
        reason = self.reason.encode("ascii", "backslashreplace").decode("ascii") if self.reason else "None"
        return f"<{type(self).__name__}({self.url}) [{self.status} {reason}]>\n{self._headers_or_none()!r}\n"

    @property
    def content(self) -> StreamReader:
        """The content as a stream."""
        content = self._content
        if content is None and self._whole is not None:
            # It came in one piece, with the head: few ask for the stream then.
            content = self._content = StreamReader(_NOTHING, len(self._whole) + 1, loop=self._loop)
            if self._body is None:
                content.feed_data(self._whole)
            content.feed_eof()
            if self._released and self._whole:
                content.set_exception(ClientConnectionError(CLOSED))
        return content  # type: ignore[return-value]

    @content.setter
    def content(self, content: StreamReader) -> None:
        self._content = content
        self._whole = None

    # The exchange

    @property
    def connection(self) -> Lease | None:
        """The connection, until the content was received."""
        return self._connection

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def _octets_sent(self) -> int:
        """Octets that the request took on the wire so far."""
        return self._sent if self._stream_writer is None else int(self._stream_writer.output_size)

    @property
    def output_size(self) -> int:
        """Octets that the request took on the wire, its head included. Deprecated: UploadTracker knows more."""
        warn_caller("ClientResponse.output_size is deprecated, use aiohttp.UploadTracker instead")
        return self._octets_sent

    @property
    def upload_complete(self) -> bool:
        """Whether the content of the request was sent in full. Deprecated: UploadTracker knows more."""
        warn_caller("ClientResponse.upload_complete is deprecated, use aiohttp.UploadTracker instead")
        return self._writer is None or self._writer.done()

    async def start(self, connection: Lease) -> ClientResponse:
        """Wait for the head. ClientResponseError where what comes is no response."""
        protocol = connection._protocol
        if protocol is None:
            raise ClientConnectionError("the connection was given back")
        self._closed = False
        self._connection = connection
        waiter = protocol.arrival()
        if waiter is not None:
            await waiter
        self._arrived(connection, protocol)
        return self

    def _malformed(self, exc: HttpProcessingError) -> ClientResponseError:
        return ClientResponseError(
            self.request_info,
            self.history,
            status=exc.code,
            message=exc.message,
            headers=exc.headers,  # type: ignore[arg-type]
        )

    def _forget_connection(self) -> None:
        """Leave the connection to whoever took it over."""
        self._closed = True
        self._connection = None

    def close(self) -> None:
        """End the exchange and its connection."""
        if not self._released:
            self._notify_content()
        self._closed = True
        if self._loop.is_closed():
            return
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.cancel()
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def release(self) -> Any:
        """Give the connection back; where content is still to come, end it instead."""
        if not self._released:
            self._notify_content()
        self._closed = True
        connection = self._connection
        if connection is not None and (content := self._content) is not None and not content.is_eof():
            protocol = connection.protocol
            if protocol is not None:
                protocol.force_close()
        writer = self._writer
        if writer is not None and not writer.done() and connection is not None and connection.protocol is not None:
            connection.protocol.force_close()
            writer.cancel()
            self._writer = None
        self._release_connection()
        return NOOP

    def _notify_content(self) -> None:
        content = self._content
        if content is not None and content.exception() is None:
            content.set_exception(ClientConnectionError(CLOSED))
        self._released = True

    async def wait_for_close(self) -> None:
        """Wait until the request's content was sent, then give the connection back."""
        writer = self._writer
        if writer is not None and not writer.done():
            await writer
        self._writer = None
        self.release()

    async def _wait_released(self) -> None:
        writer = self._writer
        if writer is not None and not writer.done():
            await writer
        connection = self._connection
        if connection is not None and (connection.protocol is None or not connection.protocol.handed_over):
            self._release_connection()

    def raise_for_status(self) -> None:
        """ClientResponseError where the status is 400 or more; the connection is given back then."""
        if not self.ok:
            # Inside ``async with`` the content may be wanted by the handler of the error.
            if not self._in_context:
                self.release()
            raise ClientResponseError(
                self.request_info,
                self.history,
                status=self.status,
                message=self.reason or "",
                headers=self.headers,
            )

    # The content

    async def read(self) -> bytes:
        """All of the content; read again, it is the same."""
        body = self._read_at_once()
        if body is not None:
            return body
        try:
            body = self._body = await self.content.read()
        except BaseException:
            # Asked again, the stream says again what it failed by.
            failed = self._content is not None and self._content.exception() is not None
            self.close()
            self._released = not failed
            raise
        for trace in self._traces:
            await trace.send_response_chunk_received(self.method, self.url, body)
        if self._connection is not None and self._content is not None and self._content.is_eof():
            await self._wait_released()
        return body

    def get_encoding(self) -> str:
        """The charset of the content: the one told, what JSON implies, or a guess; RuntimeError before ``read``."""
        text = self.headers.get("Content-Type", "").lower()
        mimetype = parse_mimetype(text)
        encoding = mimetype.parameters.get("charset")
        if encoding:
            # One that is not known, or makes no text of octets, is as if it had not been told.
            with suppress(LookupError, ValueError):
                codec = codecs.lookup(charset_codec(encoding))
                if codec._is_text_encoding:
                    return codec.name
        if mimetype.type == "application" and mimetype.subtype in ("json", "rdap"):
            # RFC 8259 section 8.1 and RFC 7483.
            return "utf-8"
        if self._body is None:
            raise RuntimeError("Cannot compute fallback encoding of a not yet read body")
        session = self._session
        return "utf-8" if session is None else session._resolve_charset(self, self._body)

    async def text(self, encoding: str | None = None, errors: str = "strict") -> str:
        """The content as text."""
        if self._body is None:
            await self.read()
        body = self._body or b""
        if encoding is None:
            encoding = self.get_encoding()
        return body.decode(encoding, errors=errors)

    async def json(
        self,
        *,
        encoding: str | None = None,
        loads: Callable[[str], Any] = json.loads,
        content_type: str | None = "application/json",
    ) -> Any:
        """The content as JSON; ContentTypeError where it is of another type (None: of any), None where it is empty."""
        if self._body is None:
            await self.read()
        own = self.content_type
        if content_type and own != content_type and not is_expected_content_type(own, content_type):
            field = self.headers.get("Content-Type", "").lower()
            raise ContentTypeError(
                self.request_info,
                self.history,
                status=self.status,
                message=f"Attempt to decode JSON with unexpected mimetype: {field}",
                headers=self.headers,
            )
        stripped = (self._body or b"").strip()
        if not stripped:
            return None
        if encoding is None:
            # RFC 8259 section 8.1: nothing needs to be said of it.
            encoding = "utf-8" if own == "application/json" and not self._content_dict else self.get_encoding()
        return loads(stripped.decode(encoding))

    async def __aenter__(self) -> ClientResponse:
        self._in_context = True
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        await self._leave_context()


class _Nothing:
    """Feeds a stream that is whole already."""

    def pause_reading(self) -> None:
        """Nothing is read."""

    def resume_reading(self) -> None:
        """Nothing is read."""


_NOTHING: Final = _Nothing()


__all__ = ["ClientResponse", "ContentDisposition"]
