"""``aiohttp.web_runner``: re-exports."""

from aiohttp_core._server.application import Application
from aiohttp_core._server.runner import AppRunner, BaseRunner, GracefulExit, ServerRunner
from aiohttp_core._server.server import Server
from aiohttp_core._server.sites import BaseSite, NamedPipeSite, SockSite, TCPSite, UnixSite

__all__ = (
    "AppRunner",
    "Application",
    "BaseRunner",
    "BaseSite",
    "GracefulExit",
    "NamedPipeSite",
    "Server",
    "ServerRunner",
    "SockSite",
    "TCPSite",
    "UnixSite",
)
