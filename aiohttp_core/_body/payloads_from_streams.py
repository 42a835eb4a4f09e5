"""Payloads that are produced while they are sent."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import aclosing
from typing import Any

from .contract import BodySink, ChunkedSource
from .payload import Payload
from .registry import Order, register_payload


class AsyncIterablePayload(Payload):
    """What an asynchronous iterable yields, once; `as_bytes` keeps it, and then it can be written again."""

    _autoclose = True
    _cached: list[bytes] | None = None
    _iterator: AsyncIterator[bytes] | None

    def __init__(self, value: AsyncIterable[bytes], *args: Any, **kwargs: Any) -> None:
        if not isinstance(value, AsyncIterable):
            raise TypeError(f"value argument must support collections.abc.AsyncIterable interface, got {type(value)!r}")
        if "content_type" not in kwargs:
            kwargs["content_type"] = self._default_content_type
        super().__init__(value, *args, **kwargs)
        self._iterator = value.__aiter__()

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """The text, once `as_bytes` has been awaited; TypeError before."""
        if self._cached is None:
            raise TypeError("Unable to decode - content not cached. Call as_bytes() first.")
        return b"".join(self._cached).decode(encoding, errors)

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Everything; kept for later writes."""
        if self._cached is None:
            self._cached = [memoryview(chunk).tobytes() async for chunk in self._chunks()]
        return b"".join(self._cached)

    async def write(self, writer: BodySink) -> None:
        """Send each chunk as it comes."""
        await self.write_with_length(writer, None)

    async def write_with_length(self, writer: BodySink, content_length: int | None) -> None:
        """Send ``content_length`` octets at the most; the iterable is run to its end only when they are not enough."""
        left = content_length
        if self._cached is not None:
            for chunk in self._cached:
                left = await _send(writer, chunk, left)
            return
        async with aclosing(self._chunks()) as chunks:
            async for chunk in chunks:
                left = await _send(writer, chunk, left)
                if left is not None and left <= 0:
                    break
        self._consumed = True

    async def _chunks(self) -> AsyncGenerator[bytes, None]:
        iterator, self._iterator = self._iterator, None
        if iterator is not None:
            async for chunk in iterator:
                yield chunk


class StreamReaderPayload(AsyncIterablePayload):
    """A received stream passed on by the chunks it comes in, not by lines."""

    def __init__(self, value: ChunkedSource, *args: Any, **kwargs: Any) -> None:
        super().__init__(value.iter_any(), *args, **kwargs)


async def _send(writer: BodySink, chunk: bytes, left: int | None) -> int | None:
    if left is None:
        await writer.write(chunk)
        return None
    if left > 0:
        await writer.write(chunk[:left])
    return left - len(chunk)


# A stream is an iterable of lines too, so the order matters.
register_payload(StreamReaderPayload, ChunkedSource, order=Order.try_last)
register_payload(AsyncIterablePayload, AsyncIterable, order=Order.try_last)
