"""What a WebSocket connection says, as values: message kinds, close codes and messages.

Names, values and tuple order are aiohttp's, which programs compare, unpack and print.
"""

import json
from collections.abc import Callable
from enum import IntEnum
from typing import Any, Final, NamedTuple, TypeAlias


class WSMsgType(IntEnum):
    """Kind of a message: an opcode of RFC 6455 section 11.8, or, above 255, an event of this library.

    The lower-case names are aliases.
    """

    CONTINUATION = 0x0
    TEXT = 0x1
    BINARY = 0x2
    PING = 0x9
    PONG = 0xA
    CLOSE = 0x8

    CLOSING = 0x100
    CLOSED = 0x101
    ERROR = 0x102

    text = TEXT
    binary = BINARY
    ping = PING
    pong = PONG
    close = CLOSE
    closing = CLOSING
    closed = CLOSED
    error = ERROR


class WSCloseCode(IntEnum):
    """Why a connection ends (RFC 6455 section 7.4.1 and the IANA registry).

    ``ABNORMAL_CLOSURE`` never travels: it tells the application that no close frame came.
    """

    OK = 1000
    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    UNSUPPORTED_DATA = 1003
    ABNORMAL_CLOSURE = 1006
    INVALID_TEXT = 1007
    POLICY_VIOLATION = 1008
    MESSAGE_TOO_BIG = 1009
    MANDATORY_EXTENSION = 1010
    INTERNAL_ERROR = 1011
    SERVICE_RESTART = 1012
    TRY_AGAIN_LATER = 1013
    BAD_GATEWAY = 1014


class WSMessage(NamedTuple):
    """One message: ``data`` is str for TEXT, bytes for BINARY, PING and PONG, the close code for CLOSE.

    ``extra`` is the reason of a CLOSE, and empty for the other kinds that travel. A CLOSE without
    a code has ``data`` 0.
    """

    type: WSMsgType
    data: Any
    extra: str | None

    def json(self, *, loads: Callable[[Any], Any] = json.loads) -> Any:
        """``data`` read by ``loads``; raises what ``loads`` raises."""
        return loads(self.data)


class WSMessageTextBytes(NamedTuple):
    """A TEXT message whose ``data`` was asked for as (valid) UTF-8 bytes."""

    type: WSMsgType
    data: Any
    extra: str | None

    def json(self, *, loads: Callable[[Any], Any] = json.loads) -> Any:
        """``data`` read by ``loads``, which is given bytes; raises what ``loads`` raises."""
        return loads(self.data)


WSMessageDecodeText: TypeAlias = WSMessage
WSMessageNoDecodeText: TypeAlias = WSMessage | WSMessageTextBytes

END_KINDS: Final = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED)
"""Kinds at which iteration over a connection's messages stops."""
WS_CLOSED_MESSAGE: Final = WSMessage(WSMsgType.CLOSED, None, None)
WS_CLOSING_MESSAGE: Final = WSMessage(WSMsgType.CLOSING, None, None)
