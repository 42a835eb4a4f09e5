"""A file as a response: conditional requests, ranges, precompressed variants, sent by the kernel where it can."""

from __future__ import annotations

import asyncio
import errno
import math
import os
import secrets
import stat
from collections.abc import Iterable
from mimetypes import MimeTypes
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from .._connection.stream_writer import AbstractStreamWriter, StreamWriter
from .._semantics import field_names as hdrs
from .._semantics.arguments import LooseHeaders, PathLike
from .._semantics.content_codings import parse_accept_encoding
from .._semantics.dates import format_http_date, parse_http_date
from .._semantics.etags import ETag, parse_etags, strong_match, weak_match
from .._semantics.ranges import ContentRange, format_content_range, parse_if_range, parse_range, parse_ranges
from .stream_response import StreamResponse

if TYPE_CHECKING:
    from .request import BaseRequest

NOSENDFILE: Final = bool(os.environ.get("AIOHTTP_NOSENDFILE"))
SMALL_FILE: Final = 65536
"""Octets up to which a file is read while it is opened, and leaves with its head in one write."""

CONTENT_TYPES: Final = MimeTypes()
for _suffix, _encoding in ((".br", "br"), (".gz", "gzip"), (".xz", "xz")):
    CONTENT_TYPES.encodings_map[_suffix] = _encoding
_BY_ENCODING: Final = {
    "br": "application/x-brotli",
    "bzip2": "application/x-bzip2",
    "compress": "application/x-compress",
    "gzip": "application/gzip",
    "xz": "application/x-xz",
}
_VARIANTS: Final = (("br", ".br"), ("gzip", ".gz"))


class OpenedFile(NamedTuple):
    """A file that is open to be sent."""

    file: IO[bytes]
    size: int
    mtime_ns: int
    mtime: int
    """In whole seconds, upwards: what was changed since is newer."""
    coding: str | None
    content: bytes | None
    """All of it, where it is small."""


class _Span(NamedTuple):
    start: int
    size: int


def accepted_codings(request: BaseRequest) -> frozenset[str]:
    """The content codings that the client takes, in lower case."""
    weights = parse_accept_encoding(request.headers.get(hdrs.ACCEPT_ENCODING, ""))
    return frozenset(name for name, weight in weights.items() if weight > 0)


def open_file(path: Path, accepted: frozenset[str], want_content: bool) -> OpenedFile:
    """Open the file, or the variant of it in the first coding that is accepted and there. Runs in a thread."""
    coding: str | None = None
    file: IO[bytes] | None = None
    for name, suffix in _VARIANTS:
        if name in accepted:
            file = _open_variant(f"{path}{suffix}")
            if file is not None:
                coding = name
                break
    if file is None:
        file = _open_regular(path)
    try:
        info = os.fstat(file.fileno())
        content = file.read(info.st_size) if want_content and info.st_size <= SMALL_FILE else None
    except BaseException:
        file.close()
        raise
    return OpenedFile(file, info.st_size, info.st_mtime_ns, math.ceil(info.st_mtime), coding, content)


def _open_regular(path: Path) -> IO[bytes]:
    # A pipe would block; a device would never end.
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise PermissionError(f"{path} is no regular file")
    return open(path, "rb")


def _open_variant(path: str) -> IO[bytes] | None:
    """A variant that is a file itself: a link could lead anywhere."""
    try:
        if stat.S_ISREG(os.lstat(path).st_mode):
            return open(path, "rb")
    except OSError:
        return None
    return None


def _guess_type(path: Path) -> str:
    media_type, encoding = CONTENT_TYPES.guess_type(path)
    if encoding is not None:
        return _BY_ENCODING.get(encoding, "application/octet-stream")
    return media_type or "application/octet-stream"


