"""Every parameter of ``ws_connect`` and of ``WebSocketResponse``, over real sockets.

Proxies have a page of their own (test_client_proxies.py), and so do deprecations (tests/compat/test_deprecations.py).
"""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import trustme
from functional.websocket_servers import Handler, echo, run, serving

import aiohttp_core
from aiohttp_core import BasicAuth, ClientSession, ClientWSTimeout, WSMsgType, web

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # some parameters are deprecated
LOOPS = pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
Check = Callable[[ClientSession, str], Awaitable[None]]
CLIENT: dict[str, Check] = {}
SERVER: dict[str, Check] = {}
HANDLERS: dict[str, Handler] = {}


def handler(function: Callable[[Any], Awaitable[None]], **options: Any) -> Handler:
    """A handler that talks by ``function(socket)``."""

    async def handle(request: web.Request) -> web.StreamResponse:
        socket: Any = web.WebSocketResponse(**options)
        await socket.prepare(request)
        await function(socket)
        return socket

    return handle


def client(*names: str, serve: Handler | None = None) -> Callable[[Check], Check]:
    def keep(check: Check) -> Check:
        for name in names:
            CLIENT[name] = check
            HANDLERS["client " + name] = serve or echo()
        return check

    return keep


def server(name: str, serve: Handler) -> Callable[[Check], Check]:
    def keep(check: Check) -> Check:
        SERVER[name] = check
        HANDLERS["server " + name] = serve
        return check

    return keep


async def show_request(request: web.Request) -> web.StreamResponse:
    """Sends back what the handshake was."""
    socket: Any = web.WebSocketResponse(protocols=("b",))
    await socket.prepare(request)
    await socket.send_json({"method": request.method, "query": request.query_string, "headers": dict(request.headers)})
    await socket.close()
    return socket


@client("method", serve=show_request)
async def method(session: ClientSession, url: str) -> None:
    """The method travels; a server by the letter of the RFC refuses another one than GET."""
    with pytest.raises(aiohttp_core.WSServerHandshakeError) as caught:
        await session.ws_connect(url, method="POST")
    assert caught.value.status == 400
    async with session.ws_connect(url, method="GET") as socket:
        assert (await socket.receive_json())["method"] == "GET"


@client("protocols", "origin", "params", "headers", "auth", serve=show_request)
async def request_fields(session: ClientSession, url: str) -> None:
    async with session.ws_connect(
        url,
        protocols=iter(("a", "b")),
        origin="https://example.com",
        params={"q": "1 2"},
        headers={"X-Own": "yes"},
        auth=BasicAuth("a", "b"),
    ) as socket:
        seen = await socket.receive_json()
        assert socket.protocol == "b"
    assert seen["query"] == "q=1 2"
    fields = {name.lower(): value for name, value in seen["headers"].items()}
    assert fields["sec-websocket-protocol"] == "a,b"
    assert fields["origin"] == "https://example.com"
    assert fields["x-own"] == "yes"
    assert fields["authorization"] == "Basic YTpi"


async def ignore(socket: Any) -> None:
    """Answer no CLOSE until the client is gone."""
    while (await socket.receive()).type is WSMsgType.PING:
        pass
    while socket._req.transport is not None:
        await asyncio.sleep(0)


@client("timeout", serve=handler(ignore, autoclose=False))
async def timeout(session: ClientSession, url: str) -> None:
    socket = await session.ws_connect(url, timeout=ClientWSTimeout(ws_receive=0.01, ws_close=0.01))
    with pytest.raises(asyncio.TimeoutError):
        await socket.receive()
    assert await socket.close() is True
    assert socket.close_code == 1006
    with pytest.warns(DeprecationWarning, match="timeout"):
        opening = session.ws_connect(url, timeout=0.01)  # type: ignore[arg-type]
    socket = await opening
    assert await socket.close() is True
    assert socket.close_code == 1006


