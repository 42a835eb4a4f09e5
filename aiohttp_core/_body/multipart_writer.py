"""A multipart body to send (RFC 2046 section 5.1, RFC 7578)."""

import base64
import quopri
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Final
from urllib.parse import urlencode

from multidict import CIMultiDict

from .._semantics.compression import compressor_for
from .._semantics.field_names import (
    CONTENT_DISPOSITION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TRANSFER_ENCODING,
)
from .codecs import AsyncCompressor
from .contract import BodySink
from .payload import LooseFields, Payload, encode_part_head
from .payloads_in_memory import JsonPayload, StringPayload
from .registry import LookupError, get_payload

_TOKEN: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_BAD_BOUNDARY: Final = re.compile(rb"[^\x20-\x7e\t]")
_FORBIDDEN_IN_FORMS: Final = (CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TRANSFER_ENCODING)

_Part = tuple[Payload, str, str]


class MultipartWriter(Payload):
    """Parts behind one another with a boundary between them; itself a payload, so multiparts nest."""

    _autoclose = True

    def __init__(self, subtype: str = "mixed", boundary: str | None = None) -> None:
        boundary = boundary if boundary is not None else uuid.uuid4().hex
        try:
            self._boundary = boundary.encode("ascii")
        except UnicodeEncodeError:
            raise ValueError("boundary should contain ASCII only chars") from None
        super().__init__(None, content_type=f"multipart/{subtype}; boundary={self._boundary_value}")
        self._parts: list[_Part] = []
        self._is_form_data = subtype == "form-data"

    def __enter__(self) -> "MultipartWriter":
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        pass

    def __iter__(self) -> Iterator[_Part]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def __bool__(self) -> bool:
        return True

    @property
    def _boundary_value(self) -> str:
        """The boundary as a parameter value; quoted where it is no token."""
        if _TOKEN.fullmatch(self._boundary):
            return self._boundary.decode("ascii")
        if _BAD_BOUNDARY.search(self._boundary):
            raise ValueError("boundary value contains invalid characters")
        escaped = self._boundary.decode("ascii").replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'

    @property
    def boundary(self) -> str:
        """The boundary without its dashes."""
        return self._boundary.decode("ascii")

    @property
    def consumed(self) -> bool:
        """Whether a part is used up."""
        return any(part.consumed for part, _, _ in self._parts)

    @property
    def autoclose(self) -> bool:
        """Whether no part holds anything that must be given back."""
        return all(part.autoclose for part, _, _ in self._parts)

    def append(self, obj: Any, headers: LooseFields = None) -> Payload:
        """Add a part made of ``obj``, with more fields. TypeError when no payload can be made of it."""
        fields: CIMultiDict[str] = CIMultiDict(headers or ())
        if isinstance(obj, Payload):
            obj.headers.update(fields)
            return self.append_payload(obj)
        try:
            payload = get_payload(obj, headers=fields)
        except LookupError:
            raise TypeError(f"Cannot create payload from {obj!r}") from None
        return self.append_payload(payload)

    def append_payload(self, payload: Payload) -> Payload:
        """Add a part as it is.

        RuntimeError for a Content-Encoding or Content-Transfer-Encoding that cannot be produced; ValueError for
        control characters in its fields, and for fields that forms must not have.
        """
        encode_part_head(payload.headers)
        if self._is_form_data:
            self._check_form_part(payload)
            coding = transfer = ""
        else:
            coding = _supported(payload, CONTENT_ENCODING, ("deflate", "gzip"), "content encoding")
            transfer = _supported(
                payload, CONTENT_TRANSFER_ENCODING, ("base64", "quoted-printable"), "content transfer encoding"
            )
            size = payload.size
            if size is not None and not (coding or transfer):
                payload.headers[CONTENT_LENGTH] = str(size)
        self._parts.append((payload, coding, transfer))
        return payload

    def append_json(self, obj: Any, headers: LooseFields = None) -> Payload:
        """Add ``obj`` as JSON."""
        return self.append_payload(JsonPayload(obj, headers=CIMultiDict(headers or ())))

    def append_form(self, obj: Sequence[tuple[str, str]] | Mapping[str, str], headers: LooseFields = None) -> Payload:
        """Add pairs or a mapping as an urlencoded form."""
        if isinstance(obj, Mapping):
            obj = list(obj.items())
        data = urlencode(obj, doseq=True)
        return self.append_payload(
            StringPayload(data, headers=CIMultiDict(headers or ()), content_type="application/x-www-form-urlencoded")
        )

    @property
    def size(self) -> int | None:
        """Octets of the whole body, or None when a part's are not known."""
        total = len(self._boundary) + 6
        for part, coding, transfer in self._parts:
            size = part.size
            if size is None or coding or transfer:
                return None
            total += len(self._boundary) + 4 + len(part._binary_headers) + size + 2
        return total

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """The parts as text, for logs and debugging."""
        return "".join(
            f"--{self.boundary}\r\n{part._binary_headers.decode(encoding, errors)}{part.decode(encoding, errors)}"
            for part, _, _ in self._parts
        )

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """The whole body as it would be written; parts are left so that they can be written later."""
        pieces: list[bytes] = []
        for part, coding, transfer in self._parts:
            collected = _Collector()
            sink = MultipartPayloadWriter(collected, coding, transfer) if coding or transfer else collected
            await sink.write(await part.as_bytes(encoding, errors))
            if isinstance(sink, MultipartPayloadWriter):
                await sink.write_eof()
            pieces += [b"--%b\r\n%b" % (self._boundary, part._binary_headers), *collected.chunks, b"\r\n"]
        pieces.append(b"--%b--\r\n" % self._boundary)
        return b"".join(pieces)

    async def write(self, writer: BodySink, close_boundary: bool = True) -> None:
        """Send all parts, and the closing boundary unless told otherwise."""
        for part, coding, transfer in self._parts:
            if self._is_form_data:
                self._check_form_part(part)
            await writer.write(b"--%b\r\n%b" % (self._boundary, part._binary_headers))
            if coding or transfer:
                encoder = MultipartPayloadWriter(writer, coding, transfer)
                await part.write(encoder)
                await encoder.write_eof()
            else:
                await part.write(writer)
            await writer.write(b"\r\n")
        if close_boundary:
            await writer.write(b"--%b--\r\n" % self._boundary)

    async def close(self) -> None:
        """Close every part, also when closing one of them fails."""
        first_error: Exception | None = None
        for part, _, _ in self._parts:
            try:
                await part.close()
            except Exception as error:  # noqa: BLE001 - the others hold files too; raised below
                first_error = first_error or error
        if first_error is not None:
            raise first_error

    def _check_form_part(self, payload: Payload) -> None:
        """RFC 7578 section 4.2, 4.7 and 4.8."""
        for name in _FORBIDDEN_IN_FORMS:
            if name in payload.headers:
                raise ValueError(f"{name} is not allowed in a part of multipart/form-data")
        disposition = payload.headers.get(CONTENT_DISPOSITION)
        if disposition is None:
            payload.set_content_disposition("form-data", name=f"section-{len(self._parts)}")
        elif "name=" not in disposition and "name*=" not in disposition:
            raise ValueError("a part of multipart/form-data needs a name in its Content-Disposition")


