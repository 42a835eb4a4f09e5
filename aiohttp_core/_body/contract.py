"""What bodies are read from and written to, as the least that this layer needs."""

from collections.abc import AsyncIterator
from typing import Protocol, runtime_checkable


class BodySource(Protocol):
    """Where a multipart body comes from: aiohttp's StreamReader and anything like it."""

    async def read(self, n: int = -1) -> bytes:
        """Wait until there are octets and return up to ``n`` of them; none means that the body has ended."""
        ...


class BodySink(Protocol):
    """Where a payload goes: aiohttp's AbstractStreamWriter and anything like it."""

    async def write(self, chunk: bytes | bytearray | memoryview) -> None:
        """Send octets on; waits while the peer is slower."""
        ...


@runtime_checkable
class ChunkedSource(Protocol):
    """A stream that can be iterated by the chunks it came in."""

    def iter_any(self) -> AsyncIterator[bytes]:
        """The chunks."""
        ...
