"""unittest cases with an application and a client."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest import IsolatedAsyncioTestCase

from .._server.application import Application
from .client import TestClient
from .server import TestServer


class AioHTTPTestCase(IsolatedAsyncioTestCase):
    """``self.app`` served by ``self.server``, with ``self.client`` for it. Override ``get_application``."""

    async def get_application(self) -> Application:
        """The application under test."""
        return self.get_app()

    def get_app(self) -> Application:
        """The older name of ``get_application``, not a coroutine."""
        raise RuntimeError("Did you forget to define get_application()?")

    async def asyncSetUp(self) -> None:
        self.loop = asyncio.get_running_loop()
        return await self.setUpAsync()

    async def setUpAsync(self) -> None:
        """Make application, server and client."""
        self.app = await self.get_application()
        self.server = await self.get_server(self.app)
        self.client = await self.get_client(self.server)
        await self.client.start_server()

    async def asyncTearDown(self) -> None:
        return await self.tearDownAsync()

    async def tearDownAsync(self) -> None:
        """Close the client and with it the server."""
        await self.client.close()

    async def get_server(self, app: Application) -> TestServer:
        return TestServer(app, loop=self.loop)

    async def get_client(self, server: TestServer) -> TestClient[Any, Any]:
        return TestClient(server, loop=self.loop)
