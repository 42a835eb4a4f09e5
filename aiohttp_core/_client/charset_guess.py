"""The charset of text that does not tell it. What guesses is imported when it is first needed."""

from __future__ import annotations

import codecs
from importlib import import_module
from typing import Any


def guess_charset(response: Any, body: bytes) -> str:
    """UTF-8 where ``body`` is valid UTF-8, else what faust-cchardet or charset-normalizer take it for."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return _known(_detect(body)) or "utf-8"
    return "utf-8"


def _detect(body: bytes) -> str | None:
    try:
        cchardet = import_module("cchardet")
    except ImportError:
        best = import_module("charset_normalizer").from_bytes(body).best()
        return None if best is None else str(best.encoding)
    found: str | None = cchardet.detect(body)["encoding"]
    return found


def _known(name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None
