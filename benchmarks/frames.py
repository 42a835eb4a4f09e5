"""WebSocket handshakes and frames as octets, for far ends that are scripts."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib

KEY = b"\x37\xfa\x21\x3d"
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
REQUEST = (
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
DEFLATE = b"Sec-WebSocket-Extensions: permessage-deflate\r\n"


def frame(payload: bytes, text: bool, masked: bool, deflated: bool) -> bytes:
    """One unfragmented message."""
    size = len(payload)
    mask = 0x80 if masked else 0
    first = 0x80 | (0x40 if deflated else 0) | (1 if text else 2)
    if size < 126:
        head = bytes([first, mask | size])
    elif size < 65536:
        head = bytes([first, mask | 126]) + size.to_bytes(2, "big")
    else:
        head = bytes([first, mask | 127]) + size.to_bytes(8, "big")
    if not masked:
        return head + payload
    key = int.from_bytes((KEY * (size // 4 + 1))[:size], "big")
    return head + KEY + (int.from_bytes(payload, "big") ^ key).to_bytes(size, "big")


def frame_length(octets: bytes) -> int:
    """The whole length of the frame that ``octets`` begin with, or 0 where its head is not there yet."""
    if len(octets) < 2:
        return 0
    extra = 4 if octets[1] & 0x80 else 0
    size = octets[1] & 0x7F
    if size < 126:
        return 2 + extra + size
    width = 2 if size == 126 else 8
    if len(octets) < 2 + width:
        return 0
    return 2 + width + extra + int.from_bytes(octets[2 : 2 + width], "big")


def compressed(payload: bytes, count: int) -> list[bytes]:
    """``count`` times the same message by one deflate context (RFC 7692 section 7.2.1)."""
    context = zlib.compressobj(wbits=-15)
    return [(context.compress(payload) + context.flush(zlib.Z_SYNC_FLUSH))[:-4] for _ in range(count)]


def handshake(deflate: bool) -> bytes:
    """A client's opening request."""
    return REQUEST + (DEFLATE if deflate else b"") + b"\r\n"


def handshake_answer(request: bytes, deflate: bool) -> bytes:
    """What a server says to a client's ``request``."""
    found = re.search(rb"(?i)sec-websocket-key: *(\S+)", request)
    if found is None:
        raise ValueError(f"no key in the handshake: {request!r}")
    accept = base64.b64encode(hashlib.sha1(found.group(1) + GUID).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + (DEFLATE if deflate else b"")
        + b"Sec-WebSocket-Accept: "
        + accept
        + b"\r\n\r\n"
    )
