"""The HTTP/1 parsers over llhttp; ``aiohttp_core._wire.http1.contract`` says what they promise.

llhttp reads field sections, trailers and chunked framing, in strict mode. It knows only the methods of
its table and takes versions that HTTP/1 has not, so start lines are read here; so are bodies whose length
is known, which need no parser. Where llhttp refuses a head, the pure grammar is asked over the same
octets what is wrong with it: one source of errors and of their order.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from cpython.object cimport PyObject
from cpython.ref cimport Py_INCREF
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memchr, memcmp, memcpy, memset

from llhttp cimport (
    HPE_OK,
    HPE_PAUSED,
    HTTP_REQUEST,
    HTTP_RESPONSE,
    LENIENT_OPTIONAL_CR_BEFORE_LF,
    LENIENT_SPACES_AFTER_CHUNK_SIZE,
    llhttp_errno_t,
    llhttp_execute,
    llhttp_get_error_pos,
    llhttp_get_error_reason,
    llhttp_init,
    llhttp_resume,
    llhttp_settings_init,
    llhttp_settings_t,
    llhttp_t,
)

from collections import deque

from multidict import CIMultiDict, CIMultiDictProxy, istr

from aiohttp_core._semantics.field_names import COMMON
from aiohttp_core._semantics.methods import METH_ALL
from aiohttp_core._semantics.versions import HttpVersion10, HttpVersion11
from aiohttp_core._wire.errors import BadChunk, BadField, BadStartLine, HttpWireError, IncompleteMessage, LimitExceeded
from aiohttp_core._wire.http1 import grammar
from aiohttp_core._wire.http1.framing import check_trailers
from aiohttp_core._wire.http1.messages import END, BodyKind, Chunks, EndOfMessage, Head, RequestHead, ResponseHead
from aiohttp_core._wire.http1.rules import DEFAULT_LIMITS, SPECIAL_FIELDS, Role, Special

try:
    # The same source, compiled.
    from aiohttp_core._cparser.framing import request_framing, response_framing
except ImportError:
    from aiohttp_core._wire.http1.framing import request_framing, response_framing


cdef extern from "structmember.h":
    ctypedef struct PyMemberDef:
        Py_ssize_t offset


cdef extern from "Python.h":
    ctypedef struct PyMemberDescrObject:
        PyMemberDef* d_member
    object PyUnicode_New(Py_ssize_t size, Py_UCS4 maxchar)
    void* PyUnicode_DATA(object text)
    object PyType_GenericAlloc(type cls, Py_ssize_t items)


cdef enum:
    NO_SPECIAL = -1
    SPECIALS = 16
    NAME_SLOTS = 1024
    TOKEN_OCTET = 1
    TARGET_OCTET = 2
    VALUE_OCTET = 4


# Octet classes, filled from the shared grammar's alphabets at import.
cdef uint8_t CLASSES[256]
cdef uint8_t LOWER[256]


cdef int fill_classes() except -1:
    cdef int octet
    import re
    token = re.compile(grammar.TOKEN)
    for octet in range(256):
        one = bytes((octet,))
        CLASSES[octet] = 0
        if token.fullmatch(one):
            CLASSES[octet] |= TOKEN_OCTET
        if grammar.TARGET_OCTET.fullmatch(one):
            CLASSES[octet] |= TARGET_OCTET
        if grammar.VALUE_OCTET.fullmatch(one):
            CLASSES[octet] |= VALUE_OCTET
        LOWER[octet] = octet + 32 if 65 <= octet <= 90 else octet
    return 0


fill_classes()


# Known field names: an open hash table from octets in any case to the interned string.

cdef struct Name:
    const char* octets
    Py_ssize_t length
    int special
    int index


cdef Name NAMES[NAME_SLOTS]
cdef list NAME_STRINGS = []
cdef list NAME_OCTETS = []
cdef list SPECIAL_MEMBERS = [None] * SPECIALS


cdef inline uint32_t name_slot(const uint8_t* at, Py_ssize_t length) noexcept nogil:
    cdef uint32_t key = <uint32_t>length * 31 + LOWER[at[0]]
    key = key * 31 + LOWER[at[length - 1]]
    key = key * 31 + LOWER[at[length >> 1]]
    key = key * 31 + LOWER[at[length >> 2]]
    return (key ^ (key >> 10)) & (NAME_SLOTS - 1)


cdef inline Name* find_name(const uint8_t* at, Py_ssize_t length) noexcept nogil:
    cdef uint32_t slot = name_slot(at, length)
    cdef Py_ssize_t i
    cdef const uint8_t* known
    while NAMES[slot].octets != NULL:
        if NAMES[slot].length == length:
            known = <const uint8_t*>NAMES[slot].octets
            if memcmp(at, known, length) == 0:
                return &NAMES[slot]
            i = 0
            while i < length and LOWER[at[i]] == LOWER[known[i]]:
                i += 1
            if i == length:
                return &NAMES[slot]
        slot = (slot + 1) & (NAME_SLOTS - 1)
    return NULL


cdef int add_name(object text, int special) except -1:
    cdef bytes octets = str(text).encode("ascii")
    cdef uint32_t slot = name_slot(<const uint8_t*>PyBytes_AS_STRING(octets), PyBytes_GET_SIZE(octets))
    while NAMES[slot].octets != NULL:
        slot = (slot + 1) & (NAME_SLOTS - 1)
    NAMES[slot].octets = PyBytes_AS_STRING(octets)
    NAMES[slot].length = PyBytes_GET_SIZE(octets)
    NAMES[slot].special = special
    NAMES[slot].index = len(NAME_STRINGS)
    NAME_STRINGS.append(text)
    NAME_OCTETS.append(octets)
    return 0


cdef int fill_names() except -1:
    memset(NAMES, 0, sizeof(NAMES))
    for text in COMMON:
        special = SPECIAL_FIELDS.get(str(text).lower().encode("ascii"))
        add_name(text, NO_SPECIAL if special is None else <int>special)
    for special in SPECIAL_FIELDS.values():
        SPECIAL_MEMBERS[special] = special
        name = special.name.replace("_", "-").encode("ascii")
        if find_name(<const uint8_t*>PyBytes_AS_STRING(name), PyBytes_GET_SIZE(name)) == NULL:
            add_name(istr(special.name.title().replace("_", "-")), <int>special)
    return 0


fill_names()


cdef dict METHODS = {method.encode("ascii"): method for method in METH_ALL}


cdef str method_string(const char* at, Py_ssize_t length):
    if length == 3 and memcmp(at, b"GET", 3) == 0:
        return "GET"
    if length == 4 and memcmp(at, b"POST", 4) == 0:
        return "POST"
    octets = at[:length]
    known = METHODS.get(octets)
    return octets.decode("ascii") if known is None else known


cdef inline object ascii_string(const char* at, Py_ssize_t length):
    """A string of octets that are known to be ASCII."""
    text = PyUnicode_New(length, 127)
    memcpy(PyUnicode_DATA(text), at, length)
    return text


# Field sections

cdef struct Span:
    uint32_t name
    uint32_t name_length
    uint32_t value
    uint32_t value_length
    const Name* known


cdef struct Section:
    const char* start
    Span* spans
    Py_ssize_t count
    Py_ssize_t room


cdef int section_field(llhttp_t* parser, const char* at, size_t length) noexcept nogil:
    cdef Section* section = <Section*>parser.data
    cdef Span* span
    if section.count == section.room:
        return -1
    span = &section.spans[section.count]
    section.count += 1
    span.name = <uint32_t>(at - section.start)
    span.name_length = <uint32_t>length
    span.value = span.name + span.name_length
    span.value_length = 0
    span.known = find_name(<const uint8_t*>at, <Py_ssize_t>length) if length else NULL
    return 0


cdef int section_value(llhttp_t* parser, const char* at, size_t length) noexcept nogil:
    cdef Section* section = <Section*>parser.data
    cdef Span* span = &section.spans[section.count - 1]
    if span.value_length == 0:
        span.value = <uint32_t>(at - section.start)
    span.value_length = <uint32_t>(at + length - section.start) - span.value
    return 0


cdef int section_complete(llhttp_t* parser) noexcept nogil:
    return HPE_PAUSED


# Chunked bodies

cdef struct Piece:
    const char* at
    size_t length


cdef int piece_body(llhttp_t* parser, const char* at, size_t length) noexcept nogil:
    cdef Piece* piece = <Piece*>parser.data
    piece.at = at
    piece.length = length
    return 0


cdef int piece_header(llhttp_t* parser) noexcept nogil:
    return HPE_PAUSED


# llhttp as it stands right behind a start line, and right behind the head of a chunked message: copied, not replayed.

cdef llhttp_settings_t SECTION_SETTINGS
cdef llhttp_settings_t CHUNK_SETTINGS
cdef llhttp_settings_t QUIET_SETTINGS
cdef llhttp_t AT_SECTION[2]
cdef llhttp_t AT_CHUNKS[2]


cdef int prepare(int role, bytes line) except -1:
    cdef bytes chunked = b"Transfer-Encoding: chunked\r\n\r\n"
    llhttp_init(&AT_SECTION[role], HTTP_REQUEST if role == 0 else HTTP_RESPONSE, &QUIET_SETTINGS)
    if role:
        AT_SECTION[role].lenient_flags = LENIENT_OPTIONAL_CR_BEFORE_LF | LENIENT_SPACES_AFTER_CHUNK_SIZE
    if llhttp_execute(&AT_SECTION[role], PyBytes_AS_STRING(line), PyBytes_GET_SIZE(line)) != HPE_OK:
        raise ImportError("llhttp does not take a plain start line")
    memcpy(&AT_CHUNKS[role], &AT_SECTION[role], sizeof(llhttp_t))
    if role:
        # A bare LF may end a line of a response's head, never one of its chunked framing.
        AT_CHUNKS[role].lenient_flags = LENIENT_SPACES_AFTER_CHUNK_SIZE
    if llhttp_execute(&AT_CHUNKS[role], PyBytes_AS_STRING(chunked), PyBytes_GET_SIZE(chunked)) != HPE_OK:
        raise ImportError("llhttp does not take a plain chunked head")
    AT_SECTION[role].settings = &SECTION_SETTINGS
    AT_CHUNKS[role].settings = &CHUNK_SETTINGS
    return 0


llhttp_settings_init(&QUIET_SETTINGS)
llhttp_settings_init(&SECTION_SETTINGS)
SECTION_SETTINGS.on_header_field = section_field
SECTION_SETTINGS.on_header_value = section_value
SECTION_SETTINGS.on_headers_complete = section_complete
llhttp_settings_init(&CHUNK_SETTINGS)
CHUNK_SETTINGS.on_body = piece_body
CHUNK_SETTINGS.on_chunk_header = piece_header
prepare(0, b"POST / HTTP/1.1\r\n")
prepare(1, b"HTTP/1.1 200 OK\r\n")


cdef class Fields:
    """A field section as received; pairs and mapping are built on first access."""

    cdef bytes _octets
    cdef Span* _spans
    cdef Py_ssize_t _count
    cdef tuple _raw
    cdef object _headers

    def __dealloc__(self):
        PyMem_Free(self._spans)

    @property
    def raw(self):
        cdef Py_ssize_t i
        cdef const char* start
        cdef Span* span
        cdef list pairs
        if self._raw is None:
            start = PyBytes_AS_STRING(self._octets)
            pairs = []
            for i in range(self._count):
                span = &self._spans[i]
                pairs.append((
                    PyBytes_FromStringAndSize(start + span.name, span.name_length),
                    PyBytes_FromStringAndSize(start + span.value, span.value_length),
                ))
            self._raw = tuple(pairs)
        return self._raw

    @property
    def headers(self):
        cdef Py_ssize_t i
        cdef const char* start
        cdef Span* span
        cdef list pairs
        if self._headers is None:
            start = PyBytes_AS_STRING(self._octets)
            pairs = []
            for i in range(self._count):
                span = &self._spans[i]
                if span.known != NULL and memcmp(span.known.octets, start + span.name, span.name_length) == 0:
                    name = NAME_STRINGS[span.known.index]
                else:
                    name = ascii_string(start + span.name, span.name_length)
                pairs.append((name, PyUnicode_DecodeUTF8(start + span.value, span.value_length, b"surrogateescape")))
            self._headers = CIMultiDictProxy(CIMultiDict(pairs))
        return self._headers

    def first(self, bytes name not None):
        """The first value of the field ``name`` (lower case), without building the mapping."""
        cdef const char* start = PyBytes_AS_STRING(self._octets)
        cdef Py_ssize_t length = PyBytes_GET_SIZE(name)
        cdef const uint8_t* wanted = <const uint8_t*>PyBytes_AS_STRING(name)
        cdef const uint8_t* have
        cdef Py_ssize_t i
        cdef Py_ssize_t j
        cdef Span* span
        for i in range(self._count):
            span = &self._spans[i]
            if span.name_length != length:
                continue
            have = <const uint8_t*>start + span.name
            j = 0
            while j < length and LOWER[have[j]] == wanted[j]:
                j += 1
            if j == length:
                return PyBytes_FromStringAndSize(start + span.value, span.value_length)
        return None

    def __len__(self):
        return self._count

    def __repr__(self):
        return f"<Fields {self.raw!r}>"


cdef enum State:
    START
    FIELDS
    LENGTH
    UNTIL_EOF
    CHUNKS
    TRAILERS
    AWAITING
    CLOSED
    HANDED_OVER


cdef tuple STATE_NAMES = (
    "START", "FIELDS", "LENGTH", "UNTIL_EOF", "CHUNKS", "TRAILERS", "AWAITING", "CLOSED", "HANDED_OVER",
)

cdef object BODY_NONE = BodyKind.NONE
cdef object BODY_LENGTH = BodyKind.LENGTH
cdef object BODY_CHUNKED = BodyKind.CHUNKED


# Where the shared message classes keep their slots: a head is filled without a call per attribute.

cdef struct HeadSlots:
    Py_ssize_t first
    Py_ssize_t second
    Py_ssize_t version
    Py_ssize_t fields
    Py_ssize_t body
    Py_ssize_t content_length
    Py_ssize_t keep_alive
    Py_ssize_t upgrade


cdef HeadSlots SLOTS[2]
cdef type REQUEST_HEAD = RequestHead
cdef type RESPONSE_HEAD = ResponseHead


cdef Py_ssize_t slot_offset(object owner, str name) except -1:
    descriptor = owner.__dict__[name]
    if type(descriptor).__name__ != "member_descriptor":
        raise ImportError(f"{owner.__name__}.{name} is not a slot")
    return (<PyMemberDescrObject*>descriptor).d_member.offset


cdef int fill_slots(int role, object owner, str first, str second) except -1:
    SLOTS[role].first = slot_offset(owner, first)
    SLOTS[role].second = slot_offset(owner, second)
    SLOTS[role].version = slot_offset(Head, "version")
    SLOTS[role].fields = slot_offset(Head, "fields")
    SLOTS[role].body = slot_offset(Head, "body")
    SLOTS[role].content_length = slot_offset(Head, "content_length")
    SLOTS[role].keep_alive = slot_offset(Head, "keep_alive")
    SLOTS[role].upgrade = slot_offset(Head, "upgrade")
    return 0


fill_slots(0, RequestHead, "method", "target")
fill_slots(1, ResponseHead, "status", "reason")


cdef inline void put(object head, Py_ssize_t offset, object value) noexcept:
    Py_INCREF(value)
    (<PyObject**>(<char*><PyObject*>head + offset))[0] = <PyObject*>value


cdef object make_head(int role, object first, object second, int minor, object fields, tuple framing):
    head = PyType_GenericAlloc(RESPONSE_HEAD if role else REQUEST_HEAD, 0)
    put(head, SLOTS[role].first, first)
    put(head, SLOTS[role].second, second)
    put(head, SLOTS[role].version, VERSION_11 if minor else VERSION_10)
    put(head, SLOTS[role].fields, fields)
    put(head, SLOTS[role].body, framing[0])
    put(head, SLOTS[role].content_length, framing[1])
    put(head, SLOTS[role].keep_alive, framing[2])
    put(head, SLOTS[role].upgrade, framing[3])
    return head


cdef object VERSION_10 = HttpVersion10
cdef object VERSION_11 = HttpVersion11


cdef class Buffer:
    """Octets that grow at the end, amortised."""

    cdef char* start
    cdef Py_ssize_t length
    cdef Py_ssize_t room

    def __dealloc__(self):
        PyMem_Free(self.start)

    cdef int append(self, const char* at, Py_ssize_t length) except -1:
        cdef char* grown
        cdef Py_ssize_t room
        if self.length + length > self.room:
            room = (self.length + length) * 2
            grown = <char*>PyMem_Realloc(self.start, room)
            if grown == NULL:
                raise MemoryError
            self.start = grown
            self.room = room
        memcpy(self.start + self.length, at, length)
        self.length += length
        return 0

    cdef void clear(self) noexcept:
        self.length = 0
        if self.room > 65536:
            # Nothing large is kept after the message.
            PyMem_Free(self.start)
            self.start = NULL
            self.room = 0


cdef class _Parser:
    cdef int role
    cdef State state
    cdef object limits
    cdef Py_ssize_t max_line
    cdef Py_ssize_t max_field
    cdef Py_ssize_t max_fields
    cdef object queue
    cdef Py_ssize_t queued
    cdef bytes data
    cdef Py_ssize_t pos
    cdef Buffer section
    cdef Py_ssize_t scanned
    cdef Py_ssize_t line_start
    cdef Py_ssize_t lines
    cdef bint folded
    cdef bint overlong
    cdef Span* spans
    cdef Py_ssize_t spans_room
    cdef uint64_t remaining
    cdef uint64_t announced
    cdef bint keep_alive
    cdef bint eof
    cdef object error
    # Chunked framing
    cdef llhttp_t ll
    cdef Piece piece
    cdef Buffer out
    cdef Py_ssize_t line_length
    cdef int terminator
    # The start line read
    cdef object first
    cdef object second
    cdef int minor
    cdef bint connect
    # The framing fields of the last head and what was decided on them: on a connection they repeat.
    cdef Buffer deciding
    cdef Buffer decided
    cdef tuple framing

    def __cinit__(self, limits=DEFAULT_LIMITS):
        self.limits = limits
        self.max_line = limits.max_line_size
        self.max_field = limits.max_field_size
        self.max_fields = limits.max_fields
        self.data = b""
        self.section = Buffer()
        self.deciding = Buffer()
        self.decided = Buffer()
        self.keep_alive = True

    def __dealloc__(self):
        PyMem_Free(self.spans)

    def __repr__(self):
        return f"<{type(self).__name__} {STATE_NAMES[<int>self.state]} pending={self.pending}>"

    def feed(self, data not None):
        if self.state == CLOSED or not data:
            return
        if type(data) is not bytes:
            data = bytes(data)
        if self.pos == PyBytes_GET_SIZE(self.data) and not self.queue:
            self.data = data
            self.pos = 0
        else:
            if self.queue is None:
                self.queue = deque()
            self.queue.append(data)
            self.queued += PyBytes_GET_SIZE(data)

    def feed_eof(self):
        self.eof = True

    @property
    def pending(self):
        return self.section.length + PyBytes_GET_SIZE(self.data) - self.pos + self.queued

    @property
    def mid_message(self):
        return FIELDS <= self.state <= TRAILERS or (self.state == START and self.section.length != 0)

    @property
    def missing(self):
        return self.remaining if self.state == LENGTH and not self.pending else 0

    def skip(self, count):
        if not 0 <= count <= self.missing:
            raise ValueError(f"{count} octets went by, {self.missing} are missing")
        self.remaining -= <uint64_t>count

    def take_rest(self):
        cdef bytes rest = self.section.start[:self.section.length] + self.data[self.pos:]
        if self.queue:
            rest += b"".join(self.queue)
            self.queue.clear()
            self.queued = 0
        self.section.clear()
        self.data = b""
        self.pos = 0
        self.state = HANDED_OVER
        return rest

    cdef object _next(self):
        cdef Py_ssize_t before
        if self.error is not None:
            raise self.error
        try:
            while True:
                if self.state == LENGTH and self.remaining == 0:
                    self.state = self._rest_state()
                    return END
                if self.pos == PyBytes_GET_SIZE(self.data):
                    if not self.queue:
                        if self.pos:
                            # Nothing is retained between reads.
                            self.data = b""
                            self.pos = 0
                        return self._at_eof() if self.eof else None
                    self.data = self.queue.popleft()
                    self.queued -= PyBytes_GET_SIZE(self.data)
                    self.pos = 0
                before = self.pos
                event = self._step()
                if event is not None:
                    return event
                if self.pos == before:
                    return None
        except HttpWireError as exc:
            self.error = exc
            self.section.clear()
            raise

    cdef object _at_eof(self):
        if self.state == UNTIL_EOF:
            self.state = self._rest_state()
            return END
        if self.mid_message:
            error = IncompleteMessage("the peer closed the connection in the middle of a message")
            if self.state == LENGTH:
                error.received, error.announced = self.announced - self.remaining, self.announced
            raise error
        return None

    cdef object _step(self):
        if self.state == START:
            return self._read_start()
        if self.state == FIELDS or self.state == TRAILERS:
            return self._read_section()
        if self.state == LENGTH:
            return self._read_length()
        if self.state == CHUNKS:
            return self._read_chunks()
        if self.state == UNTIL_EOF:
            data = self.data[self.pos:] if self.pos else self.data
            self.pos = PyBytes_GET_SIZE(self.data)
            return data
        if self.state == CLOSED:
            self.pos = PyBytes_GET_SIZE(self.data)
        return None

    cdef State _rest_state(self):
        if not self.keep_alive:
            return CLOSED
        return AWAITING if self.role else START

    # Heads

    cdef object _read_start(self):
        cdef const char* start = PyBytes_AS_STRING(self.data)
        cdef Py_ssize_t end = PyBytes_GET_SIZE(self.data)
        cdef const char* stop
        cdef Py_ssize_t length
        if self.section.length == 0:
            # A robust reader skips empty lines before a start line (RFC 9112 section 2.2).
            while self.pos < end:
                if start[self.pos] == c"\r" and self.pos + 1 < end and start[self.pos + 1] == c"\n":
                    self.pos += 2
                elif start[self.pos] == c"\n" and self.role:
                    self.pos += 1
                else:
                    break
            if self.pos == end:
                return None
        stop = <const char*>memchr(start + self.pos, c"\n", end - self.pos)
        if stop == NULL:
            self.section.append(start + self.pos, end - self.pos)
            self.pos = end
            length = self.section.length
            if length - (self.section.start[length - 1] == c"\r") > self.max_line:
                raise LimitExceeded(
                    "the status line" if self.role else "the request line",
                    self.max_line,
                    self.section.start[:self.max_line],
                )
            return None
        length = stop + 1 - (start + self.pos)
        if self.section.length:
            self.section.append(start + self.pos, length)
            self.pos += length
            if self.section.length == 2 and self.section.start[0] == c"\r":
                self.section.clear()
                return None
            self._start_line(self.section.start, self.section.length)
            self.section.clear()
        else:
            self._start_line(start + self.pos, length)
            self.pos += length
        self.state = FIELDS
        self.scanned = 0
        self.line_start = 0
        self.lines = 0
        self.folded = self.overlong = False
        if self.pos == end:
            return None
        return self._read_section()

    cdef int _start_line(self, const char* at, Py_ssize_t length) except -1:
        if self.role:
            return self._status_line(at, length)
        return self._request_line(at, length)

    cdef int _request_line(self, const char* at, Py_ssize_t length) except -1:
        cdef const uint8_t* p = <const uint8_t*>at
        cdef const uint8_t* method_end
        cdef const uint8_t* target_end
        cdef const uint8_t* end = p + length
        while p < end and CLASSES[p[0]] & TOKEN_OCTET:
            p += 1
        method_end = p
        if p > <const uint8_t*>at and p < end and p[0] == c" ":
            p += 1
            while p < end and CLASSES[p[0]] & TARGET_OCTET:
                p += 1
            target_end = p
            if (
                length <= self.max_line + 2
                and target_end > method_end + 1
                and end - p == 11
                and memcmp(p, b" HTTP/1.", 8) == 0
                and (p[8] == c"0" or p[8] == c"1")
                and p[9] == c"\r"
            ):
                self.minor = p[8] - c"0"
                length = method_end - <const uint8_t*>at
                self.connect = length == 7 and memcmp(at, b"CONNECT", 7) == 0
                if method_end[1] != c"/" or self.connect:
                    grammar.check_target(at[:length], (<const char*>method_end + 1)[:target_end - method_end - 1])
                self.first = method_string(at, length)
                self.second = ascii_string(<const char*>method_end + 1, target_end - method_end - 1)
                return 0
        grammar.parse_request_line(at[:length], self.limits)
        raise BadStartLine("the request line is malformed", at[:length])

    cdef int _status_line(self, const char* at, Py_ssize_t length) except -1:
        cdef const uint8_t* p = <const uint8_t*>at
        cdef const uint8_t* end = p + length - 1
        cdef const uint8_t* reason
        if end > p and end[-1] == c"\r":
            end -= 1
        if (
            end - p <= self.max_line
            and end - p >= 12
            and memcmp(p, b"HTTP/1.", 7) == 0
            and (p[7] == c"0" or p[7] == c"1")
            and p[8] == c" "
            and c"1" <= p[9] <= c"9"
            and c"0" <= p[10] <= c"9"
            and c"0" <= p[11] <= c"9"
            and (end - p == 12 or p[12] == c" ")
        ):
            reason = p + 12 if end - p == 12 else p + 13
            self.minor = p[7] - c"0"
            self.first = (p[9] - c"0") * 100 + (p[10] - c"0") * 10 + (p[11] - c"0")
            p = reason
            while p < end and CLASSES[p[0]] & VALUE_OCTET:
                p += 1
            if p == end:
                if end - reason == 2 and memcmp(reason, b"OK", 2) == 0:
                    self.second = "OK"
                else:
                    self.second = PyUnicode_DecodeUTF8(<const char*>reason, end - reason, b"surrogateescape")
                return 0
        grammar.parse_status_line(at[:length], self.limits)
        raise BadStartLine("the status line is malformed", at[:length])

    cdef object _read_section(self):
        """The head or the trailers, once the blank line has come."""
        cdef const char* start = PyBytes_AS_STRING(self.data) + self.pos
        cdef Py_ssize_t length = PyBytes_GET_SIZE(self.data) - self.pos
        cdef Py_ssize_t end
        cdef bint direct = self.section.length == 0
        if not direct:
            self.section.append(start, length)
            start = self.section.start
            end = self._section_end(start, self.section.length)
        else:
            end = self._section_end(start, length)
        if end == 0:
            if direct:
                self.section.append(start, length)
            self.pos = PyBytes_GET_SIZE(self.data)
            length = self.section.length - self.line_start
            if self.lines > self.max_fields or self.overlong or (
                length - (length and self.section.start[self.section.length - 1] == c"\r") > self.max_field
            ):
                grammar.judge_partial(self.section.start[:self.section.length], Role(self.role), self.limits)
            return None
        if direct:
            self.pos += end
        else:
            self.pos = PyBytes_GET_SIZE(self.data) - (self.section.length - end)
        fields = self._parse_section(start, end)
        self.section.clear()
        return self._trailers(fields) if self.state == TRAILERS else self._head(fields)

    cdef Py_ssize_t _section_end(self, const char* start, Py_ssize_t length) noexcept:
        """Where the section ends behind its blank line, or 0. Goes on where it stopped."""
        cdef const char* stop
        cdef Py_ssize_t line
        while self.scanned < length:
            stop = <const char*>memchr(start + self.scanned, c"\n", length - self.scanned)
            if stop == NULL:
                self.scanned = length
                return 0
            self.scanned = stop + 1 - start
            line = self.scanned - self.line_start
            if line == 1 or (line == 2 and stop[-1] == c"\r"):
                return self.scanned
            if start[self.line_start] == c" " or start[self.line_start] == c"\t":
                self.folded = True
            if line - 1 - (line > 1 and stop[-1] == c"\r") > self.max_field:
                self.overlong = True
            self.lines += 1
            self.line_start = self.scanned
        return 0

    cdef Fields _parse_section(self, const char* start, Py_ssize_t length):
        cdef Section section
        cdef llhttp_t ll
        cdef Fields fields = Fields.__new__(Fields)
        cdef Span* span
        cdef Py_ssize_t i
        cdef bytes octets
        if self.lines == 0:
            if length == 1 and self.role == 0:
                self._explain(start[:length], b"")
            fields._octets = b""
            return fields
        if self.folded or self.overlong or self.lines > self.max_fields:
            octets = self._unfold(start[:length])
            start = PyBytes_AS_STRING(octets)
            length = PyBytes_GET_SIZE(octets)
        else:
            octets = PyBytes_FromStringAndSize(start, length)
            start = PyBytes_AS_STRING(octets)
        if self.lines > self.spans_room:
            PyMem_Free(self.spans)
            self.spans_room = 0
            self.spans = <Span*>PyMem_Malloc(self.lines * sizeof(Span))
            if self.spans == NULL:
                raise MemoryError
            self.spans_room = self.lines
        section.start = start
        section.spans = self.spans
        section.count = 0
        section.room = self.spans_room
        memcpy(&ll, &AT_SECTION[self.role], sizeof(llhttp_t))
        ll.data = &section
        if llhttp_execute(&ll, start, length) != HPE_PAUSED or llhttp_get_error_pos(&ll) < start + length - 1:
            self._explain(octets, llhttp_get_error_reason(&ll))
        for i in range(section.count):
            span = &self.spans[i]
            while span.value_length and start[span.value + span.value_length - 1] in (c" ", c"\t"):
                span.value_length -= 1
        fields._octets = octets
        fields._count = section.count
        fields._spans = <Span*>PyMem_Malloc(section.count * sizeof(Span))
        if fields._spans == NULL:
            raise MemoryError
        memcpy(fields._spans, self.spans, section.count * sizeof(Span))
        return fields

    cdef bytes _unfold(self, bytes octets):
        grammar.parse_section(octets, Role(self.role), self.limits)
        return grammar.unfold(octets) if self.role else octets

    cdef int _explain(self, bytes octets, const char* reason) except -1:
        """Raise what the grammar has against a section that llhttp refuses."""
        pairs = grammar.parse_section(octets, Role(self.role), self.limits)
        specials = []
        for name, value in pairs:
            special = SPECIAL_FIELDS.get(name.lower())
            if special is not None:
                specials.append((special, value))
        if self.state == TRAILERS:
            check_trailers(specials)
        elif self.role:
            response_framing(self._method(), self.first, self.minor, specials)
        else:
            request_framing(self.connect, self.minor, specials)
        raise BadField((reason or b"").decode() or "the field section is malformed", octets)

    cdef list _specials(self, Fields fields):
        cdef list specials = []
        cdef const char* start = PyBytes_AS_STRING(fields._octets)
        cdef Py_ssize_t i
        cdef Span* span
        for i in range(fields._count):
            span = &fields._spans[i]
            if span.known != NULL and span.known.special != NO_SPECIAL:
                specials.append((
                    SPECIAL_MEMBERS[span.known.special],
                    PyBytes_FromStringAndSize(start + span.value, span.value_length),
                ))
        return specials

    cdef object _method(self):
        return ""

    cdef tuple _decide(self, Fields fields):
        raise NotImplementedError

    cdef tuple _framing(self, Fields fields, int variant):
        """The framing, from the shared policy or as decided for the same fields before."""
        cdef Buffer deciding = self.deciding
        cdef const char* start = PyBytes_AS_STRING(fields._octets)
        cdef Span* span
        cdef Py_ssize_t i
        deciding.clear()
        deciding.append(<const char*>&variant, sizeof(variant))
        for i in range(fields._count):
            span = &fields._spans[i]
            if span.known != NULL and span.known.special != NO_SPECIAL:
                deciding.append(<const char*>&span.known.special, sizeof(int))
                deciding.append(<const char*>&span.value_length, sizeof(uint32_t))
                deciding.append(start + span.value, span.value_length)
        if (
            self.framing is None
            or deciding.length != self.decided.length
            or memcmp(deciding.start, self.decided.start, deciding.length) != 0
        ):
            self.framing = None
            self.framing = self._decide(fields)
            self.deciding = self.decided
            self.decided = deciding
        return self.framing

    cdef object _head(self, Fields fields):
        raise NotImplementedError

    cdef object _trailers(self, Fields fields):
        self.state = self._rest_state()
        if fields._count == 0:
            return END
        check_trailers(self._specials(fields))
        return EndOfMessage(fields)

    cdef int _enter_body(self, object kind, object length) except -1:
        if kind is BODY_NONE:
            self.state = self._rest_state()
        elif kind is BODY_LENGTH:
            self.remaining = self.announced = length
            self.state = LENGTH
        elif kind is BODY_CHUNKED:
            memcpy(&self.ll, &AT_CHUNKS[self.role], sizeof(llhttp_t))
            self.ll.data = &self.piece
            self.remaining = 0
            self.terminator = 0
            self.line_length = 0
            self.state = CHUNKS
        else:
            self.state = UNTIL_EOF
        return 0

    # Content

    cdef object _read_length(self):
        cdef Py_ssize_t available = PyBytes_GET_SIZE(self.data) - self.pos
        cdef Py_ssize_t taken = available
        if <uint64_t>available > self.remaining:
            taken = <Py_ssize_t>self.remaining
        if self.pos == 0 and taken == PyBytes_GET_SIZE(self.data):
            piece = self.data
        else:
            piece = PyBytes_FromStringAndSize(PyBytes_AS_STRING(self.data) + self.pos, taken)
        self.pos += taken
        self.remaining -= taken
        return piece

    cdef object _read_chunks(self):
        """All chunk data in the current piece; an error waits until what was good is out."""
        cdef const char* start = PyBytes_AS_STRING(self.data)
        cdef const char* p = start + self.pos
        cdef const char* end = start + PyBytes_GET_SIZE(self.data)
        cdef const char* stop
        cdef Py_ssize_t total = 0
        cdef list ends = []
        cdef llhttp_errno_t status
        if self.out is not None:
            self.out.clear()
        while p < end:
            self.piece.at = NULL
            stop = self._line_bound(p, end)
            if stop == p:
                self.error = LimitExceeded("a chunk-size line", self.max_line)
                break
            status = llhttp_execute(&self.ll, p, stop - p)
            if status != HPE_OK:
                stop = llhttp_get_error_pos(&self.ll)
            if self.piece.at != NULL:
                if self.out is None:
                    self.out = Buffer()
                self.out.append(<const char*>&self.piece, sizeof(Piece))
                total += self.piece.length
                self.remaining -= self.piece.length
                p = self.piece.at + self.piece.length
                if self.remaining == 0:
                    ends.append(total)
                    self.terminator = 2
                    self.line_length = 0
            if self.remaining == 0 and not self._chunk_line(p, stop, status):
                p = stop
                break
            p = stop
            if status == HPE_PAUSED:
                llhttp_resume(&self.ll)
                self.remaining = self.ll.content_length
                if self.remaining == 0:
                    self.state = TRAILERS
                    self.scanned = self.line_start = self.lines = 0
                    self.folded = self.overlong = False
                    break
        self.pos = p - start
        if total:
            return Chunks(self._join(total), tuple(ends))
        if self.error is not None:
            raise self.error
        return None

    cdef const char* _line_bound(self, const char* p, const char* end) noexcept:
        """How far llhttp may read: not beyond the limit of the next size line; ``p`` itself where that is exceeded."""
        cdef uint64_t available = end - p
        cdef uint64_t ahead = self.terminator
        cdef uint64_t room = self.max_line - self.line_length
        if self.remaining:
            if self.remaining + 2 >= available or self.remaining >= available:
                return end
            ahead = self.remaining + 2
        if ahead == 0 and room == 0:
            # The line end itself does not count towards the limit.
            return p + 1 if p[0] == c"\r" or p[0] == c"\n" else p
        return p + ahead + room if ahead + room < available else end

    cdef bytes _join(self, Py_ssize_t total):
        """The pieces of chunk data that were found, copied once."""
        cdef bytes joined = PyBytes_FromStringAndSize(NULL, total)
        cdef char* to = PyBytes_AS_STRING(joined)
        cdef Piece* piece = <Piece*>self.out.start
        cdef Piece* last = <Piece*>(self.out.start + self.out.length)
        while piece < last:
            memcpy(to, piece.at, piece.length)
            to += piece.length
            piece += 1
        self.out.clear()
        return joined

    cdef bint _chunk_line(self, const char* p, const char* stop, llhttp_errno_t status) except -1:
        """Count the octets of a size line towards its limit; false where the line is an error."""
        cdef Py_ssize_t length
        while self.terminator and p < stop:
            self.terminator -= 1
            p += 1
        length = stop - p
        if length > 0:
            if stop[-1] == c"\n":
                length -= 1
                if length and stop[-2] == c"\r":
                    length -= 1
            elif stop[-1] == c"\r":
                length -= 1
            self.line_length += length
        if status == HPE_PAUSED:
            self.line_length = 0
        elif status != HPE_OK:
            reason = llhttp_get_error_reason(&self.ll)
            self.error = BadChunk((reason or b"").decode(), stop[:1])
            return False
        return True


cdef class RequestParser(_Parser):
    """Reads requests; see ``contract.RequestParser``."""

    def __cinit__(self, limits=DEFAULT_LIMITS):
        self.role = 0
        self.state = START

    def next_event(self):
        return self._next()

    cdef tuple _decide(self, Fields fields):
        return request_framing(self.connect, self.minor, self._specials(fields))

    cdef object _head(self, Fields fields):
        cdef tuple framing = self._framing(fields, self.minor * 2 + self.connect)
        self.keep_alive = framing[2]
        self._enter_body(framing[0], framing[1])
        return make_head(0, self.first, self.second, self.minor, fields, framing)


cdef class ResponseParser(_Parser):
    """Reads responses; see ``contract.ResponseParser``."""

    cdef object method

    def __cinit__(self, limits=DEFAULT_LIMITS):
        self.role = 1
        self.state = AWAITING
        self.method = ""

    def expect(self, str method not None):
        if method != self.method:
            self.method = method
            self.framing = None
        if self.state == AWAITING:
            self.state = START

    def next_event(self):
        return self._next()

    cdef object _method(self):
        return self.method

    cdef tuple _decide(self, Fields fields):
        return response_framing(self.method, self.first, self.minor, self._specials(fields))

    cdef object _head(self, Fields fields):
        cdef int status = self.first
        cdef tuple framing = self._framing(fields, status * 2 + self.minor)
        self.keep_alive = framing[2]
        self._enter_body(framing[0], framing[1])
        if 100 <= status < 200 and status != 101:
            self.state = START
        return make_head(1, self.first, self.second, self.minor, fields, framing)
