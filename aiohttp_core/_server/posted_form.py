"""Reads a form out of a request: urlencoded, or multipart with its files spooled to disk."""

from __future__ import annotations

import asyncio
import binascii
import tempfile
from typing import IO, TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qsl

from multidict import CIMultiDictProxy, MultiDict, MultiDictProxy

from .._body.body_part import BodyPartReader
from .._body.errors import MultipartError
from .._body.form import FileField
from .._semantics import field_names as hdrs
from .._semantics.compression import CodingError
from .errors import printable
from .exceptions import HTTPBadRequest, HTTPRequestEntityTooLarge, HTTPUnsupportedMediaType

if TYPE_CHECKING:
    from .request import BaseRequest

READ_SIZE: Final = 262144
SPOOL_SIZE: Final = 65536
"""Octets of a file that are kept in memory; larger files go to disk."""
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
    charset = request.charset or "utf-8"
    try:
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
                cast("CIMultiDictProxy[str]", part.headers),
            )
        value = bytearray()
        while chunk := await self._next(part):
            value += chunk
        if content_type is not None and not content_type.startswith("text/"):
            return value  # type: ignore[return-value]
        try:
            return value.decode(part.get_charset(default="utf-8"))
        except (LookupError, UnicodeDecodeError) as exc:
            raise HTTPBadRequest(text=f"The field {printable(repr(part.name))} is not text in its charset") from exc

    async def _next(self, part: BodyPartReader) -> bytes | bytearray:
        chunk = await part.read_chunk(READ_SIZE)
        decoded = bytearray()
        try:
            async for piece in part.decode_iter(chunk):
                self._size += len(piece)
                self._check_size()
                decoded += piece
        except (RuntimeError, CodingError, binascii.Error) as exc:
            raise HTTPBadRequest(text=f"The field {printable(repr(part.name))} cannot be decoded") from exc
        if chunk and not decoded:
            # A coding may need more before it gives any.
            return await self._next(part)
        return decoded

    def _check_size(self) -> None:
        if 0 < self._limit < self._size:
            raise HTTPRequestEntityTooLarge(max_size=self._limit, actual_size=self._size)

    async def _spool(self, part: BodyPartReader) -> IO[bytes]:
        """The file's content: in memory while it is small, then on disk, written in a thread."""
        loop = asyncio.get_running_loop()
        file: Any = tempfile.SpooledTemporaryFile(SPOOL_SIZE)  # noqa: SIM115  (closed with the request)
        self._open.append(file)
        size = 0
        while chunk := await self._next(part):
            size += len(chunk)
            if size <= SPOOL_SIZE:
                file.write(chunk)
            else:
                await loop.run_in_executor(None, file.write, chunk)
        if size <= SPOOL_SIZE:
            file.seek(0)
        else:
            await loop.run_in_executor(None, file.seek, 0)
        return cast("IO[bytes]", file)

    def close(self) -> None:
        for file in self._open:
            file.close()


__all__ = ("read_form",)
