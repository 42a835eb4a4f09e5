"""From parser events to the stream a program reads: decoding of content codings, with back-pressure.

A coded body is decoded only as far as the stream has room; what is left stays coded. So what nobody reads
is never inflated.

Also compiled from this source, with the types of ``_cparser/types``.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

from aiohttp_core._connection.stream_core import StreamCore  # compiled: a type
from aiohttp_core._semantics.compression import CodingError, Decompressor, UnsupportedCoding, decompressor_for
from aiohttp_core._wire import _accel
from aiohttp_core._wire.http1.messages import Chunks, EndOfMessage

DECODE_STEP: Final = 65536
"""Octets that one step of decoding hands on at the most."""
MANY_CHUNKS: Final = 64
TINY_CHUNK: Final = 64
"""Octets on average of more than ``MANY_CHUNKS`` chunks in one read, below which they are decoded together."""


class BodyReceiver:
    """Feeds one message's content into ``reader``; ``complete`` once all of it is there."""

    __slots__ = ("complete", "reader")

    def __init__(self, reader: StreamCore) -> None:
        self.reader = reader
        self.complete = False

    def full(self) -> bool:
        """Whether the stream has no room for more."""
        return self.reader._paused

    def data(self, data: bytes) -> None:
        self.reader.feed_data(data)

    def chunks(self, chunks: Chunks) -> None:
        self.reader.feed_chunks(chunks.data, chunks.ends)

    def end(self, end: EndOfMessage) -> None:
        """The whole message was received. Raises CodingError where its coding is cut off."""
        if end.trailers is not None:
            self.reader.trailers = end.trailers.headers
        self._finish()

    def fail(self, exc: BaseException, cause: BaseException | None = None) -> None:
        self.complete = True
        self.reader.set_exception(exc, cause)

    def resume(self) -> None:
        """The stream has room again."""

    def detach(self, translate: Callable[[Exception], BaseException]) -> None:
        """Go on without the connection: all octets are here and only decoding is left."""

    def _finish(self) -> None:
        self.complete = True
        self.reader.feed_eof()


class DecodingReceiver(BodyReceiver):
    """A receiver that undoes the content codings ``codings``, the last applied first (RFC 9110 section 8.4)."""

    __slots__ = ("_chunk_end", "_ended", "_ends_chunk", "_machines", "_translate", "_waiting")

    def __init__(self, reader: StreamCore, machines: list[Decompressor]) -> None:
        super().__init__(reader)
        reader.total_compressed_bytes = 0
        self._machines = machines
        # Pieces, and whether an HTTP chunk ends with them.
        self._waiting: deque[tuple[bytes, bool]] = deque()
        self._ends_chunk = False
        self._chunk_end = 0
        self._ended = False
        self._translate: Callable[[Exception], BaseException] = lambda exc: exc

    def full(self) -> bool:
        return bool(self._waiting) or self.reader._paused

    def data(self, data: bytes) -> None:
        self.reader.total_compressed_bytes = (self.reader.total_compressed_bytes or 0) + len(data)
        self._waiting.append((data, False))
        self._decode()

    def chunks(self, chunks: Chunks) -> None:
        data = chunks.data
        # From now on it is known to be in chunks, though perhaps none has ended.
        self.reader.feed_chunks(b"", ())
        self.reader.total_compressed_bytes = (self.reader.total_compressed_bytes or 0) + len(data)
        start = 0
        ends = chunks.ends
        if len(ends) > MANY_CHUNKS and len(ends) * TINY_CHUNK > len(data):
            # Each would cost more to decode by itself than it is worth: of all that came together the last end is told.
            ends = ends[-1:]
        for end in ends:
            self._waiting.append((data[start:end], True))
            start = end
        if start < len(data):
            self._waiting.append((data[start:], False))
        self._decode()

    def resume(self) -> None:
        self._decode()

    def detach(self, translate: Callable[[Exception], BaseException]) -> None:
        self._translate = translate
        self.reader.set_source(self)

    def pause_reading(self) -> None:
        """Nothing comes from the connection any more."""

    def resume_reading(self) -> None:
        """The stream has room and no connection to ask: decode further."""
        try:
            self._decode()
        except CodingError as exc:
            self.fail(self._translate(exc), exc)

    def _finish(self) -> None:
        self._ended = True
        self._decode()

    def _decode(self) -> None:
        reader = self.reader
        while not reader._paused and not self.complete:
            if any(machine.pending for machine in self._machines):
                piece = b""
            elif self._waiting:
                piece, self._ends_chunk = self._waiting.popleft()
            else:
                break
            piece = self._through(piece)
            ends: tuple[int, ...] = ()
            if self._ends_chunk and not any(machine.pending for machine in self._machines):
                self._ends_chunk = False
                if reader.total_bytes + len(piece) > self._chunk_end:
                    self._chunk_end = reader.total_bytes + len(piece)
                    ends = (len(piece),)
            if ends:
                reader.feed_chunks(piece, ends)
            else:
                reader.feed_data(piece)
        if (
            self._ended
            and not self.complete
            and not self._waiting
            and not any(machine.pending for machine in self._machines)
        ):
            for machine in self._machines:
                machine.finish()
            super()._finish()

    def _through(self, data: bytes) -> bytes:
        """One bounded step through all machines, the one nearest to the program first where it has more."""
        start = 0
        for index in range(len(self._machines) - 1, -1, -1):
            if self._machines[index].pending:
                start, data = index, b""
                break
        for machine in self._machines[start:]:
            data = machine.decompress(data, DECODE_STEP)
        return data


MAX_CODINGS: Final = 5
"""Content codings that one message may stack; more is an attack on the reader's memory."""


def receiver_for(reader: StreamCore, content_encoding: str | None) -> BodyReceiver:
    """The receiver for a Content-Encoding field; an unknown coding leaves the content as it is.

    Raises ValueError where more than ``MAX_CODINGS`` are stacked.
    """
    if not content_encoding:
        return BodyReceiver(reader)
    codings = [coding.strip().lower() for coding in content_encoding.split(",")]
    codings = [coding for coding in codings if coding and coding != "identity"]
    if len(codings) > MAX_CODINGS:
        raise ValueError(f"{len(codings)} content codings are stacked, {MAX_CODINGS} are allowed")
    machines = []
    for coding in reversed(codings):
        try:
            machine = decompressor_for(coding)
        except UnsupportedCoding:
            return BodyReceiver(reader)
        if machine is not None:
            machines.append(machine)
    return DecodingReceiver(reader, machines) if machines else BodyReceiver(reader)


_accel.use_compiled(globals(), "body_receiver")
