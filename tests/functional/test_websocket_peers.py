"""Interoperation: the websockets library, Node's ws and Chromium at the other end."""

from __future__ import annotations

import asyncio
import pathlib
import shutil
from typing import Any

import pytest
from functional.websocket_servers import echo, node_with_ws, run, serving

from aiohttp_core import ClientSession, WSCloseCode, WSMessage, WSMsgType, web

SIZES = [0, 1, 125, 126, 65535, 65536, 200_000]


@pytest.mark.parametrize("compression", [None, "deflate"])
def test_client_of_the_websockets_library(compression: str | None) -> None:
    """Our server echoes what the websockets library sends, fragmented messages and pings included."""
    websockets = pytest.importorskip("websockets.asyncio.client")

    async def main() -> None:
        async with serving(echo(protocols=("chat",))) as base:
            url = base.replace("http", "ws") + "/ws"
            async with websockets.connect(url, compression=compression, subprotocols=["chat"]) as peer:
                assert peer.subprotocol == "chat"
                for size in SIZES:
                    await peer.send("é" * size)
                    assert await peer.recv() == "é" * size
                    await peer.send(b"\x00" * size)
                    assert await peer.recv() == b"\x00" * size
                await peer.send(["frag", "men", "ted"])
                assert await peer.recv() == "fragmented"
                await (await peer.ping())
            assert peer.close_code == 1000

    run(main)


@pytest.mark.parametrize("compress", [0, 9, 15])
def test_server_of_the_websockets_library(compress: int) -> None:
    """Our client gets back what it sends to a server of the websockets library."""
    websockets = pytest.importorskip("websockets.asyncio.server")

    async def handler(peer: Any) -> None:
        async for message in peer:
            await peer.send(message)

    async def main() -> None:
        async with websockets.serve(handler, "127.0.0.1", 0, max_size=None) as server, ClientSession() as session:
            port = server.sockets[0].getsockname()[1]
            async with session.ws_connect(f"ws://127.0.0.1:{port}/", compress=compress) as socket:
                assert bool(socket.compress) is bool(compress)
                for size in SIZES:
                    await socket.send_str("é" * size)
                    assert await socket.receive_str() == "é" * size
                    await socket.send_bytes(b"\x00" * size)
                    assert await socket.receive_bytes() == b"\x00" * size
            assert socket.close_code == 1000

    run(main)


NODE_CLIENT = """
const WebSocket = require('ws');
const socket = new WebSocket(process.argv[2], {perMessageDeflate: process.argv[3] === 'deflate'});
const sizes = [0, 1, 125, 126, 65535, 65536, 200000];
let at = 0;
function next() {
  if (at === sizes.length) { socket.close(4000, 'done'); return; }
  socket.send('x'.repeat(sizes[at]));
}
socket.on('open', next);
socket.on('message', (data, binary) => {
  if (binary || data.toString() !== 'x'.repeat(sizes[at])) { console.log('WRONG', at); process.exit(1); }
  at += 1; next();
});
socket.on('close', (code, reason) => { console.log('closed', code, reason.toString()); });
socket.on('error', (error) => { console.log('ERROR', error.message); process.exit(1); });
"""

NODE_SERVER = """
const { WebSocketServer } = require('ws');
const server = new WebSocketServer({host: '127.0.0.1', port: 0, perMessageDeflate: true}, () => {
  console.log(server.address().port);
});
server.on('connection', (socket) => {
  socket.on('message', (data, binary) => socket.send(data, {binary}));
  socket.on('close', () => server.close());
});
"""


@pytest.mark.parametrize("deflate", ["plain", "deflate"])
def test_client_of_node(tmp_path: pathlib.Path, deflate: str) -> None:
    """Our server serves Node's ws and closes with its code."""
    folder = node_with_ws(tmp_path)
    script = tmp_path / "client.js"
    script.write_text(NODE_CLIENT)

    async def main() -> None:
        async with serving(echo()) as base:
            url = base.replace("http", "ws") + "/ws"
            node = await asyncio.create_subprocess_exec(
                "node", str(script), url, deflate, cwd=folder, stdout=asyncio.subprocess.PIPE
            )
            output, _ = await node.communicate()
            assert output == b"closed 4000 \n"

    run(main)


