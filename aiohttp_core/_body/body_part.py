"""One part of a received multipart body."""

import binascii
import json
import quopri
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import parse_qsl

from multidict import CIMultiDict, CIMultiDictProxy, MultiMapping

from .._semantics.charsets import charset_codec
from .._semantics.compression import CodingError, Decompressor, UnsupportedCoding, decompressor_for
from .._semantics.content_disposition import content_disposition_filename, parse_content_disposition
from .._semantics.field_names import (
    CONTENT_DISPOSITION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TRANSFER_ENCODING,
    CONTENT_TYPE,
)
from .._semantics.media_types import parse_mimetype
from .codecs import AsyncDecompressor
from .contract import BodySink, BodySource
from .errors import MultipartError
from .part_scanner import PartScanner
from .payload import READ_SIZE, Payload
from .registry import Order, payload_type

MaxSizeError = Callable[[int], Exception]
FaultCallback = Callable[[Exception], None]

_DIGITS: Final = re.compile(r"[0-9]{1,19}")
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/=]+")


class BodyPartReader:
    """One part: its fields, and its body as it arrives.

    In multipart/form-data the content of a part is what it is: Content-Length and Content-Encoding are not looked at
    (RFC 7578 sections 4.7 and 4.8). Elsewhere a Content-Length must be ASCII digits and true.
    """

    chunk_size: int = 8192

    def __init__(
        self,
        boundary: bytes,
        headers: "Mapping[str, str]",
        content: "BodySource | PartScanner",
        *,
        subtype: str = "mixed",
        default_charset: str | None = None,
        max_decompress_size: int = 256 * 1024,
        client_max_size: int = sys.maxsize,
        max_size_error_cls: MaxSizeError = ValueError,
    ) -> None:
        fields: Any = headers if isinstance(headers, MultiMapping) else CIMultiDict(headers)
        self.headers: CIMultiDictProxy[str] = fields
        self._boundary = boundary
        self._delimiter = b"\r\n" + boundary
        self._scanner = content if isinstance(content, PartScanner) else PartScanner(content)
        self._is_form_data = subtype == "form-data"
        self._default_charset = default_charset
        self._max_decompress_size = max_decompress_size
        self._client_max_size = client_max_size
        self._max_size_error_cls = max_size_error_cls
        self._left = None if self._is_form_data else self._content_length()
        self._block = b""
        self._offset = 0
        self._started = False
        self._ended = False
        self._at_eof = False
        self._iterated = False
        self._machine: Decompressor | None = None
        self.on_fault: FaultCallback | None = None
        """Told of what is raised because of the octets of this part, before it is raised."""

    def __aiter__(self) -> "BodyPartReader":
        return self

    async def __anext__(self) -> bytes:
        data = await self.next()
        if data is None:
            raise StopAsyncIteration
        return data

    async def next(self) -> bytes | None:
        """The whole body the first time, None afterwards."""
        data = await self.read()
        return data or None

    async def read(self, *, decode: bool = False) -> bytes:
        """All octets that were not read yet, with ``decode`` freed from their encodings; often a bytearray.

        The limit of the reader counts before and after decoding; past it, ``max_size_error_cls(limit)`` is raised.
        """
        if self._at_eof:
            return b""
        # Grows in place: joining pieces would hold everything twice.
        data = bytearray()
        while await self._available():
            data += self._block[self._offset :] if self._offset else self._block
            self._offset = len(self._block)
            if len(data) > self._client_max_size:
                raise self._max_size_error_cls(self._client_max_size)
        whole = await self._decode_whole(data) if decode else data
        return whole  # type: ignore[return-value]

    async def read_chunk(self, size: int = chunk_size) -> bytes:
        """The next ``size`` octets, fewer only at the end; nothing after it.

        Chunks of a transfer encoding are cut where `decode` can take each by itself, and so may be shorter.
        """
        transfer = self.headers.get(CONTENT_TRANSFER_ENCODING, "").lower()
        if transfer in ("base64", "quoted-printable"):
            return await self._read_encoded_chunk(size, transfer)
        return await self._read_exactly(size)

    async def read_piece(self) -> bytes:
        """The next octets as they are at hand, still encoded; nothing at the end."""
        if not await self._available():
            return b""
        piece = self._block[self._offset :]
        self._offset = len(self._block)
        return piece

    async def readline(self) -> bytes:
        """The next line with its end; nothing after the last."""
        pieces: list[bytes] = []
        size = 0
        while await self._available():
            newline = self._block.find(b"\n", self._offset)
            end = len(self._block) if newline < 0 else newline + 1
            pieces.append(self._block[self._offset : end])
            self._offset = end
            size += len(pieces[-1])
            if size > self._client_max_size:
                raise self._max_size_error_cls(self._client_max_size)
            if newline >= 0:
                break
        return b"".join(pieces)

    async def release(self) -> None:
        """Drop the rest of the body."""
        while await self._available():
            self._offset = len(self._block)

    async def text(self, *, encoding: str | None = None) -> str:
        """The decoded body as text, in ``encoding`` or the charset of the part (UTF-8 unless told)."""
        data = await self.read(decode=True)
        with self._blaming():
            return data.decode(encoding or self._charset_codec())

    async def json(self, *, encoding: str | None = None) -> Any:
        """The decoded body as JSON; None for an empty one."""
        data = await self.read(decode=True)
        if not data:
            return None
        with self._blaming():
            return json.loads(data.decode(encoding or self._charset_codec()))

    async def form(self, *, encoding: str | None = None) -> list[tuple[str, str]]:
        """The decoded body as an urlencoded form; ValueError for octets that are not text."""
        data = await self.read(decode=True)
        if not data:
            return []
        with self._blaming():
            real_encoding = encoding or self._charset_codec()
            try:
                decoded = data.rstrip().decode(real_encoding)
            except UnicodeDecodeError:
                raise ValueError(f"data cannot be decoded with {real_encoding} encoding") from None
            return parse_qsl(decoded, keep_blank_values=True, encoding=real_encoding)

    def at_eof(self) -> bool:
        """Whether everything has been read."""
        return self._at_eof

    def decode(self, data: bytes | bytearray) -> bytes:
        """``data`` freed from its encodings, here and now.

        Consecutive chunks of one compressed body continue each other. RuntimeError for an unknown encoding,
        `MultipartError` for a bad one; past ``max_decompress_size`` octets ``max_size_error_cls`` (see `decode_iter`).
        """
        data = self._decode_transfer(data)
        machine = self._decompressor()
        if machine is None:
            return data  # type: ignore[return-value]
        limit = self._max_decompress_size
        try:
            unpacked = machine.decompress(bytes(data), limit)
            is_larger = machine.pending and bool(machine.decompress(b"", 1))
        except CodingError as error:
            raise MultipartError(f"cannot decode a part: {error}") from error
        if is_larger:
            raise self._max_size_error_cls(limit)
        return unpacked

    async def decode_iter(self, data: bytes | bytearray) -> AsyncIterator[bytes | bytearray]:
        """``data`` freed from its encodings, in pieces of at most ``max_decompress_size`` octets."""
        data = self._decode_transfer(data)
        machine = self._decompressor()
        if machine is None:
            yield data
            return
        try:
            async for piece in AsyncDecompressor(machine).iterate(bytes(data), self._max_decompress_size):
                yield piece
        except CodingError as error:
            raise MultipartError(f"cannot decode a part: {error}") from error

    def get_charset(self, default: str) -> str:
        """The charset of the content type, else that of the form's ``_charset_`` field, else ``default``."""
        mimetype = parse_mimetype(self.headers.get(CONTENT_TYPE, ""))
        return mimetype.parameters.get("charset", self._default_charset or default)

    def _charset_codec(self) -> str:
        return charset_codec(self.get_charset(default="utf-8"))

    @contextmanager
    def _blaming(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, LookupError, RuntimeError) as exc:
            if self.on_fault is not None:
                self.on_fault(exc)
            raise

    @property
    def name(self) -> str | None:
        """The field's name from Content-Disposition, or None."""
        return content_disposition_filename(self._disposition(), "name")

    @property
    def filename(self) -> str | None:
        """The file's name from Content-Disposition, or None. It is the peer's word: never use it as a path."""
        return content_disposition_filename(self._disposition(), "filename")

    def _disposition(self) -> dict[str, str]:
        parsed = self.__dict__.get("_disposition_params")
        if parsed is None:
            _, parsed = parse_content_disposition(self.headers.get(CONTENT_DISPOSITION))
            self.__dict__["_disposition_params"] = parsed
        params: dict[str, str] = parsed
        return params

    def _content_length(self) -> int | None:
        value = self.headers.get(CONTENT_LENGTH)
        if value is None:
            return None
        if not _DIGITS.fullmatch(value):
            raise MultipartError(f"invalid Content-Length: {value!r}")
        return int(value)

    async def _available(self) -> bool:
        """Have unread octets in the block; False at the end of the part."""
        if self._offset < len(self._block):
            return True
        if self._ended:
            self._block, self._offset, self._at_eof = b"", 0, True
            return False
        if not self._started:
            await self._start()
        if self._ended:
            return await self._available()
        if self._left is not None:
            await self._take_announced(self._left)
        else:
            self._block, self._ended = await self._scanner.take_until(self._delimiter)
        self._offset = 0
        return await self._available() if not self._block else True

    async def _start(self) -> None:
        self._started = True
        if not self._left and await self._scanner.next_is(self._delimiter):
            self._ended = True
        else:
            await self._scanner.skip(b"\r\n")

    async def _take_announced(self, left: int) -> None:
        if left:
            self._block = await self._scanner.take(min(left, READ_SIZE))
            self._left = left - len(self._block)
            return
        self._block, self._ended = b"", True
        if not await self._scanner.next_is(self._delimiter):
            raise MultipartError("the part's Content-Length is not where its boundary is")

    async def _read_exactly(self, size: int) -> bytes:
        end = self._offset + size
        if size > 0 and end <= len(self._block):
            piece = self._block[self._offset : end]
            self._offset = end
            return piece
        pieces: list[bytes] = []
        while size > 0 and await self._available():
            part = self._block[self._offset : self._offset + size]
            self._offset += len(part)
            size -= len(part)
            pieces.append(part)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def _read_encoded_chunk(self, size: int, transfer: str) -> bytes:
        """Hold back what a chunk cannot decode by itself: base64 goes by four characters, ``=XX`` stays together."""
        chunk = b""
        while piece := await self._read_exactly(max(size - len(chunk), 4)):
            chunk += piece
            whole = _whole_base64(chunk) if transfer == "base64" else _whole_quoted(chunk)
            if whole and (whole == len(chunk) or await self._available()):
                self._put_back(chunk[whole:])
                return chunk[:whole]
        return chunk

    def _put_back(self, held: bytes) -> None:
        if self._block.endswith(held, 0, self._offset):
            self._offset -= len(held)
        else:
            self._block, self._offset = held + self._block[self._offset :], 0

    def _decode_transfer(self, data: bytes | bytearray) -> bytes | bytearray:
        encoding = self.headers.get(CONTENT_TRANSFER_ENCODING, "").lower()
        if encoding in ("", "binary", "8bit", "7bit"):
            return data
        with self._blaming():
            if encoding == "base64":
                return binascii.a2b_base64(data)
            if encoding == "quoted-printable":
                return quopri.decodestring(bytes(data))
            raise RuntimeError(f"unknown content transfer encoding: {encoding}")

    def _decompressor(self) -> Decompressor | None:
        if self._is_form_data or CONTENT_ENCODING not in self.headers:
            return None
        if self._machine is None or self._machine.finished:
            coding = self.headers[CONTENT_ENCODING]
            with self._blaming():
                try:
                    self._machine = decompressor_for(coding)
                except UnsupportedCoding:
                    raise RuntimeError(f"unknown content encoding: {coding.lower()}") from None
        return self._machine

    async def _decode_whole(self, data: bytearray) -> bytes | bytearray:
        if CONTENT_TRANSFER_ENCODING not in self.headers and self._decompressor() is None:
            return data
        decoded = bytearray()
        try:
            async for piece in self.decode_iter(data):
                decoded += piece
                if len(decoded) > self._client_max_size:
                    raise self._max_size_error_cls(self._client_max_size)
            if self._machine is not None and data:
                self._machine.finish()
        except CodingError as error:
            raise MultipartError(f"cannot decode a part: {error}") from error
        return decoded


