"""``aiohttp.http_writer``: re-exports."""

from aiohttp_core._connection.stream_writer import AbstractStreamWriter, StreamWriter
from aiohttp_core._semantics.versions import HttpVersion, HttpVersion10, HttpVersion11

__all__ = ("AbstractStreamWriter", "HttpVersion", "HttpVersion10", "HttpVersion11", "StreamWriter")
