"""Cookies: kept by the session's jar, given by the program, written to a file. `python examples/client_cookies.py`."""

import asyncio
import tempfile
from pathlib import Path

import aiohttp_core
from aiohttp_core import web
from aiohttp_core.test_utils import TestServer


async def login(request: web.Request) -> web.Response:
    response = web.Response(text="welcome")
    response.set_cookie("session", "s3cr3t", httponly=True, max_age=3600)
    return response


async def show(request: web.Request) -> web.Response:
    return web.json_response(dict(sorted(request.cookies.items())))


async def main(file: Path) -> None:
    app = web.Application()
    app.add_routes([web.get("/login", login), web.get("/show", show)])
    async with TestServer(app) as server:
        base = server.make_url("/")
        # Cookies of servers that are named by an IP address are only kept by an unsafe jar.
        jar = aiohttp_core.CookieJar(unsafe=True)
        async with aiohttp_core.ClientSession(base, cookie_jar=jar) as session:
            await session.get("login")
            async with session.get("show", cookies={"language": "fr"}) as response:
                print(await response.json())
            jar.save(file)
        again = aiohttp_core.CookieJar(unsafe=True)
        again.load(file)
        async with aiohttp_core.ClientSession(base, cookie_jar=again) as session:
            async with session.get("show") as response:
                print("from the file:", await response.json())
        async with aiohttp_core.ClientSession(base, cookie_jar=aiohttp_core.DummyCookieJar()) as session:
            await session.get("login")
            async with session.get("show") as response:
                print("without a jar:", await response.json())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(Path(folder) / "cookies"))