@client("receive_timeout")
async def receive_timeout(session: ClientSession, url: str) -> None:
    with pytest.warns(DeprecationWarning, match="receive_timeout"):
        opening = session.ws_connect(url, receive_timeout=0.01)
    async with opening as socket:
        with pytest.raises(asyncio.TimeoutError):
            await socket.receive()


async def close_first(socket: Any) -> None:
    await socket.send_str("before")
    await socket.close(code=4001, message=b"why")


@client("autoclose", serve=handler(close_first))
async def autoclose(session: ClientSession, url: str) -> None:
    for auto in (True, False):
        socket = await session.ws_connect(url, autoclose=auto)
        assert await socket.receive_str() == "before"
        message = await socket.receive()
        assert tuple(message) == (WSMsgType.CLOSE, 4001, "why")
        assert socket.closed is auto
        if not auto:
            await socket.send_str("after your close")
        assert socket.close_code == 4001
        assert (await socket.receive()).type is WSMsgType.CLOSED
        assert socket.closed
        assert await socket.close() is False
    async with session.ws_connect(url, autoclose=False) as socket:
        assert [message.data async for message in socket] == ["before"]
        assert not socket.closed
        assert [message async for message in socket] == []
        assert socket.closed


async def ping_first(socket: Any) -> None:
    await socket.ping(b"are you there")
    message = await socket.receive()
    assert tuple(message) == (WSMsgType.PONG, b"are you there", "")
    await socket.send_str("pong came")
    await socket.receive()


@client("autoping", serve=handler(ping_first, autoping=False))
async def autoping(session: ClientSession, url: str) -> None:
    async with session.ws_connect(url) as socket:
        assert await socket.receive_str() == "pong came"
    async with session.ws_connect(url, autoping=False) as socket:
        assert tuple(await socket.receive()) == (WSMsgType.PING, b"are you there", "")
        await socket.pong(b"are you there")
        assert await socket.receive_str() == "pong came"


@client("heartbeat", serve=handler(ignore, autoping=False))
async def heartbeat(session: ClientSession, url: str) -> None:
    async with session.ws_connect(url, heartbeat=0.02) as socket:
        message = await socket.receive()
    assert message.type is WSMsgType.ERROR
    assert isinstance(socket.exception(), aiohttp_core.ServerTimeoutError)
    assert socket.close_code == 1006


@client("compress")
async def compress(session: ClientSession, url: str) -> None:
    for bits in (0, 9, 12, 15):
        async with session.ws_connect(url, compress=bits) as socket:
            assert bool(socket.compress) is bool(bits)
            for override in (None, 0, 15):
                await socket.send_str("x" * 1000, override)
                assert await socket.receive_str() == "x" * 1000
    with pytest.raises(ValueError, match="window bits"):
        await session.ws_connect(url, compress=8)


@client("max_msg_size")
async def max_msg_size(session: ClientSession, url: str) -> None:
    for bits in (0, 15):
        async with session.ws_connect(url, max_msg_size=100, compress=bits) as socket:
            await socket.send_str("x" * 100)
            assert len(await socket.receive_str()) == 100
            await socket.send_str("x" * 101)
            message = await socket.receive()
            assert message.type is WSMsgType.ERROR
            assert socket.close_code == 1009
    async with session.ws_connect(url, max_msg_size=0) as socket:
        await socket.send_bytes(bytes(2**22))
        assert len(await socket.receive_bytes()) == 2**22


@client("decode_text")
async def decode_text(session: ClientSession, url: str) -> None:
    for decode, expected in ((True, "é"), (False, "é".encode())):
        async with session.ws_connect(url, decode_text=decode) as socket:
            await socket.send_str("é")
            assert (await socket.receive()).data == expected
            await socket.send_json_bytes({"a": 1}, dumps=lambda data: b'{"a": 1}')
            message = await socket.receive()
            assert (message.type, message.json()) == (WSMsgType.BINARY, {"a": 1})
            await socket.send_json({"a": 2})
            message = await socket.receive()
            assert (message.type, message.json()) == (WSMsgType.TEXT, {"a": 2})


