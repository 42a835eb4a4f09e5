"""Cookies: a browser's field parsed, a response's fields parsed, and a jar of 1000 asked and told."""

import asyncio
import importlib
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from asked import BROWSER_FIELDS
from yarl import URL

from aiohttp_core._semantics import cookies as ours

COOKIE = BROWSER_FIELDS["Cookie"]
SET_COOKIES = [
    "session=0123456789abcdef0123456789abcdef; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=86400",
    "theme=dark; Path=/; Expires=Wed, 01 Jan 2031 00:00:00 GMT",
    "consent=yes; Domain=example.com; Path=/; Max-Age=31536000",
]
PEERS = ["aiohttp_core", "aiohttp"]


def parsers(candidate: str) -> Any:
    """The module that parses, by the names that both have."""
    if candidate == "aiohttp_core":
        return ours
    try:
        return importlib.import_module("aiohttp._cookie_helpers")
    except ImportError:
        pytest.skip("aiohttp is not installed")


@pytest.mark.parametrize("candidate", PEERS)
def test_parse_cookie(benchmark: Any, candidate: str) -> None:
    """A browser's Cookie field with four cookies."""
    benchmark.group = "parse a Cookie field"
    parse = parsers(candidate).parse_cookie_header
    assert [name for name, _ in parse(COOKIE)] == ["session", "theme", "_ga", "consent"]
    benchmark(parse, COOKIE)


@pytest.mark.parametrize("candidate", PEERS)
def test_request_cookies(benchmark: Any, candidate: str) -> None:
    """The names and values of that field, which is what a server's ``request.cookies`` holds."""
    benchmark.group = "the cookies of a request"
    if candidate == "aiohttp_core":

        def read() -> dict[str, str]:
            return ours.read_cookie_values(COOKIE)[0]

    else:
        parse = parsers(candidate).parse_cookie_header

        def read() -> dict[str, str]:
            return {name: morsel.value for name, morsel in parse(COOKIE)}

    assert read()["theme"] == "dark"
    benchmark(read)


@pytest.mark.parametrize("candidate", PEERS)
def test_parse_set_cookie(benchmark: Any, candidate: str) -> None:
    """Three Set-Cookie fields of a response."""
    benchmark.group = "parse 3 Set-Cookie fields"
    parse = parsers(candidate).parse_set_cookie_headers
    assert [name for name, _ in parse(SET_COOKIES)] == ["session", "theme", "consent"]
    benchmark(parse, SET_COOKIES)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def jar_of_1000(candidate: str, loop: asyncio.AbstractEventLoop) -> Any:
    """Ten cookies of each of a hundred hosts."""
    module = pytest.importorskip(candidate)

    async def fill() -> Any:
        jar = module.CookieJar()
        for host in range(100):
            cookies = SimpleCookie({f"name{number}": f"value{number}" for number in range(10)})
            jar.update_cookies(cookies, URL(f"http://host{host}.example.com/"))
        return jar

    return loop.run_until_complete(fill())


@pytest.mark.parametrize("candidate", PEERS)
def test_ask_jar(benchmark: Any, loop: asyncio.AbstractEventLoop, candidate: str) -> None:
    """Which of 1000 cookies belong to a request."""
    benchmark.group = "ask a jar of 1000 cookies"
    jar, url = jar_of_1000(candidate, loop), URL("http://host50.example.com/path")
    assert len(jar.filter_cookies(url)) == 10
    benchmark(jar.filter_cookies, url)


@pytest.mark.parametrize("candidate", PEERS)
def test_tell_jar(benchmark: Any, loop: asyncio.AbstractEventLoop, candidate: str) -> None:
    """One cookie of a response renewed among 1000."""
    benchmark.group = "tell a jar of 1000 cookies"
    jar, url = jar_of_1000(candidate, loop), URL("http://host50.example.com/path")
    cookies = SimpleCookie({"name5": "another"})
    benchmark(jar.update_cookies, cookies, url)
    assert len(jar) == 1000
    assert jar.filter_cookies(url)["name5"].value == "another"
