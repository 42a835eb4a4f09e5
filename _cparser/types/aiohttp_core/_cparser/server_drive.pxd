# Types for the compiled form of aiohttp_core/_server/drive.py; the code is there.

cdef bint CAN_DRIVE


cdef class Driver:
    cdef public bint _busy
    cdef public object _cancelled_idle
    cdef public bint _closed
    cdef public object _context
    cdef public object _loop
    cdef public object _next
    cdef public object _wakeup
    cdef public object task
