# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The compiled twin of the WebSocket wire: masking, frame building and the reader's hot loop.

Contract and documentation: aiohttp_core/_wire/websocket/contract.py. Rules, limits and the wording of
violations come from frame.py; the one thing written twice is the path of the bytes.
"""

from cpython.buffer cimport PyBUF_SIMPLE, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer
from cpython.bytearray cimport PyByteArray_AS_STRING, PyByteArray_GET_SIZE
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

from aiohttp_core._wire.errors import WebSocketWireError
from aiohttp_core._wire.websocket import frame as rules
from aiohttp_core._wire.websocket.messages import WSMessage, WSMessageTextBytes, WSMsgType


cdef extern from "Python.h":
    object PyUnicode_New(Py_ssize_t size, Py_UCS4 maxchar)
    void *PyUnicode_DATA(object text)
    bint PyUnicode_IS_COMPACT_ASCII(object text)
    Py_ssize_t PyUnicode_GET_LENGTH(object text)
    bytes PyUnicode_AsUTF8String(object text)


cdef extern from "mask.h":
    uint32_t mask_rotate(uint32_t key, size_t shift) nogil
    uint64_t mask_octets(uint8_t *to, const uint8_t *frm, size_t size, uint32_t key) nogil
    int mask_choose() nogil


cdef extern from "utf8.h":
    ctypedef struct utf8_state:
        uint8_t need
    bint utf8_feed(utf8_state *state, const uint8_t *at, size_t size) nogil


cdef extern from *:
    """
    /* A tuple subclass without a __dict__, made as tuple.__new__ would, without the tuple in between. */
    static PyObject *message_new(PyObject *type, PyObject *kind, PyObject *data, PyObject *extra) {
        PyObject *message = PyType_GenericAlloc((PyTypeObject *)type, 3);
        if (message == NULL) {
            return NULL;
        }
    #if PY_VERSION_HEX >= 0x030E0000
        ((PyTupleObject *)message)->ob_hash = -1;
    #endif
        Py_INCREF(kind);
        PyTuple_SET_ITEM(message, 0, kind);
        Py_INCREF(data);
        PyTuple_SET_ITEM(message, 1, data);
        Py_INCREF(extra);
        PyTuple_SET_ITEM(message, 2, extra);
        return message;
    }

    /* bytes that grow while nobody else has seen them; an owned pointer, NULL while there are none. */
    static int growing_reserve(PyObject **body, Py_ssize_t size) {
        if (*body == NULL) {
            *body = PyBytes_FromStringAndSize(NULL, size);
            return *body == NULL ? -1 : 0;
        }
        return _PyBytes_Resize(body, size);
    }

    static PyObject *growing_take(PyObject **body, Py_ssize_t size) {
        PyObject *taken;
        if (*body == NULL) {
            return PyBytes_FromStringAndSize(NULL, 0);
        }
        if (PyBytes_GET_SIZE(*body) != size && _PyBytes_Resize(body, size) < 0) {
            return NULL;
        }
        taken = *body;
        *body = NULL;
        return taken;
    }

    static void growing_drop(PyObject **body) {
        Py_CLEAR(*body);
    }

    #define growing_octets(body) ((uint8_t *)PyBytes_AS_STRING(body))
    #define growing_capacity(body) ((body) == NULL ? 0 : PyBytes_GET_SIZE(body))
    """
    object message_new(object type, object kind, object data, object extra)
    ctypedef struct PyObject
    int growing_reserve(PyObject **body, Py_ssize_t size) except -1
    object growing_take(PyObject **body, Py_ssize_t size)
    void growing_drop(PyObject **body)
    uint8_t *growing_octets(PyObject *body) nogil
    Py_ssize_t growing_capacity(PyObject *body) nogil


cdef object TEXT = WSMsgType.TEXT
cdef object BINARY = WSMsgType.BINARY
cdef object PING = WSMsgType.PING
cdef object PONG = WSMsgType.PONG
cdef object CLOSE = WSMsgType.CLOSE
cdef object Message = WSMessage
cdef object TextBytes = WSMessageTextBytes

cdef uint8_t FIN = rules.FIN
cdef uint8_t RSV1 = rules.RSV1
cdef uint8_t RSV_BITS = rules.RSV_BITS
cdef uint8_t OPCODE_BITS = rules.OPCODE_BITS
cdef uint8_t MASKED = rules.MASKED
cdef uint8_t LENGTH_BITS = rules.LENGTH_BITS
cdef uint8_t LENGTH_16 = rules.LENGTH_16
cdef uint8_t LENGTH_64 = rules.LENGTH_64
cdef uint8_t CONTINUATION = rules.OP_CONTINUATION
cdef uint8_t OP_TEXT = rules.OP_TEXT
cdef uint8_t OP_CLOSE = rules.OP_CLOSE
cdef uint8_t OP_PING = rules.OP_PING
cdef uint8_t CONTROL_BIT = rules.CONTROL_BIT
cdef uint64_t MAX_CONTROL_PAYLOAD = rules.MAX_CONTROL_PAYLOAD
cdef uint64_t MAX_PAYLOAD = rules.MAX_PAYLOAD
cdef bint[16] KNOWN_OPCODES
for _opcode in range(16):
    KNOWN_OPCODES[_opcode] = _opcode in rules.OPCODES

# Up to here the declared length is believed and allocated at once; beyond, the buffer doubles as octets come.
cdef Py_ssize_t TRUSTED_LENGTH = 1 << 24
cdef Py_ssize_t ASCII_FROM = 32

VECTORS = bool(mask_choose())
"""Whether masking uses the processor's vectors (diagnostics)."""


