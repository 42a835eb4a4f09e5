"""Applications, under aiohttp's name for the module."""

from .._server.application import Application
from .._server.signals import CleanupContext, CleanupError

__all__ = (
    "Application",
    "CleanupContext",
    "CleanupError",
)
