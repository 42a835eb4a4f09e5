# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The compiled twin of `aiohttp_core._wire.place`: octets that are not set before they are received."""

from cpython.buffer cimport PyBuffer_FillInfo
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE


cdef class Place:
    """See ``PlacePure``. The octet behind is the NUL that CPython keeps behind all bytes; it is one again when they are
    given out. What is lent keeps this, and this the octets."""

    cdef bytes octets
    cdef Py_ssize_t start
    cdef bint taken

    def __cinit__(self, size):
        if size < 1:
            # The empty bytes object is everybody's: its NUL cannot be lent.
            raise ValueError(f"no place for {size} octets")
        self.octets = PyBytes_FromStringAndSize(NULL, size)

    def lend(self, start):
        if self.taken or not 0 <= start <= PyBytes_GET_SIZE(self.octets):
            raise ValueError(f"no room from {start} on")
        self.start = start
        return memoryview(self)

    def take(self, end):
        cdef Py_ssize_t size = PyBytes_GET_SIZE(self.octets)
        cdef char* behind = PyBytes_AS_STRING(self.octets) + size
        if self.taken or not 0 <= end <= size + 1:
            raise ValueError(f"no octets up to {end}")
        self.taken = True
        rest = behind[:1] if end > size else b""
        behind[0] = 0
        return (self.octets if end >= size else self.octets[:end]), rest

    def __getbuffer__(self, Py_buffer* view, int flags):
        if self.taken:
            raise BufferError("the octets were taken")
        PyBuffer_FillInfo(
            view,
            self,
            PyBytes_AS_STRING(self.octets) + self.start,
            PyBytes_GET_SIZE(self.octets) - self.start + 1,
            0,
            flags,
        )
