"""``aiohttp.compression_utils``: what is public of it."""

from typing import Final

from aiohttp_core._semantics.compression import set_zlib_backend, supported_codings

HAS_BROTLI: Final = "br" in supported_codings()
HAS_ZSTD: Final = "zstd" in supported_codings()

__all__ = ("HAS_BROTLI", "HAS_ZSTD", "set_zlib_backend")
