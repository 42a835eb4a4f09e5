# Types for the compiled form of aiohttp_core/_connection/body_receiver.py; the code is there.

from aiohttp_core._cparser.stream_core cimport StreamCore


cdef class BodyReceiver:
    cdef public bint complete
    cdef public StreamCore reader

    cpdef bint full(self) except -1
    cpdef data(self, data)
    cpdef chunks(self, chunks)
    cpdef end(self, end)
    cpdef _finish(self)


cdef class DecodingReceiver(BodyReceiver):
    cdef Py_ssize_t _chunk_end
    cdef bint _ended
    cdef bint _ends_chunk
    cdef list _machines
    cdef object _translate
    cdef object _waiting

    cpdef bint full(self) except -1
    cpdef data(self, data)
    cpdef chunks(self, chunks)
    cpdef _finish(self)
