"""aiohttp-retry, fsspec, gql and slack_sdk: what is made of the client."""

import asyncio
from typing import Any

import fsspec
import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer
from aiohttp_retry import ExponentialRetry, RetryClient
from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.aiohttp_websockets import AIOHTTPWebsocketsTransport
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient


def test_retry() -> None:
    """A request is repeated until its answer is good."""
    statuses = [500, 503, 200]

    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=statuses.pop(0), text=await request.text())

    async def main() -> None:
        app = web.Application()
        app.router.add_post("/", handler)
        options = ExponentialRetry(attempts=5, start_timeout=0.001)
        async with TestServer(app) as server, RetryClient(retry_options=options) as client:
            async with client.post(server.make_url("/"), data="again") as response:
                assert (response.status, await response.text()) == (200, "again")

    asyncio.run(main())
    assert statuses == []


def test_fsspec() -> None:
    """fsspec's HTTP file system lists, reads whole and by ranges, and writes."""
    stored: dict[str, bytes] = {"a.txt": bytes(range(256)) * 64}

    async def read(request: web.Request) -> web.StreamResponse:
        content = stored.get(request.match_info["name"])
        if content is None:
            raise web.HTTPNotFound
        span = request.http_range
        part = content[span]
        headers = {"Accept-Ranges": "bytes"}
        if span.start is None:
            return web.Response(body=content, headers=headers)
        headers["Content-Range"] = f"bytes {span.start}-{span.start + len(part) - 1}/{len(content)}"
        return web.Response(body=part, status=206, headers=headers)

    async def write(request: web.Request) -> web.Response:
        stored[request.match_info["name"]] = await request.read()
        return web.Response(status=201)

    async def index(request: web.Request) -> web.Response:
        links = "".join(f'<a href="{name}">{name}</a>' for name in stored)
        return web.Response(text=links, content_type="text/html")

    async def main() -> None:
        app = web.Application()
        app.add_routes([web.get("/", index), web.get("/{name}", read), web.put("/{name}", write)])
        async with TestServer(app) as server:
            base = str(server.make_url("/"))
            files: Any = fsspec.filesystem("http", asynchronous=True, skip_instance_cache=True)
            session = await files.set_session()
            try:
                listed = await files._ls(base, detail=False)
                assert listed == [base + "a.txt"]
                assert await files._cat_file(base + "a.txt") == stored["a.txt"]
                assert await files._cat_file(base + "a.txt", start=10, end=20) == stored["a.txt"][10:20]
                assert (await files._info(base + "a.txt"))["size"] == 16384
                assert not await files._exists(base + "missing")
                await files._pipe_file(base + "b.txt", b"written", mode="overwrite")
                assert stored["b.txt"] == b"written"
            finally:
                await session.close()

    asyncio.run(main())


def test_gql() -> None:
    """A query is answered over HTTP, and a subscription over a WebSocket."""

    async def query(request: web.Request) -> web.Response:
        sent = await request.json()
        assert "hello" in sent["query"]
        return web.json_response({"data": {"hello": sent["variables"]["name"]}})

    async def subscribe(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("graphql-transport-ws",))
        await socket.prepare(request)
        async for message in socket:
            assert message.type is WSMsgType.TEXT
            data = message.json()
            if data["type"] == "connection_init":
                await socket.send_json({"type": "connection_ack"})
            elif data["type"] == "subscribe":
                for number in (1, 2):
                    payload = {"data": {"number": number}}
                    await socket.send_json({"type": "next", "id": data["id"], "payload": payload})
                await socket.send_json({"type": "complete", "id": data["id"]})
        return socket

    async def main() -> None:
        app = web.Application()
        app.add_routes([web.post("/graphql", query), web.get("/live", subscribe)])
        async with TestServer(app) as server:
            transport = AIOHTTPTransport(url=str(server.make_url("/graphql")))
            async with Client(transport=transport) as session:
                document = gql("query ($name: String) { hello(name: $name) }")
                document.variable_values = {"name": "world"}
                assert await session.execute(document) == {"hello": "world"}
            live = AIOHTTPWebsocketsTransport(url=str(server.make_url("/live").with_scheme("ws")))
            async with Client(transport=live) as session:
                numbers = [result["number"] async for result in session.subscribe(gql("subscription { number }"))]
            assert numbers == [1, 2]

    asyncio.run(main())


def test_slack() -> None:
    """slack_sdk calls the web interface, uploads a form, reports errors, and posts to a webhook."""

    async def method(request: web.Request) -> web.Response:
        if request.match_info["name"] == "auth.test":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        assert request.headers["Authorization"] == "Bearer xoxb-secret"
        sent = await request.json() if request.content_type == "application/json" else await request.post()
        return web.json_response({"ok": True, "text": sent["text"]})

    async def hook(request: web.Request) -> web.Response:
        return web.Response(text=(await request.json())["text"])

    async def main() -> None:
        app = web.Application()
        app.add_routes([web.post("/api/{name}", method), web.post("/hook", hook)])
        async with TestServer(app) as server:
            client = AsyncWebClient(token="xoxb-secret", base_url=str(server.make_url("/api/")))
            answer = await client.chat_postMessage(channel="C1", text="hello")
            assert answer["text"] == "hello"
            with pytest.raises(SlackApiError, match="invalid_auth"):
                await client.auth_test()
            sent = await AsyncWebhookClient(str(server.make_url("/hook"))).send(text="hooked")
            assert (sent.status_code, sent.body) == (200, "hooked")

    asyncio.run(main())
