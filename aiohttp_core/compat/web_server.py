"""The low-level server, under aiohttp's name for the module."""

from .._server.server import Server

__all__ = ("Server",)
