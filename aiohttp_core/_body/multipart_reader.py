"""A received multipart body, read part by part (RFC 2046 section 5.1, RFC 7578).

Time and memory are linear in what arrives and bounded by limits: the fields of each part, the depth of nesting, the
number of parts where a limit is set, and every size by the reader of the part.
"""

import sys
from collections.abc import Mapping
from typing import Any, Final, Generic, TypeVar, Union

from multidict import CIMultiDictProxy

from .._semantics.field_names import CONTENT_TYPE
from .._semantics.media_types import parse_content_type, parse_mimetype
from .body_part import BodyPartReader, FaultCallback, MaxSizeError
from .contract import BodySource
from .errors import IncompleteMultipart, MultipartError, PartLimitExceeded
from .part_scanner import PartScanner

_MAX_BOUNDARY: Final = 70
_MAX_CHARSET: Final = 31

_Part = Union["MultipartReader", BodyPartReader]
_Response = TypeVar("_Response")


class MultipartResponseWrapper(Generic[_Response]):
    """A multipart reader that releases the connection of its response at the end."""

    def __init__(self, resp: Any, stream: "MultipartReader") -> None:
        self.resp = resp
        self.stream = stream

    def __aiter__(self) -> "MultipartResponseWrapper[_Response]":
        return self

    async def __anext__(self) -> _Part:
        part = await self.next()
        if part is None:
            raise StopAsyncIteration
        return part

    def at_eof(self) -> bool:
        """Whether all octets of the response have been read."""
        at_eof: bool = self.resp.content.at_eof()
        return at_eof

    async def next(self) -> _Part | None:
        """The next part, or None after the last."""
        item = await self.stream.next()
        if self.stream.at_eof():
            await self.release()
        return item

    async def release(self) -> None:
        """Give the connection back; the rest of the body is dropped."""
        result = self.resp.release()
        if result is not None and hasattr(result, "__await__"):
            await result


