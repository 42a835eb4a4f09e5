"""aiohttp-jinja2, aiohttp-session, aiohttp-cors and aiohttp-sse: what applications are made with."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp_cors
import aiohttp_jinja2
import aiohttp_session
import jinja2
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp_sse import sse_response


def with_client(app: web.Application, body: Callable[[Any], Awaitable[None]]) -> None:
    async def main() -> None:
        async with TestClient(TestServer(app)) as client:
            await body(client)

    asyncio.run(main())


def test_jinja2() -> None:
    """Templates are rendered by decorator, by function and with a context processor."""

    @aiohttp_jinja2.template("page.html")
    async def decorated(request: web.Request) -> dict[str, str]:
        return {"name": "decorated"}

    async def rendered(request: web.Request) -> web.Response:
        return aiohttp_jinja2.render_template("page.html", request, {"name": "rendered"}, status=201)

    async def processor(request: web.Request) -> dict[str, str]:
        return {"path": request.path}

    app = web.Application()
    loader = jinja2.DictLoader({"page.html": "{{ name }} {{ path }} {{ url('there') }}"})
    aiohttp_jinja2.setup(app, loader=loader, context_processors=[processor])
    app.router.add_get("/a", decorated, name="there")
    app.router.add_get("/b", rendered)

    async def body(client: Any) -> None:
        response = await client.get("/a")
        assert (await response.text(), response.content_type) == ("decorated /a /a", "text/html")
        response = await client.get("/b")
        assert (response.status, await response.text()) == (201, "rendered /b /a")

    with_client(app, body)


def test_session() -> None:
    """A session lives in a cookie from one request to the next, until it is invalidated."""

    async def count(request: web.Request) -> web.Response:
        session = await aiohttp_session.get_session(request)
        session["count"] = session.get("count", 0) + 1
        return web.json_response(session["count"])

    async def forget(request: web.Request) -> web.Response:
        (await aiohttp_session.get_session(request)).invalidate()
        return web.Response()

    app = web.Application()
    aiohttp_session.setup(app, aiohttp_session.SimpleCookieStorage())
    app.add_routes([web.get("/", count), web.get("/forget", forget)])

    async def body(client: Any) -> None:
        for expected in (1, 2):
            assert await (await client.get("/")).json() == expected
        await client.get("/forget")
        assert await (await client.get("/")).json() == 1

    with_client(app, body)


def test_cors() -> None:
    """Simple and preflight requests of an allowed origin are answered, others are not."""

    async def hello(request: web.Request) -> web.Response:
        return web.Response(text="hello", headers={"X-Shown": "yes"})

    app = web.Application()
    cors = aiohttp_cors.setup(app)
    options = aiohttp_cors.ResourceOptions(expose_headers=("X-Shown",), allow_headers=("X-Sent",), max_age=60)
    resource = cors.add(app.router.add_resource("/"))
    cors.add(resource.add_route("PUT", hello), {"http://good.invalid": options})

    async def body(client: Any) -> None:
        good = {"Origin": "http://good.invalid"}
        response = await client.put("/", headers=good)
        assert response.headers["Access-Control-Allow-Origin"] == "http://good.invalid"
        assert response.headers["Access-Control-Expose-Headers"] == "X-Shown"
        response = await client.put("/", headers={"Origin": "http://bad.invalid"})
        assert "Access-Control-Allow-Origin" not in response.headers
        asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "X-Sent"}
        response = await client.options("/", headers=good | asked)
        assert (response.status, response.headers["Access-Control-Max-Age"]) == (200, "60")
        assert (await client.options("/", headers={"Origin": "http://bad.invalid"} | asked)).status == 403

    with_client(app, body)


def test_sse() -> None:
    """Events are streamed, and the handler ends when the client goes."""
    ended = asyncio.Event()

    async def events(request: web.Request) -> web.StreamResponse:
        async with sse_response(request) as response:
            try:
                await response.send("one", id="1", event="first")
                await response.send("two\nlines")
                await response.wait()
            finally:
                ended.set()
        return response

    app = web.Application()
    app.router.add_get("/", events)

    async def body(client: Any) -> None:
        async with client.get("/") as response:
            assert response.content_type == "text/event-stream"
            received = b""
            while b"lines" not in received:
                received += await response.content.readany()
            assert received.startswith(b"id: 1\r\nevent: first\r\ndata: one\r\n\r\ndata: two\r\ndata: lines")
            response.close()
        await asyncio.wait_for(ended.wait(), 10)

    with_client(app, body)
