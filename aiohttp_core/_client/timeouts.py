"""How long the client waits for what."""

from __future__ import annotations

from typing import Any, Final

import attr

from .._semantics.deprecations import warn_caller
from .._semantics.sentinel import sentinel


@attr.s(auto_attribs=True, frozen=True, slots=True)
class ClientTimeout:
    """Seconds; None or 0 is no limit.

    ``total`` bounds the whole exchange with redirects and reading; ``connect`` getting a connection, waiting for a
    slot in the pool included; ``sock_connect`` making one connection; ``sock_read`` each wait for the peer's octets.
    Limits above ``ceil_threshold`` end at whole seconds of the loop's clock.
    """

    total: float | None = None
    connect: float | None = None
    sock_read: float | None = None
    sock_connect: float | None = None
    ceil_threshold: float = 5


DEFAULT_TIMEOUT: Final = ClientTimeout(total=5 * 60, sock_connect=30)


def session_timeout(timeout: Any, read_timeout: Any, conn_timeout: float | None) -> ClientTimeout:
    if timeout is sentinel or timeout is None:
        chosen = DEFAULT_TIMEOUT
        if read_timeout is not sentinel:
            warn_caller("read_timeout is deprecated, use timeout argument instead")
            chosen = attr.evolve(chosen, total=read_timeout)
        if conn_timeout is not None:
            warn_caller("conn_timeout is deprecated, use timeout argument instead")
            chosen = attr.evolve(chosen, connect=conn_timeout)
        return chosen
    if not isinstance(timeout, ClientTimeout):
        raise ValueError(
            f"timeout parameter cannot be of {type(timeout)} type, please use 'timeout=ClientTimeout(...)'"
        )
    if read_timeout is not sentinel:
        raise ValueError("read_timeout and timeout parameters conflict, please setup timeout.read")
    if conn_timeout is not None:
        raise ValueError("conn_timeout and timeout parameters conflict, please setup timeout.connect")
    return timeout


def request_timeout(timeout: Any) -> ClientTimeout:
    if isinstance(timeout, ClientTimeout):
        return timeout
    if not isinstance(timeout, (int, float)):
        raise TypeError(f"timeout should be ClientTimeout, a number of seconds or None, got {timeout!r}")
    return ClientTimeout(total=timeout)
