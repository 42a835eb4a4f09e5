"""TLS contexts for outgoing connections, each made once and when first needed."""

from __future__ import annotations

import ssl
from functools import lru_cache

ALPN = ("http/1.1",)


@lru_cache(maxsize=2)
def client_context(verified: bool) -> ssl.SSLContext:
    """A context that checks certificates against the system's authorities, or one that checks nothing."""
    if verified:
        context = ssl.create_default_context()
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.options |= ssl.OP_NO_COMPRESSION
        context.set_default_verify_paths()
    context.set_alpn_protocols(list(ALPN))
    return context
