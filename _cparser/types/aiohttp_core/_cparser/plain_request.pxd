# Types for the compiled form of aiohttp_core/_client/plain_request.py; the code is there.


cdef class Destination:
    cdef object _fields
    cdef public dict heads
    cdef public object key
    cdef public object origin
    cdef public object path
    cdef public object url

    cpdef bytes head(self, method)


cdef class Destinations:
    cdef object _base
    cdef object _builder
    cdef dict _known
    cdef dict _origins
    cdef object _version

    cpdef Destination of(self, session, given)
