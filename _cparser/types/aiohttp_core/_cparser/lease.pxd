# Types for the compiled form of aiohttp_core/_client/lease.py; the code is there.

cimport cython

from aiohttp_core._cparser.pool cimport Pool


cdef class Lender:
    cdef public set _acquired
    cdef public object _cleanup_handle
    cdef public bint _force_close
    cdef public object _keepalive_timeout
    cdef public object _loop
    cdef public Pool _pool

    cpdef lease_idle(self, key)
    cpdef give_back(self, key, protocol)
    cpdef _keep(self, key, protocol)


cdef class Lease:
    cdef public object _callbacks
    cdef public object _connector
    cdef public object _key
    cdef public object _loop
    cdef public object _protocol

    cpdef release(self)


@cython.locals(made=Lease)
cpdef lease(connector, key, protocol, loop)
