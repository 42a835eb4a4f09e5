"""``aiohttp.tcp_helpers``: options of TCP sockets."""

import asyncio
import socket

from aiohttp_core._server.tcp import tcp_keepalive


def tcp_nodelay(transport: asyncio.Transport, value: bool) -> None:
    """Switch Nagle's algorithm off (``value`` true) or on, where the transport is TCP and still open."""
    sock = transport.get_extra_info("socket")
    if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6) and sock.fileno() >= 0:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, value)


__all__ = ("tcp_keepalive", "tcp_nodelay")