class FileResponse(StreamResponse):
    """The file at ``path``. ``chunk_size``: octets read at a time where the kernel does not send the file itself.

    404 where there is no file, 403 where it may not be read.
    """

    _send_headers_immediately = False
    _opened: OpenedFile | None = None

    def __init__(
        self,
        path: PathLike,
        chunk_size: int = 256 * 1024,
        status: int = 200,
        reason: str | None = None,
        headers: LooseHeaders | None = None,
    ) -> None:
        super().__init__(status=status, reason=reason, headers=headers)
        self._path = Path(path)
        self._chunk_size = chunk_size

    @classmethod
    def of_opened(cls, path: Path, chunk_size: int, opened: OpenedFile) -> FileResponse:
        """The response for a file that is open already; it closes the file, sent or not."""
        response = cls(path, chunk_size=chunk_size)
        response._opened = opened
        return response

    def __del__(self) -> None:
        # A middleware may have put another response in its place.
        if self._opened is not None:
            self._opened.file.close()

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        """Hand over the head and send the file."""
        if self._eof_sent:
            return None
        if self._payload_writer is not None:
            return self._payload_writer
        try:
            if self._opened is None:
                accepted = accepted_codings(request)
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(None, self._open, accepted, request.method != "HEAD")
        except PermissionError:
            return await self._without_content(request, 403)
        except (OSError, ValueError):
            return await self._without_content(request, 404)
        opened, self._opened = self._opened, None
        if opened is None:
            raise RuntimeError("The response is being prepared already")
        try:
            return await self._answer(request, opened)
        finally:
            opened.file.close()

    def _open(self, accepted: frozenset[str], want_content: bool) -> None:
        # Kept here, not returned: whoever is cancelled meanwhile would lose it open.
        self._opened = open_file(self._path, accepted, want_content)

    async def _without_content(self, request: BaseRequest, status: int) -> AbstractStreamWriter | None:
        self._set_status(status, None)
        if status != 304:
            self.content_length = 0
        writer = await super().prepare(request)
        await self.write_eof()
        return writer

    async def _answer(self, request: BaseRequest, opened: OpenedFile) -> AbstractStreamWriter | None:
        etag = ETag(f"{opened.mtime_ns:x}-{opened.size:x}")
        if 200 <= self._status < 300:
            status = _judge(request.headers, request.method, etag, opened.mtime)
            if status == 412:
                return await self._without_content(request, 412)
            if status == 304:
                if opened.coding is not None:
                    self._headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
                self.etag = etag
                self.last_modified = format_http_date(opened.mtime)
                return await self._without_content(request, 304)
        spans: tuple[_Span, ...] | None = None
        if self._status == 200 and request.method == "GET":
            try:
                spans = _spans(request.headers, etag, opened.mtime, opened.size)
            except ValueError:
                self._headers[hdrs.CONTENT_RANGE] = format_content_range(ContentRange(None, None, opened.size))
                return await self._without_content(request, 416)
        return await self._send(request, opened, etag, spans)

    async def _send(
        self, request: BaseRequest, opened: OpenedFile, etag: ETag, spans: tuple[_Span, ...] | None
    ) -> AbstractStreamWriter | None:
        self._describe(opened, etag)
        if spans is not None:
            self._set_status(206, None)
        if spans is not None and len(spans) > 1:
            return await self._send_several(request, opened, spans)
        whole = spans is None
        span = _Span(0, opened.size) if spans is None else spans[0]
        if not self._compression:
            self.content_length = span.size
        self._headers[hdrs.ACCEPT_RANGES] = "bytes"
        if not whole:
            self._headers[hdrs.CONTENT_RANGE] = format_content_range(
                ContentRange(span.start, span.start + span.size, opened.size)
            )
        writer = await super().prepare(request)
        if writer is not None and not self._must_be_empty_body:
            await self._send_span(request, writer, opened, span)
        await self.write_eof()
        return writer

    def _describe(self, opened: OpenedFile, etag: ETag) -> None:
        headers = self._headers
        if hdrs.CONTENT_TYPE not in headers:
            headers[hdrs.CONTENT_TYPE] = _guess_type(self._path)
        if opened.coding is not None:
            headers[hdrs.CONTENT_ENCODING] = opened.coding
            headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
            # The file is coded already.
            self._compression = False
        self.etag = etag
        self.last_modified = format_http_date(opened.mtime)

    async def _send_span(
        self, request: BaseRequest, writer: AbstractStreamWriter, opened: OpenedFile, span: _Span
    ) -> None:
        if opened.content is not None:
            await writer.write(opened.content[span.start : span.start + span.size])
            return
        transport = request.protocol.transport
        if self._compression or NOSENDFILE or not isinstance(writer, StreamWriter) or writer.chunked:
            await self._read_and_write(writer, opened.file, span)
            return
        writer.send_headers()
        await writer.drain()
        loop = asyncio.get_running_loop()
        try:
            sent = await loop.sendfile(transport, opened.file, span.start, span.size)
        except (NotImplementedError, RuntimeError, AttributeError) as exc:
            if transport is None or transport.is_closing():
                raise ConnectionResetError("Cannot send a file to a closing transport") from exc
            # uvloop has no sendfile.
            await self._read_and_write(writer, opened.file, span)
            return
        except OSError as exc:
            if exc.errno == errno.EIO:
                # The disk's; all others are the connection's.
                raise
            raise request.protocol.lost_error("The connection was lost while a file was sent") from exc
        writer.output_size += sent
        if writer.length is not None:
            writer.length -= sent

    async def _read_and_write(self, writer: AbstractStreamWriter, file: IO[bytes], span: _Span) -> None:
        loop = asyncio.get_running_loop()
        position, left = span.start, span.size
        while left > 0:
            chunk = await loop.run_in_executor(None, _read_at, file, position, min(self._chunk_size, left))
            if not chunk:
                # The file became shorter; the response is cut off by closing the connection.
                self.force_close()
                return
            await writer.write(chunk)
            position += len(chunk)
            left -= len(chunk)

    async def _send_several(
        self, request: BaseRequest, opened: OpenedFile, spans: tuple[_Span, ...]
    ) -> AbstractStreamWriter | None:
        """Several ranges, as multipart/byteranges (RFC 9110 section 14.6)."""
        boundary = secrets.token_hex(16)
        part_type = self._headers[hdrs.CONTENT_TYPE]
        heads = [
            (
                f"\r\n--{boundary}\r\nContent-Type: {part_type}\r\nContent-Range: "
                f"{format_content_range(ContentRange(start, start + count, opened.size))}\r\n\r\n"
            ).encode("utf-8", "surrogateescape")
            for start, count in spans
        ]
        end = f"\r\n--{boundary}--\r\n".encode("ascii")
        self._headers[hdrs.CONTENT_TYPE] = f"multipart/byteranges; boundary={boundary}"
        self._compression = False
        self.content_length = sum(map(len, heads)) + sum(span.size for span in spans) + len(end)
        self._headers[hdrs.ACCEPT_RANGES] = "bytes"
        writer = await super().prepare(request)
        if writer is not None:
            for head, span in zip(heads, spans, strict=True):
                await writer.write(head)
                if opened.content is not None:
                    await writer.write(opened.content[span.start : span.start + span.size])
                else:
                    await self._read_and_write(writer, opened.file, span)
            await self.write_eof(end)
        return writer


