"""TLS from the client's side: certificates of both ends, and peers that do not speak it."""

from __future__ import annotations

import asyncio
import datetime
import gc
import ssl

import pytest
import trustme
from functional.certificates import AUTHORITY, client_tls, server_tls
from functional.client_servers import listening, loop_name, ok, raw_server, run

import aiohttp_core
from aiohttp_core import ClientSession, TCPConnector

__all__ = ["loop_name"]


def test_client_certificates(loop_name: str) -> None:
    """A server that asks for a certificate gets the context's; without one the request is a client's error."""

    async def main() -> None:
        authority = trustme.CA()
        with_one = client_tls()
        authority.issue_cert("client@example.test").configure_cert(with_one)
        async with raw_server(ok(), tls=server_tls(client_authority=authority)) as server, ClientSession() as session:
            async with session.get(server.url, ssl=with_one) as response:
                assert await response.read() == b"ok"
            with pytest.raises(aiohttp_core.ClientError):
                await session.get(server.url, ssl=client_tls())
            assert len(server.seen) == 1
            assert session.connector._pool.used == 0

    run(loop_name, main())


def test_expired_certificate(loop_name: str) -> None:
    """A certificate that has expired is a ClientConnectorCertificateError, which tells of it; so is a wrong name."""

    async def main() -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        long_ago = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
        AUTHORITY.issue_cert("localhost", not_before=long_ago, not_after=long_ago).configure_cert(context)
        for tls, what in ((context, "expired"), (server_tls("other.test"), "localhost")):
            async with raw_server(ok(), tls=tls) as server, ClientSession() as session:
                with pytest.raises(aiohttp_core.ClientConnectorCertificateError) as caught:
                    await session.get(server.url, ssl=client_tls())
                assert isinstance(caught.value.certificate_error, ssl.SSLCertVerificationError)
                assert what in str(caught.value)
                assert (caught.value.host, caught.value.port, caught.value.ssl) == ("localhost", server.port, True)
                assert isinstance(caught.value, ValueError)
                assert isinstance(caught.value, aiohttp_core.ClientSSLError)

    run(loop_name, main())


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"\x15\x03\x01\x00\x02\x02\x46"])
def test_no_tls_at_the_other_end(loop_name: str, answer: bytes) -> None:
    """A peer that answers the handshake by something else, or not at all, is a client's error, and costs no slot."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer)

    async def main() -> None:
        async with listening(serve) as port, ClientSession() as session:
            for _ in range(2):
                with pytest.raises(aiohttp_core.ClientConnectorError) as caught:
                    await session.get(f"https://127.0.0.1:{port}/", ssl=client_tls())
                assert caught.value.port == port
            assert session.connector._pool.used == 0

    run(loop_name, main())
    gc.collect()


def test_context_of_the_connector(loop_name: str) -> None:
    """A connector's context, or ssl=False, holds for each request that names none; a request's own goes before."""

    async def main() -> None:
        async with raw_server(ok(), tls=server_tls()) as server:
            async with ClientSession(connector=TCPConnector(ssl=client_tls())) as session:
                async with session.get(server.url) as response:
                    assert await response.read() == b"ok"
                with pytest.raises(aiohttp_core.ClientConnectorCertificateError):
                    await session.get(server.url, ssl=client_tls(trustme.CA()))
            async with ClientSession(connector=TCPConnector(ssl=False)) as session:
                async with session.get(server.url) as response:
                    assert await response.read() == b"ok"

    run(loop_name, main())


def test_settings_do_not_share_connections(loop_name: str) -> None:
    """A connection that was checked less is not used for a request that asks for more, nor the other way round."""

    async def main() -> None:
        async with raw_server(ok(), tls=server_tls()) as server, ClientSession() as session:
            trusting, other = client_tls(), client_tls()
            for number, tls in enumerate((False, trusting, other, trusting, False), 1):
                async with session.get(server.url, ssl=tls) as response:
                    await response.read()
                assert server.seen[-1].connection == {1: 1, 2: 2, 3: 3, 4: 2, 5: 1}[number]

    run(loop_name, main())
