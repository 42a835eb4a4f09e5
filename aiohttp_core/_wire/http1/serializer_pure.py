"""Heads, chunks and trailers to octets (RFC 9112) in pure Python; ``sendable`` says what may be sent."""

from collections.abc import Mapping
from typing import Final

from multidict import CIMultiDict

from ..._semantics import field_names as hdrs
from ..._semantics.product import SERVER_SOFTWARE
from ..._semantics.versions import HttpVersion, HttpVersion11
from .sendable import check_chunk, check_status, check_target, check_token, check_value, check_version, octets

# Programs use few names; the bound keeps generated ones from growing memory.
_KNOWN_LIMIT: Final = 1024
_known_names: dict[str, str] = {}


def _name(text: str) -> str:
    known = _known_names.get(text)
    if known is None:
        known = check_token(text, "a field name")
        if len(_known_names) < _KNOWN_LIMIT:
            _known_names[known] = known
    return known


def _fields(headers: Mapping[str, str]) -> str:
    return "".join([f"{_name(name)}: {check_value(value, 'a field value')}\r\n" for name, value in headers.items()])


def serialize_request_head(method: str, target: str, version: HttpVersion, headers: Mapping[str, str]) -> bytes:
    """A request line and its fields with the blank line; raises ValueError or TypeError for what may not be sent."""
    line = f"{check_token(method, 'the method')} {check_target(target)} {check_version(version)}"
    return octets(f"{line}\r\n{_fields(headers)}\r\n")


def serialize_response_head(version: HttpVersion, status: int, reason: str, headers: Mapping[str, str]) -> bytes:
    """A status line and its fields with the blank line; raises ValueError or TypeError for what may not be sent."""
    line = f"{check_version(version)} {check_status(status)} {check_value(reason, 'the reason')}"
    return octets(f"{line}\r\n{_fields(headers)}\r\n")


def serialize_whole_response(
    status: int, reason: str, headers: CIMultiDict[str], body: bytes, date: str
) -> bytes | None:
    """A response in HTTP/1.1 with the content ``body``, whose length, type, date and server ``headers`` is completed
    by; None where ``headers`` says how it is framed or whether the connection goes on. Raises as heads do."""
    head = serialize_response_head(HttpVersion11, status, reason, headers)
    if hdrs.CONTENT_LENGTH in headers or hdrs.TRANSFER_ENCODING in headers or hdrs.CONNECTION in headers:
        return None
    added: dict[str, str] = {hdrs.CONTENT_LENGTH: str(len(body))}
    if body and hdrs.CONTENT_TYPE not in headers:
        added[hdrs.CONTENT_TYPE] = "application/octet-stream"
    if hdrs.DATE not in headers:
        added[hdrs.DATE] = date
    if hdrs.SERVER not in headers:
        added[hdrs.SERVER] = SERVER_SOFTWARE
    headers.extend(added)
    return b"%b%b\r\n%b" % (head[:-2], octets(_fields(added)), body)


def serialize_chunk(data: bytes) -> bytes:
    """``data``, which is not empty, as one chunk (RFC 9112 section 7.1)."""
    data = check_chunk(data)
    return b"%x\r\n%b\r\n" % (len(data), data)


def serialize_trailers(headers: Mapping[str, str]) -> bytes:
    """The last chunk with the trailer fields behind it; raises ValueError or TypeError as heads do."""
    return octets(f"0\r\n{_fields(headers)}\r\n")
