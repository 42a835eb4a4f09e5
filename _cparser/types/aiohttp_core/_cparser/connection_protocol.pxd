# Types for the compiled form of aiohttp_core/_connection/protocol.py; the code is there.

cdef Py_ssize_t CORK_LIMIT


cdef class BaseProtocol:
    cdef public bint _connection_lost
    cdef public object _corked
    cdef public Py_ssize_t _corked_size
    cdef public object _drain_waiter
    cdef public object _loop
    cdef public bint _paused
    cdef public bint _reading_paused
    cdef public object transport
    cdef public bint transport_shown

    cpdef write(self, data)
    cpdef cork(self)
    cpdef uncork(self)
