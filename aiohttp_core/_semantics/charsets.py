"""Charsets that a peer may name (RFC 9110 section 8.3.2): those of the standard library that are no trap.

Names are never handed to ``codecs.lookup`` unseen: it remembers each one it was asked in vain, so that peers would fill
the memory with them. A codec that a program registered is therefore not found here.
"""

import encodings
import functools
import pkgutil
from encodings.aliases import aliases
from typing import Final

_TRAPS: Final = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})
"""Codecs that take time in the square of the octets, raise what no charset does, or warn."""


def charset_codec(charset: str) -> str:
    """The name of the codec for ``charset``; LookupError where there is none."""
    name = charset.lower() if charset.isascii() else ""
    if name in ("utf-8", "utf8"):
        return "utf-8"
    name = encodings.normalize_encoding(name)
    name = aliases.get(name) or aliases.get(name.replace(".", "_")) or name
    if name in _TRAPS or name not in _codecs():
        raise LookupError(f"unknown charset: {charset[:64]!r}")
    return name


@functools.cache
def _codecs() -> frozenset[str]:
    return frozenset({*aliases.values(), *(module.name for module in pkgutil.iter_modules(encodings.__path__))})
