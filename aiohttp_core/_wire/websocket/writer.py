"""Messages to frames: one whole frame a message, masked for a client, compressed where negotiated.

The writer has no queue and does no I/O: what it returns must reach the transport in the order it was made.
Also compiled from this source, with the types of ``_cparser/types``.
"""

import os
import struct
from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

from aiohttp_core._wire import _accel
from aiohttp_core._wire.websocket import frame as rules
from aiohttp_core._wire.websocket import writer_pure
from aiohttp_core._wire.websocket.contract import BuildFrame, Octets
from aiohttp_core._wire.websocket.frame import Role, is_close_code_allowed
from aiohttp_core._wire.websocket.messages import WSCloseCode

_compiled = _accel.websocket
build_frame: BuildFrame = _compiled.build_frame if _compiled else writer_pure.build_frame  # compiled: a type

Wire: TypeAlias = bytes | tuple[bytes, bytes]
"""What to send: bytes for ``write``, or header and payload for ``writelines``, which spares a copy."""

GATHER_FROM: Final = 65536
"""Octets of payload from which a frame that needs no copy is given as header and payload."""
_KEY_POOL: Final = 1024
"""Keys that are fetched at once."""
_WHOLE_TEXT: Final = rules.FIN | rules.OP_TEXT
_WHOLE_BINARY: Final = rules.FIN | rules.OP_BINARY

_split_keys: Final = struct.Struct(f"{rules.KEY_SIZE}s" * _KEY_POOL).unpack


class Deflater(Protocol):
    """Our side of permessage-deflate; see ``deflate.Deflater``."""

    def deflate(self, payload: Octets) -> bytes:
        """The payload of one compressed message (RFC 7692 section 7.2.1)."""
        ...


class MaskKeys:
    """Masking keys from the system's entropy (RFC 6455 section 10.3), fetched for many frames at once."""

    __slots__ = ("_pool",)

    def __init__(self) -> None:
        self._pool: list[bytes] = []

    def __call__(self) -> bytes:
        """As ``next``."""
        return self.next()

    def next(self) -> bytes:
        """The next key, of 4 octets."""
        try:
            return self._pool.pop()
        except IndexError:
            pool: list[bytes] = list(_split_keys(os.urandom(_KEY_POOL * rules.KEY_SIZE)))
            key = pool.pop()
            self._pool = pool
            return key

    def forget(self) -> None:
        """Drop the keys that were fetched: a forked child must not repeat its parent's."""
        self._pool = []


class GivenKeys(MaskKeys):
    """Masking keys from a function."""

    __slots__ = ("_new_key",)

    def __init__(self, new_key: Callable[[], bytes]) -> None:
        super().__init__()
        self._new_key = new_key

    def next(self) -> bytes:
        return self._new_key()


next_mask_key: Final = MaskKeys()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=next_mask_key.forget)


