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

STRICT = """
import asyncio
import pytest
import pytest_asyncio
from aiohttp import web

@pytest_asyncio.fixture
async def client(aiohttp_client):
    yield await aiohttp_client(web.Application())

@pytest.mark.asyncio
async def test_client(client):
    assert (await client.get("/")).status == 404

@pytest.mark.asyncio
async def test_factories(aiohttp_client, aiohttp_server, aiohttp_raw_server):
    client = await aiohttp_client(await aiohttp_server(web.Application()))
    assert (await client.get("/")).status == 404
    assert (await aiohttp_raw_server(web.Response)).port
"""
OURS_IN_STRICT = """
import asyncio
import pytest
from aiohttp import web

async def test_bare():
    await asyncio.sleep(0)

@pytest.fixture
async def of_ours():
    yield asyncio.get_running_loop()

async def test_ours(loop, of_ours):
    assert loop is of_ours is asyncio.get_running_loop()

@pytest.fixture
async def without_loop():
    yield

async def test_without_loop(without_loop):
    pass
"""


def test_pytest_aiohttp(pytester: pytest.Pytester) -> None:
    """Tests written for pytest-aiohttp in auto mode pass, without our plugin and beside it."""
    pytester.makepyfile(PROGRAM)
    for beside in (), OURS:
        options = (*beside, "-o", "asyncio_mode=auto")
        pytester.runpytest_subprocess(*options, timeout=60).assert_outcomes(passed=3)


def test_pytest_aiohttp_in_strict_mode(pytester: pytest.Pytester) -> None:
    """Tests and fixtures that say that they are pytest-asyncio's pass, without our plugin and beside it."""
    pytester.makepyfile(STRICT)
    for beside in (), OURS:
        options = (*beside, "-o", "asyncio_mode=strict")
        pytester.runpytest_subprocess(*options, timeout=60).assert_outcomes(passed=2)


def test_ours_in_strict_mode(pytester: pytest.Pytester) -> None:
    """Beside pytest-aiohttp, as aiohttp's own plugin there: ours runs what is not marked, and its fixtures want the
    ``loop``. (The factories are pytest-aiohttp's then, on another loop: with ``loop`` they fail, aiohttp's too.)"""
    pytester.makepyfile(OURS_IN_STRICT)
    result = pytester.runpytest_subprocess(*OURS, "-o", "asyncio_mode=strict", timeout=60)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*Asynchronous fixtures must depend on the 'loop' fixture*"])


def test_beside_ours(pytester: pytest.Pytester) -> None:
    """With our plugin loaded too, tests and fixtures that pytest-asyncio or anyio claim run on their loops."""
    pytester.makepyfile(MIXED)
    options = (*OURS, "-p", "no:aiohttp", "-o", "asyncio_mode=strict")
    pytester.runpytest_subprocess(*options, timeout=60).assert_outcomes(passed=3)
