"""The client for aiohttp and for us: only the module differs."""

from __future__ import annotations

import importlib
from typing import Any

from asking.questions import Client, upload


class AiohttpClient(Client):
    package = "aiohttp"

    async def open(self) -> None:
        module: Any = importlib.import_module(self.package)
        options = {} if self.cookies else {"cookie_jar": module.DummyCookieJar()}
        if self.cookies:
            options = {"cookie_jar": module.CookieJar(unsafe=True)}
        self._session = module.ClientSession(self.url, connector=module.TCPConnector(limit=0), **options)

    async def get(self, path: str) -> bytes:
        async with self._session.get(path) as response:
            return await response.read()

    async def post_json(self, path: str, document: Any) -> bytes:
        async with self._session.post(path, json=document) as response:
            return await response.read()

    async def download(self, path: str) -> int:
        size = 0
        async with self._session.get(path) as response:
            async for piece in response.content.iter_any():
                size += len(piece)
        return size

    async def upload(self, path: str) -> bytes:
        async with self._session.post(path, data=upload()) as response:
            return await response.read()


class OurClient(AiohttpClient):
    package = "aiohttp_core"
