"""Payloads read from file objects; what may block happens in a thread."""

import asyncio
import io
import os
from typing import IO, Any, TextIO

from .._semantics.field_names import CONTENT_DISPOSITION
from .contract import BodySink
from .payload import READ_SIZE, Payload, guess_filename
from .payloads_in_memory import resolve_charset
from .registry import register_payload


class IOBasePayload(Payload):
    """What a file object holds from where it stands when it is first written or measured.

    Writing again starts at the same place, so that a request can be repeated; a file that cannot seek is consumed by
    the first writing.
    """

    _value: IO[Any]
    _start: int | None = None

    def __init__(self, value: IO[Any], disposition: str | None = "attachment", *args: Any, **kwargs: Any) -> None:
        if "filename" not in kwargs:
            kwargs["filename"] = guess_filename(value)
        super().__init__(value, *args, **kwargs)
        if self._filename is not None and disposition is not None and CONTENT_DISPOSITION not in self.headers:
            self.set_content_disposition(disposition, filename=self._filename)

    @property
    def size(self) -> int | None:
        """Octets to the end of the file, or None for what has no length (a pipe)."""
        try:
            end = os.fstat(self._value.fileno()).st_size
        except (AttributeError, OSError):
            return None
        start = self._remember_start()
        # A text file's position is a cookie, not always an offset.
        return None if start is None or start > end else end - start

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """The content as text; reads the file here and now."""
        self._rewind()
        data = self._value.read()
        return data if isinstance(data, str) else data.decode(encoding, errors)

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """The whole content; the file is read in a thread."""
        pieces: list[bytes] = []

        class Collector:
            async def write(self, chunk: bytes | bytearray | memoryview) -> None:
                pieces.append(bytes(chunk))

        await self.write(Collector())
        return b"".join(pieces)

    async def write(self, writer: BodySink) -> None:
        """Send everything to the end of the file."""
        await self.write_with_length(writer, None)

    async def write_with_length(self, writer: BodySink, content_length: int | None) -> None:
        """Send ``content_length`` octets at the most."""
        if self._consumed:
            return
        left = content_length
        chunk = await self._in_thread(self._rewind_and_read, READ_SIZE if left is None else min(READ_SIZE, left))
        if self._start is None:
            self._consumed = True
        while chunk:
            if left is not None:
                chunk = chunk[:left]
                left -= len(chunk)
            await writer.write(chunk)
            if left is not None and left <= 0:
                return
            chunk = await self._in_thread(self._read, READ_SIZE if left is None else min(READ_SIZE, left))

    async def close(self) -> None:
        """Close the file, in a thread."""
        if not self._autoclose and not self._value.closed:
            await asyncio.get_running_loop().run_in_executor(None, self._value.close)

    async def _in_thread(self, read: Any, amount: int) -> bytes:
        data: bytes = await asyncio.get_running_loop().run_in_executor(None, read, amount)
        return data

    def _rewind_and_read(self, amount: int) -> bytes:
        self._rewind()
        return self._read(amount)

    def _read(self, amount: int) -> bytes:
        data: bytes = self._value.read(amount)
        return data

    def _remember_start(self) -> int | None:
        if self._start is None:
            try:
                if self._value.seekable():
                    self._start = self._value.tell()
            except (AttributeError, OSError):
                return None
        return self._start

    def _rewind(self) -> None:
        if self._start is not None:
            self._value.seek(self._start)
        else:
            self._remember_start()


class TextIOPayload(IOBasePayload):
    """A text file, encoded anew in the charset of the content type."""

    _value: TextIO

    def __init__(
        self, value: TextIO, *args: Any, encoding: str | None = None, content_type: str | None = None, **kwargs: Any
    ) -> None:
        encoding, content_type = resolve_charset(encoding, content_type)
        super().__init__(value, *args, content_type=content_type, encoding=encoding, **kwargs)

    @property
    def size(self) -> int | None:
        """The file's octets where they are sent as they are, else None."""
        file_encoding = getattr(self._value, "encoding", None) or ""
        same = file_encoding.lower().replace("-", "") == (self._encoding or "").lower().replace("-", "")
        return super().size if same else None

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """The text; reads the file here and now."""
        self._rewind()
        return self._value.read()

    def _read(self, amount: int) -> bytes:
        return self._value.read(amount).encode(self._encoding or "utf-8")


class BytesIOPayload(IOBasePayload):
    """What a BytesIO holds from where it stands."""

    _value: io.BytesIO
    _autoclose = True

    def __init__(self, value: io.BytesIO, *args: Any, **kwargs: Any) -> None:
        super().__init__(value, *args, **kwargs)

    @property
    def size(self) -> int | None:
        """Octets to the end."""
        start = self._remember_start() or 0
        with self._value.getbuffer() as view:
            return max(0, view.nbytes - start)

    async def _in_thread(self, read: Any, amount: int) -> bytes:
        # Memory does not block.
        data: bytes = read(amount)
        return data


class BufferedReaderPayload(IOBasePayload):
    """A binary file."""


# A text file is an IOBase too, so the order matters.
register_payload(TextIOPayload, io.TextIOBase)
register_payload(BytesIOPayload, io.BytesIO)
register_payload(BufferedReaderPayload, (io.BufferedReader, io.BufferedRandom))
register_payload(IOBasePayload, io.IOBase)
