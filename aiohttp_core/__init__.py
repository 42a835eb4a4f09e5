"""Asynchronous HTTP client, server and WebSocket library for asyncio, with aiohttp's public API."""

import logging

from aiohttp_core._wire import _accel
from aiohttp_core._wire._accel import ACCELERATED

__version__ = "0.1.0"

__all__ = ["ACCELERATED", "__version__"]

if _accel.MISSING:
    logging.getLogger("aiohttp_core").warning(
        "the compiled extension is missing, so the pure Python implementation is in use (%s); "
        "AIOHTTP_NO_EXTENSIONS=1 chooses it silently",
        _accel.MISSING,
    )
