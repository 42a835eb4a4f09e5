"""Requests that have nothing of their own leave as those that are composed: the same octets, and the same rules."""

from __future__ import annotations

from typing import Any

import pytest
from functional.client_servers import Seen, loop_name, ok, raw_server, run

import aiohttp_core
from aiohttp_core import ClientHandlerType, ClientRequest, ClientResponse, ClientSession, TCPConnector

__all__ = ["loop_name"]


async def pass_on(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """A middleware that changes nothing, for which a request is composed all the same."""
    return await handler(request)


CASES: list[tuple[str, Any, dict[str, Any]]] = [
    ("GET", None, {}),
    ("HEAD", None, {}),
    ("OPTIONS", None, {}),
    ("GET", None, {"headers": {"X-Own": "ü", "User-Agent": "me"}}),
    ("GET", None, {"headers": {"Host": "other.test"}}),
    ("GET", None, {"skip_auto_headers": ["User-Agent"]}),
    ("POST", {"a": 1}, {"skip_auto_headers": ["content-type"]}),
    ("POST", {"a": "ü"}, {}),
    ("PUT", [], {"headers": {"X-Own": "1"}}),
    ("PATCH", "text", {"json_serialize_bytes": lambda value: repr(value).encode()}),
    ("POST", {"a": 1}, {"headers": {"Content-Type": "application/x-own"}}),
    ("POST", {"a": 1}, {"headers": {"Transfer-Encoding": "chunked"}}),
    ("POST", "x" * 2**20, {}),
    ("POST", None, {}),
    ("DELETE", {"a": 1}, {}),
    ("get", None, {}),
    ("GET", None, {"cookies": {"a": "b", "c": "d; e"}}),
    ("GET", None, {"cookies": {"a": "b"}, "headers": {"Cookie": "x=y"}}),
    ("PUT", {"a": 1}, {"cookies": {"a": "ü"}}),
]


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
@pytest.mark.parametrize("method, json, options", CASES)
def test_same_octets(loop_name: str, method: str, json: Any, options: dict[str, Any]) -> None:
    """A plain request is octet for octet what it would be if it were composed."""

    async def main() -> None:
        async with raw_server(lambda seen: ok(b"" if seen.method == "HEAD" else b"ok")) as server:
            async with ClientSession(**options) as session:
                for _ in range(2):
                    for middlewares in ((), (pass_on,)):
                        async with session.request(
                            method, server.url + "/a%20b?c=d", json=json, middlewares=middlewares
                        ) as response:
                            await response.read()
                        info = response.request_info
                        assert info.method == method.upper()
                        sent = {name.lower(): value for name, value in server.seen[-1].fields}
                        assert set(sent) == {name.lower() for name in info.headers}
            first, *others = [(seen.head, seen.body) for seen in server.seen]
            assert len(others) == 3
            assert all(other == first for other in others)

    run(loop_name, main())


REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("GET", {"headers": {"X-Own": "ü", "user-agent": "me", "Accept": "a/b"}}),
    ("GET", {"headers": [("X-Own", "1"), ("x-own", "2"), ("X-DEFAULT", "3")]}),
    ("GET", {"headers": {"Host": "other.test"}}),
    ("GET", {"headers": {"Cookie": "x=y"}}),
    ("GET", {"headers": {"Connection": "keep-alive"}}),
    ("GET", {"headers": {"Content-Type": "a/b", "Authorization": "Basic YTpi"}}),
    ("POST", {"json": {"a": 1}, "headers": {"X-Own": "1"}}),
    ("POST", {"json": {"a": 1}, "headers": {"content-type": "application/x-own"}}),
    ("POST", {"data": b"octets"}),
    ("PUT", {"data": b"", "headers": {"X-Own": "1"}}),
    ("PATCH", {"data": b"{}", "headers": {"Content-Type": "application/json"}}),
    ("POST", {"data": b"octets", "headers": {"Content-Length": "6"}}),
    ("POST", {"data": b"octets", "headers": {"Transfer-Encoding": "chunked"}}),
    ("DELETE", {"data": b"octets"}),
    ("GET", {"params": {"a": "ü b&c", "n": 1}}),
    ("GET", {"params": [("a", "1"), ("a", "2")], "headers": {"X-Own": "1"}}),
    ("PUT", {"params": "a=%20+b", "json": {"a": 1}}),
    ("POST", {"data": b"x" * 2**20}),
]


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
@pytest.mark.parametrize("method, options", REQUESTS)
@pytest.mark.parametrize("cookies", [None, {"a": "b"}])
def test_same_octets_with_fields_of_its_own(
    loop_name: str, method: str, options: dict[str, Any], cookies: dict[str, str] | None
) -> None:
    """So is one whose fields, or octets, are its own."""

    async def main() -> None:
        async with raw_server(ok()) as server:
            async with ClientSession(headers={"X-Default": "d"}, cookies=cookies) as session:
                for _ in range(2):
                    for middlewares in ((), (pass_on,)):
                        url = server.url + "/a%20b?c=d"
                        async with session.request(method, url, middlewares=middlewares, **options) as response:
                            await response.read()
                        sent = sorted((name.lower(), value) for name, value in server.seen[-1].fields)
                        info = sorted((name.lower(), value) for name, value in response.request_info.headers.items())
                        assert sent == [(name, value.encode().decode("latin-1")) for name, value in info]
            first, *others = [(seen.head, seen.body) for seen in server.seen]
            assert len(others) == 3
            assert all(other == first for other in others)

    run(loop_name, main())


