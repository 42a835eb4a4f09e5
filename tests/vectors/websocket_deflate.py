"""Compressed messages on the wire (RFC 7692 section 7.2.3: its own examples, and what must be refused).

Sections 12 and 13 of the Autobahn suite (payload sizes, and each combination of parameters) are generated
in tests/wire/websocket/test_deflate.py.
"""

import zlib

from vectors.websocket_frames import BINARY, CLOSE, FIN, PING, RSV1, TEXT, VECTORS, Vector, case

_before = len(VECTORS)


def deflated(data: bytes, flush: int = zlib.Z_SYNC_FLUSH) -> bytes:
    context = zlib.compressobj(wbits=-15)
    return (context.compress(data) + context.flush(flush))[:-4]


HELLO = bytes.fromhex("f248cdc9c90700")
case("7.2.3.1 one frame", "7692 7.2.3.1", lambda f: f(FIN | RSV1 | TEXT, HELLO), (TEXT, "Hello", ""), deflate=True)
case(
    "7.2.3.1 two frames",
    "7692 7.2.3.1",
    lambda f: f(RSV1 | TEXT, HELLO[:3]) + f(FIN, HELLO[3:]),
    (TEXT, "Hello", ""),
    deflate=True,
)
case(
    "7.2.3.2 the window is shared",
    "7692 7.2.3.2",
    lambda f: f(FIN | RSV1 | TEXT, HELLO) + f(FIN | RSV1 | TEXT, bytes.fromhex("f200110000")),
    (TEXT, "Hello", ""),
    (TEXT, "Hello", ""),
    deflate=True,
)
case(
    "7.2.3.3 a block without compression",
    "7692 7.2.3.3",
    lambda f: f(FIN | RSV1 | TEXT, bytes.fromhex("000500faff48656c6c6f00")),
    (TEXT, "Hello", ""),
    deflate=True,
)
case(
    "7.2.3.4 a block with BFINAL, then another message",
    "7692 7.2.3.4",
    lambda f: f(FIN | RSV1 | TEXT, bytes.fromhex("f348cdc9c9070000")) + f(FIN | RSV1 | TEXT, HELLO),
    (TEXT, "Hello", ""),
    (TEXT, "Hello", ""),
    deflate=True,
)
case(
    "7.2.3.4 BFINAL without the octet of padding",
    "7692 7.2.3.4",
    lambda f: f(FIN | RSV1 | TEXT, bytes.fromhex("f348cdc9c90700")) + f(FIN | RSV1 | TEXT, HELLO),
    (TEXT, "Hello", ""),
    (TEXT, "Hello", ""),
    deflate=True,
)
case(
    "7.2.3.5 two blocks in a message",
    "7692 7.2.3.5",
    lambda f: f(FIN | RSV1 | TEXT, bytes.fromhex("f248050000 00ffffcac9c90700")),
    (TEXT, "Hello", ""),
    deflate=True,
)
case("7.2.3.6 empty", "7692 7.2.3.6", lambda f: f(FIN | RSV1 | TEXT, b"\x00"), (TEXT, "", ""), deflate=True)
case("empty payload", "7692 7.2.2", lambda f: f(FIN | RSV1 | BINARY), (BINARY, b"", ""), deflate=True)
case(
    "uncompressed and compressed in turn",
    "7692 6",
    lambda f: f(FIN | TEXT, b"plain") + f(FIN | RSV1 | TEXT, HELLO) + f(FIN | BINARY, b"raw"),
    (TEXT, "plain", ""),
    (TEXT, "Hello", ""),
    (BINARY, b"raw", ""),
    deflate=True,
)
case(
    "ping inside a compressed message",
    "7692 6.1",
    lambda f: f(RSV1 | TEXT, HELLO[:2]) + f(FIN | PING, b"p") + f(0) + f(FIN, HELLO[2:]),
    (PING, b"p", ""),
    (TEXT, "Hello", ""),
    deflate=True,
)
case(
    "fragments longer than one buffer",
    "7692 7.2.2",
    lambda f: (lambda d: f(RSV1 | BINARY, d[:100]) + f(0, d[100:5000]) + f(FIN, d[5000:]))(
        deflated(bytes(range(256)) * 100 + zlib.compress(bytes(range(200)) * 50))
    ),
    (BINARY, bytes(range(256)) * 100 + zlib.compress(bytes(range(200)) * 50), ""),
    deflate=True,
)
for opcode in (PING, CLOSE, 10):
    case(
        f"compressed control frame {opcode}", "7692 6", lambda f, o=opcode: f(FIN | RSV1 | o), error=1002, deflate=True
    )
case("compressed continuation", "7692 6.1", lambda f: f(RSV1 | TEXT) + f(FIN | RSV1), error=1002, deflate=True)
case("RSV1 not negotiated", "7692 6", lambda f: f(FIN | RSV1 | TEXT, HELLO), error=1002)
case("corrupt data", "7692 7.2.2", lambda f: f(FIN | RSV1 | BINARY, b"\xff\xff\xff"), error=1007, deflate=True)
case(
    "corrupt data after a good message",
    "7692 7.2.2",
    lambda f: f(FIN | RSV1 | TEXT, HELLO) + f(FIN | RSV1 | BINARY, b"\x07") + f(FIN | TEXT, b"late"),
    (TEXT, "Hello", ""),
    error=1007,
    deflate=True,
)
case("inflated text is not UTF-8", "8.1", lambda f: f(FIN | RSV1 | TEXT, deflated(b"a\xff")), error=1007, deflate=True)
case(
    "inflated text ends early", "8.1", lambda f: f(FIN | RSV1 | TEXT, deflated(b"a\xe2\x82")), error=1007, deflate=True
)
case(
    "inflated text is wrong in the first fragment",
    "8.1",
    lambda f: f(RSV1 | TEXT, deflated(b"a\xff") + b"\0\0\xff\xff") + f(FIN, HELLO),
    error=1007,
    deflate=True,
)
BOMB = deflated(b"\0" * 10_000_000)
case("bomb", "10.4", lambda f: f(FIN | RSV1 | BINARY, BOMB), error=1009, max_msg_size=65536, deflate=True)
case(
    "bomb in fragments",
    "10.4",
    lambda f: f(RSV1 | BINARY, BOMB[:60]) + f(0, BOMB[60:500]) + f(FIN, BOMB[500:]),
    error=1009,
    max_msg_size=65536,
    deflate=True,
)
case(
    "inflated size at the limit",
    "10.4",
    lambda f: f(FIN | RSV1 | BINARY, deflated(b"z" * 1000)),
    (BINARY, b"z" * 1000, ""),
    max_msg_size=1000,
    deflate=True,
)
case(
    "inflated size over the limit by one",
    "10.4",
    lambda f: f(FIN | RSV1 | BINARY, deflated(b"z" * 1001)),
    error=1009,
    max_msg_size=1000,
    deflate=True,
)
case(
    "compressed size far over the limit",
    "10.4",
    lambda f: f(FIN | RSV1 | BINARY, b"", size=5000, width=2),
    error=1009,
    max_msg_size=1000,
    deflate=True,
)
case(
    "incompressible data at the limit",
    "10.4",
    lambda f: f(FIN | RSV1 | BINARY, b"\x00\x04\x00\xfb\xffwxyz\x00"),
    (BINARY, b"wxyz", ""),
    max_msg_size=4,
    deflate=True,
)
case("endless streams", "10.4", lambda f: f(FIN | RSV1 | BINARY, b"\x03\x00" * 400), error=1008, deflate=True)

DEFLATE_VECTORS: list[Vector] = VECTORS[_before:]
del VECTORS[_before:]