@pytest.mark.parametrize("compress", [0, 15])
def test_server_of_node(tmp_path: pathlib.Path, compress: int) -> None:
    """Our client talks to a server of Node's ws."""
    folder = node_with_ws(tmp_path)
    script = tmp_path / "server.js"
    script.write_text(NODE_SERVER)

    async def main() -> None:
        node = await asyncio.create_subprocess_exec("node", str(script), cwd=folder, stdout=asyncio.subprocess.PIPE)
        try:
            port = int(await node.stdout.readline())  # type: ignore[union-attr]
            async with ClientSession() as session:
                async with session.ws_connect(f"ws://127.0.0.1:{port}/", compress=compress) as socket:
                    for size in SIZES:
                        await socket.send_str("x" * size)
                        assert await socket.receive_str() == "x" * size
                        await socket.send_bytes(b"\x01" * size)
                        assert await socket.receive_bytes() == b"\x01" * size
        finally:
            await asyncio.wait_for(node.communicate(), 20)

    run(main)


PAGE = """<!doctype html><title>waiting</title><script>
const sizes = [0, 1, 125, 126, 65535, 65536, 200000];
const socket = new WebSocket(location.href.replace('http', 'ws') + 'ws', ['chat']);
let at = 0, lines = [];
function done(text) { lines.push(text); fetch('/result', {method: 'POST', body: lines.join(' | ')}); }
socket.onopen = () => { lines.push('open ' + socket.protocol + ' [' + socket.extensions + ']'); next(); };
function next() {
  if (at === sizes.length) { socket.close(4000, 'done'); return; }
  socket.send('x'.repeat(sizes[at]));
}
socket.onmessage = (event) => {
  if (event.data !== 'x'.repeat(sizes[at])) { done('WRONG ' + at); return; }
  at += 1; next();
};
socket.onclose = (event) => done('closed ' + event.code + ' ' + event.reason + ' ' + event.wasClean);
</script>"""


def test_chromium(tmp_path: pathlib.Path) -> None:
    """A page in headless Chromium echoes through our server, compressed, and closes cleanly."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("Chromium is not installed")

    async def main() -> None:
        app = web.Application()

        async def page(request: web.Request) -> web.Response:
            return web.Response(text=PAGE, content_type="text/html")

        async def result(request: web.Request) -> web.Response:
            told.set_result(await request.text())
            return web.Response()

        told: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        app.router.add_get("/", page)
        app.router.add_post("/result", result)
        app.router.add_get("/ws", echo(protocols=("chat",)))
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        process = await asyncio.create_subprocess_exec(
            str(browser), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--remote-debugging-port=0", f"--user-data-dir={tmp_path}",
            f"http://127.0.0.1:{runner.addresses[0][1]}/",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            lines = await asyncio.wait_for(told, 50)
        finally:
            process.terminate()
            await process.wait()
            await runner.cleanup()
        assert lines.startswith("open chat [permessage-deflate")
        assert lines.endswith("closed 4000  true")

    run(main)


def test_message_kinds() -> None:
    """What programs compare stays what it is."""
    kinds = {
        "CONTINUATION": 0,
        "TEXT": 1,
        "BINARY": 2,
        "CLOSE": 8,
        "PING": 9,
        "PONG": 10,
        "CLOSING": 0x100,
        "CLOSED": 0x101,
        "ERROR": 0x102,
    }
    aliases = {name.lower(): value for name, value in kinds.items() if name != "CONTINUATION"}
    assert {name: int(kind) for name, kind in WSMsgType.__members__.items()} == kinds | aliases
    assert {name: int(code) for name, code in WSCloseCode.__members__.items()} == {
        "OK": 1000,
        "GOING_AWAY": 1001,
        "PROTOCOL_ERROR": 1002,
        "UNSUPPORTED_DATA": 1003,
        "ABNORMAL_CLOSURE": 1006,
        "INVALID_TEXT": 1007,
        "POLICY_VIOLATION": 1008,
        "MESSAGE_TOO_BIG": 1009,
        "MANDATORY_EXTENSION": 1010,
        "INTERNAL_ERROR": 1011,
        "SERVICE_RESTART": 1012,
        "TRY_AGAIN_LATER": 1013,
        "BAD_GATEWAY": 1014,
    }
    assert WSMessage._fields == ("type", "data", "extra")
    assert WSMessage(WSMsgType.TEXT, "[1]", "").json(loads=len) == 3
