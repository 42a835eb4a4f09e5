"""Sockets to peers: happy eyeballs over the addresses of a host (RFC 8305)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohappyeyeballs

AddrInfoType = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]
SocketFactoryType = Callable[[AddrInfoType], socket.socket]


@dataclass(frozen=True)
class Dialling:
    """How TCP connections are made: ``delay`` in seconds until the next address is tried beside the first (None: one
    after the other), ``interleave`` as RFC 8305's First Address Family Count."""

    local_addr: tuple[str, int] | None = None
    delay: float | None = 0.25
    interleave: int | None = None
    socket_factory: SocketFactoryType | None = None

    async def connect(self, addresses: Sequence[AddrInfoType], loop: asyncio.AbstractEventLoop) -> socket.socket:
        """A connected socket to the first address that answers. OSError where none does."""
        if len(addresses) == 1 and self.local_addr is None and self.socket_factory is None:
            return await self._connect_one(addresses[0], loop)
        local: list[AddrInfoType] | None = None
        if self.local_addr is not None:
            host, port = self.local_addr
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            address = (host, port, 0, 0) if family == socket.AF_INET6 else (host, port)
            local = [(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address)]
        return await aiohappyeyeballs.start_connection(
            addr_infos=addresses,
            local_addr_infos=local,
            happy_eyeballs_delay=self.delay,
            interleave=self.interleave,
            loop=loop,
            socket_factory=self.socket_factory,
        )

    @staticmethod
    async def _connect_one(address: AddrInfoType, loop: asyncio.AbstractEventLoop) -> socket.socket:
        family, kind, proto, _, peer = address
        sock = socket.socket(family=family, type=kind, proto=proto)
        try:
            sock.setblocking(False)
            await loop.sock_connect(sock, peer)
        except OSError as exc:
            sock.close()
            raise OSError(exc.errno, f"Connect call failed {peer}") from exc
        except BaseException:
            sock.close()
            raise
        return sock


def is_ip_address(host: str | None) -> bool:
    """Whether ``host`` is a canonical IPv4 address or an IPv6 one, with or without a zone."""
    if not host:
        return False
    if ":" in host:
        return True
    return (
        host[-1].isdigit()
        and host.count(".") == 3
        and all(
            part.isdigit() and part.isascii() and len(part) <= 3 and str(int(part)) == part and int(part) <= 255
            for part in host.split(".")
        )
    )