cdef uint32_t _load_key(const uint8_t *octets) noexcept nogil:
    cdef uint32_t key
    memcpy(&key, octets, 4)
    return key


cdef int _key_of(bytes key, Py_ssize_t offset, uint32_t *loaded) except -1:
    if key is None or PyBytes_GET_SIZE(key) != 4:
        raise ValueError(f"a masking key has 4 octets, not {len(key) if key is not None else 0}")
    loaded[0] = _load_key(<const uint8_t *>PyBytes_AS_STRING(key))
    if offset:
        loaded[0] = mask_rotate(loaded[0], <size_t>offset & 3)
    return 0


cdef object _contiguous(object data):
    if isinstance(data, memoryview) and not data.c_contiguous:
        return data.tobytes()
    return data


def mask_into_new(data, bytes key, Py_ssize_t offset=0):
    cdef uint32_t loaded
    cdef Py_buffer view
    cdef bytes masked
    _key_of(key, offset, &loaded)
    if type(data) is bytes:
        masked = PyBytes_FromStringAndSize(NULL, PyBytes_GET_SIZE(data))
        mask_octets(
            <uint8_t *>PyBytes_AS_STRING(masked),
            <const uint8_t *>PyBytes_AS_STRING(data),
            <size_t>PyBytes_GET_SIZE(data),
            loaded,
        )
        return masked
    data = _contiguous(data)
    PyObject_GetBuffer(data, &view, PyBUF_SIMPLE)
    try:
        masked = PyBytes_FromStringAndSize(NULL, view.len)
        mask_octets(<uint8_t *>PyBytes_AS_STRING(masked), <const uint8_t *>view.buf, <size_t>view.len, loaded)
    finally:
        PyBuffer_Release(&view)
    return masked


def mask_in_place(data, bytes key, Py_ssize_t offset=0):
    cdef uint32_t loaded
    cdef Py_buffer view
    cdef uint8_t *octets
    _key_of(key, offset, &loaded)
    if type(data) is bytearray:
        octets = <uint8_t *>PyByteArray_AS_STRING(data)
        mask_octets(octets, octets, <size_t>PyByteArray_GET_SIZE(data), loaded)
        return
    try:
        PyObject_GetBuffer(data, &view, PyBUF_WRITABLE)
    except BufferError as exc:
        raise TypeError("cannot mask read-only data in place") from exc
    octets = <uint8_t *>view.buf
    mask_octets(octets, octets, <size_t>view.len, loaded)
    PyBuffer_Release(&view)


