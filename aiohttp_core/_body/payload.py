"""A payload: something that can be sent as a body, with the fields that describe it."""

import mimetypes
import os
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, Final

from multidict import CIMultiDict, istr

from .._semantics.content_disposition import content_disposition_header
from .._semantics.field_names import CONTENT_DISPOSITION, CONTENT_TYPE
from .._semantics.sentinel import _SENTINEL, sentinel
from .contract import BodySink

READ_SIZE: Final = 256 * 1024
"""Octets that a payload reads from its source at a time."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


LooseFields = Mapping[str, str] | Mapping[istr, str] | Iterable[tuple[str, str]] | None


class Payload(ABC):
    """Something that can be sent as a body.

    ``headers`` are the fields of the body part (or message) that carries it. Extra keyword arguments are ignored, so
    that `get_payload` can pass one set to any kind.
    """

    _default_content_type: str = "application/octet-stream"
    _size: int | None = None
    _consumed: bool = False
    _autoclose: bool = False

    def __init__(
        self,
        value: Any,
        headers: LooseFields = None,
        content_type: str | _SENTINEL | None = sentinel,
        filename: str | None = None,
        encoding: str | None = None,
        **kwargs: Any,
    ) -> None:
        self._encoding = encoding
        self._filename = filename
        self._headers: CIMultiDict[str] = CIMultiDict()
        self._value = value
        if content_type is not sentinel and content_type is not None:
            self._headers[CONTENT_TYPE] = content_type
        elif self._filename is not None:
            guessed = mimetypes.guess_type(self._filename)[0]
            self._headers[CONTENT_TYPE] = self._default_content_type if guessed is None else guessed
        else:
            self._headers[CONTENT_TYPE] = self._default_content_type
        if headers:
            self._headers.update(headers)

    @property
    def size(self) -> int | None:
        """Octets that writing would send, or None when that is not known beforehand."""
        return self._size

    @property
    def filename(self) -> str | None:
        """The name of the file that this is, if any."""
        return self._filename

    @property
    def headers(self) -> "CIMultiDict[str]":
        """Fields of the part; may be changed until it is written."""
        return self._headers

    @property
    def _binary_headers(self) -> bytes:
        return encode_part_head(self._headers)

    @property
    def encoding(self) -> str | None:
        """The character encoding of the octets, where they are text."""
        return self._encoding

    @property
    def content_type(self) -> str:
        """The media type."""
        return self._headers[CONTENT_TYPE]

    @property
    def consumed(self) -> bool:
        """Whether the source is used up, so that writing again would send nothing."""
        return self._consumed

    @property
    def autoclose(self) -> bool:
        """Whether there is nothing that `close` would have to do."""
        return self._autoclose

    def set_content_disposition(
        self, disptype: str, quote_fields: bool = True, _charset: str = "utf-8", **params: str
    ) -> None:
        """Set Content-Disposition; ValueError for what does not fit in it."""
        self._headers[CONTENT_DISPOSITION] = content_disposition_header(
            disptype, quote_fields=quote_fields, _charset=_charset, **params
        )

    @abstractmethod
    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """The payload as text; TypeError where its octets cannot be had without waiting."""

    @abstractmethod
    async def write(self, writer: BodySink) -> None:
        """Send everything."""

    async def write_with_length(self, writer: BodySink, content_length: int | None) -> None:
        """Send ``content_length`` octets at the most, everything when None."""
        await self.write(writer if content_length is None else _LimitedSink(writer, content_length))

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """All octets; text is encoded with the payload's own encoding, else with ``encoding``."""
        return self.decode(encoding, errors).encode(self._encoding or encoding, errors)

    async def close(self) -> None:  # noqa: B027 - most payloads hold nothing
        """Give back what the payload holds; more than once does no harm."""


def encode_part_head(headers: "CIMultiDict[str]") -> bytes:
    """Fields and the empty line after them. ValueError for control characters: they would be fields of their own."""
    lines = []
    for name, value in headers.items():
        line = f"{name}: {value}"
        if not line.isprintable() and _CONTROL.search(line):
            raise ValueError("Forbidden control character detected in headers. Potential header injection attack.")
        lines.append(line)
    return ("\r\n".join([*lines, "", ""]) if lines else "\r\n").encode("utf-8")


def guess_filename(obj: Any, default: str | None = None) -> str | None:
    """The last part of a file object's name, unless it is a pseudo name such as ``<stdin>``."""
    name = getattr(obj, "name", None)
    if name and isinstance(name, str) and name[0] != "<" and name[-1] != ">":
        return os.path.basename(name) if sys.platform != "win32" else name.replace("\\", "/").rpartition("/")[2]
    return default


class _LimitedSink:
    """Passes on the first octets and drops the rest."""

    def __init__(self, sink: BodySink, limit: int) -> None:
        self._sink = sink
        self._left = limit

    async def write(self, chunk: bytes | bytearray | memoryview) -> None:
        if self._left > 0:
            piece = chunk[: self._left]
            self._left -= len(piece)
            await self._sink.write(piece)
