"""The serialiser in use: compiled where it was built, else pure."""

from .._accel import serializer as _compiled
from .serializer_pure import (
    serialize_chunk,
    serialize_request_head,
    serialize_response_head,
    serialize_trailers,
    serialize_whole_response,
)

if _compiled is not None:
    serialize_chunk = _compiled.serialize_chunk
    serialize_request_head = _compiled.serialize_request_head
    serialize_response_head = _compiled.serialize_response_head
    serialize_trailers = _compiled.serialize_trailers
    serialize_whole_response = _compiled.serialize_whole_response

LAST_CHUNK = b"0\r\n\r\n"
"""The last chunk without trailers."""

__all__ = (
    "LAST_CHUNK",
    "serialize_chunk",
    "serialize_request_head",
    "serialize_response_head",
    "serialize_trailers",
    "serialize_whole_response",
)
