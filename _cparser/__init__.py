"""The compiled twin of ``aiohttp_core._wire``; only ``_wire/_accel.py`` imports it."""
