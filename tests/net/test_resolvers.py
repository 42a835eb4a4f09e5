"""The resolvers: the system's in a thread, and c-ares by aiodns against a name server of our own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from aiohttp_core import AsyncResolver, ThreadedResolver
from aiohttp_core._net import resolver as resolver_module

A, AAAA = 1, 28
ADDRESSES = {
    ("two.test", A): ["127.0.0.2", "127.0.0.3"],
    ("two.test", AAAA): ["::2"],
}


class NameServer(asyncio.DatagramProtocol):
    """Answers A and AAAA questions from ``ADDRESSES``; all other names do not exist (RFC 1035 section 4.1)."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        labels, at = [], 12
        while data[at]:
            labels.append(data[at + 1 : at + 1 + data[at]].decode())
            at += 1 + data[at]
        name, kind = ".".join(labels).lower(), int.from_bytes(data[at + 1 : at + 3], "big")
        self.asked.append((name, kind))
        question = data[12 : at + 5]
        known = any(each == name for each, _ in ADDRESSES)
        found = ADDRESSES.get((name, kind), [])
        # A response, recursion desired and available; NXDOMAIN for what nobody knows.
        head = data[:2] + (b"\x81\x80" if known else b"\x81\x83") + b"\0\1" + len(found).to_bytes(2, "big") + bytes(4)
        records = b""
        for address in found:
            packed = socket.inet_pton(socket.AF_INET if kind == A else socket.AF_INET6, address)
            records += (
                b"\xc0\x0c" + kind.to_bytes(2, "big") + b"\0\1\0\0\0\x3c" + len(packed).to_bytes(2, "big") + packed
            )
        self.transport.sendto(head + question + records, addr)


@asynccontextmanager
async def asking() -> AsyncIterator[tuple[AsyncResolver, NameServer]]:
    """A resolver that asks a name server on this machine."""
    pytest.importorskip("aiodns")
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(NameServer, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    resolver = AsyncResolver(nameservers=[f"127.0.0.1:{port}"], timeout=2, tries=1)
    try:
        yield resolver, server
    finally:
        await resolver.close()
        transport.close()
        await asyncio.sleep(0)


def test_threaded_resolver_gives_addresses() -> None:
    """Each address comes with its family and the port that was asked for, as numbers only."""

    async def main() -> None:
        resolver = ThreadedResolver()
        (found,) = await resolver.resolve("127.0.0.1", 80)
        assert found["hostname"] == found["host"] == "127.0.0.1"
        assert (found["port"], found["family"]) == (80, socket.AF_INET)
        assert found["flags"] == socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        await resolver.close()

    asyncio.run(main())


def test_threaded_resolver_writes_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link-local address comes with its zone; one without its scope, from a Python without IPv6, is left out."""

    async def main() -> None:
        loop = asyncio.get_running_loop()

        async def getaddrinfo(*args: object, **kwargs: object) -> list[object]:
            stream, tcp = socket.SOCK_STREAM, socket.IPPROTO_TCP
            return [
                (socket.AF_INET6, stream, tcp, "", ("fe80::1", 80, 0, 7)),
                (socket.AF_INET6, stream, tcp, "", ("::5", 80, 0, 0)),
                (socket.AF_INET6, stream, tcp, "", (10, b"raw")),
            ]

        async def getnameinfo(address: tuple[object, ...], flags: int) -> tuple[str, str]:
            assert address == ("fe80::1", 80, 0, 7)
            return "fe80::1%eth7", "80"

        monkeypatch.setattr(loop, "getaddrinfo", getaddrinfo, raising=False)
        monkeypatch.setattr(loop, "getnameinfo", getnameinfo, raising=False)
        found = await ThreadedResolver().resolve("x.test", 80, family=socket.AF_UNSPEC)
        assert [each["host"] for each in found] == ["fe80::1%eth7", "::5"]

    asyncio.run(main())


def test_threaded_resolver_raises() -> None:
    """A name that cannot be is an OSError."""

    async def main() -> None:
        with pytest.raises(OSError):
            await ThreadedResolver().resolve("no-such-host.invalid.", 80)

    asyncio.run(main())


def test_async_resolver() -> None:
    """aiodns gives all addresses of a name, by family or of both; an unknown name is an OSError."""

    async def main() -> None:
        async with asking() as (resolver, server):
            found = await resolver.resolve("two.test", 443)
            assert [each["host"] for each in found] == ["127.0.0.2", "127.0.0.3"]
            assert {(each["hostname"], each["port"], each["family"]) for each in found} == {
                ("two.test", 443, socket.AF_INET)
            }
            assert server.asked == [("two.test", A)]
            with pytest.raises(OSError):
                await resolver.resolve("unknown.test", 443)

    asyncio.run(main())


def test_async_resolver_is_closed() -> None:
    """Closing ends a look-up under way, and closing again does nothing."""

    async def main() -> None:
        async with asking() as (resolver, _):
            task = asyncio.create_task(resolver.resolve("two.test", 443))
            await asyncio.sleep(0)
            await resolver.close()
            with pytest.raises((OSError, asyncio.CancelledError)):
                await task
            await resolver.close()

    asyncio.run(main())


def test_async_resolver_wants_aiodns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without aiodns the resolver says so."""
    monkeypatch.setattr(resolver_module, "aiodns", None)

    async def main() -> None:
        with pytest.raises(RuntimeError, match="aiodns"):
            AsyncResolver()

    asyncio.run(main())
