"""Options of the server's TCP sockets."""

import asyncio
import socket


def tcp_keepalive(transport: asyncio.BaseTransport) -> None:
    """Let the kernel notice clients that vanished."""
    sock = transport.get_extra_info("socket")
    if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