class MultipartPayloadWriter:
    """Encodes what one part writes: content coding first, transfer encoding after it."""

    def __init__(self, writer: BodySink, coding: str = "", transfer: str = "") -> None:
        self._writer = writer
        # Peers read "deflate" in a part without the zlib header, as they always sent it.
        name = "deflate-raw" if coding == "deflate" else coding
        self._compressor = AsyncCompressor(compressor_for(name)) if coding else None
        self._transfer = transfer
        self._held = b""

    async def write(self, chunk: bytes | bytearray | memoryview) -> None:
        """Encode a chunk and send what is complete."""
        data = bytes(chunk)
        if self._compressor is not None:
            data = await self._compressor.compress(data)
        await self._send(data)

    async def write_eof(self) -> None:
        """Send what is left."""
        if self._compressor is not None:
            await self._send(await self._compressor.flush())
        if self._held:
            await self._writer.write(self._encode(self._held))
            self._held = b""

    async def _send(self, data: bytes) -> None:
        if self._transfer:
            data = self._held + data
            # base64 takes three octets at a time; quoted-printable must see the whole line to find trailing spaces.
            cut = len(data) // 3 * 3 if self._transfer == "base64" else data.rfind(b"\n") + 1
            data, self._held = self._encode(data[:cut]), data[cut:]
        if data:
            await self._writer.write(data)

    def _encode(self, data: bytes) -> bytes:
        return base64.b64encode(data) if self._transfer == "base64" else quopri.encodestring(data)


class _Collector:
    def __init__(self) -> None:
        self.chunks: list[bytes] = []

    async def write(self, chunk: bytes | bytearray | memoryview) -> None:
        self.chunks.append(bytes(chunk))


def _supported(payload: Payload, field: str, choices: tuple[str, ...], what: str) -> str:
    value = payload.headers.get(field, "").lower()
    if value in choices:
        return value
    if value in ("", "identity", "binary", "7bit", "8bit"):
        return ""
    raise RuntimeError(f"unknown {what}: {value}")