@pytest.mark.parametrize("defaults", [None, {"X-Own": "0", "Y": "2"}])
def test_a_name_in_two_spellings(loop_name: str, defaults: dict[str, str] | None) -> None:
    """A field named again in another spelling takes the place of the first; repeated as it was, it is sent twice."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession(headers=defaults) as session:
            cases: list[tuple[Any, list[str]]] = [
                ({"X-Own": "1", "x-own": "2"}, ["2"]),
                ([("X-Own", "1"), ("X-Own", "2")], ["1", "2"]),
                ([("X-Own", "1"), ("X-OWN", "2"), ("X-Own", "3")], ["2", "3"]),
            ]
            for headers, values in cases:
                async with session.get(server.url, headers=headers) as response:
                    await response.read()
                assert [value for name, value in server.seen[-1].fields if name.lower() == "x-own"] == values

    run(loop_name, main())


@pytest.mark.parametrize("credentials", ["", "a:b@"])
def test_fields_that_are_not_wanted(loop_name: str, credentials: str) -> None:
    """What a session is not to add stays away on each hop, and where the URL makes a request a composed one."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            return ok() if seen.target == "/x" else ok(b"", "Location: /x", status="302 Go")

        async with raw_server(answer) as server, ClientSession(skip_auto_headers=["User-Agent"]) as session:
            async with session.get(server.url.replace("//", f"//{credentials}")) as response:
                await response.read()
            assert [seen.get("user-agent") for seen in server.seen] == [None, None]

    run(loop_name, main())


def test_bad_fields_of_its_own(loop_name: str) -> None:
    """A field that would inject is refused before anything is sent, and costs no connection."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession() as session:
            for headers in ({"X-Own": "1"}, {"X-Own": "a\r\nb: c"}, {"X Own": "1"}, {"X-Own": "\0"}, {"X-Own": "2"}):
                if headers.get("X-Own") in ("1", "2"):
                    async with session.get(server.url, headers=headers) as response:
                        await response.read()
                else:
                    with pytest.raises(ValueError):
                        await session.get(server.url, headers=headers)
            assert [seen.get("x-own") for seen in server.seen] == ["1", "2"]
            assert server.connections == 1

    run(loop_name, main())


def test_without_a_jar(loop_name: str) -> None:
    """A session that keeps no cookies sends none, and drops those that come."""

    async def main() -> None:
        jar = aiohttp_core.DummyCookieJar()
        async with raw_server(ok(b"ok", "Set-Cookie: a=b")) as server, ClientSession(cookie_jar=jar) as session:
            for _ in range(2):
                async with session.get(server.url) as response:
                    await response.read()
                assert server.seen[-1].get("cookie") is None
                assert response.cookies["a"].value == "b"

    run(loop_name, main())


def test_octets_are_sent_again(loop_name: str) -> None:
    """Octets go with a redirect that keeps the method, with the type that was theirs."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            return ok() if seen.target == "/x" else ok(b"", "Location: /x", status="307 Go")

        async with raw_server(answer) as server, ClientSession() as session:
            for headers in (None, {"Content-Type": "text/plain"}):
                async with session.post(server.url, data=b"octets", headers=headers) as response:
                    assert await response.text() == "ok"
                assert server.seen[-1].body == b"octets"
                assert server.seen[-1].get("content-type") == server.seen[-2].get("content-type")

    run(loop_name, main())


