"""Connectors that stay on the machine: Unix sockets and, where only Windows has them, named pipes."""

from __future__ import annotations

import asyncio
import pathlib
import sys
from typing import Any

import pytest
from functional.client_servers import RawServer, loop_name, ok, run

import aiohttp_core
from aiohttp_core import ClientSession, NamedPipeConnector, UnixConnector
from aiohttp_core.client_exceptions import UnixClientConnectorError

__all__ = ["loop_name"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has the proactor loop")
def test_named_pipes_need_windows(loop_name: str) -> None:
    """Elsewhere than on Windows' proactor loop a NamedPipeConnector says why it cannot be."""

    async def main() -> None:
        with pytest.raises(RuntimeError, match="proactor"):
            NamedPipeConnector(r"\\.\pipe\x")

    run(loop_name, main())


@pytest.mark.skipif(sys.platform == "win32", reason="stands a Unix socket in for the pipe")
def test_named_pipe(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a loop that has pipes, requests go to the pipe; one that is not there is a ClientConnectorError."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(asyncio, "ProactorEventLoop", type(loop), raising=False)
        path = str(tmp_path / "pipe")

        async def create_pipe_connection(factory: Any, at: str) -> Any:
            return await loop.create_unix_connection(factory, at)

        monkeypatch.setattr(loop, "create_pipe_connection", create_pipe_connection, raising=False)
        served = RawServer(ok(b"through the pipe"))
        connector = NamedPipeConnector(path)
        assert connector.path == path
        async with ClientSession(connector=connector) as session:
            with pytest.raises(aiohttp_core.ClientConnectorError):
                await session.get("http://x.test/")
            server = await asyncio.start_unix_server(served.serve, path)
            for _ in range(2):
                async with session.get("http://x.test/a") as response:
                    assert await response.read() == b"through the pipe"
            assert served.connections == 1
            assert connector._pool.used == 0
        for writer in served.writers:
            writer.close()
            await writer.wait_closed()
        server.close()

    run("asyncio", main())


@pytest.mark.skipif(not hasattr(asyncio.AbstractEventLoop, "create_unix_connection"), reason="no Unix sockets here")
def test_unix_socket_that_is_not_there(loop_name: str, tmp_path: pathlib.Path) -> None:
    """A path where nobody listens is a UnixClientConnectorError that names it, and costs no slot."""

    async def main() -> None:
        path = str(tmp_path / "none")
        async with ClientSession(connector=UnixConnector(path)) as session:
            with pytest.raises(UnixClientConnectorError) as caught:
                await session.get("http://x.test/")
            assert caught.value.path == path
            assert path in str(caught.value)
            assert session.connector._pool.used == 0

    run(loop_name, main())