cdef bytes _frame(int first, const uint8_t *payload, Py_ssize_t size, bytes key):
    cdef uint8_t mask_bit = 0
    cdef Py_ssize_t head = 2
    cdef uint32_t loaded = 0
    cdef uint8_t *at
    cdef bytes frame
    cdef int shift
    if key is not None:
        _key_of(key, 0, &loaded)
        mask_bit = MASKED
        head = 6
    if size >= LENGTH_16:
        head += 2 if size < 65536 else 8
    frame = PyBytes_FromStringAndSize(NULL, head + size)
    at = <uint8_t *>PyBytes_AS_STRING(frame)
    at[0] = <uint8_t>first
    if size < LENGTH_16:
        at[1] = <uint8_t>(mask_bit | size)
        at += 2
    elif size < 65536:
        at[1] = mask_bit | LENGTH_16
        at[2] = <uint8_t>(size >> 8)
        at[3] = <uint8_t>size
        at += 4
    else:
        at[1] = mask_bit | LENGTH_64
        for shift in range(8):
            at[2 + shift] = <uint8_t>(<uint64_t>size >> (56 - 8 * shift))
        at += 10
    if mask_bit:
        memcpy(at, &loaded, 4)
        mask_octets(at + 4, payload, <size_t>size, loaded)
    else:
        memcpy(at, payload, <size_t>size)
    return frame


cpdef bytes build_frame(int first, payload, bytes key=None):
    cdef Py_buffer view
    if type(payload) is str and PyUnicode_IS_COMPACT_ASCII(payload):
        return _frame(first, <const uint8_t *>PyUnicode_DATA(payload), PyUnicode_GET_LENGTH(payload), key)
    if isinstance(payload, str):
        payload = PyUnicode_AsUTF8String(payload)
    if type(payload) is bytes:
        return _frame(first, <const uint8_t *>PyBytes_AS_STRING(payload), PyBytes_GET_SIZE(payload), key)
    payload = _contiguous(payload)
    PyObject_GetBuffer(payload, &view, PyBUF_SIMPLE)
    try:
        return _frame(first, <const uint8_t *>view.buf, view.len, key)
    finally:
        PyBuffer_Release(&view)


