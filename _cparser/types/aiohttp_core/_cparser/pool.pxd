# Types for the compiled form of aiohttp_core/_client/pool.py; the code is there.


cdef class Pool:
    cdef public dict idle
    cdef public object limit
    cdef public object limit_per_host
    cdef public Py_ssize_t used
    cdef dict _host_lines
    cdef dict _line
    cdef dict _used_of

    cpdef bint try_acquire(self, key) except -1
    cpdef take(self, key, double oldest)
    cpdef give_back(self, key, connection, double now)
