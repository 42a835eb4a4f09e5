"""``aiohttp.web_log``: re-exports."""

from aiohttp_core._server.access_log import AbstractAccessLogger, AccessLogger

__all__ = (
    "AbstractAccessLogger",
    "AccessLogger",
)
