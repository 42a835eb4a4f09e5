"""Gunicorn's workers, under aiohttp's name for the module."""

from aiohttp_core._server.gunicorn_worker import GunicornUVLoopWebWorker, GunicornWebWorker

__all__ = (
    "GunicornUVLoopWebWorker",
    "GunicornWebWorker",
)
