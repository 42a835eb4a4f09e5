"""Protocols that do next to nothing: what event loop, kernel and parser cost by themselves."""

from __future__ import annotations

import asyncio
from typing import Any

from asked import PLAIN

CANNED = (
    f"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(PLAIN)}\r\n\r\n{PLAIN}"
).encode()


class RawProtocol(asyncio.Protocol):
    """Canned octets for whatever comes, one answer for each blank line."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(CANNED * data.count(b"\r\n\r\n"))


class HttptoolsProtocol(asyncio.Protocol):
    """Canned octets for every request that httptools' parser finds."""

    def connection_made(self, transport: Any) -> None:
        import httptools

        self.transport = transport
        self.parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self.url = url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.last = name, value

    def on_message_complete(self) -> None:
        self.transport.write(CANNED)
