"""What the client must not let happen: leaks across origins, injection, bombs, TLS, proxies."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import io
import pathlib
import socket
import ssl
import struct
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from contextlib import nullcontext
from typing import Any

import pytest
from functional.certificates import AUTHORITY, client_tls, server_tls
from functional.client_servers import Seen, listening, loop_name, ok, raw_server, read_body, run
from yarl import URL

import aiohttp_core
from aiohttp_core import BytesPayload, ClientSession, MultipartWriter, TCPConnector
from aiohttp_core._body.form import FormData
from aiohttp_core._connection.errors import ContentLengthError, TransferEncodingError
from aiohttp_core._semantics.basic_auth import BasicAuth

__all__ = ["loop_name"]


def test_credentials_stay_with_their_origin(loop_name: str) -> None:
    """A redirect to another origin takes no Authorization, Cookie or Proxy-Authorization along, from wherever set."""

    async def main() -> None:
        async with raw_server(ok()) as other:
            redirect = ok(b"", f"Location: {other.url}/x", status="302 Found")
            async with raw_server(redirect) as first:
                own = BasicAuth.decode("Basic YTpi")
                cases: list[tuple[dict[str, Any], dict[str, Any]]] = [
                    ({"auth": own}, {}),
                    ({}, {"auth": own}),
                    ({"headers": {"Authorization": "x"}}, {}),
                    ({}, {"headers": {"authorization": "x", "Cookie": "a=b", "Proxy-Authorization": "y"}}),
                    ({}, {"headers": [("Authorization", "x"), ("AUTHORIZATION", "y")]}),
                    ({}, {"cookies": {"a": "b"}}),
                ]
                for of_session, of_request in cases:
                    other.seen.clear()
                    with pytest.warns(DeprecationWarning) if "auth" in of_session | of_request else nullcontext():
                        async with ClientSession(**of_session) as session:
                            async with session.get(first.url, **of_request) as response:
                                assert response.status == 200
                    (seen,) = other.seen
                    for name in ("authorization", "cookie", "proxy-authorization"):
                        assert seen.get(name) is None, (of_session, of_request)
                    assert any(first.seen[-1].get(name) for name in ("authorization", "cookie"))
                async with ClientSession() as session:
                    await session.get(URL(first.url).with_user("u").with_password("p"))
                    assert other.seen[-1].get("authorization") is None

    run(loop_name, main())


@pytest.mark.parametrize("change", ["scheme", "host", "port", "nothing"])
@pytest.mark.parametrize("status", ["302 Found", "303 See Other", "307 Temporary Redirect"])
def test_what_makes_another_origin(loop_name: str, change: str, status: str) -> None:
    """SECURITY 31: scheme, host and port each make another origin; credentials go on only where none changed."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            return ok() if seen.target == "/end" else ok(b"", f"Location: {target}", status=status)

        trust = client_tls()
        async with raw_server(answer, server_tls()) as secure, raw_server(answer) as other, raw_server(answer) as first:
            target, end = {
                "scheme": (f"{secure.url}/end", secure),
                "host": (f"http://localhost:{first.port}/end", first),
                "port": (f"{other.url}/end", other),
                "nothing": ("/end", first),
            }[change]
            start = first.url.replace("127.0.0.1", "localhost" if change == "scheme" else "127.0.0.1")
            fields = {"Authorization": "x", "Cookie": "a=b", "Proxy-Authorization": "y"}
            async with ClientSession() as session:
                async with session.post(start, headers=fields, cookies={"c": "d"}, ssl=trust) as response:
                    assert response.status == 200
            last = end.seen[-1]
            assert last.target == "/end"
            kept = [name for name in ("authorization", "cookie") if last.get(name)]
            assert kept == (["authorization", "cookie"] if change == "nothing" else [])

    run(loop_name, main())


