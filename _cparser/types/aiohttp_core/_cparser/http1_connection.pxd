# Types for the compiled form of aiohttp_core/_connection/http1.py; the code is there.

cimport cython

from aiohttp_core._cparser.body_receiver cimport BodyReceiver
from aiohttp_core._cparser.connection_protocol cimport BaseProtocol
from aiohttp_core._cparser.stream_core cimport StreamCore

cdef Py_ssize_t PENDING_LIMIT


cdef class Http1Connection(BaseProtocol):
    cdef public BodyReceiver _body
    cdef public bint _hold
    cdef public object _landing
    cdef public object _parser
    cdef public bint _pumping
    cdef public bint _socket_eof
    cdef public object _upgraded

    cpdef head_received(self, head)
    cpdef message_received(self)
    cpdef delivered(self)
    cpdef hold(self)
    cpdef release_hold(self)
    @cython.locals(body=BodyReceiver)
    cpdef _pump(self, bint last=*)
    cpdef _resume_socket(self)
    @cython.locals(body=BodyReceiver, reader=StreamCore)
    cdef _deliver(self)
