"""The pytest plugin, in runs of its own."""

import importlib.util
from collections.abc import Sequence

import pytest

pytest_plugins = ("pytester",)

PLUGIN = ("-p", "aiohttp_core.pytest_plugin", "-p", "no:cacheprovider")
PROGRAM = """
import asyncio
import pytest
from aiohttp_core import web

async def hello(request):
    return web.Response(text="hello")

def application():
    app = web.Application()
    app.router.add_get("/", hello)
    return app

@pytest.fixture
async def value(loop):
    assert asyncio.get_running_loop() is loop
    yield 3

async def test_client(aiohttp_client, value):
    client = await aiohttp_client(application())
    assert await (await client.get("/")).text() == "hello"
    assert value == 3

async def test_server(aiohttp_client, aiohttp_server):
    server = await aiohttp_server(application())
    client = await aiohttp_client(server)
    assert (await client.get("/")).status == 200

async def test_raw_server(aiohttp_client, aiohttp_raw_server):
    client = await aiohttp_client(await aiohttp_raw_server(hello))
    assert (await client.get("/")).status == 200

async def test_no_fixture():
    await asyncio.sleep(0)

def test_port(aiohttp_unused_port, unused_tcp_port):
    assert aiohttp_unused_port() > 0
    assert unused_tcp_port > 0

def test_synchronous(loop, aiohttp_client):
    client = loop.run_until_complete(aiohttp_client(application()))
    assert loop.run_until_complete(client.get("/")).status == 200

async def test_bad_argument(aiohttp_client):
    with pytest.raises(ValueError, match="Unknown argument type"):
        await aiohttp_client("nonsense")
"""
OLD = """
import pytest

def test_old_names(test_client, test_server, raw_test_server, unused_port):
    assert unused_port() > 0
"""


def passes(pytester: pytest.Pytester, source: str, options: Sequence[str] = (), **outcomes: int) -> None:
    pytester.makepyfile(source)
    result = pytester.runpytest_subprocess(*PLUGIN, *options, timeout=60)
    result.assert_outcomes(**outcomes)


def test_fixtures(pytester: pytest.Pytester) -> None:
    """Coroutine tests and fixtures run on the loop; clients and servers are made and closed."""
    passes(pytester, PROGRAM, passed=7)


def test_marks_of_absent_plugins(pytester: pytest.Pytester) -> None:
    """A coroutine test marked for a plugin that is not there is run, as aiohttp's plugin does."""
    source = "import pytest\n\n@pytest.mark.asyncio\nasync def test_it(loop):\n    assert loop.is_running()\n"
    passes(pytester, source, ["-p", "no:asyncio", "-o", "markers=asyncio"], passed=1)


def test_old_fixtures_warn(pytester: pytest.Pytester) -> None:
    """The older names of fixtures work and warn."""
    passes(pytester, OLD, ["-W", "default"], passed=1, warnings=4)


def test_options(pytester: pytest.Pytester) -> None:
    """The loop's kind, its debug mode and the fast mode are options."""
    source = "async def test_debug(loop):\n    assert loop.get_debug()\n"
    passes(pytester, source, ["--aiohttp-fast", "--aiohttp-enable-loop-debug"], passed=1)


@pytest.mark.skipif(importlib.util.find_spec("uvloop") is None, reason="uvloop is not installed")
def test_loops(pytester: pytest.Pytester) -> None:
    """Each test runs once on each loop asked for."""
    passes(pytester, "async def test_it(loop):\n    pass\n", ["--aiohttp-loop=pyloop,uvloop"], passed=2)


@pytest.mark.skipif(importlib.util.find_spec("anyio") is None, reason="anyio is not installed")
def test_beside_anyio(pytester: pytest.Pytester) -> None:
    """A test that anyio claims is left to it."""
    source = (
        "import pytest\n\n@pytest.fixture\ndef anyio_backend():\n    return 'asyncio'\n\n"
        "@pytest.mark.anyio\nasync def test_theirs(anyio_backend):\n    pass\n\nasync def test_ours(loop):\n    pass\n"
    )
    passes(pytester, source, ["-p", "anyio"], passed=2)
