# Types for the compiled form of aiohttp_core/_client/protocol.py; the code is there.

from aiohttp_core._cparser.arrival cimport Arrival
from aiohttp_core._cparser.http1_connection cimport Http1Connection

cdef object _LENGTH


cdef class ResponseCycle(Http1Connection):
    cdef public bint _busy
    cdef public object _closed
    cdef public object _continue
    cdef public object _exception
    cdef public object _head
    cdef public bint _interim
    cdef public double _last_read
    cdef public object _limits
    cdef public object _lost_by
    cdef public object _options
    cdef public object _payload
    cdef public object _read_timeout_handle
    cdef public bint _receiving
    cdef public bint _should_close
    cdef public object _timer
    cdef public object _url
    cdef public Arrival _waiter
    cdef public object _whole
    cdef public bint received

    cdef _take_whole(self, head, content)
    cdef _begin_stream(self, head, pieces)
    cdef _finished(self)
    cdef _receive_head(self)
    cdef _wake(self)
    cpdef head_received(self, head)
    cpdef message_received(self)
