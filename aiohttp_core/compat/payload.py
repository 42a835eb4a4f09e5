"""``aiohttp.payload``: re-exports."""

from aiohttp_core._body.payload import Payload
from aiohttp_core._body.payloads_from_files import BufferedReaderPayload, BytesIOPayload, IOBasePayload, TextIOPayload
from aiohttp_core._body.payloads_from_streams import AsyncIterablePayload, StreamReaderPayload
from aiohttp_core._body.payloads_in_memory import (
    TOO_LARGE_BYTES_BODY,
    BytesPayload,
    JsonBytesPayload,
    JsonPayload,
    StringIOPayload,
    StringPayload,
)
from aiohttp_core._body.registry import (
    PAYLOAD_REGISTRY,
    LookupError,
    Order,
    PayloadRegistry,
    get_payload,
    payload_type,
    register_payload,
)

__all__ = (
    "PAYLOAD_REGISTRY",
    "TOO_LARGE_BYTES_BODY",
    "AsyncIterablePayload",
    "BufferedReaderPayload",
    "BytesIOPayload",
    "BytesPayload",
    "IOBasePayload",
    "JsonBytesPayload",
    "JsonPayload",
    "LookupError",
    "Order",
    "Payload",
    "PayloadRegistry",
    "StreamReaderPayload",
    "StringIOPayload",
    "StringPayload",
    "TextIOPayload",
    "get_payload",
    "payload_type",
    "register_payload",
)
