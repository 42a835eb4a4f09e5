"""Free ports of this machine."""

import os
import socket
import sys
from typing import Final

REUSE_ADDRESS: Final = os.name == "posix" and sys.platform != "cygwin"
"""Whether a listening socket may take an address in TIME_WAIT: on Windows that would let two share it."""


def get_unused_port_socket(host: str, family: socket.AddressFamily = socket.AF_INET) -> socket.socket:
    """A socket bound to a free port of ``host``."""
    return get_port_socket(host, 0, family)


def get_port_socket(host: str, port: int, family: socket.AddressFamily = socket.AF_INET) -> socket.socket:
    """A socket bound to ``port`` of ``host``; OSError where that is taken."""
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        if REUSE_ADDRESS:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


def unused_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
