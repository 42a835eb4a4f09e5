# Types for the compiled form of aiohttp_core/_client/answer.py; the code is there.


cdef class Answer:
    cdef public object _body
    cdef public bint _closed
    cdef public object _connection
    cdef public object _content
    cdef public object _head
    cdef public bint _in_context
    cdef public object _loop
    cdef public object _raw_cookie_headers
    cdef public object _real_url
    cdef public bint _released
    cdef public object _request_info
    cdef public object _sent
    cdef public object _session
    cdef public object _timer
    cdef public object _traces
    cdef public object _whole
    cdef public object _writer
    cdef public object method
    cdef public object reason
    cdef public object status
    cdef public object version

    cpdef _arrived(self, connection, protocol)
    cpdef _release_connection(self)
    cpdef _cleanup_writer(self)
    cpdef _read_at_once(self)
