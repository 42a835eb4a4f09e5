"""What both twins of the WebSocket wire satisfy: masking, frame building, and the message reader.

The vectors of ``tests/vectors/websocket_*.py`` run against every implementation of these.
"""

from typing import Protocol, TypeAlias

from ..errors import WebSocketWireError
from .frame import Role
from .messages import WSMessage, WSMessageTextBytes

Octets: TypeAlias = bytes | bytearray | memoryview
Message: TypeAlias = WSMessage | WSMessageTextBytes


class Inflater(Protocol):
    """Undoes the peer's permessage-deflate (RFC 7692 section 7.2.2); see ``deflate.Inflater``."""

    def inflate(self, payload: bytes, final: bool, limit: int) -> bytes:
        """The inflated ``payload`` of one frame; ``final`` when it ends its message.

        ``limit``: octets that may come out, negative for any number; more are never allocated.
        Raises WebSocketWireError.
        """
        ...


class MaskIntoNew(Protocol):
    def __call__(self, data: Octets, key: bytes, offset: int = 0) -> bytes:
        """``data`` XOR ``key`` (RFC 6455 section 5.3) as new bytes.

        ``key`` has 4 octets, else ValueError; ``offset`` is the position of ``data`` in its payload.
        """
        ...


class MaskInPlace(Protocol):
    def __call__(self, data: bytearray | memoryview, key: bytes, offset: int = 0) -> None:
        """As MaskIntoNew, changing ``data``, which must be writable."""
        ...


class BuildFrame(Protocol):
    def __call__(self, first: int, payload: str | Octets, key: bytes | None = None) -> bytes:
        """One frame (RFC 6455 section 5.2): ``first`` is its byte 0 (FIN, RSV bits, opcode).

        str is sent as UTF-8; ``key`` of 4 octets masks, None does not. Judges nothing about ``first``.
        Raises ValueError for a key of another length, UnicodeEncodeError for a lone surrogate.
        """
        ...


class MessageReader(Protocol):
    """Frames in, messages out; the outcome does not depend on how the bytes were cut.

    A violation (RFC 6455 section 7.1.7) does not take away the messages before it: ``feed`` returns those
    and sets ``error``, whose ``code`` is the close code to answer with. After an error or a CLOSE message
    nothing more is parsed, and ``feed`` returns no messages.
    """

    error: WebSocketWireError | None
    """What the peer did wrong, once it did."""

    closed: bool
    """Whether a close frame came; bytes after it are ignored."""

    def __init__(
        self,
        role: Role,
        max_msg_size: int = 0,
        inflater: Inflater | None = None,
        decode_text: bool = True,
        max_fragments: int = ...,
    ) -> None:
        """``role`` is our own: as SERVER, unmasked frames are refused, as CLIENT masked ones.

        ``max_msg_size``: octets of one message, before inflating it (with zlib's worst-case growth) and after;
        0 for no limit. It is judged at the frame's header, before anything is buffered.
        ``inflater``: present when permessage-deflate was negotiated; only then is RSV1 accepted.
        ``decode_text``: False delivers TEXT as WSMessageTextBytes, validated all the same.
        ``max_fragments``: frames per message, empty ones included.
        """
        ...

    @property
    def inflates(self) -> bool:
        """Whether messages may be compressed."""
        ...

    @property
    def pending(self) -> int:
        """Octets buffered for the message that is not complete yet, without frame headers."""
        ...

    def feed(self, data: Octets) -> list[Message]:
        """The messages completed by ``data``, in the order they ended.

        Text is validated as it comes: an error is set at the first octet that cannot be UTF-8, also in
        the middle of a frame. Linear in ``len(data)``.
        """
        ...