@server("timeout", handler(ignore, timeout=0.01))
async def server_timeout(session: ClientSession, url: str) -> None:
    ended: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

    async def close(socket: Any) -> None:
        await socket.close()
        ended.set_result(socket.close_code)

    async with serving(handler(close, timeout=0.01)) as base:
        socket = await session.ws_connect(base + "/ws", autoclose=False)
        assert await ended == 1006
        assert (await socket.receive()).type is WSMsgType.CLOSE
        await socket.close()


async def wait_for_nothing(socket: Any) -> None:
    with pytest.raises(asyncio.TimeoutError):
        await socket.receive()
    await socket.send_str("timed out")


@server("receive_timeout", handler(wait_for_nothing, receive_timeout=0.01))
async def server_receive_timeout(session: ClientSession, url: str) -> None:
    async with session.ws_connect(url) as socket:
        assert await socket.receive_str() == "timed out"
        assert (await socket.receive()).type is WSMsgType.CLOSE


async def close_by_hand(socket: Any) -> None:
    message = await socket.receive()
    assert (message.type, socket.closed) == (WSMsgType.CLOSE, False)
    assert (await socket.receive()).type is WSMsgType.CLOSING
    assert not socket.closed
    await socket.send_str("after your close")
    await socket.close(code=4002)


@server("autoclose", handler(close_by_hand, autoclose=False))
async def server_autoclose(session: ClientSession, url: str) -> None:
    socket = await session.ws_connect(url)
    assert await socket.close(code=4001) is True
    assert socket.close_code == 4002


async def show_ping(socket: Any) -> None:
    message = await socket.receive()
    await socket.send_str(f"{message.type.name} {message.data.decode()}")
    await socket.receive()


@server("autoping", handler(show_ping, autoping=False))
async def server_autoping(session: ClientSession, url: str) -> None:
    async with session.ws_connect(url) as socket:
        await socket.ping(b"hello")
        assert await socket.receive_str() == "PING hello"


@server("heartbeat", handler(ignore, heartbeat=0.02))
async def server_heartbeat(session: ClientSession, url: str) -> None:
    async with session.ws_connect(url, autoping=False) as socket:
        assert (await socket.receive()).type is WSMsgType.PING
        assert (await socket.receive()).type is WSMsgType.CLOSED
        assert socket.close_code == 1006


@server("protocols", echo(protocols=["x", "y"]))
async def server_protocols(session: ClientSession, url: str) -> None:
    async with session.ws_connect(url, protocols=("z", "y", "x")) as socket:
        assert socket.protocol == "y"
    none: Any = None
    async with serving(echo(protocols=none)) as base:
        for protocols in (none, ("x",)):
            async with session.ws_connect(base + "/ws", protocols=protocols) as socket:
                assert socket.protocol is None


@server("compress", echo(compress=False))
async def server_compress(session: ClientSession, url: str) -> None:
    async with session.ws_connect(url, compress=15) as socket:
        assert socket.compress == 0
        await socket.send_str("x" * 1000)
        assert await socket.receive_str() == "x" * 1000


@server("max_msg_size", echo(max_msg_size=100))
async def server_max_msg_size(session: ClientSession, url: str) -> None:
    async with session.ws_connect(url) as socket:
        await socket.send_str("x" * 100)
        assert len(await socket.receive_str()) == 100
        await socket.send_str("x" * 101)
        assert tuple(await socket.receive())[:2] == (WSMsgType.CLOSE, 1009)


