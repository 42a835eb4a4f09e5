"""What each response does with its exchange: the head arrives, and when the content is there the connection goes back.

Also compiled from this source, with the types of ``_cparser/types``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final, cast

from aiohttp_core._client.errors import ClientConnectionError
from aiohttp_core._connection.errors import HttpProcessingError
from aiohttp_core._connection.stream_reader import EMPTY_PAYLOAD
from aiohttp_core._wire import _accel

if TYPE_CHECKING:
    from yarl import URL

    from aiohttp_core._client.connection import ResponseHandler
    from aiohttp_core._client.lease import Lease
    from aiohttp_core._client.session import ClientSession
    from aiohttp_core._client.tracing import Trace
    from aiohttp_core._connection.stream_reader import StreamReader
    from aiohttp_core._semantics.versions import HttpVersion
    from aiohttp_core._wire.http1.messages import ResponseHead

CLOSED: Final = "Connection closed"


class Answer:
    """The exchanging half of ClientResponse."""

    method: str
    reason: str | None
    status: int
    version: HttpVersion | None

    def __init__(self, method: str, url: URL, request_info: Any, session: ClientSession | None, loop: Any) -> None:
        self._connection: Lease | None = None
        self._closed = False
        self.method = method
        self._real_url = url
        self._request_info = request_info
        self._session = session
        self._loop: asyncio.AbstractEventLoop = loop
        self.status = None  # type: ignore[assignment]
        self.reason = None
        self.version = None
        self._head: ResponseHead | None = None
        self._raw_cookie_headers: tuple[str, ...] | None = None
        self._content: StreamReader | None = None
        self._whole: bytes | None = None
        self._body: bytes | None = None
        self._released = False
        self._in_context = False
        self._writer: asyncio.Task[None] | None = None
        self._traces: list[Trace] | tuple[()] = ()
        self._sent = 0
        self._timer: Any = None

    def __del__(self) -> None:
        try:
            connection = self._connection
        except AttributeError:
            # The constructor failed.
            return
        if connection is not None and not self._closed:
            connection.release()
            self._cleanup_writer()
            self._unclosed()

    def _unclosed(self) -> None:
        """It was dropped with its connection."""

    def _malformed(self, exc: HttpProcessingError) -> BaseException:
        raise NotImplementedError

    def release(self) -> Any:
        raise NotImplementedError

    async def wait_for_close(self) -> None:
        raise NotImplementedError

    def _arrived(self, connection: Lease, protocol: ResponseHandler) -> None:
        """As ``start``, once there is nothing to wait for: the head is there, and the content or its stream."""
        try:
            head, payload = protocol.taken()
        except HttpProcessingError as exc:
            raise self._malformed(exc) from exc
        self._timer = None
        self._head = head
        self.version = head.version
        self.status = head.status
        self.reason = head.reason
        fields = head.fields
        if fields.first(b"set-cookie") is not None:
            raw = fields.raw
            cookies = [value.decode("utf-8", "surrogateescape") for name, value in raw if name.lower() == b"set-cookie"]
            self._raw_cookie_headers = tuple(cookies)
        if type(payload) is bytes:
            self._whole = payload
            self._closed = True
            if self._writer is None:
                self._connection = None
                connection.release()
            else:
                self._connection = connection
                self._cleanup_writer()
                self._release_connection()
            return
        self._closed = False
        self._connection = connection
        self._content = payload = cast("StreamReader", payload)
        if payload.is_eof():
            if not protocol.handed_over:
                self._response_eof()
        else:
            payload.on_eof(self._response_eof)

    def _response_eof(self) -> None:
        if self._closed:
            return
        connection = self._connection
        if connection is not None:
            protocol = connection._protocol
            if protocol is not None and protocol.upgraded:
                return
            self._closed = True
            self._cleanup_writer()
            self._release_connection()
            return
        self._closed = True
        self._cleanup_writer()

    def _release_connection(self) -> None:
        connection = self._connection
        if connection is not None:
            writer = self._writer
            if writer is not None and not writer.done():
                # The content of the request is still on its way: the connection waits for it.
                writer.add_done_callback(self._request_sent)
                return
            self._connection = None
            connection.release()

    def _request_sent(self, writer: asyncio.Task[None]) -> None:
        self._release_connection()

    def _cleanup_writer(self) -> None:
        writer = self._writer
        if writer is not None and writer.done():
            self._writer = None

    def _read_at_once(self) -> bytes | None:
        """The content where it is there and nothing else is to be done, else None. Raises as ``read``."""
        body = self._body
        if body is not None:
            return body
        whole = self._whole
        if self._released and whole != b"" and self._content is not EMPTY_PAYLOAD:
            raise ClientConnectionError(CLOSED)
        if whole is None or self._content is not None or self._connection is not None or self._traces:
            return None
        self._body = whole
        return whole

    def _leave_context(self) -> Coroutine[Any, Any, None]:
        """What ``__aexit__`` does; to be awaited."""
        self._in_context = False
        if self._connection is None and self._writer is None and self._closed:
            self._released = True
            return NOOP  # type: ignore[return-value]
        # Content that nobody read ends with its connection.
        self.release()
        return self.wait_for_close()


class _Noop:
    """Can be awaited, and does nothing."""

    __slots__ = ()

    # A fresh iterator at its end, without a frame of Python.
    __await__: Any = ().__iter__


NOOP: Final = _Noop()


_accel.use_compiled(globals(), "answer")
