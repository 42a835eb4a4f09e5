"""Pinning a certificate by its fingerprint, and the values that ``ssl=`` may have."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from hashlib import md5, sha1, sha256
from typing import Any, Final

from .._semantics.deprecations import warn_caller
from .errors import ServerFingerprintMismatch


class Fingerprint:
    """The SHA-256 digest of the DER form of the certificate that a server must show; 32 octets."""

    HASHFUNC_BY_DIGESTLEN: Final[dict[int, Callable[[bytes], Any]]] = {16: md5, 20: sha1, 32: sha256}

    def __init__(self, fingerprint: bytes) -> None:
        hash_function = self.HASHFUNC_BY_DIGESTLEN.get(len(fingerprint))
        if hash_function is None:
            raise ValueError("fingerprint has invalid length")
        if hash_function is md5 or hash_function is sha1:
            raise ValueError("md5 and sha1 are insecure and not supported. Use sha256.")
        self._hashfunc = hash_function
        self._fingerprint = fingerprint

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fingerprint) and other.fingerprint == self._fingerprint

    def __hash__(self) -> int:
        return hash(self._fingerprint)

    @property
    def fingerprint(self) -> bytes:
        return self._fingerprint

    def check(self, transport: asyncio.Transport) -> None:
        """ServerFingerprintMismatch where the peer's certificate is another one; nothing without TLS."""
        if not transport.get_extra_info("sslcontext"):
            return
        certificate = transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
        got = self._hashfunc(certificate).digest()
        if got != self._fingerprint:
            host, port, *_ = transport.get_extra_info("peername")
            raise ServerFingerprintMismatch(self._fingerprint, got, host, port)


def check_ssl(ssl: Any) -> None:
    """TypeError for what ``ssl=`` may not be."""
    if isinstance(ssl, (bool, Fingerprint)):
        return
    from ssl import SSLContext

    if ssl is not None and not isinstance(ssl, SSLContext):
        raise TypeError(f"ssl should be SSLContext, bool, Fingerprint or None, got {ssl!r} instead.")


def _merge_ssl_params(ssl: Any, verify_ssl: bool | None, ssl_context: Any, fingerprint: bytes | None) -> Any:
    """``ssl`` with the three parameters that it replaced long ago."""
    if ssl is None:
        ssl = True
    if verify_ssl is not None and not verify_ssl:
        _deprecated("verify_ssl", "ssl=False")
        if ssl is not True:
            _refuse()
        ssl = False
    if ssl_context is not None:
        _deprecated("ssl_context", "ssl=context")
        if ssl is not True:
            _refuse()
        ssl = ssl_context
    if fingerprint is not None:
        _deprecated("fingerprint", "ssl=Fingerprint(fingerprint)")
        if ssl is not True:
            _refuse()
        ssl = Fingerprint(fingerprint)
    check_ssl(ssl)
    return ssl


def _deprecated(name: str, instead: str) -> None:
    warn_caller(f"{name} is deprecated, use {instead} instead")


def _refuse() -> None:
    raise ValueError("verify_ssl, ssl_context, fingerprint and ssl parameters are mutually exclusive")
