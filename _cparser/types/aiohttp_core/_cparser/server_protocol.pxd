# Types for the compiled form of aiohttp_core/_server/protocol.py; the code is there.

from aiohttp_core._cparser.http1_connection cimport Http1Connection

cdef object _IDLE
cdef object _RECEIVING
cdef object _HANDLING
cdef object _LINGERING
cdef object _CLOSING


cdef class RequestCycle(Http1Connection):
    cdef public bint _access_log_enabled
    cdef public bint _auto_decompress
    cdef public bint _closing
    cdef public object _current_request
    cdef public object _driver
    cdef public object _error
    cdef public bint _keepalive
    cdef public object _keepalive_timeout
    cdef public object _lingering
    cdef public object _lingering_time
    cdef public object _manager
    cdef public object _phase
    cdef public object _read_bufsize
    cdef public bint _received
    cdef public object _tcp_keepalive
    cdef public object _timeout_ceil_threshold
    cdef public object _waiting
    cdef public object access_log
    cdef public object access_logger
    cdef public bint debug
    cdef public double idle_deadline
    cdef public object logger
    cdef public object max_field_size
    cdef public object max_headers
    cdef public object max_line_size

    cpdef head_received(self, head)
    cpdef message_received(self)
    cpdef delivered(self)
    cpdef _begin(self)
    cpdef bint _send_at_once(self, request, response) except -1
    cpdef _next_request(self)
    cpdef _become_idle(self)
    cpdef _become_busy(self)
