"""Reads a form out of a request: urlencoded, or multipart with its files spooled to disk."""

from __future__ import annotations

import asyncio
import binascii
import tempfile
from typing import IO, TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qsl

from multidict import MultiDict, MultiDictProxy

from .._body.body_part import BodyPartReader
from .._body.errors import MultipartError
from .._body.form import FileField
from .._semantics import field_names as hdrs
from .._semantics.charsets import charset_codec
from .errors import printable
from .exceptions import HTTPBadRequest, HTTPRequestEntityTooLarge, HTTPUnsupportedMediaType

if TYPE_CHECKING:
    from .request import BaseRequest

READ_SIZE: Final = 262144
WRITE_SIZE: Final = 1048576
"""Octets of a file that are gathered for one write; handing fewer to a thread costs more than writing them."""
SPOOL_SIZE: Final = 65536
"""Octets of a file that are kept in memory; larger files go to disk."""
MANY_PIECES: Final = 64
"""Pieces of a file that are gathered for one write, where they are small."""
FORM_TYPES: Final = ("", "application/x-www-form-urlencoded", "multipart/form-data")

_Form = MultiDictProxy["str | bytes | FileField"]


async def read_form(request: BaseRequest) -> _Form:
    """The form's fields; none for other content and methods.

    HTTPRequestEntityTooLarge where the form outgrows ``client_max_size`` octets or ``client_max_fields``, and
    HTTPBadRequest where it is malformed.
    """
    content_type = request.content_type
    if request.method not in request.POST_METHODS or content_type not in FORM_TYPES:
        return MultiDictProxy(MultiDict())
    if content_type != "multipart/form-data":
        return MultiDictProxy(await _read_urlencoded(request))
    reading = _MultipartForm(request)
    try:
        return MultiDictProxy(await reading.read())
    except BaseException as exc:
        reading.close()
        if isinstance(exc, MultipartError):
            raise HTTPBadRequest(text=f"Malformed form: {printable(exc)}") from exc
        raise


async def _read_urlencoded(request: BaseRequest) -> MultiDict[Any]:
    data = (await request.read()).rstrip()
    fields: MultiDict[Any] = MultiDict()
    if not data:
        return fields
    limit = request.client_max_fields
    if limit and data.count(b"&") >= limit:
        raise _too_many(limit)
    try:
        charset = charset_codec(request.charset or "utf-8")
        fields.extend(parse_qsl(data.decode(charset), keep_blank_values=True, encoding=charset))
    except LookupError as exc:
        raise HTTPUnsupportedMediaType from exc
    except ValueError as exc:
        raise HTTPBadRequest(text="Malformed form") from exc
    return fields


def _too_many(limit: int) -> HTTPRequestEntityTooLarge:
    return HTTPRequestEntityTooLarge(limit, text=f"Maximum number of form fields {limit} exceeded.")


