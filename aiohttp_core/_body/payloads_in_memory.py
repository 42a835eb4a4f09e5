"""Payloads whose octets are all there: bytes, text and JSON."""

import io
import json
import warnings
from collections.abc import Callable
from typing import Any, Final

from .._semantics.media_types import parse_mimetype
from .contract import BodySink
from .payload import Payload
from .registry import payload_type

TOO_LARGE_BYTES_BODY: Final = 2**20
"""Octets from which one write of a bytes object gets a warning."""


@payload_type((bytes, bytearray, memoryview))
class BytesPayload(Payload):
    """Octets."""

    _value: bytes | bytearray | memoryview
    _autoclose = True

    def __init__(self, value: bytes | bytearray | memoryview, *args: Any, **kwargs: Any) -> None:
        if "content_type" not in kwargs:
            kwargs["content_type"] = self._default_content_type
        super().__init__(value, *args, **kwargs)
        if isinstance(value, memoryview):
            self._size = value.nbytes
        elif isinstance(value, bytes | bytearray):
            self._size = len(value)
        else:
            raise TypeError(f"value argument must be byte-ish, not {type(value)!r}")
        if self._size > TOO_LARGE_BYTES_BODY:
            warnings.warn(
                "Sending a large body directly with raw bytes might lock the event loop. "
                "You should probably pass an io.BytesIO object instead",
                ResourceWarning,
                source=self,
                stacklevel=2,
            )

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """The octets as text."""
        return str(self._value, encoding, errors)

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """The octets; the arguments do not matter."""
        value = self._value
        return value if isinstance(value, bytes) else bytes(value)

    async def write(self, writer: BodySink) -> None:
        """Send the octets at once."""
        await writer.write(self._value)

    async def write_with_length(self, writer: BodySink, content_length: int | None) -> None:
        """Send the first ``content_length`` octets."""
        value = self._value
        if content_length is not None and content_length < (self._size or 0):
            value = (value.cast("B") if isinstance(value, memoryview) else value)[:content_length]
        await writer.write(value)


@payload_type(str)
class StringPayload(BytesPayload):
    """Text, encoded in the charset of its content type (UTF-8 unless told)."""

    def __init__(
        self, value: str, *args: Any, encoding: str | None = None, content_type: str | None = None, **kwargs: Any
    ) -> None:
        encoding, content_type = resolve_charset(encoding, content_type)
        super().__init__(value.encode(encoding), *args, encoding=encoding, content_type=content_type, **kwargs)


@payload_type(io.StringIO)
class StringIOPayload(StringPayload):
    """The text that a StringIO holds from where it stands."""

    def __init__(self, value: io.StringIO, *args: Any, **kwargs: Any) -> None:
        super().__init__(value.read(), *args, **kwargs)


class JsonPayload(BytesPayload):
    """An object as JSON text."""

    def __init__(
        self,
        value: Any,
        encoding: str = "utf-8",
        content_type: str = "application/json",
        dumps: Callable[[Any], str] = json.dumps,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            dumps(value).encode(encoding),
            *args,
            content_type=content_type,
            encoding=encoding,
            **kwargs,
        )


class JsonBytesPayload(BytesPayload):
    """An object as JSON by an encoder that makes bytes (orjson, msgspec)."""

    def __init__(
        self,
        value: Any,
        dumps: Callable[[Any], bytes],
        content_type: str = "application/json",
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(dumps(value), *args, content_type=content_type, **kwargs)


def resolve_charset(encoding: str | None, content_type: str | None) -> tuple[str, str]:
    """``(encoding, content type)`` of text, each taken from the other where it is not given."""
    if encoding is None:
        if content_type is None:
            return "utf-8", "text/plain; charset=utf-8"
        return parse_mimetype(content_type).parameters.get("charset", "utf-8"), content_type
    if content_type is None:
        return encoding, f"text/plain; charset={encoding}"
    return encoding, content_type