@pytest.mark.parametrize(
    ("method", "status", "then", "keeps"),
    [
        ("POST", 301, "GET", False),
        ("POST", 302, "GET", False),
        ("PUT", 302, "PUT", True),
        ("PUT", 303, "GET", False),
        ("HEAD", 303, "HEAD", True),
        ("POST", 307, "POST", True),
        ("POST", 308, "POST", True),
    ],
)
def test_redirect_methods(loop_name: str, method: str, status: int, then: str, keeps: bool) -> None:
    """Each redirect status keeps or changes method and content as RFC 9110 section 15.4 and browsers do."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            if seen.target == "/":
                return ok(b"", "Location: /next", "Set-Cookie: hop=1", status=f"{status} X")
            return ok(b"") if seen.method == "HEAD" else ok()

        async with (
            raw_server(answer) as server,
            ClientSession(cookie_jar=aiohttp_core.CookieJar(unsafe=True)) as session,
        ):
            data = None if method == "HEAD" else b"abc"
            url = server.url + "/#frag"
            async with session.request(method, url, data=data, allow_redirects=True) as response:
                assert [each.status for each in response.history] == [status]
                assert response.real_url.fragment == "frag"
            last = server.seen[-1]
            assert last.method == then
            assert last.body == (b"abc" if keeps and data else b"")
            assert last.get("cookie") == "hop=1"
            if not keeps:
                assert last.get("content-length") is None
                assert last.get("content-type") is None

    run(loop_name, main())


def test_credentials_in_urls_of_a_chain(loop_name: str) -> None:
    """Those in a URL, a redirect's too, go on within the origin as those given as ``auth`` do, and no further."""

    async def main() -> None:
        sent: list[tuple[str, str | None]] = []

        def answer(seen: Seen) -> bytes:
            sent.append((seen.target, seen.get("authorization")))
            where = {
                "/1": "/2",
                "/2": f"http://n:m@127.0.0.1:{server.port}/3",
                "/3": "/4",
                "/4": f"{server.url.replace('127.0.0.1', 'localhost')}/5",
            }.get(seen.target)
            return ok() if where is None else ok(b"", f"Location: {where}", status="302 Found")

        up, nm, x = "Basic dTpw", "Basic bjpt", "x"
        async with raw_server(answer) as server, ClientSession() as session:
            url = URL(server.url + "/1")
            given: list[tuple[URL, dict[str, Any], str]] = [
                (url.with_user("u").with_password("p"), {}, up),
                (url, {"auth": BasicAuth.decode(up)}, up),
                (url, {"headers": {"Authorization": x}}, x),
            ]
            for start, options, first in given:
                sent.clear()
                with pytest.warns(DeprecationWarning) if "auth" in options else nullcontext():
                    async with session.get(start, **options) as response:
                        assert response.url.user is None
                assert sent == [("/1", first), ("/2", first), ("/3", nm), ("/4", nm), ("/5", None)]

    run(loop_name, main())


@pytest.mark.parametrize("where", ["/a b", "/a?b=c d"])
def test_redirects_that_no_request_can_hold(loop_name: str, where: str) -> None:
    """A redirect whose URL is not to be quoted, and could not be sent so, is an InvalidUrlRedirectClientError."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            return ok(b"", f"Location: {where}", status="302 Found") if seen.target == "/" else ok()

        async with raw_server(answer) as server:
            async with ClientSession(requote_redirect_url=False) as session:
                with pytest.raises(aiohttp_core.InvalidUrlRedirectClientError, match="/a"):
                    await session.get(server.url)
                assert session.connector._pool.used == 0
            async with ClientSession() as session, session.get(server.url) as response:
                assert response.status == 200

    run(loop_name, main())


def test_bad_redirects(loop_name: str) -> None:
    """Too many redirects, and redirects to what is no HTTP URL, are errors of their own that name the URL."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            where = {"/loop": "/loop", "/ftp": "ftp://a/b", "/bad": "http://[::1/", "/none": "http:///"}[seen.target]
            return ok(b"", f"Location: {where}", status="302 Found")

        async with raw_server(answer) as server, ClientSession() as session:
            with pytest.raises(aiohttp_core.TooManyRedirects) as caught:
                await session.get(server.url + "/loop", max_redirects=3)
            assert len(caught.value.history) == 3
            with pytest.raises(aiohttp_core.NonHttpUrlRedirectClientError):
                await session.get(server.url + "/ftp")
            with pytest.raises(aiohttp_core.InvalidUrlRedirectClientError):
                await session.get(server.url + "/bad")
            with pytest.raises(aiohttp_core.InvalidUrlRedirectClientError):
                await session.get(server.url + "/none")
            assert session.connector._pool.used == 0

    run(loop_name, main())


