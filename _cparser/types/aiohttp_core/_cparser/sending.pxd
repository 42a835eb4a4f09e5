# Types for the compiled form of aiohttp_core/_client/sending.py; the code is there.

cimport cython

from aiohttp_core._cparser.answer cimport Answer
from aiohttp_core._cparser.plain_request cimport Destination
from aiohttp_core._cparser.session_defaults cimport SessionDefaults


cdef class Sending:
    cdef public bint allow_redirects
    cdef public object auth
    cdef public object check
    cdef public object chunked
    cdef public object compress
    cdef public bint connection_lost
    cdef public object content
    cdef public object content_type
    cdef public object cookie_field
    cdef public object cookies
    cdef public object data
    cdef public Destination destination
    cdef public bint expect100
    cdef public object headers
    cdef public object history
    cdef public object max_redirects
    cdef public object method
    cdef public object middlewares
    cdef public bint origin_changed
    cdef public object own
    cdef public object params
    cdef public bint plain
    cdef public object proxy
    cdef public object proxy_auth
    cdef public object proxy_headers
    cdef public object read_options
    cdef public object request
    cdef public object server_hostname
    cdef public SessionDefaults session
    cdef public object skip_headers
    cdef public object ssl
    cdef public object timeout
    cdef public object timer
    cdef public object trace_context
    cdef public object traces
    cdef public bint unsent
    cdef public object upload_tracker
    cdef public object url

    @cython.locals(session=SessionDefaults)
    cpdef take(self, given, params, data, json, headers, timeout, dict others)
    @cython.locals(session=SessionDefaults, destination=Destination)
    cpdef bint be_plain(self, given, params, data, json, own) except -1
    @cython.locals(destination=Destination)
    cpdef message(self)
