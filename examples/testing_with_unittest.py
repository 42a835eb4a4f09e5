"""Tests by unittest: `python examples/testing_with_unittest.py`."""

import unittest

from aiohttp_core import web
from aiohttp_core.test_utils import AioHTTPTestCase


async def greet(request: web.Request) -> web.Response:
    return web.Response(text="Hello, world")


class GreetingTest(AioHTTPTestCase):
    async def get_application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/", greet)
        return app

    async def test_greeting(self) -> None:
        async with self.client.get("/") as response:
            self.assertEqual(response.status, 200)
            self.assertEqual(await response.text(), "Hello, world")


if __name__ == "__main__":
    unittest.main()
