"""The servers that WebSocket tests talk to: ours, the websockets library's, Node's ws; and a certificate."""

from __future__ import annotations

import asyncio
import contextlib
import json
import pathlib
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import trustme

from aiohttp_core import WSMsgType, web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@contextlib.asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None, **kwargs: Any) -> AsyncIterator[str]:
    """Serve ``handler`` at ``/ws`` (any method) and a page at ``/page``; gives the base address."""
    app = web.Application()
    app.router.add_route("*", "/ws", handler)

    async def page(request: web.Request) -> web.Response:
        return web.Response(text="page")

    app.router.add_get("/page", page)
    runner = web.AppRunner(app, access_log=None, **kwargs)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def echo(**options: Any) -> Handler:
    """A handler that sends every message back."""

    async def handler(request: web.Request) -> web.StreamResponse:
        socket: Any = web.WebSocketResponse(**options)
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await socket.send_str(message.data)
            elif message.type is WSMsgType.BINARY:
                await socket.send_bytes(message.data)
        return socket

    return handler


def certificates() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Contexts for a server on this machine and for a client that trusts it."""
    authority = trustme.CA()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return server, client


def run(main: Callable[[], Awaitable[Any]], loop: str = "asyncio") -> None:
    """Run ``main()`` on the named loop, with a bound on its time."""

    async def bounded() -> None:
        await asyncio.wait_for(main(), 60)

    if loop == "asyncio":
        asyncio.run(bounded())
        return
    uvloop = pytest.importorskip("uvloop")
    running = uvloop.new_event_loop()
    try:
        running.run_until_complete(bounded())
    finally:
        running.run_until_complete(running.shutdown_asyncgens())
        running.close()


def node_with_ws(folder: pathlib.Path) -> str:
    """A folder in which Node finds the ws package; skips the test where Node or npm is missing."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node and npm are not installed")
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": {"ws": "^8"}}))
    done = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--silent"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    if done.returncode != 0:
        pytest.skip(f"npm could not install ws: {done.stderr.strip()[-200:]}")
    return str(folder)
