"""Middlewares, under aiohttp's name for the module."""

from .._server.middlewares import middleware, normalize_path_middleware

__all__ = (
    "middleware",
    "normalize_path_middleware",
)
