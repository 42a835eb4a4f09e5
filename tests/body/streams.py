"""A scripted body source and a collecting sink."""

from collections.abc import Iterable


class Source:
    """Gives the chunks it was made with, then the end."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks = [chunk for chunk in chunks if chunk]
        self.reads = 0
        self._next = 0

    async def read(self, n: int = -1) -> bytes:
        self.reads += 1
        if self._next >= len(self.chunks):
            return b""
        chunk = self.chunks[self._next]
        if 0 <= n < len(chunk):
            self.chunks[self._next] = chunk[n:]
            return chunk[:n]
        self._next += 1
        return chunk

    def at_eof(self) -> bool:
        return self._next >= len(self.chunks)


class Sink:
    """Keeps what is written."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []

    async def write(self, chunk: bytes | bytearray | memoryview) -> None:
        self.chunks.append(bytes(chunk))

    @property
    def data(self) -> bytes:
        return b"".join(self.chunks)


def splits(data: bytes) -> list[list[bytes]]:
    """``data`` whole, octet by octet, and cut in two at every offset."""
    return [
        [data],
        [data[index : index + 1] for index in range(len(data))],
        *([data[:index], data[index:]] for index in range(1, len(data))),
    ]
