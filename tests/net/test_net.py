"""Time limits, name resolution and its cache, without HTTP."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from aiohttp_core import TCPConnector
from aiohttp_core._net.dns_cache import DNSCacheTable
from aiohttp_core._net.resolver import AbstractResolver, ResolveResult, ThreadedResolver
from aiohttp_core._net.timeouts import Timeout
from aiohttp_core._net.tls import client_context


def address(host: str) -> ResolveResult:
    return {"hostname": "h", "host": host, "port": 80, "family": socket.AF_INET, "proto": 0, "flags": 0}


class Counting(AbstractResolver):
    """Answers when told to, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer = asyncio.Event()
        self.failure: OSError | None = None

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[ResolveResult]:
        self.asked += 1
        await self.answer.wait()
        if self.failure is not None:
            raise self.failure
        return [address("127.0.0.1")]

    async def close(self) -> None:
        """Nothing."""


def test_timeout_raises_and_leaves_other_cancellations_alone() -> None:
    """Timeout turns its own cancellation into TimeoutError, and no other."""

    async def main() -> None:
        with pytest.raises(asyncio.TimeoutError):
            async with Timeout(0.01):
                await asyncio.Event().wait()

        async def waits() -> None:
            async with Timeout(10):
                await asyncio.Event().wait()

        task = asyncio.create_task(waits())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with Timeout(None):
            pass

    asyncio.run(main())


def test_dns_cache_is_bounded_and_rotates() -> None:
    """The cache drops the least recently used, and begins at another address each time."""
    table = DNSCacheTable(max_size=2)
    for name in ("a", "b"):
        table.add((name, 80), [address("1"), address("2")])
    assert [found["host"] for found in table.next_addrs(("a", 80))] == ["1", "2"]
    assert [found["host"] for found in table.next_addrs(("a", 80))] == ["2", "1"]
    table.add(("c", 80), [])
    assert ("b", 80) not in table
    assert ("a", 80) in table
    assert not table.expired(("a", 80))
    assert DNSCacheTable(ttl=-1) is not None


def test_dns_entries_expire() -> None:
    """An entry outlives its time to live by nothing."""
    table = DNSCacheTable(ttl=-1.0)
    table.add(("a", 80), [])
    assert table.expired(("a", 80))


def test_one_lookup_in_flight() -> None:
    """Many that want one host ask the resolver once; one that is cancelled takes the answer from nobody."""

    async def main() -> None:
        resolver = Counting()
        async with TCPConnector(resolver=resolver) as connector:
            tasks = [asyncio.create_task(connector._resolve_host("h", 80)) for _ in range(5)]
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            tasks[0].cancel()
            resolver.answer.set()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            assert isinstance(results[0], asyncio.CancelledError)
            assert all(result == [address("127.0.0.1")] for result in results[1:])
            await connector._resolve_host("h", 80)
            assert resolver.asked == 1
            connector.clear_dns_cache("h", 80)
            await connector._resolve_host("h", 80)
            assert resolver.asked == 2

    asyncio.run(main())


def test_failed_lookups_are_not_kept() -> None:
    """A failure is told to all that wait, and the next asks again."""

    async def main() -> None:
        resolver = Counting()
        resolver.failure = OSError(1, "no")
        resolver.answer.set()
        async with TCPConnector(resolver=resolver) as connector:
            for _ in range(2):
                with pytest.raises(OSError):
                    await connector._resolve_host("h", 80)
            assert resolver.asked == 2

    asyncio.run(main())


def test_threaded_resolver() -> None:
    """The system's resolver knows localhost, with port and family."""

    async def main() -> None:
        found = await ThreadedResolver().resolve("localhost", 81, family=socket.AF_INET)
        assert {(each["host"], each["port"], each["hostname"]) for each in found} == {("127.0.0.1", 81, "localhost")}

    asyncio.run(main())


def test_contexts_are_made_once() -> None:
    """TLS contexts are made when first needed, once."""
    assert client_context(True) is client_context(True)
    assert client_context(True) is not client_context(False)
