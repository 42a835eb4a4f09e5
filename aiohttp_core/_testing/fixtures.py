"""pytest fixtures: a loop for each test, servers and clients that are closed after it, free ports.

Coroutine tests run on the ``loop`` fixture. Where pytest-asyncio or anyio claims a test, it is left to them.
"""

from __future__ import annotations

import asyncio
import inspect
import warnings
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Protocol

import pytest

from .._server.application import Application
from .client import TestClient
from .loops import LoopFactory, loop_context, setup_test_loop, teardown_test_loop
from .ports import unused_port as _unused_port
from .server import BaseTestServer, RawTestServer, TestServer

_LOOP_NAMES = ("pyloop", "uvloop", "proactor")


class AiohttpClient(Protocol):
    """The type of the ``aiohttp_client`` fixture."""

    def __call__(
        self, __param: Application | BaseTestServer, *, server_kwargs: dict[str, Any] | None = None, **kwargs: Any
    ) -> Awaitable[TestClient[Any, Any]]: ...


class AiohttpServer(Protocol):
    """The type of the ``aiohttp_server`` fixture."""

    def __call__(self, app: Application, *, port: int | None = None, **kwargs: Any) -> Awaitable[TestServer]: ...


class AiohttpRawServer(Protocol):
    """The type of the ``aiohttp_raw_server`` fixture."""

    def __call__(
        self, handler: Callable[[Any], Awaitable[Any]], *, port: int | None = None, **kwargs: Any
    ) -> Awaitable[RawTestServer]: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("aiohttp-core")
    options: tuple[tuple[str, dict[str, Any]], ...] = (
        ("--aiohttp-fast", {"action": "store_true", "help": "run tests faster by not collecting garbage after each"}),
        ("--aiohttp-loop", {"default": "pyloop", "help": "pyloop, uvloop, proactor, several with commas, or all"}),
        ("--aiohttp-enable-loop-debug", {"action": "store_true", "help": "enable the loop's debug mode"}),
    )
    for name, settings in options:
        try:
            group.addoption(name, **settings)
        except ValueError:
            # pytest-aiohttp or aiohttp's own plugin has defined it, with the same meaning.
            return


def pytest_pycollect_makeitem(collector: Any, name: str, obj: Any) -> list[pytest.Function] | None:
    """Collect coroutine functions as tests."""
    if collector.funcnamefilter(name) and inspect.iscoroutinefunction(obj):
        return list(collector._genfunctions(name, obj))
    return None


def pytest_pyfunc_call(pyfuncitem: Any) -> bool | None:
    """Run a coroutine test on its loop."""
    if not inspect.iscoroutinefunction(pyfuncitem.function):
        return None
    claims = [name for name in ("asyncio", "anyio", "trio") if pyfuncitem.get_closest_marker(name)]
    if any(pyfuncitem.config.pluginmanager.hasplugin(name) for name in claims):
        return None
    existing = pyfuncitem.funcargs.get("loop") or pyfuncitem.funcargs.get("proactor_loop")
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    if existing is not None:
        existing.run_until_complete(pyfuncitem.obj(**arguments))
    else:
        with loop_context(fast=True) as loop:
            loop.run_until_complete(pyfuncitem.obj(**arguments))
    return True


def pytest_fixture_setup(fixturedef: Any) -> None:
    """Let coroutine and asynchronous generator fixtures run on the ``loop`` fixture."""
    function = fixturedef.func
    if inspect.isasyncgenfunction(function):
        generator = True
    elif inspect.iscoroutinefunction(function):
        generator = False
    else:
        return
    names = fixturedef.argnames
    strip_request = "request" not in names
    if strip_request:
        fixturedef.argnames = (*fixturedef.argnames, "request")

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        request = kwargs.pop("request") if strip_request else kwargs["request"]
        if "loop" not in request.fixturenames:
            raise RuntimeError("Asynchronous fixtures must depend on the 'loop' fixture or be used in tests that do")
        loop = request.getfixturevalue("loop")
        if not generator:
            return loop.run_until_complete(function(*args, **kwargs))
        iterator = function(*args, **kwargs)

        def finish() -> None:
            try:
                loop.run_until_complete(iterator.__anext__())
            except StopAsyncIteration:
                return
            raise RuntimeError(f"fixture {fixturedef.argname} yielded twice")

        request.addfinalizer(finish)
        return loop.run_until_complete(iterator.__anext__())

    fixturedef.func = wrapper


def pytest_generate_tests(metafunc: Any) -> None:
    """One run for each loop that was asked for."""
    if "loop_factory" not in metafunc.fixturenames:
        return
    wanted = metafunc.config.option.aiohttp_loop
    names = list(_LOOP_NAMES[:2]) if wanted == "all" else wanted.split(",")
    factories: dict[str, LoopFactory] = {}
    for raw in names:
        name = raw.removesuffix("?")
        factory = _loop_factory(name)
        if factory is not None:
            factories[name] = factory
        elif not raw.endswith("?") and wanted != "all":
            raise ValueError(f"Unknown or unavailable loop {name!r}, available loops: {_LOOP_NAMES}")
    metafunc.parametrize("loop_factory", list(factories.values()), ids=list(factories))


