"""The protocol of a client's connection, as asyncio and programs know it."""

from __future__ import annotations

import asyncio

from .protocol import ResponseCycle


class ResponseHandler(ResponseCycle, asyncio.Protocol):
    """The protocol of a client's connection. Between exchanges it is idle, and whatever arrives then ends it."""

    __slots__ = ()
