"""Tests by pytest: `pytest -p aiohttp_core.pytest_plugin examples/testing_with_pytest.py`."""

import pytest

from aiohttp_core import web
from aiohttp_core.pytest_plugin import AiohttpClient
from aiohttp_core.test_utils import make_mocked_request


async def greet(request: web.Request) -> web.Response:
    return web.Response(text=f"Hello, {request.query.get('name', 'world')}")


def make_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/", greet)
    return app


@pytest.mark.parametrize(("query", "expected"), [({}, "Hello, world"), ({"name": "Ann"}, "Hello, Ann")])
async def test_over_a_socket(aiohttp_client: AiohttpClient, query: dict[str, str], expected: str) -> None:
    client = await aiohttp_client(make_app())
    async with client.get("/", params=query) as response:
        assert response.status == 200
        assert await response.text() == expected


async def test_the_handler_alone() -> None:
    response = await greet(make_mocked_request("GET", "/?name=Bob"))
    assert response.text == "Hello, Bob"
