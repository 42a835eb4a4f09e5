"""An authority of the tests' own, and contexts that show or trust its certificates."""

from __future__ import annotations

import pathlib
import ssl

import trustme

AUTHORITY = trustme.CA()


def server_tls(*names: str, client_authority: trustme.CA | None = None) -> ssl.SSLContext:
    """A server's context for ``names``; with ``client_authority`` it asks for a client's certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(*(names or ("localhost", "127.0.0.1"))).configure_cert(context)
    if client_authority is not None:
        client_authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def client_tls(authority: trustme.CA = AUTHORITY) -> ssl.SSLContext:
    """A client's context that trusts the authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def certificate_files(folder: pathlib.Path) -> tuple[str, str]:
    """A certificate for this machine and its key, as files for another program."""
    issued = AUTHORITY.issue_cert("localhost", "127.0.0.1")
    chain, key = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(b"".join(each.bytes() for each in issued.cert_chain_pems))
    key.write_bytes(issued.private_key_pem.bytes())
    return str(chain), str(key)
