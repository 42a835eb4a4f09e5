"""Which twin is in use: compiled (Cython over llhttp) or pure Python.

The only module that imports ``_cparser``. ``AIOHTTP_NO_EXTENSIONS=1`` chooses the pure twin;
``AIOHTTP_CORE_REQUIRE_EXTENSIONS=1`` makes a missing extension an ImportError; without either a
missing extension is told once, by a warning that the logging system shows too.
"""

import importlib
import os
from typing import Any, Final

delimiter: Any = None
http_parser: Any = None
place: Any = None
serializer: Any = None
websocket: Any = None
MISSING: str = ""
"""Why the compiled twin is not in use although nobody refused it; empty otherwise."""


def _flag(name: str) -> bool:
    return os.environ.get(name, "") not in ("", "0")


if not _flag("AIOHTTP_NO_EXTENSIONS"):
    try:
        from aiohttp_core._cparser import delimiter, http_parser, place, serializer, websocket  # type: ignore[no-redef]
    except ImportError as exc:
        if _flag("AIOHTTP_CORE_REQUIRE_EXTENSIONS"):
            raise ImportError(f"aiohttp_core: the compiled extension is required but missing: {exc}") from exc
        MISSING = str(exc)
        delimiter = http_parser = place = serializer = websocket = None
elif _flag("AIOHTTP_CORE_REQUIRE_EXTENSIONS"):
    raise ImportError("aiohttp_core: AIOHTTP_NO_EXTENSIONS and AIOHTTP_CORE_REQUIRE_EXTENSIONS exclude each other")

ACCELERATED: Final[bool] = http_parser is not None


def use_compiled(names: dict[str, Any], stem: str) -> None:
    """Put the compiled form of a module, ``_cparser``'s ``stem``, over ``names``, its globals.

    For a module that is also compiled from its own source: it calls this at its end. In the compiled form, and with
    the pure twin, it changes nothing.
    """
    if not ACCELERATED or names["__name__"].startswith("aiohttp_core._cparser."):
        return
    compiled = importlib.import_module(f"aiohttp_core._cparser.{stem}")
    names.update({name: value for name, value in vars(compiled).items() if not name.startswith("__")})