class _MultipartForm:
    """One multipart form while it is read; its size is counted over all parts."""

    def __init__(self, request: BaseRequest) -> None:
        self._request = request
        self._limit = request.client_max_size
        self._size = 0
        self._fields: MultiDict[Any] = MultiDict()
        self._open: list[IO[bytes]] = []

    async def read(self) -> MultiDict[Any]:
        reader = await self._request.multipart()
        most = self._request.client_max_fields
        while (part := await reader.next()) is not None:
            if most and len(self._fields) >= most:
                raise _too_many(most)
            if not isinstance(part, BodyPartReader):
                raise HTTPBadRequest(text="To decode nested multipart you need to use custom reader")
            if part.name is None:
                raise HTTPBadRequest(text="Multipart field missing name.")
            self._fields.add(part.name, await self._value(part))
        return self._fields

    async def _value(self, part: BodyPartReader) -> str | bytes | FileField:
        content_type = part.headers.get(hdrs.CONTENT_TYPE)
        if part.filename:
            file = await self._spool(part)
            return FileField(
                part.name or "",
                part.filename,
                cast(Any, file),
                content_type or "application/octet-stream",
                part.headers,
            )
        value = bytearray()
        while chunk := await self._next_piece(part):
            value += chunk
        if content_type is not None and not content_type.startswith("text/"):
            return value  # type: ignore[return-value]
        try:
            return value.decode(charset_codec(part.get_charset(default="utf-8")))
        except (LookupError, UnicodeDecodeError) as exc:
            raise HTTPBadRequest(text=f"The field {printable(repr(part.name))} is not text in its charset") from exc

    async def _next(self, part: BodyPartReader) -> bytes | bytearray:
        while chunk := await part.read_chunk(READ_SIZE):
            # Before it is decoded: blanks, of which nothing is left, count too.
            self._count(len(chunk))
            try:
                decoded = part.decode(chunk)
            except (RuntimeError, binascii.Error) as exc:
                raise HTTPBadRequest(text=f"The field {printable(repr(part.name))} cannot be decoded") from exc
            if decoded:
                return decoded
        return b""

    def _count(self, octets: int) -> None:
        self._size += octets
        if 0 < self._limit < self._size:
            raise HTTPRequestEntityTooLarge(max_size=self._limit, actual_size=self._size)

    async def _spool(self, part: BodyPartReader) -> IO[bytes]:
        """The file's content: in memory while it is small, then on disk, written in a thread."""
        file = tempfile.SpooledTemporaryFile(SPOOL_SIZE)  # noqa: SIM115  (closed with the request)
        self._open.append(cast("IO[bytes]", file))
        spool = _Spool(file)
        try:
            while chunk := await self._next_piece(part):
                await spool.write(chunk)
            await spool.finish()
        finally:
            await spool.settle()
        return cast("IO[bytes]", file)

    async def _next_piece(self, part: BodyPartReader) -> bytes | bytearray:
        """As `_next`, in pieces of any size; not copied where nothing is to be decoded."""
        if hdrs.CONTENT_TRANSFER_ENCODING in part.headers:
            return await self._next(part)
        piece = await part.read_piece()
        self._count(len(piece))
        return piece

    def close(self) -> None:
        for file in self._open:
            file.close()


class _Spool:
    """Fills a spooled file; past its size in a thread, which writes what came while more comes.

    Holds about twice `WRITE_SIZE`: what is being written and what is gathered for the next time.
    """

    def __init__(self, file: tempfile.SpooledTemporaryFile[bytes]) -> None:
        self._loop = asyncio.get_running_loop()
        self._file = file
        self._total = 0
        self._gathered: list[bytes | bytearray] = []
        self._size = 0
        self._writing: asyncio.Future[None] | None = None

    async def write(self, piece: bytes | bytearray) -> None:
        self._total += len(piece)
        self._size += len(piece)
        self._gathered.append(piece)
        if self._size >= WRITE_SIZE or len(self._gathered) >= MANY_PIECES:
            await self._hand_over()

    async def finish(self) -> None:
        """Have everything in the file, and the file at its beginning."""
        await self._hand_over()
        if self._writing is not None:
            await self._written(self._writing)
        if self._total <= SPOOL_SIZE:
            self._file.seek(0)
        else:
            await self._loop.run_in_executor(None, self._file.seek, 0)

    async def settle(self) -> None:
        """Let a write that is under way end, so that the file can be closed; what became of it no longer matters."""
        if self._writing is not None:
            await asyncio.wait((self._writing,))
            self._writing.exception()

    async def _hand_over(self) -> None:
        pieces, self._gathered, self._size = self._gathered, [], 0
        if self._total <= SPOOL_SIZE:
            self._file.writelines(pieces)
            return
        if self._writing is not None:
            await self._written(self._writing)
        self._writing = self._loop.run_in_executor(None, self._append, pieces)

    async def _written(self, writing: asyncio.Future[None]) -> None:
        # Not awaited by itself: whoever cancels this must not make it look as if the thread had stopped.
        await asyncio.wait((writing,))
        writing.result()

    def _append(self, pieces: list[bytes | bytearray]) -> None:
        self._file.rollover()
        self._file.writelines(pieces)


__all__ = ("read_form",)
