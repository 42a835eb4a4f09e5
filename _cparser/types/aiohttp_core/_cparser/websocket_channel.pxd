# Types for the compiled form of aiohttp_core/_connection/websocket.py; the code is there.

cimport cython

from aiohttp_core._cparser.arrival cimport Arrival
from aiohttp_core._cparser.connection_protocol cimport BaseProtocol
from aiohttp_core._cparser.websocket_writer cimport MessageWriter


cdef extern from *:
    """
    /* operator.getitem of a message: a named tuple, whatever else a reader of somebody's own may give. */
    static PyObject *message_field(PyObject *message, Py_ssize_t at) {
        if (PyTuple_Check(message) && at < PyTuple_GET_SIZE(message)) {
            PyObject *found = PyTuple_GET_ITEM(message, at);
            Py_INCREF(found);
            return found;
        }
        return PySequence_GetItem(message, at);
    }
    """
    object field "message_field" (object message, Py_ssize_t at)


cdef object _TEXT
cdef object _BINARY
cdef object _PING
cdef object _CLOSE
cdef object _OPEN
cdef object _CLOSING
cdef object _CLOSED
cdef Py_ssize_t _KIND
cdef Py_ssize_t _DATA


cdef Py_ssize_t MESSAGE_MEMORY
cdef Py_ssize_t QUEUE_LIMIT
cdef Py_ssize_t HOLD_LIMIT
cdef Py_ssize_t INFLATE_AT_ONCE


cdef class WebSocketChannel:
    cdef object _protocol
    cdef BaseProtocol _base
    cdef object _reader
    cdef object _writer
    cdef MessageWriter _our_writer
    cdef object _loop
    cdef object _shut
    cdef bint _autoping
    cdef bint _autoclose
    cdef object _heartbeat
    cdef object _heartbeat_error
    cdef object _receive_timeout
    cdef object _close_timeout
    cdef object _abort_timeout
    cdef object _abort_timer
    cdef Py_ssize_t _writer_limit
    cdef object _deflater
    cdef object _state
    cdef object _queue
    cdef object _put
    cdef object _get
    cdef Py_ssize_t _queued
    cdef bint _stopped
    cdef bytes _unread
    cdef bint _inflates
    cdef Arrival _waiter
    cdef object _receive_timer
    cdef Arrival _peer_close
    cdef bint _peer_closed
    cdef bint _lost
    cdef object _loss
    cdef object _failure
    cdef object _close_code
    cdef object _exception
    cdef Py_ssize_t _unsent
    cdef list _held
    cdef Py_ssize_t _held_size
    cdef bint _flush_planned
    cdef bint _sent
    cdef bint _ending
    cdef bint _close_sent
    cdef int _patience
    cdef bint _close_late
    cdef int _refused
    cdef object _compressing
    cdef int _compressions
    cdef object _late_pong
    cdef object _pong_task
    cdef object _goodbye
    cdef double _last_seen
    cdef bint _ping_sent
    cdef object _timer
    cdef object __weakref__

    @cython.locals(shown=bint, size=Py_ssize_t)
    cpdef _send_now(self, wire)
    cpdef _flush(self)
    cpdef _write(self, octets)
    cpdef _read(self, data)
    cpdef _read_in_pieces(self)
    cpdef _go_on(self)
    cpdef _take(self)
    cpdef _begin_wait(self, timeout)
    cpdef _end_wait(self)
    cpdef _wake(self)
