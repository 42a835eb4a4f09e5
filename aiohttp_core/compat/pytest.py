"""``pytest -p aiohttp_core.compat.pytest``: a test run for which aiohttp is this package.

Loaded by ``-p``, before any conftest, so that plugins and tests that import aiohttp get ours.
"""

from aiohttp_core.compat._alias import DISTRIBUTION_VERSION, install

install()


def pytest_report_header() -> str:
    return f"aiohttp: {DISTRIBUTION_VERSION} (aiohttp_core under that name)"
