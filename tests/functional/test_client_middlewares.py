"""Client middlewares, and the one for Digest authentication against a server that checks every answer by itself."""

from __future__ import annotations

import asyncio
import hashlib
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from functional.client_servers import Seen, loop_name, ok, raw_server, run

import aiohttp_core
from aiohttp_core import ClientHandlerType, ClientRequest, ClientResponse, ClientSession, DigestAuthMiddleware

__all__ = ["loop_name"]

HASHES: dict[str, Callable[[bytes], Any]] = {
    "MD5": hashlib.md5,
    "SHA": hashlib.sha1,
    "SHA-256": hashlib.sha256,
    "SHA-512": hashlib.sha512,
    "SHA-512-256": lambda data: hashlib.new("sha512_256", data),
}
ALGORITHMS = [name for name in HASHES if name != "SHA-512-256" or "sha512_256" in hashlib.algorithms_available]


class DigestServer:
    """Asks for Digest credentials (login u, password p), and checks each answer as RFC 7616 section 3.4 says."""

    def __init__(self, algorithm: str = "MD5", qop: str = "auth", uses: int = 100) -> None:
        self.algorithm = algorithm
        self.qop = qop
        self.uses = uses
        self.nonces = 0
        self.counts: list[tuple[str, str | None]] = []

    def __call__(self, seen: Seen) -> bytes:
        given = seen.get("Authorization")
        if given is None:
            return self.ask()
        fields = {name: quoted or bare for name, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^,]+))', given)}
        assert fields["username"] == "u"
        assert fields["realm"] == "the realm"
        assert fields["uri"] == seen.target
        if fields["nonce"] != f"n{self.nonces}" or int(fields.get("nc", "0"), 16) > self.uses:
            return self.ask(", stale=true")
        self.counts.append((fields["nonce"], fields.get("nc")))
        if fields["response"] != self.expected(seen, fields):
            return self.ask()
        return ok()

    def ask(self, more: str = "") -> bytes:
        self.nonces += 1
        qop = f', qop="{self.qop}"' if self.qop else ""
        challenge = f'Digest realm="the realm", nonce="n{self.nonces}", algorithm={self.algorithm}{qop}{more}'
        return ok(b"", f"WWW-Authenticate: {challenge}", status="401 Unauthorized")

    def expected(self, seen: Seen, fields: dict[str, str]) -> str:
        name = self.algorithm.removesuffix("-sess")

        def digest(*parts: str | bytes) -> str:
            joined = b":".join(part if isinstance(part, bytes) else part.encode() for part in parts)
            return str(HASHES[name](joined).hexdigest())

        secret = digest("u", "the realm", "p")
        if self.algorithm.endswith("-sess"):
            secret = digest(secret, fields["nonce"], fields["cnonce"])
        about = [seen.method, seen.target]
        if fields.get("qop") == "auth-int":
            about.append(str(HASHES[name](seen.body).hexdigest()))
        if not self.qop:
            return digest(secret, fields["nonce"], digest(*about))
        return digest(secret, fields["nonce"], fields["nc"], fields["cnonce"], fields["qop"], digest(*about))


@pytest.mark.parametrize("qop", ["auth", "auth-int", "auth,auth-int", ""])
@pytest.mark.parametrize("algorithm", [each + sess for each in ALGORITHMS for sess in ("", "-sess")])
def test_digest(algorithm: str, qop: str) -> None:
    """Each algorithm and quality of protection gets the right answer, beforehand from the second request on."""

    async def main() -> None:
        answer = DigestServer(algorithm, qop)
        middleware = DigestAuthMiddleware("u", "p")
        async with raw_server(answer) as server, ClientSession(middlewares=(middleware,)) as session:
            for data in (b"octets", "text", {"a": "b"}, io.BytesIO(b"file"), None):
                async with session.post(server.url + "/path?a=b%20c", data=data) as response:
                    assert response.status == 200
            assert len(server.seen) == 6
            assert server.seen[0].body == server.seen[1].body == b"octets"
            numbers = [f"{number:08x}" for number in range(1, 6)]
            assert answer.counts == [("n1", number if qop else None) for number in numbers]

    run("asyncio", main())


def test_digest_only_when_asked(loop_name: str) -> None:
    """Without ``preemptive`` each request is sent without credentials first."""

    async def main() -> None:
        middleware = DigestAuthMiddleware("u", "p", preemptive=False)
        async with raw_server(DigestServer()) as server, ClientSession(middlewares=(middleware,)) as session:
            for _ in range(2):
                async with session.get(server.url) as response:
                    assert response.status == 200
            assert [seen.get("authorization") is None for seen in server.seen] == [True, False, True, False]

    run(loop_name, main())


