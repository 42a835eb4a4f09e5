import asyncio
import gzip
import os
import zlib

import pytest

from aiohttp_core._body.codecs import MAX_OUTPUT, OFFLOAD_SIZE, AsyncCompressor, AsyncDecompressor
from aiohttp_core._semantics.compression import TruncatedStream, compressor_for, decompressor_for

CONTENT = os.urandom(OFFLOAD_SIZE * 3)


def test_big_pieces_round_trip() -> None:
    """Big pieces go through a thread and come out the same."""

    async def main() -> None:
        compressor = AsyncCompressor(compressor_for("gzip"))
        packed = await compressor.compress(CONTENT) + await compressor.flush()
        machine = decompressor_for("gzip")
        assert machine is not None
        decompressor = AsyncDecompressor(machine)
        assert b"".join([piece async for piece in decompressor.iterate(packed)]) == CONTENT
        decompressor.finish()

    asyncio.run(main())


def test_pieces_are_bounded() -> None:
    """However much a piece unpacks to, it comes in pieces of the limit."""

    async def main() -> None:
        machine = decompressor_for("gzip")
        assert machine is not None
        sizes = [len(piece) async for piece in AsyncDecompressor(machine).iterate(gzip.compress(bytes(3_000_000)))]
        assert max(sizes) <= MAX_OUTPUT
        assert sum(sizes) == 3_000_000

    asyncio.run(main())


def test_truncated() -> None:
    """A stream that ends early is an error at its end."""

    async def main() -> None:
        machine = decompressor_for("deflate")
        assert machine is not None
        decompressor = AsyncDecompressor(machine)
        assert [piece async for piece in decompressor.iterate(zlib.compress(b"hello")[:-6])] != [b"hello", b""]
        with pytest.raises(TruncatedStream):
            decompressor.finish()

    asyncio.run(main())


def test_cancelled_step_ends_before_the_next() -> None:
    """A cancelled caller's step is waited for, so that no machine is in two threads."""

    async def main() -> None:
        compressor = AsyncCompressor(compressor_for("gzip"))
        task = asyncio.ensure_future(compressor.compress(CONTENT * 20))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await compressor.flush()

    asyncio.run(main())
