"""The examples that users copy from aiohttp's introduction, each as it stands there."""

from __future__ import annotations

import asyncio
import io
import pathlib
from typing import Any

import pytest
from functional.client_servers import Seen, loop_name, ok, raw_server, run

import aiohttp_core as aiohttp
from aiohttp_core._body.form import FormData

__all__ = ["loop_name"]


def test_status_and_headers(loop_name: str) -> None:
    """Status, content type and the first characters of a page."""

    async def main() -> None:
        page = ok(b"<!doctype html><html>", "Content-Type: text/html; charset=utf-8")
        async with raw_server(page) as server:
            async with aiohttp.ClientSession() as session:
                async with session.get(server.url) as response:
                    assert response.status == 200
                    assert response.headers["content-type"] == "text/html; charset=utf-8"
                    assert (await response.text())[:15] == "<!doctype html>"

    run(loop_name, main())


@pytest.mark.parametrize(
    ("params", "query"),
    [
        ({"key1": "value1", "key2": "value2"}, "key1=value1&key2=value2"),
        ([("key", "value1"), ("key", "value2")], "key=value1&key=value2"),
        ("key=value+1", "key=value+1"),
    ],
)
def test_params_in_three_forms(loop_name: str, params: Any, query: str) -> None:
    """Parameters as a mapping, as pairs and as a string."""

    async def main() -> None:
        async with raw_server(ok()) as server, aiohttp.ClientSession() as session:
            async with session.get(server.url + "/get", params=params) as response:
                assert str(response.url) == f"{server.url}/get?{query}"
            assert server.seen[0].target == f"/get?{query}"

    run(loop_name, main())


def test_streaming_to_a_file(loop_name: str, tmp_path: pathlib.Path) -> None:
    """A response written to a file by pieces."""
    filename = tmp_path / "file"
    content = bytes(range(256)) * 2000

    async def main() -> None:
        async with raw_server(ok(content)) as server, aiohttp.ClientSession() as session:
            async with session.get(server.url) as resp:
                with filename.open("wb") as fd:
                    async for chunk in resp.content.iter_chunked(1024):
                        fd.write(chunk)

    run(loop_name, main())
    assert filename.read_bytes() == content


def test_multipart_upload(loop_name: str) -> None:
    """A form with a file."""

    async def main() -> None:
        async with raw_server(ok()) as server, aiohttp.ClientSession() as session:
            data = FormData()
            data.add_field("file", io.BytesIO(b"a,b"), filename="report.csv", content_type="text/csv")
            await session.post(server.url, data=data)
            (seen,) = server.seen
            assert b'Content-Disposition: form-data; name="file"; filename="report.csv"' in seen.body

    run(loop_name, main())


def test_custom_headers(loop_name: str) -> None:
    """Fields of the session and of a request."""

    async def main() -> None:
        async with raw_server(ok()) as server:
            async with aiohttp.ClientSession(headers={"Authorization": "Basic bG9naW46cGFzcw=="}) as session:
                await session.get(server.url, headers={"content-type": "image/gif"})
                (seen,) = server.seen
                assert seen.get("Authorization") == "Basic bG9naW46cGFzcw=="
                assert seen.get("Content-Type") == "image/gif"

    run(loop_name, main())


def test_cookies_per_session_and_shared(loop_name: str) -> None:
    """Cookies of a session, and those that a server sets, come back with the next request."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes:
            return ok(b"", "Set-Cookie: my_cookie=my_value; Path=/") if seen.target == "/set" else ok()

        async with raw_server(answer) as server:
            async with aiohttp.ClientSession(cookies={"cookies_are": "working"}) as session:
                await session.get(server.url)
                assert server.seen[-1].get("cookie") == "cookies_are=working"
            jar = aiohttp.CookieJar(unsafe=True)
            async with aiohttp.ClientSession(cookie_jar=jar) as session:
                await session.get(server.url + "/set")
                filtered = session.cookie_jar.filter_cookies(server.url)  # type: ignore[arg-type]
                assert filtered["my_cookie"].value == "my_value"
                async with session.get(server.url) as response:
                    assert response.request_info.headers["Cookie"] == "my_cookie=my_value"

    with pytest.warns(DeprecationWarning, match="yarl.URL"):
        run(loop_name, main())


def test_raw_headers(loop_name: str) -> None:
    """The fields as they came."""

    async def main() -> None:
        answer = b"HTTP/1.1 200 OK\r\nSERVER: nginx\r\nContent-Length: 0\r\n\r\n"
        async with raw_server(answer) as server, aiohttp.ClientSession() as session:
            async with session.get(server.url) as response:
                assert response.raw_headers == ((b"SERVER", b"nginx"), (b"Content-Length", b"0"))

    run(loop_name, main())


def test_timeouts(loop_name: str) -> None:
    """A timeout of the session, and one of a request."""

    async def main() -> None:
        session_timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=10)
        async with raw_server(ok()) as server, aiohttp.ClientSession(timeout=session_timeout) as session:
            async with session.get(server.url, timeout=aiohttp.ClientTimeout(total=60)) as response:
                assert response.status == 200
            assert session.timeout.sock_read == 10

    run(loop_name, main())


def test_gathering(loop_name: str) -> None:
    """Many requests at once by one session."""

    async def main() -> None:
        async with raw_server(lambda seen: ok(seen.target.encode())) as server, aiohttp.ClientSession() as session:

            async def fetch(number: int) -> str:
                async with session.get(f"{server.url}/{number}") as response:
                    return await response.text()

            assert await asyncio.gather(*map(fetch, range(200))) == [f"/{number}" for number in range(200)]
            assert server.connections <= 100

    run(loop_name, main())