def test_stale_nonce(loop_name: str) -> None:
    """A nonce that has run out is replaced by the one that the server sends along, and counted from 1 again."""

    async def main() -> None:
        answer = DigestServer(uses=2)
        middleware = DigestAuthMiddleware("u", "p")
        async with raw_server(answer) as server, ClientSession(middlewares=(middleware,)) as session:
            for _ in range(5):
                async with session.get(server.url) as response:
                    assert response.status == 200
            assert answer.counts == [
                ("n1", "00000001"),
                ("n1", "00000002"),
                ("n2", "00000001"),
                ("n2", "00000002"),
                ("n3", "00000001"),
            ]

    run(loop_name, main())


def test_wrong_password(loop_name: str) -> None:
    """Wrong credentials are tried once; the 401 is the answer."""

    async def main() -> None:
        middleware = DigestAuthMiddleware("u", "wrong")
        async with raw_server(DigestServer()) as server, ClientSession(middlewares=(middleware,)) as session:
            async with session.get(server.url) as response:
                assert response.status == 401
            assert len(server.seen) == 2

    run(loop_name, main())


@pytest.mark.parametrize("more", [', algorithm="ROT13"', ', qop="none"'])
def test_challenges_that_cannot_be_answered(loop_name: str, more: str) -> None:
    """An algorithm or quality of protection that is unknown is a ClientError that names the origin."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            return ok(b"", f'WWW-Authenticate: Digest realm="r", nonce="n"{more}', status="401 Unauthorized")

        middleware = DigestAuthMiddleware("u", "p")
        async with raw_server(answer) as server, ClientSession(middlewares=(middleware,)) as session:
            with pytest.raises(aiohttp_core.ClientError, match=re.escape(server.url)):
                await session.get(server.url)
            assert session.connector._pool.used == 0

    run(loop_name, main())


def test_content_that_is_gone(loop_name: str) -> None:
    """A stream that was sent cannot be sent again: the 401 is the answer, and no empty request follows it."""

    async def pieces() -> Any:
        yield b"once"

    async def main() -> None:
        middleware = DigestAuthMiddleware("u", "p")
        async with raw_server(DigestServer()) as server, ClientSession(middlewares=(middleware,)) as session:
            async with session.post(server.url, data=pieces()) as response:
                assert response.status == 401
            assert [seen.body for seen in server.seen] == [b"once"]

    run(loop_name, main())


def test_middlewares_may_send_again(loop_name: str) -> None:
    """A middleware may call its handler again, change fields and content, and ask by the session for something else."""

    async def again(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        response = await handler(request)
        if response.status == 503:
            response.release()
            assert request.session is not None
            async with request.session.post(request.url.with_path("/token"), middlewares=()) as token:
                request.headers["X-Token"] = await token.text()
            await request.update_body(b"changed")
            response = await handler(request)
        return response

    def answer(seen: Seen) -> bytes:
        if seen.target == "/token":
            return ok(b"t")
        return ok(seen.body) if seen.get("x-token") == "t" else ok(status="503 Service Unavailable")

    async def main() -> None:
        async with raw_server(answer) as server, ClientSession(middlewares=(again,)) as session:
            async with session.put(server.url, data=b"first") as response:
                assert await response.read() == b"changed"
            assert [seen.target for seen in server.seen] == ["/", "/token", "/"]
            assert session.connector._pool.used == 0

    run(loop_name, main())


def test_parameters_of_middlewares_have_any_names(loop_name: str) -> None:
    """A middleware is given the request and the handler by their places, each of several."""

    async def first(asked: ClientRequest, then: ClientHandlerType) -> ClientResponse:
        asked.headers["X-First"] = "1"
        return await then(asked)

    async def second(req: ClientRequest, _: ClientHandlerType) -> ClientResponse:
        req.headers["X-Second"] = "2"
        return await _(req)

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession(middlewares=(first, second)) as session:
            async with session.get(server.url) as response:
                assert await response.read() == b"ok"
            assert (server.seen[0].get("x-first"), server.seen[0].get("x-second")) == ("1", "2")

    run(loop_name, main())


@pytest.mark.parametrize("when", ["before", "after"])
def test_middlewares_may_fail(loop_name: str, when: str) -> None:
    """What a middleware raises reaches the program as it is, and no connection stays in use."""

    async def failing(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        if when == "after":
            await handler(request)
        raise LookupError(when)

    async def main() -> None:
        async with raw_server(ok(b"")) as server, ClientSession(middlewares=(failing,)) as session:
            with pytest.raises(LookupError, match=when):
                await session.get(server.url)
            assert len(server.seen) == (1 if when == "after" else 0)
            assert session.connector._pool.used == 0
            async with session.get(server.url, middlewares=()) as response:
                assert response.status == 200

    run(loop_name, main())


def test_cancelled_in_a_middleware(loop_name: str) -> None:
    """A request that is cancelled while its middleware waits has sent nothing."""

    async def main() -> None:
        waiting = asyncio.Event()

        async def waits(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
            waiting.set()
            await asyncio.Event().wait()
            return await handler(request)

        async with raw_server(ok()) as server, ClientSession(middlewares=(waits,)) as session:
            task = asyncio.ensure_future(session._request("GET", server.url))
            await waiting.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert server.connections == session.connector._pool.used == 0

    run(loop_name, main())
