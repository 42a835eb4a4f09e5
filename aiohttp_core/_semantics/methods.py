"""Request methods (RFC 9110 section 9). Methods are case-sensitive tokens and are never re-cased."""

from typing import Final

METH_ANY: Final = "*"
METH_CONNECT: Final = "CONNECT"
METH_DELETE: Final = "DELETE"
METH_GET: Final = "GET"
METH_HEAD: Final = "HEAD"
METH_OPTIONS: Final = "OPTIONS"
METH_PATCH: Final = "PATCH"
METH_POST: Final = "POST"
METH_PUT: Final = "PUT"
METH_TRACE: Final = "TRACE"

METH_ALL: Final[set[str]] = {
    METH_CONNECT,
    METH_DELETE,
    METH_GET,
    METH_HEAD,
    METH_OPTIONS,
    METH_PATCH,
    METH_POST,
    METH_PUT,
    METH_TRACE,
}

IDEMPOTENT: Final[frozenset[str]] = frozenset({METH_DELETE, METH_GET, METH_HEAD, METH_OPTIONS, METH_PUT, METH_TRACE})
"""Methods whose repetition has the effect of one request (RFC 9110 section 9.2.2)."""

WITHOUT_CONTENT: Final[frozenset[str]] = frozenset({METH_GET, METH_HEAD, METH_OPTIONS, METH_TRACE})
"""Methods for whose content no semantics are defined (RFC 9110 section 9.3); DELETE, which is used with some, is not
among them."""

WITH_CONTENT: Final[frozenset[str]] = frozenset({METH_PATCH, METH_POST, METH_PUT})
"""Methods that enclose content."""