@pytest.mark.parametrize("poison", ["\r", "\n", "\0", "\r\nX-Evil: 1"])
def test_nothing_is_injected(loop_name: str, poison: str) -> None:
    """CR, LF and NUL in method, field, cookie, content type or file name raise ValueError before an octet is sent."""

    async def main() -> None:
        def form(**field: Any) -> FormData:
            form = FormData()
            form.add_field(field.pop("name", "a"), "x", **field)
            return form

        def part(fields: dict[str, str]) -> MultipartWriter:
            writer = MultipartWriter("mixed")
            writer.append("x", fields)
            return writer

        def late(poison: str) -> MultipartWriter:
            writer = MultipartWriter("mixed")
            writer.append("x").headers["X"] = poison
            return writer

        plain = aiohttp_core.CookieJar(quote_cookie=False)
        async with (
            raw_server(ok()) as server,
            ClientSession() as session,
            ClientSession(cookie_jar=plain) as unquoted,
        ):
            attempts: list[Any] = [
                lambda: session.request("GE" + poison, server.url),
                lambda: session.get(server.url, headers={"X": "a" + poison}),
                lambda: session.get(server.url, headers={"X" + poison: "a"}),
                lambda: session.get(
                    URL.build(path="/" + poison, encoded=True, scheme="http", authority=server.url[7:])
                ),
                lambda: session.post(server.url, data=b"x", headers={"Content-Type": "a/b" + poison}),
                lambda: session.get(server.url, headers={"Cookie": "a=b" + poison}),
                lambda: session.get(server.url, cookies={"a" + poison: "b"}),
                lambda: unquoted.get(server.url, cookies={"a": "b" + poison}),
                lambda: session.post(server.url, data=form(name="a" + poison)),
                lambda: session.post(server.url, data=form(name="a" + poison, filename="b")),
                lambda: session.post(server.url, data=form(filename="a" + poison)),
                lambda: session.post(server.url, data=form(content_type="a/b" + poison)),
                lambda: session.post(server.url, data=part({"X": "a" + poison})),
                lambda: session.post(server.url, data=part({"X" + poison: "a"})),
                lambda: session.post(server.url, data=late("a" + poison)),
                lambda: session.post(server.url, data=MultipartWriter("mixed" + poison)),
                lambda: session.post(server.url, data=MultipartWriter("mixed", boundary="a" + poison)),
                lambda: session.post(server.url, data=BytesPayload(b"x", content_type="a/b" + poison)),
            ]
            for attempt in attempts:
                with pytest.raises(ValueError):
                    await attempt()
            assert server.seen == []
            assert session.connector._pool.used == unquoted.connector._pool.used == 0

    run(loop_name, main())


@pytest.mark.parametrize("method", ["", "GE T", "G\tT", "GET/", "G\x7fT", "G\xcbT", "GET:", '"GET"'])
def test_method_is_a_token(loop_name: str, method: str) -> None:
    """SECURITY 8: a method that is no token (RFC 9110 section 5.6.2) raises ValueError before an octet is sent."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession() as session:
            with pytest.raises(ValueError):
                await session.request(method, server.url)
            assert server.seen == []

    run(loop_name, main())


@pytest.mark.parametrize("version", [(2, 0), (1, "1\r\nX: y")])
def test_version_is_checked(loop_name: str, version: Any) -> None:
    """A version that is none raises ValueError before an octet is sent."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession(version=version) as session:
            with pytest.raises(ValueError):
                await session.get(server.url)
            assert server.seen == []

    run(loop_name, main())


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_content_that_is_announced_but_missing(loop_name: str, method: str) -> None:
    """A Content-Length without content is refused, and a coding ends its empty content: else the peer would take the
    connection's next request for it."""

    async def main() -> None:
        async with raw_server(lambda seen: ok(b"" if seen.method == "HEAD" else b"ok")) as server:
            async with ClientSession() as session:
                for length in ("5", "-5", "x", " 0x0"):
                    with pytest.raises(ValueError):
                        await session.request(method, server.url, headers={"Content-Length": length})
                for headers in ({"Content-Length": "0"}, {"Transfer-Encoding": "chunked"}, {}):
                    async with session.request(method, server.url, headers=headers) as response:
                        await response.read()
                assert [(seen.method, seen.body) for seen in server.seen] == [(method, b"")] * 3
                assert server.connections == 5

    run(loop_name, main())


