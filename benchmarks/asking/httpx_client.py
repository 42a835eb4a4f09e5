"""The client for httpx."""

from __future__ import annotations

from typing import Any

import httpx
from asking.questions import Client, upload


class HttpxClient(Client):
    async def open(self) -> None:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        self._session = httpx.AsyncClient(base_url=self.url, limits=limits, timeout=60, trust_env=False)

    async def get(self, path: str) -> bytes:
        response = await self._session.get(path)
        self._forget()
        return response.content

    async def post_json(self, path: str, document: Any) -> bytes:
        response = await self._session.post(path, json=document)
        return response.content

    async def download(self, path: str) -> int:
        size = 0
        async with self._session.stream("GET", path) as response:
            async for piece in response.aiter_bytes():
                size += len(piece)
        return size

    async def upload(self, path: str) -> bytes:
        response = await self._session.post(path, content=upload())
        return response.content

    def _forget(self) -> None:
        if not self.cookies:
            self._session.cookies.clear()