@server("writer_limit", echo())
async def server_writer_limit(session: ClientSession, url: str) -> None:
    """Above the limit a send waits for the client to read; below it none does."""
    for limit, waits in ((1000, True), (2**40, False)):
        stuck: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        async def flood(socket: Any, stuck: asyncio.Future[bool] = stuck, waits: bool = waits) -> None:
            transport = socket._req.transport
            while transport.get_write_buffer_size() < 2**20 and not stuck.done():
                sending = asyncio.ensure_future(socket.send_bytes(bytes(2**16)))
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                if not sending.done():
                    stuck.set_result(True)
                await sending
            if not stuck.done():
                stuck.set_result(False)

        async with serving(handler(flood, writer_limit=limit)) as base:
            socket = await session.ws_connect(base + "/ws", max_msg_size=0)
            assert await stuck is waits
            async for message in socket:
                assert len(message.data) == 2**16


async def tell_kind(socket: Any) -> None:
    message = await socket.receive()
    await socket.send_str(type(message.data).__name__)
    await socket.receive()


@server("decode_text", handler(tell_kind, decode_text=False))
async def server_decode_text(session: ClientSession, url: str) -> None:
    async with session.ws_connect(url) as socket:
        await socket.send_str("é")
        assert await socket.receive_str() == "bytes"


@LOOPS
@pytest.mark.parametrize("name", sorted(CLIENT))
def test_client(name: str, loop: str) -> None:
    """Each parameter of ``ws_connect`` does what its name says."""

    async def main() -> None:
        async with serving(HANDLERS["client " + name]) as base, ClientSession() as session:
            await CLIENT[name](session, base + "/ws")

    run(main, loop)


@LOOPS
@pytest.mark.parametrize("name", sorted(SERVER))
def test_server(name: str, loop: str) -> None:
    """Each parameter of ``WebSocketResponse`` does what its name says."""

    async def main() -> None:
        async with serving(HANDLERS["server " + name]) as base, ClientSession() as session:
            await SERVER[name](session, base + "/ws")

    run(main, loop)


@LOOPS
@pytest.mark.parametrize("name", ["ssl", "ssl off", "fingerprint", "verify_ssl", "ssl_context", "server_hostname"])
def test_tls(name: str, loop: str) -> None:
    """Each way to say what certificate is good opens wss, and without one it is refused."""
    authority = trustme.CA()
    server_tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    named = authority.issue_cert("example.test" if name == "server_hostname" else "127.0.0.1")
    named.configure_cert(server_tls)
    client_tls = ssl.create_default_context()
    authority.configure_trust(client_tls)
    pin = hashlib.sha256(ssl.PEM_cert_to_DER_cert(named.cert_chain_pems[0].bytes().decode())).digest()
    good: dict[str, Any] = {
        "ssl": {"ssl": client_tls},
        "ssl off": {"ssl": False},
        "fingerprint": {"fingerprint": pin},
        "verify_ssl": {"verify_ssl": False},
        "ssl_context": {"ssl_context": client_tls},
        "server_hostname": {"ssl": client_tls, "server_hostname": "example.test"},
    }[name]
    bad: dict[str, Any] = {
        "fingerprint": {"fingerprint": bytes(32)},
        "server_hostname": {"ssl": client_tls},
    }.get(name, {})

    async def main() -> None:
        async with serving(echo(), server_tls) as base, ClientSession() as session:
            url = base.replace("https", "wss") + "/ws"
            with pytest.raises((aiohttp_core.ClientConnectorCertificateError, aiohttp_core.ServerFingerprintMismatch)):
                await session.ws_connect(url, **bad)
            async with session.ws_connect(url, **good) as socket:
                await socket.send_str("secret")
                assert await socket.receive_str() == "secret"
                assert socket.get_extra_info("ssl_object") is not None

    run(main, loop)


def test_all_parameters_have_a_test() -> None:
    """A parameter that is added needs its own test here."""
    elsewhere = {"proxy", "proxy_auth", "proxy_headers"}
    tls = {"ssl", "verify_ssl", "fingerprint", "ssl_context", "server_hostname"}
    client_parameters = set(inspect.signature(ClientSession.ws_connect).parameters) - {"self", "url"}
    assert client_parameters == set(CLIENT) | tls | elsewhere
    assert set(inspect.signature(web.WebSocketResponse).parameters) == set(SERVER)
