"""``aiohttp.client_proto``: re-exports."""

from aiohttp_core._client.connection import ResponseHandler
from aiohttp_core._connection.data_queue import DataQueue
from aiohttp_core._connection.message_parsers import HttpResponseParser
from aiohttp_core._connection.protocol import BaseProtocol
from aiohttp_core._connection.raw_messages import RawResponseMessage
from aiohttp_core._connection.stream_reader import EMPTY_PAYLOAD, StreamReader

__all__ = (
    "BaseProtocol",
    "DataQueue",
    "EMPTY_PAYLOAD",
    "HttpResponseParser",
    "RawResponseMessage",
    "ResponseHandler",
    "StreamReader",
)
