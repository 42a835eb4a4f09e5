"""Forms to send: urlencoded, or multipart/form-data (RFC 7578) where a field needs more than a string."""

import io
import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlencode

import attr
from multidict import CIMultiDictProxy, MultiDict, MultiDictProxy

from .._semantics.content_disposition import content_disposition_header
from .._semantics.deprecations import warn_caller
from .._semantics.field_names import CONTENT_DISPOSITION, CONTENT_TYPE
from .multipart_writer import MultipartWriter
from .payload import Payload, guess_filename
from .payloads_in_memory import BytesPayload
from .registry import get_payload

_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_OCTETS: Final = (bytes, bytearray, memoryview)
_FILES: Final = (io.IOBase, *_OCTETS)


@attr.s(auto_attribs=True, frozen=True, slots=True)
class FileField:
    """A file received in a form."""

    name: str
    filename: str
    file: io.BufferedReader
    content_type: str
    headers: "CIMultiDictProxy[str]"


class FormData:
    """A form: fields are added, and calling the form gives the payload to send."""

    def __init__(
        self,
        fields: Iterable[Any] = (),
        quote_fields: bool = True,
        charset: str | None = None,
        *,
        default_to_multipart: bool = False,
    ) -> None:
        self._writer = MultipartWriter("form-data")
        self._fields: list[tuple[MultiDict[str], dict[str, str], Any]] = []
        self._is_multipart = default_to_multipart
        self._quote_fields = quote_fields
        self._charset = charset
        if isinstance(fields, dict):
            fields = list(fields.items())
        elif not isinstance(fields, (list, tuple)):
            fields = (fields,)
        self.add_fields(*fields)

    @property
    def is_multipart(self) -> bool:
        """Whether the form is sent as multipart/form-data."""
        return self._is_multipart

    def add_field(
        self,
        name: str,
        value: Any,
        *,
        content_type: str | None = None,
        filename: str | None = None,
        content_transfer_encoding: str | None = None,
    ) -> None:
        """Add a field. A file, a file name or a content type makes the form multipart.

        TypeError for a name, file name or type that is no string; ValueError for control characters in one of them.
        """
        is_file = isinstance(value, _FILES)
        if is_file:
            self._is_multipart = True
        if isinstance(value, _OCTETS) and content_transfer_encoding is not None:
            # Octets for which a coding is told are a field's value, and no file.
            is_file = False
        elif isinstance(value, _OCTETS) and filename is None:
            warn_caller(
                "In v4, passing bytes will no longer create a file field. "
                "Please explicitly use the filename parameter or pass a BytesIO object."
            )
        _check_text("name", name)
        options: MultiDict[str] = MultiDict({"name": name})
        if filename is not None:
            _check_text("filename", filename)
        elif is_file:
            filename = guess_filename(value, name)
        if filename is not None:
            options["filename"] = filename
            self._is_multipart = True
        headers: dict[str, str] = {}
        if content_type is not None:
            _check_text("content_type", content_type)
            headers[CONTENT_TYPE] = content_type
            self._is_multipart = True
        if content_transfer_encoding is not None:
            _check_text("content_transfer_encoding", content_transfer_encoding)
            warn_caller(
                "content_transfer_encoding is deprecated. To maintain compatibility with v4 please pass a BytesPayload."
            )
            self._is_multipart = True
        self._fields.append((options, headers, value))

    def add_fields(self, *fields: Any) -> None:
        """Add files, multidicts and ``(name, value)`` pairs; TypeError for anything else."""
        for field in fields:
            if isinstance(field, io.IOBase):
                self.add_field(guess_filename(field, "unknown") or "unknown", field)
            elif isinstance(field, (MultiDictProxy, MultiDict)):
                for name, value in field.items():
                    self.add_field(name, value)
            elif isinstance(field, (list, tuple)) and len(field) == 2:
                self.add_field(field[0], field[1])
            else:
                raise TypeError(
                    "Only io.IOBase, multidict and (name, file) pairs allowed, "
                    f"use .add_field() for passing more complex parameters, got {field!r}"
                )

    def __call__(self) -> Payload:
        """The payload; the same fields may be asked for again."""
        return self._multipart() if self._is_multipart else self._urlencoded()

    def _urlencoded(self) -> BytesPayload:
        charset = self._charset if self._charset is not None else "utf-8"
        content_type = "application/x-www-form-urlencoded"
        if charset != "utf-8":
            content_type += f"; charset={charset}"
        pairs = [(options["name"], value) for options, _, value in self._fields]
        return BytesPayload(urlencode(pairs, doseq=True, encoding=charset).encode(), content_type=content_type)

    def _multipart(self) -> MultipartWriter:
        while self._fields:
            options, headers, value = self._fields[0]
            part = self._make_part(headers, value)
            part.headers[CONTENT_DISPOSITION] = self._disposition(options)
            # Not the writer's append_payload(): forms have no Content-Length in parts (RFC 7578 section 4.8).
            self._writer.append_payload(part)
            del self._fields[0]
        return self._writer

    def _make_part(self, headers: dict[str, str], value: Any) -> Payload:
        try:
            if CONTENT_TYPE in headers:
                return get_payload(value, content_type=headers[CONTENT_TYPE], headers=headers, encoding=self._charset)
            return get_payload(value, headers=headers, encoding=self._charset)
        except Exception as error:
            raise TypeError(
                f"Can not serialize value type: {type(value)!r}\n headers: {headers!r}\n value: {value!r}"
            ) from error

    def _disposition(self, options: "MultiDict[str]") -> str:
        if self._quote_fields and not options["name"].isascii():
            # A form's name must not use name* (RFC 7578 section 4.2), so it goes as UTF-8 the way browsers send it.
            field = content_disposition_header("form-data", quote_fields=False, name=options["name"])
            if "filename" not in options:
                return field
            _, _, filename = content_disposition_header("form-data", filename=options["filename"]).partition("; ")
            return f"{field}; {filename}"
        return content_disposition_header("form-data", quote_fields=self._quote_fields, **options)


def _check_text(what: str, value: object) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{what} must be an instance of str. Got: {value}")
    if _CONTROL.search(value):
        raise ValueError("Forbidden control character detected in headers. Potential header injection attack.")
