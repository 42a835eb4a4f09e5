"""Where a request goes: base URLs, credentials in URLs, and cookie jars and codings of a program's own."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from functional.client_servers import loop_name, ok, raw_server, run
from yarl import URL

import aiohttp_core
from aiohttp_core import BasicAuth, ClientSession
from aiohttp_core.abc import AbstractCookieJar

__all__ = ["loop_name"]


def test_base_url(loop_name: str) -> None:
    """A session's base URL completes relative URLs as RFC 3986 says; an absolute one goes where it says."""

    async def main() -> None:
        async with raw_server(ok(b"")) as server, raw_server(ok(b"")) as other:
            async with ClientSession(f"{server.url.rstrip('/')}/api/") as session:
                for url in ("users?a=1", "/root", "../up", URL("x/y"), "", f"{other.url.rstrip('/')}/away"):
                    async with session.get(url) as response:
                        assert response.status == 200
            assert [seen.target for seen in server.seen] == ["/api/users?a=1", "/root", "/up", "/api/x/y", "/api/"]
            assert [seen.target for seen in other.seen] == ["/away"]

    run(loop_name, main())


@pytest.mark.parametrize("base", ["http://h/a/b", "/x", "h/"])
def test_bad_base_url(loop_name: str, base: str) -> None:
    """A base URL is absolute, and its path ends with a slash: else its last segment would be lost unseen."""

    async def main() -> None:
        with pytest.raises(ValueError):
            ClientSession(base)

    run(loop_name, main())


def test_credentials_in_a_url(loop_name: str) -> None:
    """User and password of a URL become an Authorization field and leave the URL; not beside ``auth``."""

    async def main() -> None:
        async with raw_server(ok(b"")) as server, ClientSession() as session:
            url = URL(server.url).with_user("üser").with_password("p:w")
            async with session.get(url) as response:
                assert response.url.user is None
            (seen,) = server.seen
            assert seen.get("Authorization") == aiohttp_core.encode_basic_auth("üser", "p:w", "latin1")
            assert "@" not in seen.head.decode()
            with pytest.raises(ValueError), pytest.warns(DeprecationWarning):
                await session.get(url, auth=BasicAuth("a", "b"))

    run(loop_name, main())


def test_asked_for_chunks(loop_name: str) -> None:
    """Octets whose length is known are sent in chunks where the program wants it."""

    async def main() -> None:
        async with raw_server(ok(b"")) as server, ClientSession() as session:
            async with session.post(server.url, data=b"octets", chunked=True) as response:
                assert response.status == 200
            (seen,) = server.seen
            assert (seen.get("Transfer-Encoding"), seen.get("Content-Length")) == ("chunked", None)
            assert seen.body == b"octets"

    run(loop_name, main())


def test_what_an_encoded_url_left_out(loop_name: str) -> None:
    """Of a URL that is encoded already, what no URI holds is encoded all the same; the rest stays as it is."""

    async def main() -> None:
        async with raw_server(ok(b"")) as server, ClientSession(headers={"X": "1"}) as session:
            url = URL(f"{server.url}/%2f\u00e9?a=%7e\u20ac", encoded=True)
            for headers in (None, {"Host": "h"}):
                async with session.get(url, headers=headers) as response:
                    assert response.status == 200
            assert [seen.target for seen in server.seen] == ["/%2f%C3%A9?a=%7e%E2%82%AC"] * 2
            with pytest.raises(ValueError, match="target"):
                await session.get(URL(f"{server.url}/a b", encoded=True))

    run(loop_name, main())


@pytest.mark.parametrize("url", ["//127.0.0.1/x", "", "/x", "http://", "http:///x"])
def test_urls_that_lead_nowhere(loop_name: str, url: str) -> None:
    """A URL without scheme or host is refused, and one without a scheme also beside a base URL."""

    async def main() -> None:
        async with ClientSession() as session, ClientSession("http://127.0.0.1:1/") as based:
            for each in (session, based) if url.startswith("//") else (session,):
                with pytest.raises(aiohttp_core.InvalidUrlClientError):
                    await each.get(url)

    run(loop_name, main())


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.0.0.01", "127.0.0.1.", "256.1.1.1"]
)
def test_addresses_are_canonical(loop_name: str, host: str) -> None:
    """#12827: an IPv4 address in a form that only resolvers know is refused, also from a redirect."""

    async def main() -> None:
        async with raw_server(
            lambda seen: ok(b"", f"Location: http://{host}:{server.port}/x", status="302 F")
        ) as server:
            connector = aiohttp_core.TCPConnector(resolver=aiohttp_core.ThreadedResolver())
            async with ClientSession(connector=connector) as session:
                for url in (f"http://{host}:{server.port}/", server.url):
                    with pytest.raises(aiohttp_core.InvalidUrlClientError, match="is not a canonical IPv4 address"):
                        await session.get(url)
            assert [seen.target for seen in server.seen] == ["/"]

    run(loop_name, main())


class OneCookie(AbstractCookieJar):
    """Sends one cookie everywhere, and remembers what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, URL]] = []

    @property
    def quote_cookie(self) -> bool:
        return True

    @property
    def unsafe(self) -> bool:
        return True

    @property
    def cookies(self) -> Any:
        return {}

    @property
    def host_only_cookies(self) -> frozenset[tuple[str, str, str]]:
        return frozenset()

    def clear(self, predicate: Any = None) -> None:
        self.told.clear()

    def clear_domain(self, domain: str) -> None:
        self.told = [each for each in self.told if each[1].host != domain]

    def update_cookies(self, cookies: Any, response_url: URL = URL()) -> None:  # noqa: B008  (aiohttp's signature)
        pairs = cookies.items() if hasattr(cookies, "items") else cookies
        self.told += [(name, response_url) for name, _ in pairs]

    def filter_cookies(self, request_url: URL) -> Any:
        return SimpleCookie({"only": "one"})

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 1


def test_a_jar_of_ones_own(loop_name: str) -> None:
    """A program's jar is asked for each request and told of each response's cookies."""

    async def main() -> None:
        jar = OneCookie()
        async with raw_server(ok(b"", "Set-Cookie: a=b\r\nSet-Cookie: c=d; Path=/")) as server:
            async with ClientSession(cookie_jar=jar) as session, session.get(server.url) as response:
                assert response.cookies["a"].value == "b"
            assert server.seen[0].get("Cookie") == "only=one"
            assert [(name, url.port) for name, url in jar.told] == [("a", server.port), ("c", server.port)]

    run(loop_name, main())