@pytest.mark.parametrize("given, sent", [(b"abcdefg", b"abcde"), (b"abc", None)])
@pytest.mark.parametrize("kind", ["octets", "file", "generator"])
def test_content_of_another_length(loop_name: str, kind: str, given: bytes, sent: bytes | None) -> None:
    """#2.4: no more than Content-Length is sent, and where less is there the request fails and its connection ends."""

    async def pieces() -> AsyncIterator[bytes]:
        yield given

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession() as session:
            data: Any = {"octets": given, "file": io.BytesIO(given), "generator": pieces()}[kind]
            request = session.put(server.url, data=data, headers={"Content-Length": "5"})
            if sent is None:
                with pytest.raises(aiohttp_core.ClientConnectionError, match="shorter"):
                    await request
            else:
                async with request as response:
                    await response.read()
            async with session.get(server.url) as response:
                assert await response.read() == b"ok"
            assert [seen.body for seen in server.seen] == ([b""] if sent is None else [sent, b""])
            assert session.connector._pool.used == 0

    run(loop_name, main())


@pytest.mark.parametrize(
    "answer",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 99999 X\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nBad Field: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"HTTP/1.1 200 OK\r\nX: \0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 9000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 15\r\n\r\n" + gzip.compress(b"abc" * 99)[:15],
    ],
)
def test_malformed_answers(loop_name: str, answer: bytes) -> None:
    """A malformed answer is a ClientError, closes that connection, and leaves session and pool usable."""

    async def main() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            writer.write(answer if b"/bad" in head else ok())
            await writer.drain()

        async with listening(serve) as port, ClientSession() as session:
            with pytest.raises(aiohttp_core.ClientError) as caught:
                async with session.get(f"http://127.0.0.1:{port}/bad") as response:
                    await response.read()
            assert "/bad" in str(caught.value)
            assert session.connector._pool.used == 0
            assert not session.connector._conns
            async with session.get(f"http://127.0.0.1:{port}/") as response:
                assert await response.read() == b"ok"

    run(loop_name, main())


CUT_OFF: dict[str, tuple[bytes, type[Exception], str]] = {
    "length": (b"Content-Length: 5\r\n\r\nabc", ContentLengthError, "received 3 of 5 bytes"),
    "nothing": (b"Content-Length: 5\r\n\r\n", ContentLengthError, "received 0 of 5 bytes"),
    "coded": (
        b"Content-Length: 99\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"abc")[:12],
        ContentLengthError,
        "received 12 of 99 bytes",
    ),
    "chunks": (b"Transfer-Encoding: chunked\r\n\r\n5\r\nabc", TransferEncodingError, "in the middle of a message"),
}


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("what", CUT_OFF)
def test_content_that_is_cut_off(loop_name: str, what: str, reset: bool) -> None:
    """A connection that ends in the middle of the content, however it ends, is a ClientPayloadError that says how much
    is missing, and by what it was lost."""
    answer, cause, text = CUT_OFF[what]

    async def main() -> None:
        seen = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if b"/cut" not in await reader.readuntil(b"\r\n\r\n"):
                writer.write(ok())
                return
            writer.write(b"HTTP/1.1 200 OK\r\n" + answer)
            await writer.drain()
            await seen.wait()
            if reset:
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                writer.transport.abort()

        async with listening(serve) as port, ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/cut") as response:
                wanted = len(answer.partition(b"\r\n\r\n")[2])
                while what != "chunks" and response.content.total_raw_bytes < wanted:
                    await asyncio.sleep(0)
                seen.set()
                for _ in range(2):
                    with pytest.raises(aiohttp_core.ClientPayloadError, match=text) as caught:
                        await response.read()
            assert isinstance(caught.value.__cause__, cause)
            assert "/cut" in str(caught.value)
            assert ("ConnectionResetError" in str(caught.value)) is reset
            assert session.connector._pool.used == 0
            async with session.get(f"http://127.0.0.1:{port}/") as response:
                assert await response.read() == b"ok"

    run(loop_name, main())


