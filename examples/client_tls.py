"""TLS with a certificate authority of one's own, and a pinned certificate.

`python examples/client_tls.py URL CA_FILE CERTIFICATE_FILE`.
"""

import asyncio
import hashlib
import ssl
import sys
from pathlib import Path

import aiohttp_core


async def main(url: str, authority: str, certificate: str) -> None:
    async with aiohttp_core.ClientSession() as session:
        try:
            await session.get(url)
        except aiohttp_core.ClientConnectorCertificateError as exc:
            print("not trusted by the system:", type(exc.certificate_error).__name__)

        # What the session's connector has is for every request: TCPConnector(ssl=context).
        context = ssl.create_default_context(cafile=authority)
        async with session.get(url, ssl=context) as response:
            print("trusted:", response.status)

        # A pinned certificate needs no authority: the digest is of its DER form.
        pem = await asyncio.to_thread(Path(certificate).read_text)
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).digest()
        async with session.get(url, ssl=aiohttp_core.Fingerprint(digest)) as response:
            print("pinned:", response.status)
        try:
            await session.get(url, ssl=aiohttp_core.Fingerprint(bytes(32)))
        except aiohttp_core.ServerFingerprintMismatch:
            print("another certificate than the pinned one")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
