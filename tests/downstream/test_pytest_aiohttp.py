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


def test_pytest_aiohttp(pytester: pytest.Pytester) -> None:
    """Tests written for pytest-aiohttp in auto mode pass."""
    pytester.makepyfile(PROGRAM)
    pytester.runpytest_subprocess("-o", "asyncio_mode=auto", timeout=60).assert_outcomes(passed=3)


def test_beside_ours(pytester: pytest.Pytester) -> None:
    """With our plugin loaded too, tests that pytest-asyncio or anyio claim run once and pass."""
    pytester.makepyfile(
        "import pytest\n\n@pytest.mark.asyncio\nasync def test_asyncio(aiohttp_unused_port):\n"
        "    assert aiohttp_unused_port()\n\n"
        "@pytest.fixture\ndef anyio_backend():\n    return 'asyncio'\n\n"
        "@pytest.mark.anyio\nasync def test_anyio(anyio_backend):\n    pass\n\n"
        "async def test_ours(loop):\n    pass\n"
    )
    options = ("-p", "aiohttp_core.pytest_plugin", "-o", "asyncio_mode=strict")
    pytester.runpytest_subprocess(*options, timeout=60).assert_outcomes(passed=3)
