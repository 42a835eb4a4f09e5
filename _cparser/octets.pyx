# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The compiled twin of `aiohttp_core._wire.octets`."""

from cpython.buffer cimport PyBuffer_FillInfo
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.string cimport memchr, memcmp


def find_delimiter(bytes data not None, bytes delimiter not None, Py_ssize_t start):
    # From CR to CR as fast as memory gives octets.
    # No delimiter has a CR but its first, so that no octet is compared twice: the time is linear in the data.
    cdef Py_ssize_t size = PyBytes_GET_SIZE(delimiter)
    cdef const char *wanted = PyBytes_AS_STRING(delimiter)
    cdef const char *begin = PyBytes_AS_STRING(data)
    cdef const char *at
    cdef const char *end
    if size < 2 or start < 0:
        raise ValueError("a delimiter begins with CRLF")
    if start > PyBytes_GET_SIZE(data) - size:
        return -1
    at = begin + start
    end = begin + PyBytes_GET_SIZE(data) - size + 1
    while at < end:
        at = <const char *> memchr(at, wanted[0], end - at)
        if at == NULL:
            break
        if at[1] == wanted[1] and memcmp(at, wanted, size) == 0:
            return at - begin
        at += 1
    return -1


cdef class Place:
    """Room for octets; see ``aiohttp_core._wire.octets.PlacePure``. What is lent keeps this, and this the octets."""

    cdef bytes octets
    cdef Py_ssize_t start
    cdef bint taken

    def __cinit__(self, Py_ssize_t size):
        if size < 0:
            raise ValueError("negative count")
        self.octets = PyBytes_FromStringAndSize(NULL, size)

    def lend(self, Py_ssize_t start):
        if self.taken or not 0 <= start <= PyBytes_GET_SIZE(self.octets):
            raise ValueError(f"no room from {start} on")
        self.start = start
        return memoryview(self)

    def take(self, Py_ssize_t end):
        if self.taken or not 0 <= end <= PyBytes_GET_SIZE(self.octets):
            raise ValueError(f"no octets up to {end}")
        self.taken = True
        return self.octets if end == PyBytes_GET_SIZE(self.octets) else self.octets[:end]

    def __getbuffer__(self, Py_buffer* view, int flags):
        if self.taken:
            raise BufferError("the octets were taken")
        PyBuffer_FillInfo(
            view, self, PyBytes_AS_STRING(self.octets) + self.start, PyBytes_GET_SIZE(self.octets) - self.start, 0, flags
        )
