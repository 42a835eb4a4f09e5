"""pytest-aiohttp, and our own plugin beside it, pytest-asyncio and anyio."""

import pytest

pytest_plugins = ("pytester",)

PROGRAM = """
import pytest
from aiohttp import web

async def hello(request):
    return web.Response(text="hello")

@pytest.fixture
async def client(aiohttp_client):
    app = web.Application()
    app.router.add_get("/", hello)
    return await aiohttp_client(app)

async def test_client(client):
    assert await (await client.get("/")).text() == "hello"

async def test_server(aiohttp_server, aiohttp_raw_server):
    assert (await aiohttp_server(web.Application())).port
    assert (await aiohttp_raw_server(hello)).port

def test_port(unused_tcp_port):
    assert unused_tcp_port
"""

OURS = ("-p", "aiohttp_core.pytest_plugin")
MIXED = """
import asyncio
import pytest
import pytest_asyncio
from aiohttp import web

@pytest_asyncio.fixture
async def of_asyncio():
    yield asyncio.get_running_loop()

@pytest.mark.asyncio
async def test_asyncio(of_asyncio, aiohttp_unused_port):
    assert of_asyncio is asyncio.get_running_loop()
    assert aiohttp_unused_port()

@pytest.fixture
def anyio_backend():
    return "asyncio"

@pytest.fixture
async def of_anyio(anyio_backend):
    yield asyncio.get_running_loop()

@pytest.mark.anyio
async def test_anyio(of_anyio):
    assert of_anyio is asyncio.get_running_loop()

@pytest.fixture
async def client(aiohttp_client):
    yield await aiohttp_client(web.Application())

async def test_ours(loop, client):
    assert loop is asyncio.get_running_loop()
    assert (await client.get("/")).status == 404
"""


def test_pytest_aiohttp(pytester: pytest.Pytester) -> None:
    """Tests written for pytest-aiohttp in auto mode pass, without our plugin and beside it."""
    pytester.makepyfile(PROGRAM)
    for beside in (), OURS:
        options = (*beside, "-o", "asyncio_mode=auto")
        pytester.runpytest_subprocess(*options, timeout=60).assert_outcomes(passed=3)


def test_beside_ours(pytester: pytest.Pytester) -> None:
    """With our plugin loaded too, tests and fixtures that pytest-asyncio or anyio claim run on their loops."""
    pytester.makepyfile(MIXED)
    options = (*OURS, "-p", "no:aiohttp", "-o", "asyncio_mode=strict")
    pytester.runpytest_subprocess(*options, timeout=60).assert_outcomes(passed=3)