class MessageWriter:
    """Builds the frames of one connection.

    ``deflater`` is present when permessage-deflate was negotiated and our side compresses. ``new_key``
    replaces the source of masking keys, for tests.
    """

    __slots__ = ("_deflater", "_keys")

    def __init__(
        self,
        role: Role,
        deflater: Deflater | None = None,
        new_key: Callable[[], bytes] | None = None,
    ) -> None:
        self._keys: MaskKeys | None = None
        if role is Role.CLIENT:
            self._keys = next_mask_key if new_key is None else GivenKeys(new_key)
        self._deflater = deflater

    @property
    def compresses(self) -> bool:
        """Whether messages are compressed unless asked otherwise."""
        return self._deflater is not None

    def text(self, data: str | Octets, compress: int | None = None) -> Wire:
        """A TEXT message; octets must be UTF-8 and are sent as they are.

        ``compress``: 0 sends this message uncompressed; None or another number compresses where negotiated.
        """
        if self._deflater is None and isinstance(data, str):
            keys = self._keys
            return build_frame(_WHOLE_TEXT, data, None if keys is None else keys.next())
        return self.frame(rules.OP_TEXT, data, compress)

    def binary(self, data: Octets, compress: int | None = None) -> Wire:
        """A BINARY message; ``compress`` as for ``text``."""
        if self._deflater is None:
            return self._assemble(_WHOLE_BINARY, data)
        return self.frame(rules.OP_BINARY, data, compress)

    def frame(self, opcode: int, payload: str | Octets, compress: int | None = None) -> Wire:
        """A whole message of ``opcode`` in one frame; ``compress`` as for ``text``.

        Raises ValueError for a control payload over 125 octets, and for a CLOSE as ``close`` does.
        """
        first = rules.FIN | opcode
        if opcode & rules.CONTROL_BIT:
            if opcode == rules.OP_CLOSE:
                return self._close_of(payload)
            return self._control(first, payload)
        deflater = self._deflater
        if deflater is not None and compress != 0:
            payload = deflater.deflate(payload.encode() if isinstance(payload, str) else payload)
            first |= rules.RSV1
        return self._assemble(first, payload)

    def fragment(self, opcode: int, payload: str | Octets, final: bool) -> Wire:
        """One uncompressed frame of a fragmented message: ``opcode`` for the first, OP_CONTINUATION for the others."""
        return self._assemble(opcode | rules.FIN if final else opcode, payload)

    def compressed_frame(self, opcode: int, deflated: bytes) -> Wire:
        """A message whose payload ``Deflater.deflate`` made before, for instance in another thread.

        Compressed messages must be sent in the order in which they were compressed.
        """
        return self._assemble(rules.FIN | rules.RSV1 | opcode, deflated)

    def ping(self, payload: str | Octets = b"") -> bytes:
        """A PING; at most 125 octets, else ValueError."""
        return self._control(rules.FIN | rules.OP_PING, payload)

    def pong(self, payload: str | Octets = b"") -> bytes:
        """A PONG; at most 125 octets, else ValueError."""
        return self._control(rules.FIN | rules.OP_PONG, payload)

    def close(self, code: int | None = WSCloseCode.OK, reason: str | Octets = b"") -> bytes:
        """A CLOSE; ``code`` None sends none, and then no reason either.

        Raises ValueError for a code that must not travel (RFC 6455 section 7.4), and for a reason that is not UTF-8
        of at most 123 octets.
        """
        octets = reason.encode() if isinstance(reason, str) else bytes(reason)
        octets.decode()
        if code is None:
            if octets:
                raise ValueError("a close reason needs a close code")
            return self._control(rules.FIN | rules.OP_CLOSE, b"")
        if not is_close_code_allowed(code):
            raise ValueError(f"close code {int(code)} must not travel")
        if len(octets) > rules.MAX_CLOSE_REASON:
            raise ValueError(f"a close reason has at most {rules.MAX_CLOSE_REASON} octets, not {len(octets)}")
        return self._control(rules.FIN | rules.OP_CLOSE, rules.PACK_CLOSE_CODE(code) + octets)

    def _close_of(self, payload: str | Octets) -> bytes:
        octets = payload.encode() if isinstance(payload, str) else memoryview(payload).tobytes()
        if len(octets) == 1:
            raise ValueError("a CLOSE has no payload of one octet")
        return self.close(int.from_bytes(octets[:2], "big") if octets else None, octets[2:])

    def _control(self, first: int, payload: str | Octets) -> bytes:
        octets = payload.encode() if isinstance(payload, str) else memoryview(payload).tobytes()
        if len(octets) > rules.MAX_CONTROL_PAYLOAD:
            raise ValueError(f"a control frame has at most {rules.MAX_CONTROL_PAYLOAD} octets, not {len(octets)}")
        return build_frame(first, octets, None if self._keys is None else self._keys.next())

    def _assemble(self, first: int, payload: str | Octets) -> Wire:
        keys = self._keys
        if keys is not None:
            return build_frame(first, payload, keys.next())
        if type(payload) is bytes and len(payload) >= GATHER_FROM:
            return rules.PACK_LENGTH_64(first, rules.LENGTH_64, len(payload)), payload
        return build_frame(first, payload)


_accel.use_compiled(globals(), "websocket_writer")
