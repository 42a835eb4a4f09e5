"""Peers that do not play their part at the end of a connection: nothing waits for them."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from functional.certificates import client_tls, server_tls
from functional.client_servers import listening, loop_name, ok, run

import aiohttp_core
from aiohttp_core import ClientSession, ClientTimeout, TCPConnector

__all__ = ["loop_name"]


@asynccontextmanager
async def without_goodbye() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """The URL of a server that answers by TLS, and neither answers close_notify nor closes; set once the client has
    ended the connection."""
    ended = asyncio.Event()
    context = server_tls()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)

        async def exchange(step: Any, *args: Any) -> Any:
            while True:
                try:
                    result = step(*args)
                except ssl.SSLWantReadError:
                    writer.write(outgoing.read())
                    incoming.write(await reader.read(65536))
                else:
                    writer.write(outgoing.read())
                    return result

        await exchange(tls.do_handshake)
        await exchange(tls.read, 65536)
        await exchange(tls.write, ok())
        try:
            while await reader.read(65536):
                """What comes is close_notify, and stays without an answer."""
        except ConnectionError:
            ended.set()
            raise
        ended.set()
        # The transport of this end stays open: the client must have closed its own.
        await asyncio.Event().wait()

    async with listening(serve) as port:
        yield f"https://127.0.0.1:{port}/", ended


@pytest.mark.parametrize("enabled", [False, True])
def test_a_connection_is_dropped(loop_name: str, enabled: bool) -> None:
    """A TLS connection that is closed ends in time while its session goes on, though its peer says no goodbye."""

    async def main() -> None:
        async with without_goodbye() as (url, ended):
            connector = TCPConnector(ssl=client_tls(), force_close=True, enable_cleanup_closed=enabled)
            connector._cleanup_closed_period = 0.01
            async with ClientSession(connector=connector) as session:
                async with session.get(url) as response:
                    assert await response.read() == b"ok"
                await asyncio.wait_for(ended.wait(), 20)
                assert list(connector._endings) == []
                assert not session.closed

    run(loop_name, main())


@pytest.mark.filterwarnings("ignore:.*ssl_shutdown_timeout:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:ssl_shutdown_timeout:RuntimeWarning")
@pytest.mark.parametrize("timeout", [0, 0.01])
@pytest.mark.parametrize("force_close", [False, True])
def test_a_session_closes(loop_name: str, timeout: float, force_close: bool) -> None:
    """So does a session, idle connections and those that are closing already, after ``ssl_shutdown_timeout``."""

    async def main() -> None:
        async with without_goodbye() as (url, ended):
            connector = TCPConnector(ssl=client_tls(), force_close=force_close, ssl_shutdown_timeout=timeout)
            async with ClientSession(connector=connector) as session:
                async with session.get(url) as response:
                    assert await response.read() == b"ok"
            await asyncio.wait_for(ended.wait(), 20)

    run(loop_name, main())


@pytest.mark.parametrize("tls", [False, True])
def test_a_peer_that_does_not_read(loop_name: str, tls: bool) -> None:
    """An upload that nobody reads ends with its request, and keeps no session from closing."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.Event().wait()

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(2**20)

    async def main() -> None:
        async with listening(serve, server_tls() if tls else None) as port:
            connector = TCPConnector(ssl=client_tls())
            async with ClientSession(connector=connector, timeout=ClientTimeout(total=0.5)) as session:
                with pytest.raises(asyncio.TimeoutError):
                    await session.post(f"{'https' if tls else 'http'}://127.0.0.1:{port}/", data=endless())
                with pytest.raises((asyncio.TimeoutError, aiohttp_core.ClientError)):
                    await session.post(f"{'https' if tls else 'http'}://127.0.0.1:{port}/", data=bytes(2**20 - 1))
                assert connector._pool.used == 0
            assert list(connector._endings) == []

    run(loop_name, main())
