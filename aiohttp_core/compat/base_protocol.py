"""``aiohttp.base_protocol``: re-exports."""

from aiohttp_core._connection.protocol import BaseProtocol

__all__ = ("BaseProtocol",)
