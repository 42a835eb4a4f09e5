# Types for the compiled form of aiohttp_core/_connection/arrival.py; the code is there.


cdef class Arrival:
    cdef public bint _asyncio_future_blocking
    cdef object _callback
    cdef object _context
    cdef bint _done
    cdef object _exception
    cdef object _loop

    cpdef arrive(self)
    cpdef end(self, exception)
