"""Content codings as machines: octets in, octets out, never more than asked for (RFC 1950, 1951, 1952, 7932, 8878).

    CodingError
     +- UnsupportedCoding    nobody here can decode it
     +- CorruptStream        the octets break the format
     |   +- TruncatedStream  they stop in the middle
     +- TooManyMembers       a stream of many tiny streams: work without data

A decompressor hands out at most ``max_length`` octets for each call and keeps the rest of its input; while
``pending`` is true, ``decompress(b"", max_length)`` gives more. So a small message that unpacks to gigabytes costs its
reader only what the reader takes.
"""

import zlib
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final, Protocol

MAX_MEMBERS: Final = 1000
"""gzip members, zlib streams or zstd frames in one content."""

_GZIP_MAGIC: Final = b"\x1f\x8b"


class CodingError(Exception):
    """Content cannot be decoded, or not be encoded as asked."""


class UnsupportedCoding(CodingError):
    """The coding is not known, or the library for it is not installed."""


class CorruptStream(CodingError):
    """The octets are not what the coding says they are."""


class TruncatedStream(CorruptStream):
    """The octets end before the coding says they do."""


class TooManyMembers(CodingError):
    """More concatenated members than anybody has a use for."""


class Decompressor(Protocol):
    """Decodes one stream. No method may be called by two threads at once."""

    pending: bool
    """Whether more output is there without more input."""

    def decompress(self, data: bytes, max_length: int = 0) -> bytes:
        """The next octets of output, at most ``max_length`` of them (0: all). `CodingError` for bad input."""
        ...

    @property
    def finished(self) -> bool:
        """Whether the stream is complete (an untouched decompressor is: no content is valid in any coding)."""
        ...

    def finish(self) -> None:
        """Say that the input has ended; `TruncatedStream` when it ended too early."""
        ...


class Compressor(Protocol):
    """Encodes one stream."""

    def compress(self, data: bytes) -> bytes:
        """What can be sent already; often nothing."""
        ...

    def flush(self) -> bytes:
        """The rest, with the end of the stream."""
        ...


_zlib: Any = zlib


def set_zlib_backend(new_zlib_backend: ModuleType) -> None:
    """Use another module with zlib's interface (isal.isal_zlib, zlib_ng.zlib_ng) for gzip and deflate from now on."""
    global _zlib
    _zlib = new_zlib_backend


def decompressor_for(coding: str) -> Decompressor | None:
    """A machine for one content coding; None for the identity. `UnsupportedCoding` for any other, lists included."""
    match coding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return _Inflation("gzip", _begin_gzip)
        case "deflate":
            return _Inflation("deflate", _begin_deflate)
        case "br" if _brotli is not None:
            return _BrotliDecompressor()
        case "zstd" if _zstd is not None:
            return _ZstdDecompressor()
    raise UnsupportedCoding(f"unknown content encoding: {coding}")


