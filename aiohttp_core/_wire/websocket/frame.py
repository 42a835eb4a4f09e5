"""The frame of RFC 6455 section 5 as constants and rules that both twins read.

    byte 0   FIN 80 | RSV1 40 | RSV2 20 | RSV3 10 | opcode 0F
    byte 1   MASK 80 | length 7F        126: 16 bits follow, 127: 64 bits follow, big-endian
    then     extended length, masking key (4), payload

No constant or wording of this page is typed a second time in the compiled twin.
"""

import operator
from enum import Enum
from struct import Struct
from typing import Final, TypeAlias

from .messages import WSCloseCode


class Role(Enum):
    """Which end of the connection we are: a server is sent masked frames, a client unmasked ones (section 5.1)."""

    CLIENT = "client"
    SERVER = "server"


FIN: Final = 0x80
RSV1: Final = 0x40
RSV_BITS: Final = 0x70
OPCODE_BITS: Final = 0x0F
MASKED: Final = 0x80
LENGTH_BITS: Final = 0x7F
LENGTH_16: Final = 126
LENGTH_64: Final = 127

OP_CONTINUATION: Final = 0x0
OP_TEXT: Final = 0x1
OP_BINARY: Final = 0x2
OP_CLOSE: Final = 0x8
OP_PING: Final = 0x9
OP_PONG: Final = 0xA
CONTROL_BIT: Final = 0x8
"""Set in every opcode of a control frame, clear in every opcode of a data frame."""
OPCODES: Final = frozenset({OP_CONTINUATION, OP_TEXT, OP_BINARY, OP_CLOSE, OP_PING, OP_PONG})

KEY_SIZE: Final = 4
MAX_CONTROL_PAYLOAD: Final = 125
MAX_CLOSE_REASON: Final = MAX_CONTROL_PAYLOAD - 2
"""Octets of UTF-8 that a close reason may have."""
MAX_PAYLOAD: Final = 2**63 - 1
MAX_FRAGMENTS: Final = 2**20
"""Frames that one message may be cut into, empty ones included.

A sender that spends more than this many headers on one message keeps us busy for nothing; with
64-octet fragments it is still a message of 64 MiB.
"""

PACK_LENGTH_7: Final = Struct("!BB").pack
PACK_LENGTH_16: Final = Struct("!BBH").pack
PACK_LENGTH_64: Final = Struct("!BBQ").pack
PACK_CLOSE_CODE: Final = Struct("!H").pack

_REGISTERED_CLOSE_CODES: Final = frozenset({1000, 1001, 1002, 1003, *range(1007, 1015)})


def is_close_code_allowed(code: int) -> bool:
    """Whether ``code`` may travel in a close frame (RFC 6455 section 7.4.2 and the IANA registry).

    1004, 1005, 1006 and 1015 are reserved for local use or the future, 1016-2999 for the protocol,
    3000-4999 belong to libraries and applications.
    """
    return code in _REGISTERED_CLOSE_CODES or 3000 <= code <= 4999


def wire_limit(max_msg_size: int) -> int:
    """Compressed octets that a message of at most ``max_msg_size`` inflated octets may need.

    Incompressible data grows by DEFLATE's block headers; the slack is zlib's own worst case for any
    window and memory level. 0 means no limit. Raises TypeError for what is no integer, ValueError for a negative one.
    """
    if operator.index(max_msg_size) < 0:
        raise ValueError(f"max_msg_size must not be negative: {max_msg_size}")
    return max_msg_size + (max_msg_size >> 3) + (max_msg_size >> 6) + 64 if max_msg_size else 0


Violation: TypeAlias = tuple[int, str]
"""The arguments of a WebSocketWireError: close code and reason."""

RESERVED_BITS: Final[Violation] = (WSCloseCode.PROTOCOL_ERROR, "frame with reserved bits that no extension negotiated")
RESERVED_OPCODE: Final[Violation] = (WSCloseCode.PROTOCOL_ERROR, "frame with a reserved opcode")
FRAGMENTED_CONTROL: Final[Violation] = (WSCloseCode.PROTOCOL_ERROR, "fragmented control frame")
COMPRESSED_CONTROL: Final[Violation] = (WSCloseCode.PROTOCOL_ERROR, "control frame marked as compressed")
COMPRESSED_CONTINUATION: Final[Violation] = (WSCloseCode.PROTOCOL_ERROR, "continuation frame marked as compressed")
LONG_CONTROL: Final[Violation] = (
    WSCloseCode.PROTOCOL_ERROR,
    f"control frame with more than {MAX_CONTROL_PAYLOAD} octets",
)
STRAY_CONTINUATION: Final[Violation] = (WSCloseCode.PROTOCOL_ERROR, "continuation frame without a message to continue")
INTERRUPTED_MESSAGE: Final[Violation] = (
    WSCloseCode.PROTOCOL_ERROR,
    "new data frame before the fragmented message ended",
)
UNMASKED_FRAME: Final[Violation] = (WSCloseCode.PROTOCOL_ERROR, "client frame is not masked")
MASKED_FRAME: Final[Violation] = (WSCloseCode.PROTOCOL_ERROR, "server frame is masked")
LENGTH_NOT_MINIMAL: Final[Violation] = (WSCloseCode.PROTOCOL_ERROR, "payload length in more octets than it needs")
LENGTH_TOO_LARGE: Final[Violation] = (WSCloseCode.PROTOCOL_ERROR, "payload length with the highest bit set")
SHORT_CLOSE: Final[Violation] = (WSCloseCode.PROTOCOL_ERROR, "close frame with a payload of one octet")
BAD_CLOSE_CODE: Final[Violation] = (WSCloseCode.PROTOCOL_ERROR, "close code that must not travel")
BAD_CLOSE_REASON: Final[Violation] = (WSCloseCode.INVALID_TEXT, "close reason is not valid UTF-8")
BAD_TEXT: Final[Violation] = (WSCloseCode.INVALID_TEXT, "text message is not valid UTF-8")
TOO_MANY_FRAGMENTS: Final[Violation] = (WSCloseCode.POLICY_VIOLATION, "message in too many fragments")


def too_big(size: int, limit: int) -> Violation:
    """The violation of a message of ``size`` octets (so far, or at least) where ``limit`` are allowed."""
    return (WSCloseCode.MESSAGE_TOO_BIG, f"message size {size} exceeds limit {limit}")
