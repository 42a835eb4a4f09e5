# Types for the compiled form of aiohttp_core/_client/deadlines.py; the code is there.

cimport cython


cdef class BaseTimerContext:
    pass


cdef class TimerNoop(BaseTimerContext):
    pass


cdef class TimerContext(BaseTimerContext):
    cdef public bint _expired
    cdef public object _handle
    cdef public object _loop
    cdef public DeadlineQueue _queue
    cdef public list _tasks

    cpdef stop(self)


cdef class DeadlineQueue:
    cdef public double _delay
    cdef public dict _due
    cdef public object _handle
    cdef public object _loop
    cdef public double _threshold

    @cython.locals(made=TimerContext)
    cpdef TimerContext timer(self)
