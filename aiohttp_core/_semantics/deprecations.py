"""Warnings that point at the program's line, however deep in this package the matter came up.

A fixed ``stacklevel`` cannot: between ``async with session.get(...)`` and its coroutine stand our own frames,
and for ``await session.get(...)`` they do not.
"""

import os
import sys
import warnings
from types import FrameType
from typing import Any, Final

DEBUG: Final = sys.flags.dev_mode or (not sys.flags.ignore_environment and bool(os.environ.get("PYTHONASYNCIODEBUG")))
"""Whether to also warn of what costs time to look for: attributes that a program adds to our objects."""

_PACKAGE: Final = __file__.rpartition("_semantics")[0]


def warn_caller(text: str, category: type[Warning] = DeprecationWarning) -> None:
    """Warn at the first line outside this package that led here."""
    level = 2
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
        level += 1
    warnings.warn(text, category, stacklevel=level)


def warn_of_custom_attribute(owner: Any, kind: str, name: str) -> None:
    """Warn where ``name`` is neither ours nor listed in the class's ATTRS; for ``__setattr__`` while debugging."""
    # Private names are left alone: ours are all private, and a list of them by hand would not stay true.
    if name[:1] != "_" and name not in owner.ATTRS and not hasattr(type(owner), name):
        warn_caller(f"Setting custom {kind}.{name} attribute is discouraged")