def _read_at(file: IO[bytes], position: int, size: int) -> bytes:
    file.seek(position)
    return file.read(size)


def _judge(headers: Any, method: str, etag: ETag, mtime: int) -> int | None:
    """412 or 304 where the request's conditions say so (RFC 9110 section 13.2.2)."""
    if_match = headers.get(hdrs.IF_MATCH)
    if if_match is not None:
        if not strong_match(etag, parse_etags(if_match)):
            return 412
    elif (since := _date(headers, hdrs.IF_UNMODIFIED_SINCE)) is not None and mtime > since:
        return 412
    if_none_match = headers.get(hdrs.IF_NONE_MATCH)
    if if_none_match is not None:
        if weak_match(etag, parse_etags(if_none_match)):
            return 304 if method in ("GET", "HEAD") else 412
    elif method in ("GET", "HEAD") and (since := _date(headers, hdrs.IF_MODIFIED_SINCE)) is not None and mtime <= since:
        return 304
    return None


def _date(headers: Any, name: str) -> float | None:
    moment = parse_http_date(headers.get(name))
    return None if moment is None else moment.timestamp()


def _spans(headers: Any, etag: ETag, mtime: int, size: int) -> tuple[_Span, ...] | None:
    """The octets asked for; None for all of them. ValueError where none of them are there (416)."""
    asked = headers.get(hdrs.RANGE)
    if asked is None or not _if_range_holds(headers.get(hdrs.IF_RANGE), etag, mtime):
        return None
    if "," not in asked:
        span = _clip(parse_range(asked), size)
        if span is None:
            raise ValueError("the range is not satisfiable")
        return (span,)
    try:
        ranges = parse_ranges(asked)
    except ValueError:
        return None
    spans = tuple(span for span in (_clip(each, size) for each in ranges) if span is not None)
    if not spans:
        raise ValueError("none of the ranges is satisfiable")
    if sum(span.size for span in spans) > size or _overlap(spans):
        # More work than the whole file: an attack or a mistake (RFC 9110 section 17.15).
        return None
    return spans


def _overlap(spans: Iterable[_Span]) -> bool:
    end = 0
    for start, size in sorted(spans):
        if start < end:
            return True
        end = start + size
    return False


def _clip(asked: slice, size: int) -> _Span | None:
    """The part of ``asked`` that is there, or None."""
    start, stop = asked.start, asked.stop
    if start is not None and start < 0:
        start = max(0, size + start)
        stop = size
    start = start or 0
    stop = size if stop is None else min(stop, size)
    return _Span(start, stop - start) if start < stop else None


def _if_range_holds(raw: str | None, etag: ETag, mtime: int) -> bool:
    if raw is None:
        return True
    validator = parse_if_range(raw)
    if validator is None:
        return False
    if isinstance(validator, ETag):
        return strong_match(etag, (validator,))
    return mtime <= validator.timestamp()


__all__ = ("FileResponse", "OpenedFile", "accepted_codings", "open_file")
