"""The protocol of a client's connection, as asyncio and programs know it."""

from __future__ import annotations

import asyncio
from typing import Any

from .errors import ClientConnectionError
from .protocol import ResponseCycle


class ResponseHandler(ResponseCycle, asyncio.Protocol):
    """The protocol of a client's connection. Between exchanges it is idle, and whatever arrives then ends it."""

    __slots__ = ()

    def set_parser(self, parser: Any, payload: Any) -> None:
        """Give what follows a 101 to ``parser``: ``feed_data(octets)``, which tells whether it has ended and what is
        left over, and ``feed_eof()``; ``payload.set_exception`` hears why the connection was lost. Container clients
        do this."""
        receiver = _ToParser(self, parser, payload)
        rest = self.upgrade(receiver)
        if rest:
            receiver.data_received(rest)


class _ToParser:
    """What an upgraded connection gives its octets to where a program brings the parser."""

    __slots__ = ("_connection", "_parser", "_payload")

    def __init__(self, connection: ResponseHandler, parser: Any, payload: Any) -> None:
        self._connection = connection
        self._parser = parser
        self._payload = payload

    def data_received(self, data: bytes) -> None:
        if self._parser is None:
            # It has seen its end: nobody asked for more.
            self._connection.abort()
            return
        ended, rest = self._parser.feed_data(data)
        if ended:
            self._parser = None
            if rest:
                self._connection.abort()

    def eof_received(self) -> bool | None:
        return None

    def connection_lost(self, exc: BaseException | None) -> None:
        parser, self._parser = self._parser, None
        if parser is None:
            return
        if exc is not None:
            lost = ClientConnectionError(str(exc))
            lost.__cause__ = exc
            self._payload.set_exception(lost)
        parser.feed_eof()
