"""A program written for aiohttp, on this library. `python examples/under_aiohttps_name.py`."""

import importlib.metadata
from typing import Any

import aiohttp_core


def main() -> None:
    aiohttp_core.install_as_aiohttp()  # before anything imports aiohttp

    aiohttp: Any = __import__("aiohttp")
    print("aiohttp", aiohttp.__version__, "is", aiohttp.__name__)
    print("its distribution is", importlib.metadata.version("aiohttp"))


if __name__ == "__main__":
    main()