def test_bomb_is_inflated_only_as_it_is_read(loop_name: str) -> None:
    """A small body that inflates to much is decoded step by step while it is read."""

    async def main() -> None:
        machine = zlib.compressobj(9, zlib.DEFLATED, 31)
        bomb = b"".join(machine.compress(bytes(2**20)) for _ in range(64)) + machine.flush()
        async with raw_server(ok(bomb, "Content-Encoding: gzip")) as server, ClientSession() as session:
            async with session.get(server.url, read_bufsize=2**16) as response:
                assert len(await response.content.readany()) <= 2**18
                assert response.content.total_bytes < 2**20
            async with session.get(server.url) as response:
                size = 0
                async for piece in response.content.iter_chunked(2**16):
                    size += len(piece)
                assert size == 64 * 2**20

    run(loop_name, main())


@pytest.mark.parametrize("where", ["disconnect", "refused", "cancel", "redirect", "success"])
def test_payloads_are_closed(loop_name: str, where: str, tmp_path: pathlib.Path) -> None:
    """Whatever becomes of a request, its file is closed."""

    async def main() -> None:
        began = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            began.set()
            if where == "disconnect":
                await reader.read(1000)
                return
            if where == "cancel":
                await asyncio.Event().wait()
            await read_body(reader, head)
            writer.write(
                ok(b"", "Location: /x", status="303 X") if head.startswith(b"POST") and where == "redirect" else ok()
            )
            await writer.drain()

        path = tmp_path / "file"
        path.write_bytes(bytes(5_000_000 if where == "disconnect" else 50_000))
        file = path.open("rb")
        async with listening(serve) as port, ClientSession() as session:
            url = f"http://127.0.0.1:{1 if where == 'refused' else port}/"
            task = asyncio.ensure_future(session.post(url, data=file))
            if where == "cancel":
                await began.wait()
                task.cancel()
            if where in ("success", "redirect"):
                async with await task as response:
                    assert response.status == 200
            else:
                with pytest.raises((aiohttp_core.ClientError, asyncio.CancelledError)):
                    await task
            while not file.closed:
                await asyncio.sleep(0)
            assert session.connector._pool.used == 0

    run(loop_name, main())


def test_tls(loop_name: str) -> None:
    """Certificates are checked by default, by a context or by fingerprint; ssl=False checks nothing."""

    async def main() -> None:
        async with raw_server(ok(), tls=server_tls()) as server:
            async with ClientSession() as session:
                with pytest.raises(aiohttp_core.ClientConnectorCertificateError) as caught:
                    await session.get(server.url)
                assert caught.value.certificate_error is not None
                async with session.get(server.url, ssl=client_tls()) as response:
                    assert await response.read() == b"ok"
                async with session.get(server.url, ssl=False) as response:
                    der = response.connection
                    assert await response.read() == b"ok"
                assert der is None
                with pytest.raises(aiohttp_core.ServerFingerprintMismatch):
                    await session.get(server.url, ssl=aiohttp_core.Fingerprint(b"\0" * 32))
                with pytest.raises(aiohttp_core.ClientConnectorCertificateError):
                    await session.get(
                        server.url.replace("localhost", "127.0.0.1"), ssl=client_tls(), server_hostname="x.test"
                    )

    run(loop_name, main())


def test_close_waits_for_transports(loop_name: str) -> None:
    """When close returns, no transport is left, idle or in use, with TLS or without."""

    async def main() -> None:
        async with raw_server(ok(), tls=server_tls()) as secure, raw_server(ok()) as plain:
            trust = client_tls()
            async with ClientSession() as session:
                urls = [secure.url, plain.url] * 3
                responses = await asyncio.gather(*(session.get(url, ssl=trust) for url in urls))
                await asyncio.gather(*(response.read() for response in responses))
                connector = session.connector
                assert connector is not None
                protocols = [protocol for waiting in connector._conns.values() for protocol, _ in waiting]
                assert len(protocols) == 6
            assert all(protocol.transport is None for protocol in protocols)

    run(loop_name, main())


