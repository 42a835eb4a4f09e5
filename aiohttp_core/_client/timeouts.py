"""How long the client waits for what."""

from __future__ import annotations

from typing import Final

import attr


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
