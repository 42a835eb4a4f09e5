# Types for the compiled form of aiohttp_core/_wire/websocket/writer.py; the code is there.

from aiohttp_core._cparser.websocket cimport build_frame

cdef int _WHOLE_TEXT
cdef int _WHOLE_BINARY
cdef Py_ssize_t GATHER_FROM


cdef class MaskKeys:
    cdef list _pool

    cpdef bytes next(self)


cdef class GivenKeys(MaskKeys):
    cdef object _new_key

    cpdef bytes next(self)


cdef class MessageWriter:
    cdef object _deflater
    cdef MaskKeys _keys

    cpdef text(self, data, compress=*)
    cpdef binary(self, data, compress=*)
    cpdef frame(self, int opcode, payload, compress=*)
    cpdef _control(self, int first, payload)
    cpdef _assemble(self, int first, payload)
