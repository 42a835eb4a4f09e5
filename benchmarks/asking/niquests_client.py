"""The client for niquests."""

from __future__ import annotations

from typing import Any

import niquests
from asking.questions import Client, upload


class NiquestsClient(Client):
    async def open(self) -> None:
        self._session = niquests.AsyncSession(pool_connections=64, pool_maxsize=64, disable_http2=True)
        self._session.trust_env = False

    async def get(self, path: str) -> bytes:
        response = await self._session.get(self.url + path)
        return response.content or b""

    async def post_json(self, path: str, document: Any) -> bytes:
        response = await self._session.post(self.url + path, json=document)
        return response.content or b""

    async def download(self, path: str) -> int:
        size = 0
        response = await self._session.get(self.url + path, stream=True)
        async for piece in await response.iter_content(2**18):
            size += len(piece)
        return size

    async def upload(self, path: str) -> bytes:
        response = await self._session.post(self.url + path, data=upload())
        return response.content or b""
