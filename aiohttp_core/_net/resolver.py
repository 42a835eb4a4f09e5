"""Host names to addresses: in a thread by the system's resolver, or by c-ares (the optional package aiodns)."""

from __future__ import annotations

import asyncio
import socket
from abc import ABC, abstractmethod
from contextlib import suppress
from importlib import import_module
from typing import Any, Final, TypedDict

aiodns: Any = None
with suppress(ImportError):  # optional
    aiodns = import_module("aiodns")

_NUMERIC: Final = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
_NAME_FLAGS: Final = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV


class ResolveResult(TypedDict):
    """One address of a host; ``hostname`` is what was asked for."""

    hostname: str
    host: str
    port: int
    family: int
    proto: int
    flags: int


class AbstractResolver(ABC):
    """Resolves host names."""

    @abstractmethod
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of ``host``, best first. OSError where there are none."""

    @abstractmethod
    async def close(self) -> None:
        """Give back what the resolver holds."""


class ThreadedResolver(AbstractResolver):
    """The system's getaddrinfo in the loop's executor."""

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._loop = loop or asyncio.get_running_loop()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._loop.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG
        )
        hosts: list[ResolveResult] = []
        for each_family, _, proto, _, address in found:
            place: tuple[Any, ...] = address
            resolved, number = place[0], place[1]
            if each_family == socket.AF_INET6:
                if len(place) < 3:
                    # A Python without IPv6 gives the raw sockaddr.
                    continue
                if place[3]:
                    # A link-local address needs its zone, which only getnameinfo writes out.
                    resolved, service = await self._loop.getnameinfo(place, _NAME_FLAGS)
                    number = int(service)
            hosts.append(_result(host, str(resolved), number, each_family, proto))
        return hosts

    async def close(self) -> None:
        """Holds nothing."""


class AsyncResolver(AbstractResolver):
    """c-ares by way of aiodns; RuntimeError where that is not installed."""

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None, *args: Any, **kwargs: Any) -> None:
        if aiodns is None:
            raise RuntimeError("Resolver requires aiodns library")
        self._loop = loop or asyncio.get_running_loop()
        self._resolver: Any = aiodns.DNSResolver(*args, loop=self._loop, **kwargs)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        try:
            found = await self._resolver.getaddrinfo(
                host, port=port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG
            )
        except aiodns.error.DNSError as exc:
            raise OSError(None, exc.args[1] if len(exc.args) >= 2 else "DNS lookup failed") from exc
        hosts: list[ResolveResult] = []
        for node in found.nodes:
            address = node.addr
            resolved, number = address[0], address[1]
            if node.family == socket.AF_INET6 and len(address) > 3 and address[3]:
                named = await self._resolver.getnameinfo((resolved.decode("ascii"), *address[1:]), _NAME_FLAGS)
                resolved = named.node
            text = resolved.decode("ascii") if isinstance(resolved, bytes) else resolved
            hosts.append(_result(host, text, number, node.family, 0))
        if not hosts:
            raise OSError(None, "DNS lookup failed")
        return hosts

    async def close(self) -> None:
        """Cancel what is under way."""
        if self._resolver is not None:
            self._resolver.cancel()
            self._resolver = None


DefaultResolver: Final[type[AsyncResolver] | type[ThreadedResolver]] = (
    AsyncResolver if aiodns is not None and hasattr(aiodns.DNSResolver, "getaddrinfo") else ThreadedResolver
)


def _result(hostname: str, host: str, port: int, family: int, proto: int) -> ResolveResult:
    return {
        "hostname": hostname,
        "host": host,
        "port": port,
        "family": family,
        "proto": proto,
        "flags": _NUMERIC,
    }