def _whole_base64(chunk: bytes) -> int:
    """Length of the beginning of ``chunk`` that holds whole groups of four."""
    over = len(_NOT_BASE64.sub(b"", chunk)) % 4
    end = len(chunk)
    while over:
        end -= 1
        if not _NOT_BASE64.match(chunk, end, end + 1):
            over -= 1
    return end


def _whole_quoted(chunk: bytes) -> int:
    """Length of the beginning of ``chunk`` that ends outside ``=XX``."""
    equals = chunk.rfind(b"=", max(0, len(chunk) - 2))
    return len(chunk) if equals < 0 else equals


@payload_type(BodyPartReader, order=Order.try_first)
class BodyPartReaderPayload(Payload):
    """A received part passed on as a payload."""

    _value: BodyPartReader
    _autoclose = True

    def __init__(self, value: BodyPartReader, *args: Any, **kwargs: Any) -> None:
        super().__init__(value, *args, **kwargs)
        params: dict[str, str] = {}
        if value.name is not None:
            params["name"] = value.name
        if value.filename is not None:
            params["filename"] = value.filename
        if params:
            self.set_content_disposition("attachment", True, **params)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """TypeError: a part cannot be had without waiting."""
        raise TypeError("Unable to decode.")

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """What is left of the part, decoded."""
        return bytes(await self._value.read(decode=True))

    async def write(self, writer: BodySink) -> None:
        """Send what is left of the part, decoded, as it arrives."""
        part = self._value
        while chunk := await part.read_chunk(size=READ_SIZE // 4):
            async for piece in part.decode_iter(chunk):
                await writer.write(piece)
