"""Multipart bodies of 10 MB parsed: ours, aiohttp's, and python-multipart's."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asked import BOUNDARY, FORM, UPLOAD, UPLOAD_BODY

READ = 256 * 1024
PIECES = [UPLOAD_BODY[at : at + READ] for at in range(0, len(UPLOAD_BODY), READ)]


class Protocol:
    """What a stream asks of its connection."""

    _reading_paused = False

    def pause_reading(self) -> None:
        pass

    def resume_reading(self, resume_parser: bool = True) -> None:
        pass


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def readers(module: Any, loop: asyncio.AbstractEventLoop) -> Callable[[], int]:
    async def read() -> int:
        stream = module.StreamReader(Protocol(), 2**16, loop=loop)
        for piece in PIECES:
            stream.feed_data(piece)
        stream.feed_eof()
        size = 0
        async for part in module.MultipartReader(FORM, stream):
            while chunk := await part.read_chunk(2**16):
                size += len(chunk)
        return size

    return lambda: loop.run_until_complete(read())


def python_multiparts() -> Callable[[], int]:
    peer = pytest.importorskip("python_multipart")

    def parse() -> int:
        size = 0

        def on_data(data: bytes, start: int, end: int) -> None:
            nonlocal size
            size += end - start

        parser = peer.MultipartParser(BOUNDARY.encode(), {"on_part_data": on_data})
        for piece in PIECES:
            parser.write(piece)
        parser.finalize()
        return size

    return parse


@pytest.mark.parametrize("candidate", ["aiohttp_core", "aiohttp", "python-multipart"])
def test_multipart(benchmark: Any, loop: asyncio.AbstractEventLoop, candidate: str) -> None:
    """A form with a text and a file of 10 MB, fed in reads of 256 KiB."""
    benchmark.group = "parse multipart 10 MB"
    if candidate == "python-multipart":
        parse = python_multiparts()
    else:
        parse = readers(pytest.importorskip(candidate), loop)
    assert parse() == UPLOAD + len("A file")
    benchmark(parse)
