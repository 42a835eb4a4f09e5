# Types for the compiled form of aiohttp_core/_client/session_defaults.py; the code is there.

cimport cython

from aiohttp_core._cparser.deadlines cimport DeadlineQueue, TimerContext
from aiohttp_core._cparser.plain_request cimport Destinations


cdef class SessionDefaults:
    cdef public object _auto_decompress
    cdef public object _connector
    cdef public object _connector_owner
    cdef public object _cookie_jar
    cdef public DeadlineQueue _deadlines
    cdef public object _default_auth
    cdef public object _default_headers
    cdef public object _default_proxy
    cdef public object _default_proxy_auth
    cdef public Destinations _destinations
    cdef public object _json_serialize
    cdef public object _loop
    cdef public object _max_field_size
    cdef public object _max_headers
    cdef public object _max_line_size
    cdef public object _middlewares
    cdef public object _options
    cdef public object _options_of
    cdef public object _raise_for_status
    cdef public object _read_bufsize
    cdef public object _request_class
    cdef public object _requote_redirect_url
    cdef public object _response_class
    cdef public object _skip_auto_headers
    cdef public object _timeout
    cdef public object _trace_configs
    cdef public object _trust_env
    cdef public object _version

    cpdef bint _is_plain(self) except -1
    cpdef _reading(self, timeout)
    @cython.locals(timer=TimerContext)
    cpdef _timer(self, timeout)
