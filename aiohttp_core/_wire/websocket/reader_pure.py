"""The pure twin of the message reader; contract and documentation are in contract.py.

HEAD -- octets, each judged as it comes --> PAYLOAD -- length reached --> HEAD
  |                                           |
  +-------------- violation ------------------+--> error        CLOSE delivered --> closed
"""

import codecs
from typing import Final

from ..errors import WebSocketWireError
from . import frame as rules
from .contract import Inflater, Message, Octets
from .frame import Role, Violation
from .mask_pure import mask_into_new, masked
from .messages import WSMessage, WSMessageTextBytes, WSMsgType

_NewTextDecoder: Final = codecs.getincrementaldecoder("utf-8")
_TEXT: Final = WSMsgType.TEXT
_BINARY: Final = WSMsgType.BINARY
_WHOLE_TEXT: Final = rules.FIN | rules.OP_TEXT
_WHOLE_BINARY: Final = rules.FIN | rules.OP_BINARY


def _fail(violation: Violation, data: bytes = b"") -> WebSocketWireError:
    return WebSocketWireError(*violation, data)


class MessageReader:
    """See contract.MessageReader."""

    __slots__ = (
        "_body",
        "_compressed",
        "_compressed_limit",
        "_control",
        "_control_payload",
        "_decode_text",
        "_expects_mask",
        "_final",
        "_fragments",
        "_head",
        "_head_need",
        "_in_payload",
        "_inflated",
        "_inflater",
        "_key",
        "_left",
        "_length",
        "_limit",
        "_max_fragments",
        "_opcode",
        "_opened",
        "_text",
        "_wire_size",
        "closed",
        "error",
    )

    def __init__(
        self,
        role: Role,
        max_msg_size: int = 0,
        inflater: Inflater | None = None,
        decode_text: bool = True,
        max_fragments: int = rules.MAX_FRAGMENTS,
    ) -> None:
        self.error: WebSocketWireError | None = None
        self.closed = False
        self._expects_mask = role is Role.SERVER
        self._decode_text = decode_text
        self._inflater = inflater
        self._limit = max_msg_size
        self._compressed_limit = rules.wire_limit(max_msg_size)
        self._max_fragments = max_fragments
        # The header being collected, then the frame it announced.
        self._head = bytearray()
        self._head_need = 2
        self._in_payload = False
        self._opcode = 0
        self._final = self._control = False
        self._length = self._left = 0
        self._key = b""
        self._control_payload = bytearray()
        # The message being collected; ``_opened`` is 0 between messages.
        self._opened = 0
        self._compressed = False
        self._fragments = 0
        self._wire_size = 0
        self._body = bytearray()
        self._inflated = bytearray()
        self._text: codecs.IncrementalDecoder | None = None

    def __repr__(self) -> str:
        state = "failed" if self.error is not None else "closed" if self.closed else "open"
        return f"<MessageReader {state} pending={self.pending}>"

    @property
    def inflates(self) -> bool:
        """See contract.MessageReader."""
        return self._inflater is not None

    @property
    def pending(self) -> int:
        """See contract.MessageReader."""
        return len(self._body) + len(self._inflated)

    def feed(self, data: Octets) -> list[Message]:
        """See contract.MessageReader."""
        messages: list[Message] = []
        if self.error is not None or self.closed:
            return messages
        try:
            self._parse(bytes(data), messages)
        except WebSocketWireError as exc:
            # Without tracebacks, whose frames refer back to this reader and to its callers.
            exc.__context__ = None
            self.error = exc.with_traceback(None)
            self._release()
        return messages

    def _release(self) -> None:
        self._body = bytearray()
        self._inflated = bytearray()
        self._text = None

    def _parse(self, data: bytes, messages: list[Message]) -> None:
        at = 0
        end = len(data)
        while not self.closed:
            if not self._in_payload:
                if not self._opened and not self._head:
                    at = self._take_whole(data, at, messages)
                at = self._take_head(data, at)
                if not self._in_payload:
                    return
            if self._left and at == end:
                return
            part = min(self._left, end - at)
            if self._control:
                self._take_control(data[at : at + part], messages)
            else:
                self._take_data(data[at : at + part], messages)
            at += part

    def _take_whole(self, data: bytes, at: int, messages: list[Message]) -> int:
        """The common case in one go: short data frames that are here whole. Anything else is left to the rest."""
        end = len(data)
        mask_bit = rules.MASKED if self._expects_mask else 0
        head = 2 + rules.KEY_SIZE if mask_bit else 2
        limit = self._limit or 65535
        while end - at >= 4:
            first = data[at]
            if first != _WHOLE_TEXT and first != _WHOLE_BINARY:
                break
            length = data[at + 1] ^ mask_bit  # over 127 where the mask bit is wrong
            start = at + head
            if length >= rules.LENGTH_16:
                if length != rules.LENGTH_16:
                    break
                length = (data[at + 2] << 8) | data[at + 3]
                start += 2
                if length < rules.LENGTH_16:
                    break
            stop = start + length
            if stop > end or length > limit:
                break
            octets = data[start:stop]
            if mask_bit:
                octets = mask_into_new(octets, data[start - rules.KEY_SIZE : start])
            if first == _WHOLE_BINARY:
                messages.append(WSMessage(_BINARY, octets, ""))
            else:
                messages.append(self._text_message(octets))
            at = stop
        return at

    def _text_message(self, octets: bytes) -> Message:
        try:
            text = octets.decode()
        except UnicodeDecodeError:
            raise _fail(rules.BAD_TEXT) from None
        return WSMessage(_TEXT, text, "") if self._decode_text else WSMessageTextBytes(_TEXT, octets, "")

    def _take_head(self, data: bytes, at: int) -> int:
        """Judge the header octet by octet: a wrong first octet is refused before a second one comes."""
        head = self._head
        end = len(data)
        if not head:
            if at == end:
                return at
            head.append(data[at])
            at += 1
            self._judge_first(head[0])
        if len(head) == 1:
            if at == end:
                return at
            head.append(data[at])
            at += 1
            self._judge_second(head[1])
        length = head[1] & rules.LENGTH_BITS
        if length >= rules.LENGTH_16:
            extended = 4 if length == rules.LENGTH_16 else 10
            if len(head) < extended:
                taken = data[at : at + extended - len(head)]
                head += taken
                at += len(taken)
                if len(head) < extended:
                    return at
                self._judge_extended(length)
        if len(head) < self._head_need:
            taken = data[at : at + self._head_need - len(head)]
            head += taken
            at += len(taken)
            if len(head) < self._head_need:
                return at
        self._begin_payload()
        return at

    def _judge_first(self, first: int) -> None:
        opcode = first & rules.OPCODE_BITS
        control = opcode & rules.CONTROL_BIT
        if first & rules.RSV_BITS & ~rules.RSV1 or (first & rules.RSV1 and self._inflater is None):
            raise _fail(rules.RESERVED_BITS)
        if opcode not in rules.OPCODES:
            raise _fail(rules.RESERVED_OPCODE)
        if control:
            if not first & rules.FIN:
                raise _fail(rules.FRAGMENTED_CONTROL)
            if first & rules.RSV1:
                raise _fail(rules.COMPRESSED_CONTROL)
        elif opcode == rules.OP_CONTINUATION:
            if not self._opened:
                raise _fail(rules.STRAY_CONTINUATION)
            if first & rules.RSV1:
                raise _fail(rules.COMPRESSED_CONTINUATION)
            if self._fragments >= self._max_fragments:
                raise _fail(rules.TOO_MANY_FRAGMENTS)
        elif self._opened:
            raise _fail(rules.INTERRUPTED_MESSAGE)
        self._opcode = opcode
        self._control = bool(control)
        self._final = bool(first & rules.FIN)

    def _judge_second(self, second: int) -> None:
        length = second & rules.LENGTH_BITS
        masked = bool(second & rules.MASKED)
        if masked is not self._expects_mask:
            raise _fail(rules.MASKED_FRAME if masked else rules.UNMASKED_FRAME)
        self._head_need = 2 + rules.KEY_SIZE if masked else 2
        if length < rules.LENGTH_16:
            self._judge_size(length)
            return
        if self._control:
            raise _fail(rules.LONG_CONTROL)
        self._head_need += 2 if length == rules.LENGTH_16 else 8

    def _judge_extended(self, length: int) -> None:
        if length == rules.LENGTH_16:
            size = int.from_bytes(self._head[2:4], "big")
            if size < rules.LENGTH_16:
                raise _fail(rules.LENGTH_NOT_MINIMAL)
        else:
            size = int.from_bytes(self._head[2:10], "big")
            if size > rules.MAX_PAYLOAD:
                raise _fail(rules.LENGTH_TOO_LARGE)
            if size < 65536:
                raise _fail(rules.LENGTH_NOT_MINIMAL)
        self._judge_size(size)

    def _judge_size(self, size: int) -> None:
        self._length = size
        if self._control or not self._limit:
            return
        compressed = self._compressed if self._opened else self._head[0] & rules.RSV1
        total = size + self._wire_size if self._opened else size
        if total > (self._compressed_limit if compressed else self._limit):
            raise _fail(rules.too_big(total, self._limit))

    def _begin_payload(self) -> None:
        if self._expects_mask:
            self._key = bytes(self._head[-rules.KEY_SIZE :])
        first = self._head[0]
        self._head.clear()
        self._left = self._length
        self._in_payload = True
        if self._control:
            return
        if not self._opened:
            self._opened = self._opcode
            self._compressed = bool(first & rules.RSV1)
            self._fragments = 0
            self._wire_size = 0
        self._fragments += 1
        self._wire_size += self._length

    def _unmasked(self, part: bytes) -> bytes | bytearray:
        return masked(part, self._key, self._length - self._left) if self._expects_mask else part

    def _take_control(self, part: bytes, messages: list[Message]) -> None:
        self._control_payload += self._unmasked(part)
        self._left -= len(part)
        if self._left:
            return
        self._in_payload = False
        payload = bytes(self._control_payload)
        self._control_payload.clear()
        if self._opcode == rules.OP_CLOSE:
            self._deliver_close(payload, messages)
        else:
            kind = WSMsgType.PING if self._opcode == rules.OP_PING else WSMsgType.PONG
            messages.append(WSMessage(kind, payload, ""))

    def _deliver_close(self, payload: bytes, messages: list[Message]) -> None:
        code = 0
        reason = ""
        if len(payload) == 1:
            raise _fail(rules.SHORT_CLOSE)
        if payload:
            code = int.from_bytes(payload[:2], "big")
            if not rules.is_close_code_allowed(code):
                raise _fail(rules.BAD_CLOSE_CODE, payload[:2])
            try:
                reason = payload[2:].decode()
            except UnicodeDecodeError:
                raise _fail(rules.BAD_CLOSE_REASON) from None
        messages.append(WSMessage(WSMsgType.CLOSE, code, reason))
        self.closed = True
        self._release()

    def _take_data(self, part: bytes, messages: list[Message]) -> None:
        octets = self._unmasked(part)
        self._left -= len(part)
        whole = self._final and not self._left and not self._body and not self._compressed and self._text is None
        if whole:
            self._in_payload = False
            self._deliver(bytes(octets), messages)
            return
        if self._opened == rules.OP_TEXT and not self._compressed:
            self._validate(octets, final=self._final and not self._left)
        self._body += octets
        if self._left:
            return
        self._in_payload = False
        if self._compressed:
            self._inflate(messages)
        elif self._final:
            body = bytes(self._body)
            self._release()
            self._deliver(body, messages)

    def _validate(self, octets: bytes | bytearray, final: bool) -> None:
        decoder = self._text
        if decoder is None:
            if octets.isascii():
                return
            decoder = self._text = _NewTextDecoder()
        try:
            decoder.decode(octets, final)
        except UnicodeDecodeError:
            raise _fail(rules.BAD_TEXT) from None
        if final:
            self._text = None
            return
        pending = decoder.getstate()[0]
        if len(pending) == 2 and pending[0] == 0xED and pending[1] >= 0xA0:
            # CPython's decoder waits for the third octet of a surrogate before it refuses it.
            raise _fail(rules.BAD_TEXT)

    def _inflate(self, messages: list[Message]) -> None:
        # Frame by frame, so that the outcome does not depend on how the frame came in.
        inflater = self._inflater
        if inflater is None:
            raise _fail(rules.RESERVED_BITS)
        payload = bytes(self._body)
        self._body = bytearray()
        output = inflater.inflate(payload, self._final, self._limit - len(self._inflated) if self._limit else -1)
        if self._opened == rules.OP_TEXT:
            self._validate(output, self._final)
        if not self._final:
            self._inflated += output
            return
        if self._inflated:
            self._inflated += output
            output = bytes(self._inflated)
        self._release()
        self._deliver(output, messages)

    def _deliver(self, octets: bytes, messages: list[Message]) -> None:
        text = self._opened == rules.OP_TEXT
        messages.append(self._text_message(octets) if text else WSMessage(_BINARY, octets, ""))
        self._opened = 0