def test_fingerprint_of_the_right_certificate(loop_name: str) -> None:
    """The right fingerprint stands in for the authorities."""

    async def main() -> None:
        issued = AUTHORITY.issue_cert("localhost")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued.configure_cert(context)
        der = ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode())
        pin = aiohttp_core.Fingerprint(hashlib.sha256(der).digest())
        async with raw_server(ok(), tls=context) as server, ClientSession(connector=TCPConnector(ssl=pin)) as session:
            async with session.get(server.url) as response:
                assert await response.read() == b"ok"

    run(loop_name, main())


def test_server_hostname_is_part_of_the_key(loop_name: str) -> None:
    """Requests with another server_hostname or other TLS settings never share a connection."""

    async def main() -> None:
        async with raw_server(ok(), tls=server_tls("localhost", "a.test", "b.test")) as server:
            trust = client_tls()
            async with ClientSession() as session:
                for name in ("a.test", "b.test", None, "a.test"):
                    async with session.get(server.url, ssl=trust, server_hostname=name) as response:
                        await response.read()
                assert server.connections == 3
                async with session.get(server.url, ssl=False) as response:
                    await response.read()
                assert server.connections == 4

    run(loop_name, main())


def test_digest_stays_with_its_origin(loop_name: str) -> None:
    """A Digest challenge is answered, beforehand the next time, and never that of another origin."""

    async def main() -> None:
        challenge = 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256'

        def answer(seen: Seen) -> bytes:
            if seen.target == "/away":
                return ok(b"", f"Location: {other.url}/secret", status="302 Found")
            if seen.get("authorization") is None:
                return ok(b"", challenge, status="401 Unauthorized")
            return ok()

        async with raw_server(answer) as other, raw_server(answer) as server:
            middleware = aiohttp_core.DigestAuthMiddleware("u", "p")
            async with ClientSession(middlewares=(middleware,)) as session:
                for _ in range(2):
                    async with session.get(server.url + "/x?y") as response:
                        assert response.status == 200
                assert len(server.seen) == 3
                last = server.seen[-1].get("authorization") or ""
                assert 'uri="/x?y"' in last
                assert "nc=00000002" in last
                async with session.get(server.url + "/away") as response:
                    assert response.status == 401
                assert all(seen.get("authorization") is None for seen in other.seen)

    run(loop_name, main())


def test_digest_domain_names_no_other_origin(loop_name: str) -> None:
    """SECURITY 41: a challenge whose ``domain`` names another origin gets no answer there (RFC 7616 section 3.3)."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            challenge = f'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", domain="/in {other.url}/"'
            if seen.get("authorization") is None:
                return ok(b"", challenge, status="401 Unauthorized")
            return ok()

        async with raw_server(ok()) as other, raw_server(answer) as server:
            middleware = aiohttp_core.DigestAuthMiddleware("u", "p")
            async with ClientSession(middlewares=(middleware,)) as session:
                for target in (f"{server.url}/in/a", f"{other.url}/in/b", f"{server.url}/in/c"):
                    async with session.get(target) as response:
                        assert response.status == 200
            assert [seen.get("authorization") for seen in other.seen] == [None]
            # The second one within its space was answered beforehand.
            assert [seen.target for seen in server.seen] == ["/in/a", "/in/a", "/in/c"]

    run(loop_name, main())


def test_what_is_not_read_is_not_inflated(loop_name: str) -> None:
    """SECURITY 43: a response that is left unread is dropped as it came, and never inflated."""

    async def main() -> None:
        machine = zlib.compressobj(9, zlib.DEFLATED, 31)
        bomb = b"".join(machine.compress(bytes(2**20)) for _ in range(64)) + machine.flush()
        async with raw_server(ok(bomb, "Content-Encoding: gzip")) as server, ClientSession() as session:
            tracemalloc.start()
            try:
                async with session.get(server.url) as response:
                    assert response.status == 200
                async with session.get(server.url) as response:
                    response.release()
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
            assert peak < 8 * 2**20

    run(loop_name, main())
