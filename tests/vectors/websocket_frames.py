"""Frames on the wire and the messages, or the close code, that they must give (RFC 6455 section 5 to 8).

Sections follow the categories of the Autobahn test suite; the cases are our own. Each case is written once
and made for both roles: frames to a server are masked, frames to a client are not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from aiohttp_core._wire.websocket.frame import Role

KEY = bytes.fromhex("37fa213d")  # of the examples in RFC 6455 section 5.7
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
FIN, RSV1, RSV2, RSV3 = 0x80, 0x40, 0x20, 0x10

Message: TypeAlias = tuple[int, object, str]


@dataclass(frozen=True)
class Vector:
    name: str
    rfc: str
    role: Role
    wire: bytes
    messages: tuple[Message, ...]
    error: int | None = None
    closed: bool = False
    max_msg_size: int = 0
    max_fragments: int | None = None
    deflate: bool = False

    def __str__(self) -> str:
        return f"{self.name} [{self.role.value}]"


class Frames:
    """Builds frames octet by octet, without the code under test."""

    def __init__(self, role: Role) -> None:
        self.masked = role is Role.SERVER

    def __call__(self, first: int, payload: bytes = b"", size: int | None = None, width: int | None = None) -> bytes:
        """A frame; ``size`` lies about the length, ``width`` (0, 2, 8) forces its encoding."""
        size = len(payload) if size is None else size
        if width is None:
            width = 0 if size < 126 else 2 if size < 65536 else 8
        short = {0: size, 2: 126, 8: 127}[width]
        head = bytes([first, short | (0x80 if self.masked else 0)]) + (size.to_bytes(width, "big") if width else b"")
        if not self.masked:
            return head + payload
        return head + KEY + bytes(octet ^ KEY[at % 4] for at, octet in enumerate(payload))


VECTORS: list[Vector] = []
Build: TypeAlias = Callable[[Frames], bytes]


def case(
    name: str,
    rfc: str,
    build: Build,
    *messages: Message,
    error: int | None = None,
    max_msg_size: int = 0,
    max_fragments: int | None = None,
    deflate: bool = False,
) -> None:
    closed = bool(messages) and messages[-1][0] == CLOSE
    for role in Role:
        wire = build(Frames(role))
        VECTORS.append(Vector(name, rfc, role, wire, messages, error, closed, max_msg_size, max_fragments, deflate))


# --- 1: framing -------------------------------------------------------------------------------------------
for size in (0, 1, 2, 125, 126, 127, 128, 255, 256, 65535, 65536):
    text = ("*" * size).encode()
    case(f"1.1 text of {size}", "5.2", lambda f, p=text: f(FIN | TEXT, p), (TEXT, text.decode(), ""))
    octets = bytes(at & 0xFF for at in range(size))
    case(f"1.2 binary of {size}", "5.2", lambda f, p=octets: f(FIN | BINARY, p), (BINARY, octets, ""))
case(
    "1.3 many small messages in one read",
    "5.2",
    lambda f: b"".join(f(FIN | TEXT, str(number).encode()) for number in range(50)),
    *((TEXT, str(number), "") for number in range(50)),
)

# --- 2: pings and pongs -----------------------------------------------------------------------------------
case("2.1 empty ping", "5.5.2", lambda f: f(FIN | PING), (PING, b"", ""))
case("2.2 ping", "5.5.2", lambda f: f(FIN | PING, b"Hello"), (PING, b"Hello", ""))
case(
    "2.3 ping that is not UTF-8", "5.5.2", lambda f: f(FIN | PING, b"\x00\xff\xfe\xfd"), (PING, b"\x00\xff\xfe\xfd", "")
)
case("2.4 ping of 125", "5.5", lambda f: f(FIN | PING, b"p" * 125), (PING, b"p" * 125, ""))
for width, size in ((2, 126), (2, 65535), (8, 65536)):
    case(f"2.5 ping of {size}", "5.5", lambda f, s=size, w=width: f(FIN | PING, b"p" * s, width=w), error=1002)
    case(f"2.5 close of {size}", "5.5", lambda f, s=size, w=width: f(FIN | CLOSE, b"p" * s, width=w), error=1002)
case("2.7 unsolicited pong", "5.5.3", lambda f: f(FIN | PONG, b"x") + f(FIN | PONG), (PONG, b"x", ""), (PONG, b"", ""))
case("2.10 ten pings", "5.5.2", lambda f: f(FIN | PING, b"p") * 10, *(((PING, b"p", ""),) * 10))

# --- 3: reserved bits -------------------------------------------------------------------------------------
for bits in (RSV1, RSV2, RSV3, RSV1 | RSV2, RSV1 | RSV3, RSV2 | RSV3, RSV1 | RSV2 | RSV3):
    for opcode in (TEXT, BINARY, PING, PONG, CLOSE):
        case(
            f"3 reserved bits {bits:02x} on opcode {opcode}",
            "5.2",
            lambda f, b=bits, o=opcode: f(FIN | TEXT, b"good") + f(FIN | b | o, b"x") + f(FIN | TEXT, b"late"),
            (TEXT, "good", ""),
            error=1002,
        )
for bits in (RSV2, RSV3, RSV1 | RSV2):
    case(
        f"3 reserved bits {bits:02x} with deflate", "5.2", lambda f, b=bits: f(FIN | b | TEXT), error=1002, deflate=True
    )

# --- 4: reserved opcodes ----------------------------------------------------------------------------------
for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
    case(f"4 opcode {opcode}", "5.2", lambda f, o=opcode: f(FIN | o, b"x"), error=1002)
    case(f"4 opcode {opcode} without FIN", "5.2", lambda f, o=opcode: f(o), error=1002)
    case(
        f"4 opcode {opcode} after good messages",
        "5.2",
        lambda f, o=opcode: f(FIN | TEXT, b"a") + f(FIN | PING) + f(FIN | o),
        (TEXT, "a", ""),
        (PING, b"", ""),
        error=1002,
    )

# --- 5: fragmentation -------------------------------------------------------------------------------------
for opcode in (PING, PONG, CLOSE):
    case(f"5.1 fragmented control frame {opcode}", "5.4", lambda f, o=opcode: f(o, b"x"), error=1002)
case("5.3 text in two", "5.4", lambda f: f(TEXT, b"Hel") + f(FIN, b"lo"), (TEXT, "Hello", ""))
case("5.3 binary in three", "5.4", lambda f: f(BINARY, b"a") + f(0, b"b") + f(FIN, b"c"), (BINARY, b"abc", ""))
case(
    "5.6 ping between fragments",
    "5.4",
    lambda f: f(TEXT, b"a") + f(FIN | PING, b"p") + f(0, b"b") + f(FIN | PONG, b"q") + f(FIN, b"c"),
    (PING, b"p", ""),
    (PONG, b"q", ""),
    (TEXT, "abc", ""),
)
case(
    "5.8 close between fragments",
    "5.4",
    lambda f: f(TEXT, b"a") + f(FIN | CLOSE, b"\x03\xe8") + f(FIN, b"c"),
    (CLOSE, 1000, ""),
)
case("5.9 continuation of nothing", "5.4", lambda f: f(FIN, b"x"), error=1002)
case("5.10 continuation of nothing, unfinished", "5.4", lambda f: f(0, b"x"), error=1002)
case(
    "5.11 continuation after a finished message",
    "5.4",
    lambda f: f(TEXT, b"a") + f(FIN, b"b") + f(FIN, b"c"),
    (TEXT, "ab", ""),
    error=1002,
)
for opcode in (TEXT, BINARY):
    for fin in (0, FIN):
        case(
            f"5.18 data frame {fin | opcode:02x} inside a message",
            "5.4",
            lambda f, o=opcode, n=fin: f(TEXT, b"a") + f(n | o, b"b"),
            error=1002,
        )
case("5.19 empty fragments", "5.4", lambda f: f(TEXT) + f(0) + f(0, b"x") + f(0) + f(FIN), (TEXT, "x", ""))
case("5.20 empty message in fragments", "5.4", lambda f: f(BINARY) + f(FIN), (BINARY, b"", ""))
case(
    "5.21 fragments up to the limit",
    "10.4",
    lambda f: f(TEXT, b"a") + f(0) * 6 + f(FIN, b"b"),
    (TEXT, "ab", ""),
    max_fragments=8,
)
case("5.22 more fragments than allowed", "10.4", lambda f: f(TEXT) + f(0) * 8 + f(FIN), error=1008, max_fragments=8)
case(
    "5.23 two fragmented messages",
    "5.4",
    lambda f: f(TEXT, b"a") + f(FIN, b"b") + f(BINARY, b"c") + f(FIN, b"d"),
    (TEXT, "ab", ""),
    (BINARY, b"cd", ""),
)

# --- 6: UTF-8 ---------------------------------------------------------------------------------------------
VALID_UTF8 = (
    "\u03ba\u1f79\u03c3\u03bc\u03b5",
    "\x00",
    "\x7f\x80\u07ff\u0800\uffff",
    "\ud7ff\ue000\ufffd\ufffe\U0001ffff",
    "\U00010000\U0010ffff",
    "Hello-\xb5@\xdf\xf6\xe4\xfc\xe0\xe1-UTF-8!!",
    "ascii of more than sixteen octets, then \u20ac, then more ascii of sixteen octets",
)
INVALID_UTF8 = {
    "stray continuation": b"\x80",
    "stray continuation after ascii": b"0123456789abcdefgh\xbf",
    "lone start of two": b"\xc3",
    "lone start of three": b"a\xe2\x82",
    "lone start of four": b"\xf0\x9f\x98",
    "overlong slash of two": b"\xc0\xaf",
    "overlong slash of three": b"\xe0\x80\xaf",
    "overlong slash of four": b"\xf0\x80\x80\xaf",
    "overlong of five": b"\xf8\x80\x80\x80\xaf",
    "overlong of six": b"\xfc\x80\x80\x80\x80\xaf",
    "largest overlong of two": b"\xc1\xbf",
    "largest overlong of three": b"\xe0\x9f\xbf",
    "largest overlong of four": b"\xf0\x8f\xbf\xbf",
    "surrogate": b"\xed\xa0\x80",
    "last surrogate": b"\xed\xbf\xbf",
    "pair of surrogates": b"\xed\xa0\x80\xed\xb0\x80",
    "above U+10FFFF": b"\xf4\x90\x80\x80",
    "far above": b"\xf7\xbf\xbf\xbf",
    "FE": b"\xfe",
    "FF": b"\xff",
    "start then ascii": b"\xe2\x82a",
    "truncated between": "\u03ba".encode() + b"\xed\xa0\x80" + b"edited",
}
for number, text in enumerate(VALID_UTF8):
    octets = text.encode("utf-8")
    case(f"6.2 valid text {number}", "8.1", lambda f, p=octets: f(FIN | TEXT, p), (TEXT, text, ""))
    case(
        f"6.2 valid text {number}, an octet a fragment",
        "8.1",
        lambda f, p=octets: f(TEXT) + b"".join(f(0, p[at : at + 1]) for at in range(len(p))) + f(FIN),
        (TEXT, text, ""),
    )
for name, octets in INVALID_UTF8.items():
    case(f"6.3 {name}", "8.1", lambda f, p=octets: f(FIN | TEXT, p), error=1007)
    case(f"6.3 {name}, in fragments", "8.1", lambda f, p=octets: f(TEXT, p) + f(FIN), error=1007)
    case(f"6.3 {name}, as binary", "8.1", lambda f, p=octets: f(FIN | BINARY, p), (BINARY, octets, ""))
    case(
        f"6.3 {name}, after a good message",
        "8.1",
        lambda f, p=octets: f(FIN | TEXT, b"ok") + f(FIN | TEXT, p) + f(FIN | TEXT, b"late"),
        (TEXT, "ok", ""),
        error=1007,
    )
case(
    "6.4 code point across fragments with a ping between",
    "8.1",
    lambda f: f(TEXT, b"\xf0\x9f") + f(FIN | PING, b"\xff") + f(FIN, b"\x98\x80"),
    (PING, b"\xff", ""),
    (TEXT, "\U0001f600", ""),
)

# --- 7: closing -------------------------------------------------------------------------------------------
case("7.1 close without a code", "5.5.1", lambda f: f(FIN | CLOSE), (CLOSE, 0, ""))
case("7.1 nothing after a close", "5.5.1", lambda f: f(FIN | CLOSE, b"\x03\xe8") + b"\xff\xff\xff", (CLOSE, 1000, ""))
case("7.1 message after a close", "5.5.1", lambda f: f(FIN | CLOSE) + f(FIN | TEXT, b"x"), (CLOSE, 0, ""))
case("7.3 close with one octet", "5.5.1", lambda f: f(FIN | CLOSE, b"\x03"), error=1002)
case("7.3 close with a reason", "5.5.1", lambda f: f(FIN | CLOSE, b"\x03\xe8Hello"), (CLOSE, 1000, "Hello"))
case(
    "7.3 close with the longest reason",
    "5.5.1",
    lambda f: f(FIN | CLOSE, b"\x03\xe8" + b"r" * 123),
    (CLOSE, 1000, "r" * 123),
)
case("7.3 close too long", "5.5.1", lambda f: f(FIN | CLOSE, b"\x03\xe8" + b"r" * 124), error=1002)
case("7.5 close with a bad reason", "8.1", lambda f: f(FIN | CLOSE, b"\x03\xe8\xce\xba\xed\xa0\x80"), error=1007)
for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999):
    case(f"7.7 close code {code}", "7.4", lambda f, c=code: f(FIN | CLOSE, c.to_bytes(2, "big")), (CLOSE, code, ""))
for code in (0, 1, 500, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32768, 65535):
    case(f"7.9 close code {code}", "7.4.2", lambda f, c=code: f(FIN | CLOSE, c.to_bytes(2, "big") + b"r"), error=1002)

# --- 9: limits and sizes ----------------------------------------------------------------------------------
case("9.1 at the limit", "10.4", lambda f: f(FIN | TEXT, b"a" * 300), (TEXT, "a" * 300, ""), max_msg_size=300)
case("9.2 over the limit", "10.4", lambda f: f(FIN | TEXT, b"a" * 301), error=1009, max_msg_size=300)
case("9.2 small over the limit", "10.4", lambda f: f(FIN | BINARY, b"a" * 5), error=1009, max_msg_size=4)
case(
    "9.3 fragments over the limit",
    "10.4",
    lambda f: f(FIN | TEXT, b"ok") + f(TEXT, b"a" * 200) + f(0, b"a" * 100) + f(FIN, b"a"),
    (TEXT, "ok", ""),
    error=1009,
    max_msg_size=300,
)
case(
    "9.3 control frames do not count",
    "10.4",
    lambda f: f(TEXT, b"a" * 4) + f(FIN | PING, b"p" * 125) + f(FIN),
    (PING, b"p" * 125, ""),
    (TEXT, "aaaa", ""),
    max_msg_size=4,
)
case(
    "9.4 a declared 2**62", "10.4", lambda f: f(FIN | BINARY, b"", size=2**62, width=8), error=1009, max_msg_size=2**20
)
case("9.4 a declared 2**62 without a limit", "5.2", lambda f: f(FIN | BINARY, b"abc", size=2**62, width=8))
case(
    "9.5 the limit is judged before the key comes",
    "10.4",
    lambda f: f(FIN | TEXT, b"", size=70000, width=8)[:10],
    error=1009,
    max_msg_size=100,
)
case("9.6 length with the highest bit", "5.2", lambda f: f(FIN | BINARY, b"", size=2**63, width=8), error=1002)
case("9.6 all bits of the length", "5.2", lambda f: f(FIN | BINARY, b"", size=2**64 - 1, width=8), error=1002)
for size in (0, 1, 125):
    case(f"9.7 {size} in 16 bits", "5.2", lambda f, s=size: f(FIN | BINARY, b"b" * s, width=2), error=1002)
for size in (0, 125, 126, 65535):
    case(f"9.7 {size} in 64 bits", "5.2", lambda f, s=size: f(FIN | BINARY, b"b" * s, width=8), error=1002)
for piece in (64, 1024, 65536):
    payload = bytes(range(256)) * 512
    case(
        f"9.8 128 KiB in fragments of {piece}",
        "5.4",
        lambda f, s=piece, p=payload: f(BINARY) + b"".join(f(0, p[at : at + s]) for at in range(0, len(p), s)) + f(FIN),
        (BINARY, payload, ""),
    )

# --- 10: automatic fragmentation (large and mixed) --------------------------------------------------------
case(
    "10.1 large text in fragments of 1300",
    "5.4",
    lambda f: f(TEXT, b"*" * 1300) + f(0, b"*" * 1300) * 49 + f(FIN, b"*" * 536),
    (TEXT, "*" * 65536, ""),
)
case(
    "10.2 code points cut by every fragment",
    "5.4",
    lambda f: f(TEXT, b"\xe2") + f(0, b"\x82\xac\xe2") * 40 + f(FIN, b"\x82\xac"),
    (TEXT, "\u20ac" * 41, ""),
)

# --- masking: who must and who must not (not an Autobahn category) ----------------------------------------
for role in Role:
    wrong = Frames(Role.CLIENT if role is Role.SERVER else Role.SERVER)
    right = Frames(role)
    for first in (FIN | TEXT, TEXT, FIN | PING, FIN | CLOSE):
        VECTORS.append(Vector(f"mask direction {first:02x}", "5.1", role, wrong(first, b""), (), 1002))
    VECTORS.append(
        Vector(
            "mask direction after a good message",
            "5.1",
            role,
            right(FIN | TEXT, b"good") + wrong(FIN | TEXT, b"bad"),
            ((TEXT, "good", ""),),
            1002,
        )
    )
VECTORS.append(Vector("a key of zeros", "5.3", Role.SERVER, b"\x81\x85\0\0\0\0Hello", ((TEXT, "Hello", ""),)))
VECTORS.append(
    Vector(
        "RFC 6455 section 5.7, unmasked", "5.7", Role.CLIENT, bytes.fromhex("810548656c6c6f"), ((TEXT, "Hello", ""),)
    )
)
VECTORS.append(
    Vector(
        "RFC 6455 section 5.7, masked",
        "5.7",
        Role.SERVER,
        bytes.fromhex("818537fa213d7f9f4d5158"),
        ((TEXT, "Hello", ""),),
    )
)
