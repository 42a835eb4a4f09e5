"""permessage-deflate (RFC 7692): its parameters as negotiated by both roles, and the two contexts.

zlib cannot compress raw data with a window of 256 octets (8 bits): it silently used 9 and now refuses. A
server therefore declines an offer that asks it to; a client that is told to sends its messages uncompressed,
which section 7.2.1 always allows. Inflating with 8 bits is no problem.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..errors import WebSocketWireError
from .contract import Octets
from .extensions import BadExtension, Extension, Parameter
from .frame import Role
from .messages import WSCloseCode

NAME: Final = "permessage-deflate"
MAX_WINDOW_BITS: Final = 15
MIN_WINDOW_BITS: Final = 8
MIN_DEFLATE_BITS: Final = 9
"""The smallest window that zlib can compress with."""
MAX_FINAL_BLOCKS: Final = 16
"""DEFLATE streams (blocks with BFINAL) that one message may consist of.

Each costs a new context; real senders end at most one a message (section 7.2.3.4).
"""

_TAIL: Final = b"\x00\x00\xff\xff"
_EMPTY_MESSAGE: Final = b"\x00"
_FLAGS: Final = ("server_no_context_takeover", "client_no_context_takeover")
_SERVER_BITS: Final = "server_max_window_bits"
_CLIENT_BITS: Final = "client_max_window_bits"
_BITS_TEXT: Final = {str(bits): bits for bits in range(MIN_WINDOW_BITS, MAX_WINDOW_BITS + 1)}


@dataclass(frozen=True, slots=True)
class DeflateParams:
    """What both sides agreed on (section 7.1). Bits are the base-2 logarithm of the window, 8 to 15."""

    server_no_context_takeover: bool = False
    client_no_context_takeover: bool = False
    server_max_window_bits: int = MAX_WINDOW_BITS
    client_max_window_bits: int = MAX_WINDOW_BITS

    def deflater(self, role: Role, level: int = zlib.Z_DEFAULT_COMPRESSION) -> "Deflater | None":
        """Our compressor when we are ``role``; None when zlib cannot honour the agreed window."""
        server = role is Role.SERVER
        bits = self.server_max_window_bits if server else self.client_max_window_bits
        if bits < MIN_DEFLATE_BITS:
            return None
        return Deflater(bits, self.server_no_context_takeover if server else self.client_no_context_takeover, level)

    def inflater(self, role: Role) -> "Inflater":
        """Our decompressor when we are ``role``, for what the other side sends."""
        if role is Role.SERVER:
            return Inflater(self.client_max_window_bits, self.client_no_context_takeover)
        return Inflater(self.server_max_window_bits, self.server_no_context_takeover)


class Deflater:
    """Compresses whole messages (section 7.2.1), with one zlib context for the life of the connection.

    Not safe for several threads at once. After an exception or a cancelled call the context no longer
    matches the peer's, and the connection must be closed.
    """

    __slots__ = ("_context", "_flush")

    def __init__(
        self,
        window_bits: int = MAX_WINDOW_BITS,
        no_context_takeover: bool = False,
        level: int = zlib.Z_DEFAULT_COMPRESSION,
    ) -> None:
        if not MIN_DEFLATE_BITS <= window_bits <= MAX_WINDOW_BITS:
            raise ValueError(f"window bits must be {MIN_DEFLATE_BITS} to {MAX_WINDOW_BITS}, not {window_bits}")
        self._context = zlib.compressobj(level, zlib.DEFLATED, -window_bits)
        # A full flush forgets the window as a new context would, and costs nothing to set up.
        self._flush = zlib.Z_FULL_FLUSH if no_context_takeover else zlib.Z_SYNC_FLUSH

    def deflate(self, payload: Octets) -> bytes:
        """The compressed payload of one message, without the tail that every flush ends in."""
        if not len(payload):
            return _EMPTY_MESSAGE  # section 7.2.3.6; zlib would flush nothing twice
        context = self._context
        return (context.compress(payload) + context.flush(self._flush))[: -len(_TAIL)]


class Inflater:
    """Decompresses messages frame by frame (section 7.2.2), never allocating more than the limit it is given."""

    __slots__ = ("_context", "_fresh", "_no_context_takeover", "_restarts", "_window_bits")

    def __init__(self, window_bits: int = MAX_WINDOW_BITS, no_context_takeover: bool = False) -> None:
        if not MIN_WINDOW_BITS <= window_bits <= MAX_WINDOW_BITS:
            raise ValueError(f"window bits must be {MIN_WINDOW_BITS} to {MAX_WINDOW_BITS}, not {window_bits}")
        self._window_bits = window_bits
        self._no_context_takeover = no_context_takeover
        self._context = zlib.decompressobj(-window_bits)
        self._fresh = True
        self._restarts = 0

    def inflate(self, payload: bytes, final: bool, limit: int) -> bytes:
        """See contract.Inflater. Raises WebSocketWireError: 1007 for bad data, 1009 over the limit, 1008 for abuse."""
        if self._fresh and self._no_context_takeover:
            self._context = zlib.decompressobj(-self._window_bits)
        self._fresh = final
        output = self._run(payload + _TAIL if final else payload, limit)
        if final:
            self._restarts = 0
        return output

    def _run(self, payload: bytes, limit: int) -> bytes:
        # One octet more than allowed tells "too much" from "just enough"; 0 is zlib's word for no limit.
        room = limit + 1 if limit >= 0 else 0
        output = self._step(payload, room)
        while self._context.eof:
            # A block with BFINAL ended the stream (section 7.2.3.4); what follows starts another one.
            rest = self._context.unused_data
            self._restart(output)
            if not rest or rest == _TAIL:  # a sender that left out the padding octet of section 7.2.3.4
                break
            output += self._step(rest, max(room - len(output), 1) if room else 0)
            if room and len(output) >= room:
                break
        if room and len(output) >= room:
            raise WebSocketWireError(WSCloseCode.MESSAGE_TOO_BIG, "inflated message exceeds the limit on its size")
        return output

    def _step(self, payload: bytes, room: int) -> bytes:
        try:
            return self._context.decompress(payload, room)
        except zlib.error as exc:
            raise WebSocketWireError(WSCloseCode.INVALID_TEXT, f"compressed message is corrupt ({exc})") from None

    def _restart(self, output: bytes) -> None:
        self._restarts += 1
        if self._restarts > MAX_FINAL_BLOCKS:
            raise WebSocketWireError(
                WSCloseCode.POLICY_VIOLATION, f"compressed message of more than {MAX_FINAL_BLOCKS} streams"
            )
        window = output[-(1 << self._window_bits) :]
        self._context = (
            zlib.decompressobj(-self._window_bits, zdict=window) if window else zlib.decompressobj(-self._window_bits)
        )


def offer(window_bits: int = MAX_WINDOW_BITS, no_context_takeover: bool = False) -> Extension:
    """What a client offers. Below 15, ``window_bits`` (9 to 15, else ValueError) asks the server for that window.

    That the server may limit our own window is always offered. ``no_context_takeover`` asks the server to
    forget its context after each message, which spares us memory.
    """
    _check_bits(window_bits)
    parameters: list[Parameter] = [(_CLIENT_BITS, None)]
    if window_bits < MAX_WINDOW_BITS:
        parameters.append((_SERVER_BITS, str(window_bits)))
    if no_context_takeover:
        parameters.append((_FLAGS[0], None))
    return Extension(NAME, tuple(parameters))


def accept(
    offers: Sequence[Extension], window_bits: int = MAX_WINDOW_BITS, no_context_takeover: bool = False
) -> tuple[DeflateParams, Extension] | None:
    """The first of a client's ``offers`` that a server can take, and what to answer; None when there is none.

    ``window_bits`` and ``no_context_takeover`` are the server's own wishes for both directions. Offers with
    unknown, repeated or invalid parameters are declined, as section 7.1 demands.
    """
    _check_bits(window_bits)
    for extension in offers:
        if extension.name != NAME:
            continue
        try:
            asked = _read(extension, offered=True)
        except BadExtension:
            continue
        server_bits = min(window_bits, asked.get(_SERVER_BITS) or MAX_WINDOW_BITS)
        if server_bits >= MIN_DEFLATE_BITS:
            return _answer(asked, server_bits, window_bits, no_context_takeover)
    return None


def _answer(
    asked: dict[str, int | None], server_bits: int, window_bits: int, no_context_takeover: bool
) -> tuple[DeflateParams, Extension]:
    parameters: list[Parameter] = []
    server_forgets = no_context_takeover or _FLAGS[0] in asked
    client_forgets = no_context_takeover or _FLAGS[1] in asked
    for forgets, flag in ((server_forgets, _FLAGS[0]), (client_forgets, _FLAGS[1])):
        if forgets:
            parameters.append((flag, None))
    if _SERVER_BITS in asked or server_bits < MAX_WINDOW_BITS:
        parameters.append((_SERVER_BITS, str(server_bits)))
    client_bits = MAX_WINDOW_BITS
    if _CLIENT_BITS in asked:  # only then may it be limited (section 7.1.2.2)
        client_bits = min(window_bits, asked[_CLIENT_BITS] or MAX_WINDOW_BITS)
        if client_bits < MAX_WINDOW_BITS:
            parameters.append((_CLIENT_BITS, str(client_bits)))
    agreed = DeflateParams(server_forgets, client_forgets, server_bits, client_bits)
    return agreed, Extension(NAME, tuple(parameters))


def confirm(answer: Extension, offered: Extension) -> DeflateParams:
    """What a server's ``answer`` to our ``offered`` means; raises BadExtension when it is not an answer to it."""
    got = _read(answer, offered=False)
    asked = _read(offered, offered=True)
    if _CLIENT_BITS in got and _CLIENT_BITS not in asked:
        raise BadExtension(f"{_CLIENT_BITS} was not offered")
    wanted = asked.get(_SERVER_BITS)
    if wanted is not None and (got.get(_SERVER_BITS) or MAX_WINDOW_BITS) > wanted:
        raise BadExtension(f"{_SERVER_BITS} is not within the {wanted} that were asked for")
    if _FLAGS[0] in asked and _FLAGS[0] not in got:
        raise BadExtension(f"{_FLAGS[0]} was asked for and not confirmed")
    return DeflateParams(
        _FLAGS[0] in got,
        _FLAGS[1] in got,
        got.get(_SERVER_BITS) or MAX_WINDOW_BITS,
        got.get(_CLIENT_BITS) or MAX_WINDOW_BITS,
    )


def _check_bits(window_bits: int) -> None:
    # A wish of our own is one that we could keep to ourselves.
    if not MIN_DEFLATE_BITS <= window_bits <= MAX_WINDOW_BITS:
        raise ValueError(f"window bits must be {MIN_DEFLATE_BITS} to {MAX_WINDOW_BITS}, not {window_bits}")


def _read(extension: Extension, offered: bool) -> dict[str, int | None]:
    """Parameters by name, window bits as numbers; raises BadExtension for what section 7.1 does not know."""
    known: dict[str, int | None] = {}
    for name, value in extension.parameters:
        if name in known:
            raise BadExtension(f"parameter {name} is repeated")
        if name in _FLAGS:
            if value is not None:
                raise BadExtension(f"parameter {name} takes no value")
            known[name] = None
        elif name in (_SERVER_BITS, _CLIENT_BITS):
            if value is None:
                if name == _SERVER_BITS or not offered:
                    raise BadExtension(f"parameter {name} needs a value")
                known[name] = None
            elif value in _BITS_TEXT:
                known[name] = _BITS_TEXT[value]
            else:
                raise BadExtension(f"parameter {name} must be 8 to 15")
        else:
            raise BadExtension("unknown parameter")
    return known
