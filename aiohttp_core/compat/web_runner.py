"""Runners and sites, under aiohttp's name for the module."""

from .._server.runner import AppRunner, BaseRunner, GracefulExit, ServerRunner
from .._server.sites import BaseSite, NamedPipeSite, SockSite, TCPSite, UnixSite

__all__ = (
    "AppRunner",
    "BaseRunner",
    "BaseSite",
    "GracefulExit",
    "NamedPipeSite",
    "ServerRunner",
    "SockSite",
    "TCPSite",
    "UnixSite",
)
