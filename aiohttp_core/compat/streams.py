"""``aiohttp.streams``: re-exports."""

from aiohttp_core._connection.data_queue import DataQueue, FlowControlDataQueue
from aiohttp_core._connection.stream_reader import (
    EMPTY_PAYLOAD,
    AsyncStreamIterator,
    EmptyStreamReader,
    EofStream,
    StreamReader,
)

__all__ = (
    "EMPTY_PAYLOAD",
    "AsyncStreamIterator",
    "DataQueue",
    "EmptyStreamReader",
    "EofStream",
    "FlowControlDataQueue",
    "StreamReader",
)