def _loop_factory(name: str) -> LoopFactory | None:
    if name == "pyloop":
        return asyncio.new_event_loop
    if name == "uvloop":
        try:
            import uvloop
        except ImportError:
            return None
        factory: LoopFactory = uvloop.new_event_loop
        return factory
    if name == "proactor":
        return getattr(asyncio, "ProactorEventLoop", None)
    return None


@pytest.fixture
def fast(request: Any) -> bool:
    """Whether --aiohttp-fast was given."""
    return bool(request.config.getoption("--aiohttp-fast"))


@pytest.fixture
def loop_debug(request: Any) -> bool:
    """Whether --aiohttp-enable-loop-debug was given."""
    return bool(request.config.getoption("--aiohttp-enable-loop-debug"))


@pytest.fixture
def loop(loop_factory: LoopFactory, fast: bool, loop_debug: bool) -> Iterator[asyncio.AbstractEventLoop]:
    """A loop for this test."""
    with loop_context(loop_factory, fast=fast) as running:
        if loop_debug:
            running.set_debug(True)
        asyncio.set_event_loop(running)
        yield running


@pytest.fixture
def proactor_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A proactor loop, on Windows."""
    factory = getattr(asyncio, "ProactorEventLoop", None)
    if factory is None:
        pytest.skip("there is no proactor loop on this system")
    running = setup_test_loop(factory)
    yield running
    teardown_test_loop(running)


@pytest.fixture
def aiohttp_unused_port() -> Callable[[], int]:
    """A function that gives free ports."""
    return _unused_port


@pytest.fixture
def unused_tcp_port(aiohttp_unused_port: Callable[[], int]) -> int:
    """A free port, under the name and in the shape that pytest-asyncio gives it."""
    return aiohttp_unused_port()


@pytest.fixture
def unused_port(aiohttp_unused_port: Callable[[], int]) -> Callable[[], int]:
    """The older name of ``aiohttp_unused_port``."""
    warnings.warn("Deprecated, use aiohttp_unused_port fixture instead", DeprecationWarning, stacklevel=2)
    return aiohttp_unused_port


@pytest.fixture
def aiohttp_server(loop: asyncio.AbstractEventLoop) -> Iterator[AiohttpServer]:
    """Starts servers of applications; they are closed after the test."""
    servers: list[TestServer] = []

    async def go(app: Application, *, host: str = "127.0.0.1", port: int | None = None, **kwargs: Any) -> TestServer:
        server = TestServer(app, host=host, port=port)
        await server.start_server(loop=loop, **kwargs)
        servers.append(server)
        return server

    yield go

    async def finalize() -> None:
        while servers:
            await servers.pop().close()

    loop.run_until_complete(finalize())


@pytest.fixture
def aiohttp_raw_server(loop: asyncio.AbstractEventLoop) -> Iterator[AiohttpRawServer]:
    """Starts low-level servers; they are closed after the test."""
    servers: list[RawTestServer] = []

    async def go(handler: Callable[[Any], Awaitable[Any]], *, port: int | None = None, **kwargs: Any) -> RawTestServer:
        server = RawTestServer(handler, port=port)
        await server.start_server(loop=loop, **kwargs)
        servers.append(server)
        return server

    yield go

    async def finalize() -> None:
        while servers:
            await servers.pop().close()

    loop.run_until_complete(finalize())


@pytest.fixture
def aiohttp_client(loop: asyncio.AbstractEventLoop) -> Iterator[AiohttpClient]:
    """Starts a server for an application (or takes one) with a client for it; both are closed after the test."""
    clients: list[TestClient[Any, Any]] = []

    async def go(
        __param: Application | BaseTestServer,
        *args: Any,
        server_kwargs: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> TestClient[Any, Any]:
        if isinstance(__param, Application):
            client: TestClient[Any, Any] = TestClient(TestServer(__param, **(server_kwargs or {})), loop=loop, **kwargs)
        elif isinstance(__param, BaseTestServer):
            client = TestClient(__param, loop=loop, **kwargs)
        else:
            raise ValueError(f"Unknown argument type: {type(__param)!r}")
        await client.start_server()
        clients.append(client)
        return client

    yield go

    async def finalize() -> None:
        while clients:
            await clients.pop().close()

    loop.run_until_complete(finalize())


@pytest.fixture
def test_client(aiohttp_client: AiohttpClient) -> AiohttpClient:
    """The older name of ``aiohttp_client``."""
    warnings.warn("Deprecated, use aiohttp_client fixture instead", DeprecationWarning, stacklevel=2)
    return aiohttp_client


@pytest.fixture
def test_server(aiohttp_server: AiohttpServer) -> AiohttpServer:
    """The older name of ``aiohttp_server``."""
    warnings.warn("Deprecated, use aiohttp_server fixture instead", DeprecationWarning, stacklevel=2)
    return aiohttp_server


@pytest.fixture
def raw_test_server(aiohttp_raw_server: AiohttpRawServer) -> AiohttpRawServer:
    """The older name of ``aiohttp_raw_server``."""
    warnings.warn("Deprecated, use aiohttp_raw_server fixture instead", DeprecationWarning, stacklevel=2)
    return aiohttp_raw_server
