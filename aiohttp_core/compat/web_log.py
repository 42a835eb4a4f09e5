"""Access logs, under aiohttp's name for the module."""

from .._server.access_log import AccessLogger

__all__ = ("AccessLogger",)
