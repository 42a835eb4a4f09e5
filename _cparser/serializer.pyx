"""Heads, chunks and trailers to octets; ``aiohttp_core._wire.http1.serializer_pure`` is the twin.

What may be sent is judged octet by octet while copying; where anything is wrong, the shared checks of
``sendable`` are asked to raise, so that errors are one.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from libc.stdint cimport uint8_t
from libc.string cimport memcpy

from aiohttp_core._semantics import field_names as hdrs
from aiohttp_core._semantics.product import SERVER_SOFTWARE
from aiohttp_core._semantics.versions import HttpVersion10, HttpVersion11
from aiohttp_core._wire.http1 import grammar
from aiohttp_core._wire.http1.sendable import (
    check_chunk,
    refuse_fields,
    refuse_request_head,
    refuse_response_head,
)


cdef extern from "Python.h":
    bint PyUnicode_IS_ASCII(object text)
    Py_ssize_t PyUnicode_GET_LENGTH(object text)
    void* PyUnicode_DATA(object text)


cdef extern from *:
    """
    /* From 3.12 on every string is ready. */
    #if PY_VERSION_HEX < 0x030C0000
    #define string_ready(text) PyUnicode_READY(text)
    #else
    #define string_ready(text) 0
    #endif
    """
    int string_ready(object text) except -1


cdef enum:
    TOKEN_OCTET = 1
    TARGET_OCTET = 2
    VALUE_OCTET = 4
    FIRST_ROOM = 1024


cdef uint8_t CLASSES[256]


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
    return 0


fill_classes()


# What a subclass of str holds, whatever it says of itself.
cdef object PLAIN = str.__str__
cdef object VERSION_10 = HttpVersion10
cdef object VERSION_11 = HttpVersion11
cdef object CONTENT_LENGTH = hdrs.CONTENT_LENGTH
cdef object CONTENT_TYPE = hdrs.CONTENT_TYPE
cdef object DATE = hdrs.DATE
cdef object SERVER = hdrs.SERVER
cdef object SOFTWARE = SERVER_SOFTWARE
cdef object OCTET_STREAM = "application/octet-stream"


cdef struct Output:
    char* start
    Py_ssize_t length
    Py_ssize_t room
    char* stack


cdef inline void begin(Output* out, char* stack) noexcept:
    out.start = out.stack = stack
    out.length = 0
    out.room = FIRST_ROOM


cdef int reserve(Output* out, Py_ssize_t more) except -1:
    cdef Py_ssize_t room
    cdef char* grown
    if out.length + more <= out.room:
        return 0
    room = (out.length + more) * 2
    if out.start == out.stack:
        grown = <char*>PyMem_Malloc(room)
        if grown == NULL:
            raise MemoryError
        memcpy(grown, out.start, out.length)
    else:
        grown = <char*>PyMem_Realloc(out.start, room)
        if grown == NULL:
            raise MemoryError
    out.start = grown
    out.room = room
    return 0


cdef inline int literal(Output* out, const char* at, Py_ssize_t length) except -1:
    reserve(out, length)
    memcpy(out.start + out.length, at, length)
    out.length += length
    return 0


cdef bint text(Output* out, object value, uint8_t allowed) except -1:
    """Append ``value``; false where it holds what is not allowed or is no string."""
    cdef const uint8_t* at
    cdef Py_ssize_t length
    cdef Py_ssize_t i
    cdef uint8_t every = allowed
    cdef uint8_t* to
    if not isinstance(value, str):
        return False
    string_ready(value)
    if PyUnicode_IS_ASCII(value):
        at = <const uint8_t*>PyUnicode_DATA(value)
        length = PyUnicode_GET_LENGTH(value)
    else:
        encoded = PLAIN(value).encode("utf-8", "surrogateescape")
        at = <const uint8_t*>PyBytes_AS_STRING(encoded)
        length = PyBytes_GET_SIZE(encoded)
    reserve(out, length)
    to = <uint8_t*>out.start + out.length
    for i in range(length):
        every &= CLASSES[at[i]]
        to[i] = at[i]
    out.length += length
    return every != 0


cdef bint fields(Output* out, object headers) except -1:
    cdef Py_ssize_t before
    for name, value in headers.items():
        before = out.length
        if not text(out, name, TOKEN_OCTET) or out.length == before:
            return False
        literal(out, b": ", 2)
        if not text(out, value, VALUE_OCTET):
            return False
        literal(out, b"\r\n", 2)
    return True


cdef enum:
    HAS_DATE = 1
    HAS_SERVER = 2
    HAS_CONTENT_TYPE = 4
    FRAMED = 8


cdef inline bint same_name(const char* name, const char* lower, Py_ssize_t length) noexcept:
    cdef Py_ssize_t i
    for i in range(length):
        if (name[i] | 0x20) != lower[i]:
            return False
    return True


cdef inline int meaning(const char* name, Py_ssize_t length) noexcept:
    """What a field name says to ``serialize_whole_response``."""
    if length == 4:
        return HAS_DATE if same_name(name, b"date", 4) else 0
    if length == 6:
        return HAS_SERVER if same_name(name, b"server", 6) else 0
    if length == 12:
        return HAS_CONTENT_TYPE if same_name(name, b"content-type", 12) else 0
    if length == 10:
        return FRAMED if same_name(name, b"connection", 10) else 0
    if length == 14:
        return FRAMED if same_name(name, b"content-length", 14) else 0
    if length == 17:
        return FRAMED if same_name(name, b"transfer-encoding", 17) else 0
    return 0


cdef int fields_with_meaning(Output* out, object headers) except -2:
    """``fields``, with all that their names mean; -1 where one may not be sent."""
    cdef Py_ssize_t before
    cdef int found = 0
    for name, value in headers.items():
        before = out.length
        if not text(out, name, TOKEN_OCTET) or out.length == before:
            return -1
        found |= meaning(out.start + before, out.length - before)
        literal(out, b": ", 2)
        if not text(out, value, VALUE_OCTET):
            return -1
        literal(out, b"\r\n", 2)
    return found


cdef int add_field(Output* out, object headers, object name, object value) except -1:
    text(out, name, TOKEN_OCTET)
    literal(out, b": ", 2)
    text(out, value, VALUE_OCTET)
    literal(out, b"\r\n", 2)
    headers.add(name, value)
    return 0


cdef bint version_text(Output* out, object version) except -1:
    if version is VERSION_11 or version == VERSION_11:
        literal(out, b"HTTP/1.1", 8)
    elif version is VERSION_10 or version == VERSION_10:
        literal(out, b"HTTP/1.0", 8)
    else:
        return False
    return True


def serialize_request_head(method, target, version, headers):
    """A request line and its fields with the blank line; raises ValueError or TypeError for what may not be sent."""
    cdef char room[FIRST_ROOM]
    cdef Output out
    cdef Py_ssize_t method_length
    begin(&out, room)
    try:
        good = text(&out, method, TOKEN_OCTET) and out.length != 0
        if good:
            literal(&out, b" ", 1)
            method_length = out.length
            good = text(&out, target, TARGET_OCTET) and out.length != method_length
        if good:
            literal(&out, b" ", 1)
            good = version_text(&out, version)
        if good:
            literal(&out, b"\r\n", 2)
            good = fields(&out, headers)
        if good:
            literal(&out, b"\r\n", 2)
            return PyBytes_FromStringAndSize(out.start, out.length)
    finally:
        if out.start != room:
            PyMem_Free(out.start)
    refuse_request_head(method, target, version, headers)


cdef bint status_line(Output* out, object version, object status, object reason) except -1:
    cdef char digits[5]
    cdef int code = -1
    if isinstance(status, int) and 100 <= status <= 999:
        code = int(status)
    if code < 0 or not version_text(out, version):
        return False
    digits[0] = c" "
    digits[1] = c"0" + <char>(code // 100)
    digits[2] = c"0" + <char>(code // 10 % 10)
    digits[3] = c"0" + <char>(code % 10)
    digits[4] = c" "
    literal(out, digits, 5)
    if not text(out, reason, VALUE_OCTET):
        return False
    literal(out, b"\r\n", 2)
    return True


def serialize_response_head(version, status, reason, headers):
    """A status line and its fields with the blank line; raises ValueError or TypeError for what may not be sent."""
    cdef char room[FIRST_ROOM]
    cdef Output out
    begin(&out, room)
    try:
        good = status_line(&out, version, status, reason) and fields(&out, headers)
        if good:
            literal(&out, b"\r\n", 2)
            return PyBytes_FromStringAndSize(out.start, out.length)
    finally:
        if out.start != room:
            PyMem_Free(out.start)
    refuse_response_head(version, status, reason, headers)


def serialize_whole_response(status, reason, headers, bytes body not None, date):
    """A response in HTTP/1.1 with the content ``body``, whose length, type, date and server ``headers`` is completed
    by; None where ``headers`` says how it is framed or whether the connection goes on. Raises as heads do."""
    cdef char room[FIRST_ROOM]
    cdef Output out
    cdef int found
    cdef Py_ssize_t size = PyBytes_GET_SIZE(body)
    begin(&out, room)
    try:
        if status_line(&out, VERSION_11, status, reason):
            found = fields_with_meaning(&out, headers)
            if found >= 0:
                if found & FRAMED:
                    return None
                add_field(&out, headers, CONTENT_LENGTH, str(size))
                if size and not found & HAS_CONTENT_TYPE:
                    add_field(&out, headers, CONTENT_TYPE, OCTET_STREAM)
                if not found & HAS_DATE:
                    add_field(&out, headers, DATE, date)
                if not found & HAS_SERVER:
                    add_field(&out, headers, SERVER, SOFTWARE)
                literal(&out, b"\r\n", 2)
                message = PyBytes_FromStringAndSize(NULL, out.length + size)
                memcpy(PyBytes_AS_STRING(message), out.start, out.length)
                memcpy(PyBytes_AS_STRING(message) + out.length, PyBytes_AS_STRING(body), size)
                return message
    finally:
        if out.start != room:
            PyMem_Free(out.start)
    refuse_response_head(VERSION_11, status, reason, headers)


def serialize_chunk(data not None):
    """``data``, which is not empty, as one chunk (RFC 9112 section 7.1)."""
    cdef char digits[20]
    cdef int count = 0
    cdef Py_ssize_t length
    cdef Py_ssize_t left
    cdef int digit
    cdef char* to
    if type(data) is not bytes or not data:
        data = check_chunk(data)
    length = PyBytes_GET_SIZE(data)
    left = length
    while left:
        digit = left & 15
        count += 1
        digits[20 - count] = <char>(c"0" + digit if digit < 10 else c"a" + digit - 10)
        left >>= 4
    chunk = PyBytes_FromStringAndSize(NULL, count + 2 + length + 2)
    to = PyBytes_AS_STRING(chunk)
    memcpy(to, &digits[20 - count], count)
    memcpy(to + count, b"\r\n", 2)
    memcpy(to + count + 2, PyBytes_AS_STRING(data), length)
    memcpy(to + count + 2 + length, b"\r\n", 2)
    return chunk


def serialize_trailers(headers):
    """The last chunk with the trailer fields behind it; raises ValueError or TypeError as heads do."""
    cdef char room[FIRST_ROOM]
    cdef Output out
    begin(&out, room)
    try:
        literal(&out, b"0\r\n", 3)
        if fields(&out, headers):
            literal(&out, b"\r\n", 2)
            return PyBytes_FromStringAndSize(out.start, out.length)
    finally:
        if out.start != room:
            PyMem_Free(out.start)
    refuse_fields(headers)
