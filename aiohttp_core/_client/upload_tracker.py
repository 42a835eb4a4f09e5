"""How far the content of one request has left."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final

from .errors import UploadAbortedError

if TYPE_CHECKING:
    from .._connection.stream_writer import StreamWriter

_MAX_CHECKPOINTS: Final = 1024


class UploadTracker:
    """Tells of the sending of one request's content; made inside a running loop, for one request.

    ``attempts`` counts how often sending began (redirects and retries send again); ``upload_complete`` is a future
    that is done when the content of the last attempt was handed over in full, and fails with UploadAbortedError
    where it was not.
    """

    def __init__(self) -> None:
        self.attempts = 0
        self.upload_complete: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._bound = False
        self._finished = False
        self._final = False
        self._exc: BaseException | None = None
        self._writer: StreamWriter | None = None
        self._accepted = 0
        self._flushed = 0
        # (octets of the output, octets of the content) at the end of each write.
        self._checkpoints: deque[tuple[int, int]] = deque()

    @property
    def bytes_written(self) -> int:
        """Octets of the content that left the event loop's buffers in the current attempt."""
        self._refresh_flushed()
        return self._flushed

    def _refresh_flushed(self) -> None:
        writer = self._writer
        if writer is None:
            return
        transport = writer.protocol.transport
        if transport is None or transport.is_closing():
            return
        sent = writer.output_size - transport.get_write_buffer_size()
        checkpoints = self._checkpoints
        while checkpoints and checkpoints[0][0] <= sent:
            self._flushed = checkpoints.popleft()[1]

    def _bind(self) -> None:
        if self._bound:
            raise RuntimeError("An UploadTracker observes exactly one request")
        self._bound = True

    def _attempt_started(self) -> int:
        self.attempts += 1
        self._accepted = self._flushed = 0
        self._checkpoints.clear()
        self._finished = False
        self._exc = None
        self._writer = None
        return self.attempts

    def _attempt_writing(self, generation: int, writer: StreamWriter) -> None:
        if generation == self.attempts:
            self._writer = writer
            writer.on_body_write = self._add_bytes

    def _add_bytes(self, size: int) -> None:
        self._accepted += size
        writer = self._writer
        if writer is not None:
            if len(self._checkpoints) >= _MAX_CHECKPOINTS:
                self._checkpoints.pop()
            self._checkpoints.append((writer.output_size + size, self._accepted))

    def _attempt_finished(self, generation: int) -> None:
        if generation != self.attempts:
            return
        writer = self._writer
        if writer is not None and self._checkpoints:
            self._checkpoints.append((writer.output_size, self._accepted))
        self._refresh_flushed()
        self._finished = True
        if self._final:
            self._settle()

    def _attempt_failed(self, generation: int, exc: BaseException | None) -> None:
        if generation != self.attempts:
            return
        self._refresh_flushed()
        self._exc = exc
        self._writer = None
        if self._final:
            self._settle()

    def _finalize(self, *, writing: bool = False) -> None:
        self._final = True
        if not writing:
            self._settle()

    def _settle(self) -> None:
        future = self.upload_complete
        if future.done():
            return
        if self._finished:
            future.set_result(None)
            return
        error = UploadAbortedError("the content of the request was not sent in full")
        error.__cause__ = self._exc
        future.set_exception(error)
        # Not asked for by most programs: no "exception was never retrieved".
        future.exception()
