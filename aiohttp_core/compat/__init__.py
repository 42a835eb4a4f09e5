"""aiohttp's other module names, as re-exports; they become importable under ``aiohttp_core.``."""
