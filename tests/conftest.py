"""What every test run shares: which twin is under test is printed, and hypothesis has no clock."""

import os
import sys

import pytest
from hypothesis import HealthCheck, settings

import aiohttp_core
from aiohttp_core._wire import _accel

# No deadline: a slow machine is not a failing test. In CI the examples are the same in every run.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_report_header(config: pytest.Config) -> list[str]:
    if aiohttp_core.ACCELERATED:
        twin = f"compiled ({_accel.http_parser.__file__})"
    else:
        twin = f"pure Python ({_accel.MISSING or 'AIOHTTP_NO_EXTENSIONS'})"
    python = f"{sys.implementation.name} {sys.version.split()[0]}"
    return [f"aiohttp_core {aiohttp_core.__version__}: {twin}; {python}; {os.path.dirname(aiohttp_core.__file__)}"]


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Binary octets (compressed ones hold the time) do not name a case: every worker must find the same names."""
    if isinstance(val, bytes) and not val.isascii():
        return argname
    return None


def pytest_configure(config: pytest.Config) -> None:
    """Python 3.10's asyncio drops the TLS transport of a failed handshake without closing it; 3.11's does not."""
    if sys.version_info < (3, 11):
        config.addinivalue_line("filterwarnings", "ignore:unclosed transport <asyncio.sslproto:ResourceWarning")
