"""aiohttp's functions for the Sec-WebSocket-Extensions field, over our permessage-deflate."""

from __future__ import annotations

from struct import Struct
from typing import Final

from aiohttp_core._wire.websocket import deflate
from aiohttp_core._wire.websocket.extensions import BadExtension, Extension, format_extensions, parse_extensions
from aiohttp_core._wire.websocket.frame import PACK_CLOSE_CODE

PACK_LEN1: Final = Struct("!BB").pack
PACK_LEN2: Final = Struct("!BBH").pack
PACK_LEN3: Final = Struct("!BBQ").pack


class WSHandshakeError(Exception):
    """The peer's handshake cannot be accepted."""


def ws_ext_parse(extstr: str | None, isserver: bool = False) -> tuple[int, bool]:
    """Our window in bits (0 where nothing is agreed) and whether our side forgets its context.

    Raises WSHandshakeError for a server's answer that is none of permessage-deflate's.
    """
    if not extstr:
        return 0, False
    try:
        extensions = parse_extensions([extstr])
        if isserver:
            accepted = deflate.accept(extensions)
            if accepted is None:
                return 0, False
            return accepted[0].server_max_window_bits, accepted[0].server_no_context_takeover
        answers = [extension for extension in extensions if extension.name == deflate.NAME]
        if not answers:
            return 0, False
        agreed = deflate.confirm(answers[0], deflate.offer())
    except BadExtension as exc:
        if isserver:
            return 0, False
        raise WSHandshakeError(f"Extension for deflate not supported; {exc}") from exc
    return agreed.client_max_window_bits, agreed.client_no_context_takeover


def ws_ext_gen(compress: int = 15, isserver: bool = False, server_notakeover: bool = False) -> str:
    """The field that offers or answers permessage-deflate. Raises ValueError for a window not of 9 to 15 bits."""
    if not 9 <= compress <= 15:
        raise ValueError("Compress wbits must between 9 and 15, zlib does not support wbits=8")
    parameters: list[tuple[str, str | None]] = []
    if not isserver:
        parameters.append(("client_max_window_bits", None))
    if compress < 15:
        parameters.append(("server_max_window_bits", str(compress)))
    if server_notakeover:
        parameters.append(("server_no_context_takeover", None))
    return format_extensions([Extension(deflate.NAME, tuple(parameters))])


__all__ = ("PACK_CLOSE_CODE", "PACK_LEN1", "PACK_LEN2", "PACK_LEN3", "WSHandshakeError", "ws_ext_gen", "ws_ext_parse")
