# Types for the compiled form of aiohttp_core/_connection/stream_core.py; the code is there.

cimport cython

from aiohttp_core._cparser.arrival cimport Arrival

cdef Py_ssize_t CHUNK_MEMORY
cdef Py_ssize_t LARGE_PIECE
cdef Py_ssize_t LANDING_SHARE
cdef Py_ssize_t LANDING_SIZE
cdef Py_ssize_t MAX_PIECES


cdef class StreamCore:
    cdef public object _buffer
    cdef public object _chunk_ends
    cdef public bint _delivering
    cdef public object _end_waiter
    cdef public bint _eof
    cdef public list _eof_callbacks
    cdef public object _exception
    cdef public object _high_water
    cdef public Py_ssize_t _length
    cdef public object _loop
    cdef public object _low_water
    cdef public Py_ssize_t _offset
    cdef public bint _paused
    cdef public object _protocol
    cdef public Py_ssize_t _size
    cdef public Py_ssize_t _taken
    cdef public object _timer
    cdef public Arrival _waiter
    cdef public Py_ssize_t _wake_above
    cdef public Py_ssize_t _wanted
    cdef public Arrival _woken
    cdef public Py_ssize_t total_bytes
    cdef public object total_compressed_bytes
    cdef public object trailers

    cdef bint _waited_for(self) except -1
    cpdef _wake(self)
    cpdef begin_delivery(self)
    cpdef end_delivery(self)
    cpdef _pause(self)
    cpdef _resume_if_low(self)
    cpdef bint _chunk_is_over(self) except -1
    @cython.locals(left=Py_ssize_t, offset=Py_ssize_t)
    cpdef _take(self, Py_ssize_t n)
    cpdef list _take_held(self)
    cpdef _take_all(self, n=*)
    @cython.locals(excess=Py_ssize_t, missing=Py_ssize_t)
    cdef Py_ssize_t _lacking(self, Py_ssize_t room) except -2