def compressor_for(coding: str, level: int | None = None, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> Compressor:
    """A machine for one content coding. ``deflate`` means the zlib format, as RFC 9110 section 8.4.1.2 says, and
    ``deflate-raw`` what some peers take it for. ``strategy`` is zlib's."""
    zlib_level = -1 if level is None else level
    match coding.strip().lower():
        case "gzip" | "x-gzip":
            return _zlib_compressor(zlib_level, 16 + zlib.MAX_WBITS, strategy)
        case "deflate":
            return _zlib_compressor(zlib_level, zlib.MAX_WBITS, strategy)
        case "deflate-raw":
            return _zlib_compressor(zlib_level, -zlib.MAX_WBITS, strategy)
        case "br" if _brotli is not None:
            return _BrotliCompressor(level)
        case "zstd" if _zstd is not None:
            compressor: Compressor = _zstd.ZstdCompressor(level=level)
            return compressor
    raise UnsupportedCoding(f"unknown content encoding: {coding}")


def supported_codings() -> tuple[str, ...]:
    """The codings that can be decoded here, as a client lists them in Accept-Encoding."""
    optional = (("br", _brotli), ("zstd", _zstd))
    return ("gzip", "deflate", *(name for name, library in optional if library is not None))


def _zlib_compressor(level: int, wbits: int, strategy: int) -> Compressor:
    compressor: Compressor = _zlib.compressobj(level=level, wbits=wbits, strategy=strategy)
    return compressor


class _Inflation:
    """gzip members, or zlib streams, one after the other; ``begin`` gives the machine for the octets of the next one,
    without what may stand before it, and no machine where more octets must decide."""

    __slots__ = ("_begin", "_coding", "_held", "_machine", "_members", "pending")

    def __init__(self, coding: str, begin: Callable[[bytes, bool], tuple[Any, bytes]]) -> None:
        self._coding = coding
        self._begin = begin
        self._machine: Any = None
        self._members = 0
        self._held = b""
        self.pending = False

    def decompress(self, data: bytes, max_length: int = 0) -> bytes:
        held = self._held + data if self._held else data
        pieces: list[bytes] = []
        room = max_length
        go_on = self.pending or bool(held)
        self.pending = False
        while go_on:
            if self._machine is None or self._machine.eof:
                machine, held = self._begin(held, self._machine is None)
                if machine is None:
                    break
                self._machine = machine
                self._members += 1
                if self._members > MAX_MEMBERS:
                    raise TooManyMembers(f"more than {MAX_MEMBERS} {self._coding} members")
            piece, held = _inflate(self._machine, held, room)
            pieces.append(piece)
            go_on = bool(self._machine.eof) and bool(held)
            if max_length:
                room -= len(piece)
                if room <= 0:
                    self.pending = bool(held) or not self._machine.eof
                    break
        self._held = held
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    @property
    def finished(self) -> bool:
        return not self._held and (self._machine is None or bool(self._machine.eof))

    def finish(self) -> None:
        if not self.finished:
            raise TruncatedStream(f"{self._coding} stream ends early")


def _begin_gzip(held: bytes, first: bool) -> tuple[Any, bytes]:
    """RFC 1952 section 2.2; zeros behind a member are padding, as gzip(1) has it."""
    if not first:
        held = held.lstrip(b"\0")
        if len(held) < len(_GZIP_MAGIC) and _GZIP_MAGIC.startswith(held):
            return None, held
        if not held.startswith(_GZIP_MAGIC):
            raise CorruptStream("octets behind the end of the gzip stream")
    return _zlib.decompressobj(wbits=16 + zlib.MAX_WBITS), held


def _begin_deflate(held: bytes, first: bool) -> tuple[Any, bytes]:
    """The zlib format, or a bare deflate stream, which old servers send under the same name."""
    if len(held) < 2:
        return None, held
    if _has_zlib_header(held):
        return _zlib.decompressobj(wbits=zlib.MAX_WBITS), held
    if not first:
        raise CorruptStream("octets behind the end of the deflate stream")
    return _zlib.decompressobj(wbits=-zlib.MAX_WBITS), held


def _has_zlib_header(data: bytes) -> bool:
    """RFC 1950 section 2.2: method 8, a window of at most 32 KiB, and a check over both octets."""
    return data[0] & 0x0F == 8 and data[0] >> 4 <= 7 and (data[0] << 8 | data[1]) % 31 == 0


def _inflate(machine: Any, data: bytes, max_length: int) -> tuple[bytes, bytes]:
    """``(output, input not used yet)``, what stands behind the end of the stream included."""
    try:
        piece = machine.decompress(data, max_length)
    except _zlib.error as error:
        raise CorruptStream(str(error)) from error
    return piece, machine.unused_data if machine.eof else machine.unconsumed_tail


def _load_brotli() -> Any:
    try:
        try:
            import brotli  # type: ignore[import-not-found,import-untyped,unused-ignore]
        except ImportError:
            import brotlicffi as brotli  # type: ignore[import-not-found,import-untyped,no-redef,unused-ignore]
    except ImportError:
        return None
    # Older ones cannot limit their output, and so cannot be trusted with a peer's input.
    return brotli if hasattr(brotli.Decompressor, "can_accept_more_data") else None


def _load_zstd() -> Any:
    try:
        try:
            from compression import zstd  # type: ignore[import-not-found,unused-ignore]
        except ImportError:
            from backports import zstd  # type: ignore[import-not-found,no-redef,unused-ignore]
    except ImportError:
        return None
    return zstd


_brotli = _load_brotli()
_zstd = _load_zstd()


class _BrotliDecompressor:
    __slots__ = ("_input", "_machine", "_surplus", "_touched", "pending")

    def __init__(self) -> None:
        self._machine = _brotli.Decompressor()
        self._touched = False
        self._input = b""
        self._surplus = b""
        self.pending = False

    def decompress(self, data: bytes, max_length: int = 0) -> bytes:
        self._touched = self._touched or bool(data)
        self._input += data
        piece = self._surplus
        if not max_length:
            piece += self._step(0)
            while not self._machine.can_accept_more_data() and not self._machine.is_finished():
                piece += self._step(0)
            self._surplus = b""
        else:
            if len(piece) < max_length:
                piece += self._step(max_length - len(piece))
            # The library's limit is a hint: it fills whole blocks.
            piece, self._surplus = piece[:max_length], piece[max_length:]
        self.pending = bool(self._surplus) or not (
            self._machine.is_finished() or (self._machine.can_accept_more_data() and not self._input)
        )
        return piece

    def _step(self, limit: int) -> bytes:
        if self._machine.is_finished():
            if self._input:
                raise CorruptStream("octets behind the end of the brotli stream")
            return b""
        data = b""
        if self._machine.can_accept_more_data():
            data, self._input = self._input, b""
        try:
            piece: bytes = (
                self._machine.process(data, output_buffer_limit=limit) if limit else self._machine.process(data)
            )
        except _brotli.error as error:
            raise CorruptStream(str(error) or "brotli stream is corrupt") from error
        return piece

    @property
    def finished(self) -> bool:
        return not self._touched or (bool(self._machine.is_finished()) and not self._surplus)

    def finish(self) -> None:
        if not self.finished:
            raise TruncatedStream("brotli stream ends early")


class _BrotliCompressor:
    __slots__ = ("_machine",)

    def __init__(self, level: int | None) -> None:
        # 4 compresses better than gzip's default in less time; the library's 11 is for files kept for years.
        self._machine = _brotli.Compressor(quality=4 if level is None else level)

    def compress(self, data: bytes) -> bytes:
        return bytes(self._machine.process(data))

    def flush(self) -> bytes:
        return bytes(self._machine.finish())


class _ZstdDecompressor:
    __slots__ = ("_frames", "_held", "_machine", "_touched", "pending")

    def __init__(self) -> None:
        self._machine = _zstd.ZstdDecompressor()
        self._frames = 1
        self._touched = False
        self._held = b""
        self.pending = False

    def decompress(self, data: bytes, max_length: int = 0) -> bytes:
        self._touched = self._touched or bool(data)
        data = self._held + data if self._held else data
        self._held = b""
        pieces: list[bytes] = []
        room = max_length
        while True:
            if self._machine.eof:
                if not data:
                    break
                self._next_frame()
            try:
                piece = self._machine.decompress(data, room if max_length else -1)
            except _zstd.ZstdError as error:
                raise CorruptStream(str(error)) from error
            pieces.append(piece)
            data = self._machine.unused_data if self._machine.eof else b""
            room -= len(piece)
            if not self._machine.eof or (max_length and room <= 0):
                break
        self._held = data
        self.pending = bool(data) or (not self._machine.eof and not self._machine.needs_input)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _next_frame(self) -> None:
        self._frames += 1
        if self._frames > MAX_MEMBERS:
            raise TooManyMembers(f"more than {MAX_MEMBERS} zstd frames")
        self._machine = _zstd.ZstdDecompressor()

    @property
    def finished(self) -> bool:
        return not self._touched or (bool(self._machine.eof) and not self._held)

    def finish(self) -> None:
        if not self.finished:
            raise TruncatedStream("zstd stream ends early")
