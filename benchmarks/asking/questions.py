"""What a client is asked to do; each library has one subclass."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from asked import STREAM

PIECE = b"x" * 2**16
PIECES = STREAM // 2**16


async def upload() -> AsyncIterator[bytes]:
    """200 MB in pieces."""
    for _ in range(PIECES):
        yield PIECE


class Client:
    """One session against ``url``; each method is one exchange and gives what came back."""

    def __init__(self, url: str, cookies: bool) -> None:
        self.url, self.cookies = url, cookies

    async def open(self) -> None:
        """Make the session."""
        raise NotImplementedError

    async def get(self, path: str) -> bytes:
        raise NotImplementedError

    async def post_json(self, path: str, document: Any) -> bytes:
        raise NotImplementedError

    async def download(self, path: str) -> int:
        """The octets of a body that is read piece by piece."""
        raise NotImplementedError

    async def upload(self, path: str) -> bytes:
        """A body that is produced piece by piece."""
        raise NotImplementedError