cdef class MessageReader:
    cdef public object error
    cdef public bint closed

    # What the reader was told.
    cdef bint expects_mask
    cdef bint decode_text
    cdef object inflater
    cdef uint64_t limit
    cdef uint64_t compressed_limit
    cdef Py_ssize_t max_fragments

    # The header being collected, then the frame it announced.
    cdef uint8_t[16] head
    cdef int head_have
    cdef int head_need
    cdef bint in_payload
    cdef uint8_t opcode
    cdef bint final
    cdef bint control
    cdef uint64_t left
    cdef uint64_t length
    cdef uint32_t key
    cdef uint8_t[128] control_payload

    # The message being collected; `opened` is 0 between messages.
    cdef uint8_t opened
    cdef bint compressed
    cdef Py_ssize_t fragments
    cdef uint64_t wire_size
    cdef PyObject *body
    cdef Py_ssize_t filled
    cdef bytearray inflated
    cdef utf8_state text
    cdef bint ascii

    def __init__(self, role, max_msg_size=0, inflater=None, decode_text=True, max_fragments=rules.MAX_FRAGMENTS):
        self.error = None
        self.closed = False
        self.expects_mask = role is rules.Role.SERVER
        self.decode_text = decode_text
        self.inflater = inflater
        self.compressed_limit = rules.wire_limit(max_msg_size)
        self.limit = max_msg_size
        self.max_fragments = max_fragments
        self.head_have = 0
        self.head_need = 2
        self.in_payload = False
        self.opened = 0
        self.key = 0
        self.ascii = True
        self.text.need = 0

    def __dealloc__(self):
        growing_drop(&self.body)

    def __repr__(self):
        state = "failed" if self.error is not None else "closed" if self.closed else "open"
        return f"<MessageReader {state} pending={self.pending}>"

    @property
    def inflates(self):
        return self.inflater is not None

    @property
    def pending(self):
        return self.filled + (len(self.inflated) if self.inflated is not None else 0)

    def feed(self, data):
        cdef Py_buffer view
        cdef list messages = []
        if self.error is not None or self.closed:
            return messages
        try:
            if type(data) is bytes:
                self._parse(<const uint8_t *>PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data), messages)
            else:
                PyObject_GetBuffer(data, &view, PyBUF_SIMPLE)
                try:
                    self._parse(<const uint8_t *>view.buf, view.len, messages)
                finally:
                    PyBuffer_Release(&view)
        except WebSocketWireError as exc:
            # Without tracebacks, whose frames refer back to the callers of this reader.
            exc.__context__ = None
            self.error = exc.with_traceback(None)
            self._release()
        return messages

    cdef void _release(self):
        growing_drop(&self.body)
        self.filled = 0
        self.inflated = None

    cdef int _parse(self, const uint8_t *at, Py_ssize_t size, list messages) except -1:
        cdef const uint8_t *end = at + size
        cdef Py_ssize_t part
        while not self.closed:
            if not self.in_payload:
                # Judged octet by octet: a wrong first octet is refused before a second one comes.
                if at == end:
                    return 0
                self.head[self.head_have] = at[0]
                at += 1
                self.head_have += 1
                if self.head_have == 1:
                    self._judge_first(self.head[0])
                    continue
                if self.head_have == 2:
                    self._judge_second(self.head[1])
                if self.head_have < self.head_need:
                    if self.head_have >= 4:
                        self._judge_length_early()
                    continue
                self._begin_payload()
            if self.left:
                if at == end:
                    return 0
                part = end - at
                if <uint64_t>part > self.left:
                    part = <Py_ssize_t>self.left
            else:
                part = 0
            if self.control:
                self._take_control(at, part, messages)
            elif self.final and self.opened and self.fragments == 1 and part == <Py_ssize_t>self.length \
                    and <uint64_t>part == self.left and not self.compressed:
                self._deliver_whole(at, part, messages)
            else:
                self._take_data(at, part, messages)
            at += part
        return 0

    cdef int _judge_first(self, uint8_t first) except -1:
        cdef uint8_t opcode = first & OPCODE_BITS
        cdef bint control = (opcode & CONTROL_BIT) != 0
        if first & RSV_BITS & ~RSV1 or (first & RSV1 and self.inflater is None):
            raise WebSocketWireError(*rules.RESERVED_BITS)
        if not KNOWN_OPCODES[opcode]:
            raise WebSocketWireError(*rules.RESERVED_OPCODE)
        if control:
            if not first & FIN:
                raise WebSocketWireError(*rules.FRAGMENTED_CONTROL)
            if first & RSV1:
                raise WebSocketWireError(*rules.COMPRESSED_CONTROL)
        elif opcode == CONTINUATION:
            if not self.opened:
                raise WebSocketWireError(*rules.STRAY_CONTINUATION)
            if first & RSV1:
                raise WebSocketWireError(*rules.COMPRESSED_CONTINUATION)
            if self.fragments >= self.max_fragments:
                raise WebSocketWireError(*rules.TOO_MANY_FRAGMENTS)
        elif self.opened:
            raise WebSocketWireError(*rules.INTERRUPTED_MESSAGE)
        self.opcode = opcode
        self.control = control
        self.final = (first & FIN) != 0
        return 0

    cdef int _judge_second(self, uint8_t second) except -1:
        cdef uint8_t length = second & LENGTH_BITS
        cdef bint masked = (second & MASKED) != 0
        if masked != self.expects_mask:
            if masked:
                raise WebSocketWireError(*rules.MASKED_FRAME)
            raise WebSocketWireError(*rules.UNMASKED_FRAME)
        self.head_need = 6 if masked else 2
        if length >= LENGTH_16:
            if self.control:
                raise WebSocketWireError(*rules.LONG_CONTROL)
            self.head_need += 2 if length == LENGTH_16 else 8
        else:
            self._judge_size(length)
        return 0

    cdef int _judge_length_early(self) except -1:
        # The extended length is known before the masking key is.
        cdef uint8_t length = self.head[1] & LENGTH_BITS
        if (length == LENGTH_16 and self.head_have == 4) or (length == LENGTH_64 and self.head_have == 10):
            self._judge_extended(length)
        return 0

    cdef int _judge_extended(self, uint8_t length) except -1:
        cdef uint64_t size = 0
        cdef int i
        if length == LENGTH_16:
            size = (<uint64_t>self.head[2] << 8) | self.head[3]
            if size < LENGTH_16:
                raise WebSocketWireError(*rules.LENGTH_NOT_MINIMAL)
        else:
            for i in range(2, 10):
                size = (size << 8) | self.head[i]
            if size > MAX_PAYLOAD:
                raise WebSocketWireError(*rules.LENGTH_TOO_LARGE)
            if size < 65536:
                raise WebSocketWireError(*rules.LENGTH_NOT_MINIMAL)
        self._judge_size(size)
        return 0

    cdef int _judge_size(self, uint64_t size) except -1:
        cdef bint compressed
        cdef uint64_t limit
        self.length = size
        if self.control or not self.limit:
            return 0
        compressed = self.compressed if self.opened else (self.head[0] & RSV1) != 0
        limit = self.compressed_limit if compressed else self.limit
        if size > limit or (self.opened and size > limit - self.wire_size):
            raise WebSocketWireError(*rules.too_big(size + (self.wire_size if self.opened else 0), self.limit))
        return 0

    cdef int _begin_payload(self) except -1:
        cdef uint8_t length = self.head[1] & LENGTH_BITS
        if not self.expects_mask and length >= LENGTH_16:
            self._judge_extended(length)
        if self.expects_mask:
            self.key = _load_key(&self.head[self.head_need - 4])
        self.left = self.length
        self.in_payload = True
        if self.control:
            return 0
        if not self.opened:
            self.opened = self.opcode
            self.compressed = (self.head[0] & RSV1) != 0
            self.fragments = 0
            self.wire_size = 0
            self.ascii = True
        self.fragments += 1
        self.wire_size += self.length
        return 0

    cdef void _end_frame(self):
        self.in_payload = False
        self.head_have = 0
        self.head_need = 2

    cdef int _deliver(self, object data, list messages) except -1:
        cdef object kind
        cdef object shape = Message
        if self.opened == OP_TEXT:
            kind = TEXT
            if not self.decode_text:
                shape = TextBytes
        else:
            kind = BINARY
        messages.append(message_new(shape, kind, data, ""))
        self.opened = 0
        return 0

    cdef object _decode_plain(self, const uint8_t *octets, Py_ssize_t size):
        # Most text is ASCII, which one pass copies and proves; Python's own decoder takes two.
        cdef object text
        if size >= ASCII_FROM and not (octets[0] | octets[1] | octets[2] | octets[3]) & 0x80:
            text = PyUnicode_New(size, 127)
            if not mask_octets(<uint8_t *>PyUnicode_DATA(text), octets, <size_t>size, 0):
                return text
        return self._decode(octets, size)

    cdef object _decode(self, const uint8_t *octets, Py_ssize_t size):
        try:
            return PyUnicode_DecodeUTF8(<const char *>octets, size, NULL)
        except UnicodeDecodeError:
            raise WebSocketWireError(*rules.BAD_TEXT) from None

    cdef int _deliver_whole(self, const uint8_t *at, Py_ssize_t size, list messages) except -1:
        # The common case: one frame, all of it here. Unmasked while copied once into its object.
        cdef object data
        cdef uint8_t *octets
        if self.opened == OP_TEXT and self.decode_text:
            if not self.expects_mask:
                data = self._decode_plain(at, size)
            elif size < 2:  # shared objects, not ours to write into
                self.control_payload[0] = at[0] ^ (<uint8_t *>&self.key)[0] if size else 0
                data = self._decode(self.control_payload, size)
            else:
                data = PyUnicode_New(size, 127)
                octets = <uint8_t *>PyUnicode_DATA(data)
                if mask_octets(octets, at, <size_t>size, self.key):
                    data = self._decode(octets, size)
        else:
            data = PyBytes_FromStringAndSize(NULL, size)
            octets = <uint8_t *>PyBytes_AS_STRING(data)
            if self.expects_mask:
                mask_octets(octets, at, <size_t>size, self.key)
            elif size:
                memcpy(octets, at, <size_t>size)
            if self.opened == OP_TEXT:
                self._validate(<const uint8_t *>PyBytes_AS_STRING(data), size, True)
        self._end_frame()
        self._deliver(data, messages)
        return 0

    cdef int _validate(self, const uint8_t *octets, Py_ssize_t size, bint final) except -1:
        if not utf8_feed(&self.text, octets, <size_t>size) or (final and self.text.need):
            raise WebSocketWireError(*rules.BAD_TEXT)
        return 0

    cdef uint32_t _key_here(self) noexcept:
        # The key as it stands at the next octet of the payload.
        return mask_rotate(self.key, <size_t>(self.length - self.left) & 3)

    cdef int _take_control(self, const uint8_t *at, Py_ssize_t part, list messages) except -1:
        cdef uint8_t *to = self.control_payload + (self.length - self.left)
        cdef Py_ssize_t size = <Py_ssize_t>self.length
        if self.expects_mask:
            mask_octets(to, at, <size_t>part, self._key_here())
        elif part:
            memcpy(to, at, <size_t>part)
        self.left -= <uint64_t>part
        if self.left:
            return 0
        self._end_frame()
        if self.opcode == OP_CLOSE:
            self._deliver_close(size, messages)
        else:
            messages.append(
                message_new(
                    Message,
                    PING if self.opcode == OP_PING else PONG,
                    PyBytes_FromStringAndSize(<char *>self.control_payload, size),
                    "",
                )
            )
        return 0

    cdef int _deliver_close(self, Py_ssize_t size, list messages) except -1:
        cdef int code = 0
        cdef str reason = ""
        if size == 1:
            raise WebSocketWireError(*rules.SHORT_CLOSE)
        if size:
            code = (self.control_payload[0] << 8) | self.control_payload[1]
            if not rules.is_close_code_allowed(code):
                raise WebSocketWireError(*rules.BAD_CLOSE_CODE, PyBytes_FromStringAndSize(<char *>self.control_payload, 2))
            try:
                reason = PyUnicode_DecodeUTF8(<const char *>self.control_payload + 2, size - 2, NULL)
            except UnicodeDecodeError:
                raise WebSocketWireError(*rules.BAD_CLOSE_REASON) from None
        messages.append(message_new(Message, CLOSE, code, reason))
        self.closed = True
        self._release()
        return 0

    cdef int _reserve(self, Py_ssize_t part) except -1:
        # Room for `part` more octets, and for the rest of the frame where its length is credible.
        cdef Py_ssize_t capacity = growing_capacity(self.body)
        cdef Py_ssize_t needed = self.filled + part
        cdef Py_ssize_t wanted
        if needed <= capacity:
            return 0
        wanted = TRUSTED_LENGTH if self.left > <uint64_t>TRUSTED_LENGTH else <Py_ssize_t>self.left
        wanted += self.filled
        if self.filled and wanted < 2 * capacity and not (self.final and self.left <= <uint64_t>TRUSTED_LENGTH):
            wanted = 2 * capacity
        if wanted < needed:
            wanted = needed
        growing_reserve(&self.body, wanted)
        return 0

    cdef int _take_data(self, const uint8_t *at, Py_ssize_t part, list messages) except -1:
        cdef uint8_t *to
        cdef bint text = self.opened == OP_TEXT and not self.compressed
        if part:
            self._reserve(part)
            to = growing_octets(self.body) + self.filled
            # A key of zeros (no masking) copies as well, and tells what is ASCII.
            if not self.expects_mask and not text:
                memcpy(to, at, <size_t>part)
            elif mask_octets(to, at, <size_t>part, self._key_here()):
                self.ascii = False
            if text and not self.ascii:
                self._validate(to, part, False)
            self.filled += part
            self.left -= <uint64_t>part
        if self.left:
            return 0
        self._end_frame()
        if self.compressed:
            self._inflate(messages)
        elif self.final:
            if self.opened == OP_TEXT and self.text.need:
                raise WebSocketWireError(*rules.BAD_TEXT)
            self._deliver_body(messages)
        return 0

    cdef int _deliver_body(self, list messages) except -1:
        cdef object data
        cdef Py_ssize_t size = self.filled
        if self.opened == OP_TEXT and self.decode_text:
            data = self._decode_plain(growing_octets(self.body), size) if size else ""
        else:
            data = growing_take(&self.body, size)
        self._release()
        self._deliver(data, messages)
        return 0

    cdef int _inflate(self, list messages) except -1:
        # Frame by frame, so that the outcome does not depend on how the frame came in.
        cdef Py_ssize_t so_far = len(self.inflated) if self.inflated is not None else 0
        cdef object payload = growing_take(&self.body, self.filled)
        cdef object data
        cdef bytes output
        self.filled = 0
        output = self.inflater.inflate(payload, bool(self.final), <Py_ssize_t>self.limit - so_far if self.limit else -1)
        if self.opened == OP_TEXT and not (self.final and self.decode_text and self.inflated is None):
            self._validate(<const uint8_t *>PyBytes_AS_STRING(output), PyBytes_GET_SIZE(output), self.final)
        if not self.final:
            if self.inflated is None:
                self.inflated = bytearray()
            self.inflated += output
            return 0
        if self.inflated is not None:
            self.inflated += output
            output = bytes(self.inflated)
            self.inflated = None
        data = output
        if self.opened == OP_TEXT and self.decode_text:
            data = self._decode_plain(<const uint8_t *>PyBytes_AS_STRING(output), PyBytes_GET_SIZE(output))
        self._deliver(data, messages)
        return 0