def test_changes_of_the_session_are_seen(loop_name: str) -> None:
    """What is set on a session later, fields, credentials or cookies, goes with its next requests."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession() as session:

            async def seen(**options: Any) -> Seen:
                async with session.get(server.url, **options) as response:
                    await response.read()
                return server.seen[-1]

            assert (await seen()).get("x-own") is None
            session.headers["X-Own"] = "1"
            assert (await seen()).get("x-own") == "1"
            session.headers["X-Own"] = "2"
            assert (await seen()).get("x-own") == "2"
            del session.headers["X-Own"]
            assert (await seen()).get("x-own") is None
            session.cookie_jar.update_cookies({"a": "b"})
            assert (await seen()).get("cookie") == "a=b"
            session.cookie_jar.clear()
            assert (await seen()).get("cookie") is None
            assert (await seen(params={"q": "1"})).target == "/?q=1"
            assert (await seen(headers={"X-Own": "3"})).get("x-own") == "3"
            assert (await seen()).get("x-own") is None
            session.headers["X-Own"] = "a\r\nb"
            with pytest.raises(ValueError):
                await seen()
            del session.headers["X-Own"]
            assert (await seen()).connection == 1

    run(loop_name, main())


def test_credentials_in_the_url(loop_name: str) -> None:
    """Credentials in a URL go into Authorization, a fragment nowhere, each time."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession() as session:
            for _ in range(2):
                async with session.get(server.url.replace("//", "//a:b@") + "/x#y") as response:
                    await response.read()
                assert server.seen[-1].get("authorization") == "Basic YTpi"
                assert server.seen[-1].target == "/x"
                assert response.real_url.fragment == "y"

    run(loop_name, main())


@pytest.mark.parametrize("status, method, body", [(307, "POST", b'{"a": 1}'), (303, "GET", b""), (302, "GET", b"")])
def test_redirects(loop_name: str, status: int, method: str, body: bytes) -> None:
    """JSON is sent again where a redirect keeps the method, and its fields leave with it where not."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            return ok() if seen.target == "/x" else ok(b"", "Location: /x", status=f"{status} Go")

        async with raw_server(answer) as server, ClientSession() as session:
            async with session.post(server.url, json={"a": 1}) as response:
                assert await response.text() == "ok"
                assert [each.status for each in response.history] == [status]
            last = server.seen[-1]
            assert (last.method, last.body) == (method, body)
            assert last.get("content-type") == ("application/json" if body else None)

    run(loop_name, main())


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
@pytest.mark.parametrize(
    "content", [{"json": {"a": 1}}, {"data": b"octets"}, {"json": "x" * 2**20}], ids=["json", "octets", "big"]
)
def test_content_that_was_dropped_stays_dropped(loop_name: str, content: dict[str, Any]) -> None:
    """What a redirect to GET leaves behind does not come back at the next redirect."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            steps = {"/": ("/x", 303), "/x": ("/y", 302), "/y": ("/z", 307)}
            if seen.target not in steps:
                return ok()
            target, status = steps[seen.target]
            return ok(b"", f"Location: {target}", status=f"{status} Go")

        async with raw_server(answer) as server, ClientSession() as session:
            async with session.post(server.url, **content) as response:
                assert await response.text() == "ok"
            assert [(seen.method, seen.body) for seen in server.seen[1:]] == [("GET", b"")] * 3
            assert not [seen for seen in server.seen[1:] if seen.get("content-type") or seen.get("content-length")]

    run(loop_name, main())


def test_stale_connections(loop_name: str) -> None:
    """A kept connection that dies before it answers costs a GET one more attempt, and a POST an error."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes | None:
            first_of_connection = sum(each.connection == seen.connection for each in server.seen) == 1
            return ok() if first_of_connection else None

        async with raw_server(answer) as server, ClientSession() as session:
            for _ in range(3):
                async with session.get(server.url) as response:
                    assert await response.read() == b"ok"
            with pytest.raises(aiohttp_core.ServerDisconnectedError):
                await session.post(server.url, json=1)
            assert session.connector._pool.used == 0

    run(loop_name, main())


def test_closed_session(loop_name: str) -> None:
    """A session that is closed, or whose connector is, says so."""

    async def main() -> None:
        async with raw_server(ok()) as server:
            connector = TCPConnector()
            session = ClientSession(connector=connector)
            async with session.get(server.url) as response:
                await response.read()
            await connector.close()
            with pytest.raises(RuntimeError, match="closed"):
                await session.get(server.url)
            await session.close()

    run(loop_name, main())


def test_a_replaced_connect_is_asked(loop_name: str) -> None:
    """A connector whose connect is overridden is asked for each request, also where an idle connection waits."""

    async def main() -> None:
        class Counting(TCPConnector):
            asked = 0

            async def connect(self, *args: Any, **kwargs: Any) -> Any:
                self.asked += 1
                return await super().connect(*args, **kwargs)

        connector = Counting()
        async with raw_server(ok()) as server, ClientSession(connector=connector) as session:
            for _ in range(3):
                async with session.get(server.url) as response:
                    await response.read()
            assert connector.asked == 3

    run(loop_name, main())


@pytest.mark.parametrize("url", ["ftp://x.test/", "http://", "http://[::"])
def test_bad_urls_stay_bad(loop_name: str, url: str) -> None:
    """A URL that cannot be asked is refused each time."""

    async def main() -> None:
        async with ClientSession() as session:
            for _ in range(2):
                with pytest.raises(aiohttp_core.ClientError):
                    await session.get(url)

    run(loop_name, main())