class MultipartReader:
    """The parts of a multipart body, one after the other; reading on drops what was left of the one before."""

    response_wrapper_cls: type[MultipartResponseWrapper[Any]] = MultipartResponseWrapper
    """What `from_response` returns."""

    multipart_reader_cls: "type[MultipartReader] | None" = None
    """Reads nested multiparts; None means this class."""

    part_reader_cls: type[BodyPartReader] = BodyPartReader
    """Reads the other parts."""

    max_depth: int = 10
    """Levels of multiparts in multiparts, this one included."""

    max_parts: int | None = None
    """Parts that one level may have; None for no limit."""

    def __init__(
        self,
        headers: Mapping[str, str],
        content: "BodySource | PartScanner",
        *,
        client_max_size: int = sys.maxsize,
        max_field_size: int = 8190,
        max_headers: int = 128,
        max_size_error_cls: MaxSizeError = ValueError,
    ) -> None:
        self._mimetype = parse_mimetype(headers.get(CONTENT_TYPE, ""))
        self.headers = headers
        self._boundary = ("--" + self._get_boundary()).encode("utf-8", "surrogateescape")
        self._scanner = content if isinstance(content, PartScanner) else PartScanner(content)
        self._client_max_size = client_max_size
        self._max_field_size = max_field_size
        self._max_headers = max_headers
        self._max_size_error_cls = max_size_error_cls
        self._default_charset: str | None = None
        self._last_part: _Part | None = None
        self._depth = 1
        self._count = 0
        self._at_bof = True
        self._at_eof = False
        self.on_fault: FaultCallback | None = None
        """Passed on to the parts: told of what is raised because of their octets, before it is raised."""

    def __aiter__(self) -> "MultipartReader":
        return self

    async def __anext__(self) -> _Part | None:
        part = await self.next()
        if part is None:
            raise StopAsyncIteration
        return part

    @classmethod
    def from_response(cls, response: Any) -> MultipartResponseWrapper[Any]:
        """A reader for the body of a client's response."""
        return cls.response_wrapper_cls(response, cls(response.headers, response.content))

    def at_eof(self) -> bool:
        """Whether the closing boundary has been read."""
        return self._at_eof

    async def next(self) -> _Part | None:
        """The next part, or None after the last. `MultipartError` (a ValueError) for a malformed body."""
        while not self._at_eof:
            await self._advance()
            if self._at_eof:
                break
            self._count += 1
            if self.max_parts is not None and self._count > self.max_parts:
                raise PartLimitExceeded(f"more than {self.max_parts} parts")
            part = await self.fetch_next_part()
            self._last_part = part
            if self._count == 1 and self._is_charset_field(part):
                await self._read_charset(part)
                continue
            return part
        return None

    async def release(self) -> None:
        """Drop all parts that are left."""
        while not self._at_eof:
            item = await self.next()
            if item is None:
                break
            await item.release()

    async def fetch_next_part(self) -> _Part:
        """Read a part's fields and make its reader."""
        headers = await self._scanner.read_head(self._max_field_size, self._max_headers)
        part = self._get_part_reader(headers)
        part.on_fault = self.on_fault
        return part

    def _get_part_reader(self, headers: "CIMultiDictProxy[str]") -> _Part:
        mimetype = parse_mimetype(headers.get(CONTENT_TYPE, ""))
        if mimetype.type == "multipart":
            if self._depth >= self.max_depth:
                raise PartLimitExceeded(f"multiparts are nested more than {self.max_depth} levels deep")
            nested = (self.multipart_reader_cls or type(self))(
                headers,
                self._scanner,
                client_max_size=self._client_max_size,
                max_field_size=self._max_field_size,
                max_headers=self._max_headers,
                max_size_error_cls=self._max_size_error_cls,
            )
            nested._depth = self._depth + 1
            return nested
        return self.part_reader_cls(
            self._boundary,
            headers,
            self._scanner,
            subtype=self._mimetype.subtype,
            default_charset=self._default_charset,
            client_max_size=self._client_max_size,
            max_size_error_cls=self._max_size_error_cls,
        )

    def _get_boundary(self) -> str:
        if self._mimetype.type != "multipart":
            raise MultipartError("multipart/* content type expected")
        content_type = self.headers[CONTENT_TYPE]
        boundary = parse_content_type(content_type)[1].get("boundary")
        if boundary is None:
            raise MultipartError(f"boundary missed for Content-Type: {content_type}")
        if not boundary:
            raise MultipartError(f"boundary is empty in Content-Type: {content_type}")
        if len(boundary) > _MAX_BOUNDARY:
            raise MultipartError(f"boundary {boundary!r} is too long (70 chars max)")
        return boundary

    async def _advance(self) -> None:
        """Go behind the next boundary line."""
        delimiter = b"\r\n" + self._boundary
        if self._last_part is not None:
            await self._last_part.release()
            self._last_part = None
        if not await self._scanner.skip_to(delimiter):
            if self._at_bof:
                raise MultipartError(f"Could not find starting boundary {self._boundary!r}")
            raise IncompleteMultipart("Reading after EOF: the body ends before its closing boundary")
        self._at_bof = False
        await self._scanner.skip(delimiter)
        self._at_eof = await self._scanner.end_delimiter(self._boundary)

    def _is_charset_field(self, part: _Part) -> bool:
        """RFC 7578 section 4.6: the first field of a form may name the charset of the others."""
        return self._mimetype.subtype == "form-data" and isinstance(part, BodyPartReader) and part.name == "_charset_"

    async def _read_charset(self, part: _Part) -> None:
        if isinstance(part, BodyPartReader):
            charset = await part.read_chunk(_MAX_CHARSET + 1)
            if len(charset) > _MAX_CHARSET:
                raise MultipartError("Invalid default charset")
            self._default_charset = charset.strip().decode("ascii", "replace")
