"""Download to a file, and send one, piece by piece. `python examples/client_download.py URL FILE`."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp_core


async def download(session: aiohttp_core.ClientSession, url: str, target: Path) -> int:
    """Memory stays bounded: while the disk is behind, the server is slowed down."""
    size = 0
    async with session.get(url) as response:
        response.raise_for_status()
        file = await asyncio.to_thread(target.open, "wb")
        with file:
            async for piece in response.content.iter_chunked(65536):
                size += await asyncio.to_thread(file.write, piece)
    return size


async def pieces_of(source: Path) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(source.open, "rb")
    with file:
        while piece := await asyncio.to_thread(file.read, 65536):
            yield piece


async def main(base: str, target: Path) -> None:
    async with aiohttp_core.ClientSession(base, timeout=aiohttp_core.ClientTimeout(sock_read=30)) as session:
        print("downloaded", await download(session, "download?size=1000000", target))
        # What an asynchronous generator gives is sent in chunks. (An open file would do as well.)
        async with session.post("length", data=pieces_of(target)) as response:
            print("the server got", await response.text())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
