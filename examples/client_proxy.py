"""Fetch by way of a proxy. `python examples/client_proxy.py`; it brings its own, which only answers."""

import asyncio

import aiohttp_core
from aiohttp_core import web
from aiohttp_core.test_utils import RawTestServer


async def proxy(request: web.BaseRequest) -> web.Response:
    """A real one would fetch; the absolute target is what tells a proxy's request from a server's."""
    who = request.headers.get("Proxy-Authorization", "nobody")
    return web.Response(text=f"{request.raw_path} for {who}")


async def main() -> None:
    async with RawTestServer(proxy) as server:
        through = server.make_url("/")
        url = "http://example.invalid/page"
        async with aiohttp_core.ClientSession() as session:
            async with session.get(url, proxy=through.with_user("me").with_password("secret")) as response:
                print(await response.text())
        # ClientSession(proxy=...) is for every request; trust_env=True takes HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
        async with aiohttp_core.ClientSession(proxy=through) as session:
            async with session.get(url) as response:
                print(await response.text())


if __name__ == "__main__":
    asyncio.run(main())
