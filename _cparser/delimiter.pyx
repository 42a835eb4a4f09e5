# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The compiled twin of `aiohttp_core._wire.delimiter`: from CR to CR as fast as memory gives octets."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.string cimport memchr, memcmp


def find_delimiter(bytes data not None, bytes delimiter not None, Py_ssize_t start):
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
