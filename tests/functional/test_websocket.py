"""WebSockets over real sockets: our client and our server, TLS, refusals, shutdown, a soak."""

from __future__ import annotations

import asyncio
import gc
import sys
import tracemalloc
import weakref
from typing import Any

import pytest
from functional.websocket_servers import certificates, echo, run, serving
from multidict import CIMultiDict
from yarl import URL

import aiohttp_core
from aiohttp_core import ClientSession, ClientWSTimeout, WSCloseCode, WSMessage, WSMsgType, WSServerHandshakeError, web
from aiohttp_core._wire.websocket.handshake import accept_for

LOOPS = ["asyncio", "uvloop"]
SIZES = [0, 1, 125, 126, 127, 65535, 65536, 1_000_000]


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("compress", [0, 15])
def test_echo_of_all_sizes(loop: str, compress: int) -> None:
    """Texts and binaries of every length encoding come back, compressed or not."""

    async def main() -> None:
        async with serving(echo()) as base, ClientSession() as session:
            async with session.ws_connect(base + "/ws", compress=compress) as socket:
                assert socket.compress == compress
                for size in SIZES:
                    await socket.send_str("é" * size)
                    assert await socket.receive_str() == "é" * size
                    await socket.send_bytes(b"\xff" * size)
                    assert await socket.receive_bytes() == b"\xff" * size
                await socket.send_json({"a": [1]})
                assert await socket.receive_json() == {"a": [1]}
            assert socket.closed
            assert socket.close_code == WSCloseCode.OK

    run(main, loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_over_tls(loop: str) -> None:
    """The same over TLS."""
    server_tls, client_tls = certificates()

    async def main() -> None:
        async with serving(echo(), server_tls) as base, ClientSession() as session:
            url = str(URL(base).with_host("localhost")).replace("https", "wss")
            async with session.ws_connect(url + "/ws", ssl=client_tls) as socket:
                await socket.send_str("x" * 100_000)
                assert await socket.receive_str() == "x" * 100_000
                assert socket.get_extra_info("cipher") is not None

    run(main, loop)


def test_subprotocols() -> None:
    """The first protocol of the client that the server supports is chosen; none is no failure."""

    async def main() -> None:
        async with serving(echo(protocols=("b", "c"))) as base, ClientSession() as session:
            async with session.ws_connect(base + "/ws", protocols=("a", "c", "b")) as socket:
                assert socket.protocol == "c"
            async with session.ws_connect(base + "/ws", protocols=("a",)) as socket:
                assert socket.protocol is None

    run(main)


def test_refused_handshakes_leave_the_connection_usable() -> None:
    """SECURITY 46: a refused upgrade is answered, and the next request on the connection as well."""

    async def main() -> None:
        async with serving(echo()) as base:
            url = URL(base)
            reader, writer = await asyncio.open_connection(url.host, url.port)
            upgrade = "Host: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
            key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            for head, status in [
                (f"GET /ws HTTP/1.1\r\n{upgrade}{key}Sec-WebSocket-Version: 8\r\n\r\n", b"426"),
                (f"GET /ws HTTP/1.1\r\n{upgrade}Sec-WebSocket-Version: 13\r\n\r\n", b"400"),
                (
                    f"POST /ws HTTP/1.1\r\n{upgrade}{key}Sec-WebSocket-Version: 13\r\nContent-Length: 5\r\n\r\nGET /",
                    b"400",
                ),
                (f"GET /page HTTP/1.1\r\n{upgrade}{key}Sec-WebSocket-Version: 13\r\n\r\n", b"200"),
                ("GET /page HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n", b"200"),
                ("GET /ws HTTP/1.1\r\nHost: a\r\n\r\n", b"400"),
                ("GET /page HTTP/1.1\r\nHost: a\r\n\r\n", b"200"),
            ]:
                writer.write(head.encode())
                answer = await reader.readuntil(b"\r\n\r\n")
                assert answer.split()[1] == status, (head, answer)
                length = int(answer.lower().partition(b"content-length: ")[2].split()[0])
                await reader.readexactly(length)
            writer.close()
            await writer.wait_closed()

    run(main)


@pytest.mark.parametrize(
    "content", [b"Content-Length: 5\r\n\r\n\x88abcd", b"Transfer-Encoding: chunked\r\n\r\n1\r\n\x88\r\n0\r\n\r\n"]
)
@pytest.mark.parametrize("late", [False, True])
def test_the_content_of_a_handshake_is_no_frame(content: bytes, late: bool) -> None:
    """RFC 9110 section 7.8: frames begin behind the request's content, though that comes after its head."""

    async def main() -> None:
        async with serving(echo()) as base:
            url = URL(base)
            reader, writer = await asyncio.open_connection(url.host, url.port)
            head, _, body = (
                b"GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n" + content
            ).partition(b"\r\n\r\n")
            frames = body + b"\x81\x82\0\0\0\0hi\x88\x80\0\0\0\0"
            writer.write(head + b"\r\n\r\n" + (b"" if late else frames))
            if late:
                # An answer on another connection tells that the server has read the head.
                async with ClientSession() as session, session.get(base + "/page") as response:
                    assert response.status == 200
                writer.write(frames)
            answer = await reader.read()
            assert answer.partition(b"\r\n\r\n")[2] == b"\x81\x02hi\x88\x00"
            writer.close()
            await writer.wait_closed()

    run(main)


@pytest.mark.parametrize("length", [0, 5])
def test_a_request_behind_a_refused_handshake_is_answered(length: int) -> None:
    """SECURITY 46: what comes in one read with an upgrade that is refused, its own body first, is the next request."""

    async def main() -> None:
        async with serving(echo()) as base:
            url = URL(base)
            reader, writer = await asyncio.open_connection(url.host, url.port)
            writer.write(
                b"GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                b"Sec-WebSocket-Key: AAAA\r\nSec-WebSocket-Version: 13\r\nContent-Length: %d\r\n\r\n"
                % length
                + b"\x81\x85abc"[:length]
                + b"GET /page HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            first, _, second = (await reader.read()).partition(b"HTTP/1.1 200")
            assert first.startswith(b"HTTP/1.1 400")
            assert second.endswith(b"\r\n\r\npage")
            writer.close()
            await writer.wait_closed()

    run(main)


@pytest.mark.parametrize(
    ("status", "headers", "message"),
    [
        (200, {}, "Invalid response status"),
        (101, {"Upgrade": "other", "Connection": "upgrade"}, "Invalid upgrade header"),
        (101, {"Upgrade": "websocket"}, "Invalid connection header"),
        (101, {"Upgrade": "websocket", "Connection": "upgrade"}, "Invalid challenge response"),
    ],
)
def test_bad_answers_fail_the_handshake(status: int, headers: dict[str, str], message: str) -> None:
    """A server that answers the handshake wrongly gives WSServerHandshakeError with what was wrong."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 {status} X\r\n{fields}Content-Length: 0\r\n\r\n".encode())
        writer.close()

    async def main() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with ClientSession() as session:
            with pytest.raises(WSServerHandshakeError) as caught:
                await session.ws_connect(f"http://127.0.0.1:{port}/")
            assert caught.value.status == status
            assert caught.value.message == message
        server.close()
        await server.wait_closed()

    run(main)


def test_an_extension_that_was_not_offered_fails_the_handshake() -> None:
    """SECURITY 47: a server may not choose what was not offered."""

    async def main() -> None:
        async def handler(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(
                status=101,
                headers={
                    "Upgrade": "websocket",
                    "Connection": "upgrade",
                    "Sec-WebSocket-Accept": accept_for(request.headers["Sec-WebSocket-Key"]),
                    "Sec-WebSocket-Extensions": "permessage-deflate",
                },
            )
            response._length_check = False
            await response.prepare(request)
            return response

        async with serving(handler) as base, ClientSession() as session:
            with pytest.raises(WSServerHandshakeError, match="not offered"):
                await session.ws_connect(base + "/ws")

    run(main)


@pytest.mark.parametrize(
    ("wire", "code"),
    [
        (b"\x81\x01a", 1002),
        (b"\x83\x80\x00\x00\x00\x00", 1002),
        (b"\xc1\x80\x00\x00\x00\x00", 1002),
        (b"\x88\x82\x00\x00\x00\x00\x03\xec", 1002),
        (b"\x81\x81\x00\x00\x00\x00\xff", 1007),
        (b"\x81\xff\x00\x00\x00\x00\x7f\xff\xff\xff\x00\x00\x00\x00", 1009),
    ],
)
def test_violations_of_a_client(wire: bytes, code: int) -> None:
    """The server answers a violation with its close code, tells its handler once, closes, and keeps nothing."""
    seen: list[Any] = []
    channels: list[Any] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        socket: Any = web.WebSocketResponse()
        await socket.prepare(request)
        channels.append(weakref.ref(socket._channel))
        async for message in socket:
            seen.append(message)
        seen.append(socket.close_code)
        return socket

    async def main() -> None:
        async with serving(handler) as base:
            url = URL(base)
            reader, writer = await asyncio.open_connection(url.host, url.port)
            writer.write(
                b"GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n" + wire
            )
            answer = await reader.read()
            assert answer.partition(b"\r\n\r\n")[2] == b"\x88\x02" + code.to_bytes(2, "big")
            writer.close()
            await writer.wait_closed()
            message, close_code = seen
            assert message.type is WSMsgType.ERROR
            assert message.data.code == close_code == code
            seen.clear()
            del message
            while channels[0]() is not None:
                await asyncio.sleep(0)

    gc.disable()
    try:
        run(main)
    finally:
        gc.enable()


def test_masked_frames_of_a_server_are_refused() -> None:
    """A client fails on a masked frame: ERROR once, close code 1002, then CLOSED."""

    async def handler(request: web.Request) -> web.StreamResponse:
        socket: Any = web.WebSocketResponse()
        await socket.prepare(request)
        request.transport.write(b"\x81\x81\x00\x00\x00\x00a")
        message = await socket.receive()
        assert (message.type, message.data) == (WSMsgType.CLOSE, 1002)
        return socket

    async def main() -> None:
        async with serving(handler) as base, ClientSession() as session:
            socket = await session.ws_connect(base + "/ws")
            message = await socket.receive()
            assert message.type is WSMsgType.ERROR
            assert isinstance(message.data, aiohttp_core.WebSocketError)
            assert socket.close_code == 1002
            assert (await socket.receive()).type is WSMsgType.CLOSED

    run(main)


def test_heartbeat_notices_a_silent_client() -> None:
    """A client that answers nothing is dropped, while nobody sends anything."""
    ended: asyncio.Future[Any]

    async def handler(request: web.Request) -> web.StreamResponse:
        socket: Any = web.WebSocketResponse(heartbeat=0.05)
        await socket.prepare(request)
        message = await socket.receive()
        ended.set_result((message.type, type(message.data), socket.close_code))
        return socket

    async def main() -> None:
        nonlocal ended
        ended = asyncio.get_running_loop().create_future()
        async with serving(handler) as base, ClientSession() as session:
            socket = await session.ws_connect(base + "/ws", autoping=False)
            assert await ended == (WSMsgType.ERROR, asyncio.TimeoutError, 1006)
            assert (await socket.receive()).type is WSMsgType.PING
            await socket.close()

    run(main)


def test_heartbeat_of_the_client() -> None:
    """A server that stops answering fails the client's receive with ServerTimeoutError."""

    async def handler(request: web.Request) -> web.StreamResponse:
        socket: Any = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        assert (await socket.receive()).type is WSMsgType.PING
        await socket.receive()
        return socket

    async def main() -> None:
        async with serving(handler) as base, ClientSession() as session:
            socket = await session.ws_connect(base + "/ws", heartbeat=0.05)
            message = await socket.receive()
            assert message.type is WSMsgType.ERROR
            assert isinstance(message.data, aiohttp_core.ServerTimeoutError)
            assert str(message.data) == "No PONG received after 0.025 seconds"
            assert isinstance(socket.exception(), aiohttp_core.ServerTimeoutError)

    run(main)


def test_shutdown_says_going_away() -> None:
    """A server that shuts down closes its WebSockets with 1001 and waits for their handlers."""
    ended: list[int | None] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        socket: Any = web.WebSocketResponse()
        await socket.prepare(request)
        async for _ in socket:
            pass
        ended.append(socket.close_code)
        return socket

    async def main() -> None:
        async with ClientSession() as session:
            async with serving(handler) as base:
                socket = await session.ws_connect(base + "/ws")
                receiving = asyncio.ensure_future(socket.receive())
            message = await receiving
            assert (message.type, message.data) == (WSMsgType.CLOSE, 1001)
            assert ended == [1001]

    run(main)


def test_a_program_may_close_at_shutdown() -> None:
    """``on_shutdown`` comes before the 1001 of the server's own, so that a program tells its reason."""

    async def main() -> None:
        app = web.Application()
        ended: list[int | None] = []
        sockets: list[Any] = []

        async def handler(request: web.Request) -> web.StreamResponse:
            socket: Any = web.WebSocketResponse()
            await socket.prepare(request)
            sockets.append(socket)
            async for _ in socket:
                pass
            ended.append(socket.close_code)
            return socket

        async def say_goodbye(app: web.Application) -> None:
            assert await sockets[0].close(code=4000, message=b"see you") is True

        app.router.add_get("/ws", handler)
        app.on_shutdown.append(say_goodbye)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with ClientSession() as session:
            url = f"http://127.0.0.1:{runner.addresses[0][1]}/ws"
            first = await session.ws_connect(url)
            second = await session.ws_connect(url)
            receiving = [asyncio.ensure_future(first.receive()), asyncio.ensure_future(second.receive())]
            while len(sockets) < 2:
                await asyncio.sleep(0)
            await runner.cleanup()
            told = [tuple(await message) for message in receiving]
            assert told == [(WSMsgType.CLOSE, 4000, "see you"), (WSMsgType.CLOSE, 1001, "")]
            assert ended == [4000, 1001]

    run(main)


def test_receive_timeouts() -> None:
    """Timeouts of receive leave the connection usable; the one of the session is the default."""

    async def main() -> None:
        async with serving(echo()) as base, ClientSession() as session:
            timeout = ClientWSTimeout(ws_receive=0.02, ws_close=1)
            async with session.ws_connect(base + "/ws", timeout=timeout) as socket:
                with pytest.raises(asyncio.TimeoutError):
                    await socket.receive()
                await socket.send_str("x")
                assert await socket.receive_str(timeout=5) == "x"
                with pytest.raises(aiohttp_core.WSMessageTypeError):
                    await socket.send_str("y")
                    await socket.receive_bytes(timeout=5)

    run(main)


def test_wrong_types_are_refused() -> None:
    """send_str takes str, send_bytes takes octets, ping at most 125 of them."""

    async def main() -> None:
        async with serving(echo()) as base, ClientSession() as session:
            async with session.ws_connect(base + "/ws") as socket:
                with pytest.raises(TypeError, match="data argument must be str"):
                    await socket.send_str(b"x")  # type: ignore[arg-type]
                with pytest.raises(TypeError, match="byte-ish"):
                    await socket.send_bytes("x")  # type: ignore[arg-type]
                with pytest.raises(ValueError, match="125"):
                    await socket.ping(b"x" * 126)
                await socket.ping(b"x")
                await socket.send_str("still fine")
                assert await socket.receive_str() == "still fine"

    run(main)


def test_before_prepare() -> None:
    """A server response that is not prepared refuses everything but questions."""

    async def main() -> None:
        socket: Any = web.WebSocketResponse()
        assert (socket.closed, socket.close_code, socket.exception(), socket.prepared) == (False, None, None, False)
        for call in (socket.receive, socket.close, socket.ping, socket.pong):
            with pytest.raises(RuntimeError, match="prepare"):
                await call()
        with pytest.raises(RuntimeError, match="prepare"):
            await socket.send_str("x")

    run(main)


def test_can_prepare() -> None:
    """``can_prepare`` tells whether a request is a handshake and which subprotocol it gets; it answers nothing."""
    told: list[Any] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        socket: Any = web.WebSocketResponse(protocols=("b",))
        ready = socket.can_prepare(request)
        told.append((bool(ready), ready, socket.prepared, socket.ws_protocol))
        if not ready:
            return web.Response(text="no handshake")
        await socket.prepare(request)
        told.append((socket.prepared, socket.ws_protocol))
        with pytest.raises(RuntimeError, match="Already started"):
            socket.can_prepare(request)
        assert await socket.prepare(request) is await socket.prepare(request)
        await socket.close()
        return socket

    async def main() -> None:
        async with serving(handler) as base, ClientSession() as session:
            async with session.get(base + "/ws") as response:
                assert await response.text() == "no handshake"
            for protocols in ((), ("a", "b")):
                async with session.ws_connect(base + "/ws", protocols=protocols) as socket:
                    assert (await socket.receive()).data == 1000

    run(main)
    assert told == [
        (False, web.WebSocketReady(False, None), False, None),
        (True, web.WebSocketReady(True, None), False, None),
        (True, None),
        (True, web.WebSocketReady(True, "b"), False, None),
        (True, "b"),
    ]


def test_a_handler_that_ignores_the_end() -> None:
    """A handler that goes on receiving after CLOSED is stopped by RuntimeError; a client's program may."""
    told: asyncio.Future[list[Any]]

    async def handler(request: web.Request) -> web.StreamResponse:
        socket: Any = web.WebSocketResponse()
        await socket.prepare(request)
        kinds = []
        try:
            while True:
                kinds.append((await socket.receive()).type)
        except RuntimeError as exc:
            told.set_result([*kinds, str(exc)])
        return socket

    async def main() -> None:
        nonlocal told
        told = asyncio.get_running_loop().create_future()
        async with serving(handler) as base, ClientSession() as session:
            async with session.ws_connect(base + "/ws") as socket:
                await socket.close()
                for _ in range(100):
                    assert (await socket.receive()).type is WSMsgType.CLOSED
            expected = [WSMsgType.CLOSE, *[WSMsgType.CLOSED] * 4, "WebSocket connection is closed."]
            assert await told == expected

    run(main)


@pytest.mark.parametrize("forget", [False, True])
def test_a_client_is_told_to_forget(forget: bool) -> None:
    """``client_no_context_takeover`` in the answer: each of our messages then inflates by itself."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = CIMultiDict(
            line.split(": ", 1) for line in (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        )
        flag = "; client_no_context_takeover" if forget else ""
        writer.write(
            "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept_for(head['Sec-WebSocket-Key'])}\r\n"
            f"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=10{flag}\r\n\r\n".encode()
        )
        sizes = []
        for _ in range(2):
            first, length = await reader.readexactly(2)
            assert first == 0xC1
            sizes.append(length)
            await reader.readexactly(4 + (length & 0x7F))
        writer.write(b"\x81" + bytes([len(str(sizes))]) + str(sizes).encode() + b"\x88\x00")
        writer.close()

    async def main() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with ClientSession() as session:
            async with session.ws_connect(f"http://127.0.0.1:{port}/", compress=15) as socket:
                assert (socket.compress, socket.client_notakeover) == (10, forget)
                for _ in range(2):
                    await socket.send_str("the same words again")
                one, two = await socket.receive_json()
                assert one == two if forget else two < one
        server.close()
        await server.wait_closed()

    run(main)


def test_max_msg_size() -> None:
    """A message of the limit passes, one octet more is 1009, also when it is compressed."""

    async def main() -> None:
        async with serving(echo(max_msg_size=1000)) as base, ClientSession() as session:
            for compress in (0, 15):
                async with session.ws_connect(base + "/ws", compress=compress) as socket:
                    await socket.send_bytes(bytes(1000))
                    assert await socket.receive_bytes() == bytes(1000)
                    await socket.send_bytes(bytes(1001))
                    message = await socket.receive()
                    assert (message.type, message.data) == (WSMsgType.CLOSE, 1009)

    run(main)


def test_many_senders() -> None:
    """Messages of several tasks arrive whole, compressed ones too."""

    async def main() -> None:
        async with serving(echo()) as base, ClientSession() as session:
            async with session.ws_connect(base + "/ws", compress=15) as socket:
                texts = [str(number) * (number * 700) for number in range(1, 20)]
                await asyncio.gather(*(socket.send_str(text) for text in texts))
                assert sorted([await socket.receive_str() for _ in texts]) == sorted(texts)

    run(main)


def test_decode_text_false_gives_octets() -> None:
    """decode_text=False delivers TEXT as bytes."""

    async def main() -> None:
        async with serving(echo()) as base, ClientSession() as session:
            async with session.ws_connect(base + "/ws", decode_text=False) as socket:
                await socket.send_str("é")
                message = await socket.receive()
                assert (message.type, message.data) == (WSMsgType.TEXT, "é".encode())

    run(main)


def test_soak_of_100_000_messages() -> None:
    """Memory stays flat over 100 000 messages, with and without compression: not one object a message is left."""

    async def main() -> None:
        async with serving(echo()) as base, ClientSession() as session:
            for compress, count in ((0, 80_000), (15, 20_000)):
                async with session.ws_connect(base + "/ws", compress=compress) as socket:

                    async def burst(total: int, socket: Any = socket) -> None:
                        for _ in range(total // 100):
                            for _ in range(100):
                                await socket.send_str("hello")
                            for _ in range(100):
                                await socket.receive_str()

                    await burst(1000)
                    gc.collect()
                    before = sys.getallocatedblocks()
                    await burst(count - 2000)
                    gc.collect()
                    assert sys.getallocatedblocks() - before < count // 20
                    # The same in octets, which larger pieces are seen in too.
                    tracemalloc.start()
                    await burst(1000)
                    gc.collect()
                    grown = tracemalloc.get_traced_memory()[0]
                    tracemalloc.stop()
                    assert grown < 200_000

    run(main)


def test_a_client_that_vanishes_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """A handler that sends to a client that is gone ends with an exception, and the log stays quiet."""
    ended: asyncio.Future[BaseException]

    async def handler(request: web.Request) -> web.StreamResponse:
        socket: Any = web.WebSocketResponse()
        await socket.prepare(request)
        try:
            while True:
                await socket.send_bytes(bytes(100_000))
        except ConnectionError as exc:
            ended.set_result(exc)
            raise

    async def main() -> None:
        nonlocal ended
        ended = asyncio.get_running_loop().create_future()
        async with serving(handler) as base:
            url = URL(base)
            _, writer = await asyncio.open_connection(url.host, url.port)
            writer.write(
                b"GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
            )
            await writer.drain()
            writer.transport.abort()
            error = await ended
            assert isinstance(error, ConnectionResetError)
            assert isinstance(error, aiohttp_core.ClientConnectionResetError)

    run(main)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("how", ["raise", "cancel", "force_close", "transport", "kept transport"])
def test_sent_messages_leave_before_the_connection(how: str) -> None:
    """Messages that a handler has sent arrive, though it then fails or closes the connection in the same turn."""

    async def handler(request: web.Request) -> web.StreamResponse:
        socket: Any = web.WebSocketResponse()
        transport = request.transport if how == "kept transport" else None
        await socket.prepare(request)
        for number in range(5):
            await socket.send_str(str(number))
        if how.endswith("transport"):
            transport = transport or request.transport
            assert transport is not None
            transport.close()
            return socket
        if how == "raise":
            raise RuntimeError("a bug")
        if how == "cancel":
            raise asyncio.CancelledError
        request.protocol.force_close()
        return socket

    async def main() -> None:
        async with serving(handler) as base, ClientSession() as session, session.ws_connect(base + "/ws") as ws:
            assert [message.data async for message in ws] == ["0", "1", "2", "3", "4"]

    asyncio.run(main())


@pytest.mark.parametrize("how", ["response", "connector", "session", "transport"])
def test_sent_messages_leave_before_the_session(how: str) -> None:
    """Messages that a client has sent arrive, though it then closes its session without a CLOSE."""

    async def main() -> None:
        received: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()

        async def handler(request: web.Request) -> web.StreamResponse:
            socket: Any = web.WebSocketResponse()
            await socket.prepare(request)
            received.set_result([message.data async for message in socket])
            return socket

        async with serving(handler) as base, ClientSession() as session:
            ws = await session.ws_connect(base + "/ws")
            for number in range(5):
                await ws.send_str(str(number))
            if how == "response":
                ws._response.close()
            elif how == "connector":
                assert session.connector is not None
                await session.connector.close()
            elif how == "transport":
                ws._writer.transport.close()
            else:
                await session.close()
            assert await asyncio.wait_for(received, 10) == ["0", "1", "2", "3", "4"]

    asyncio.run(main())


def test_iteration_uses_a_receive_that_was_put_in() -> None:
    """``async for`` calls the ``receive`` of the object: a subclass's, or one that a test has put in."""

    async def main() -> None:
        async with serving(echo()) as base, ClientSession() as session, session.ws_connect(base + "/ws") as ws:
            messages = [WSMessage(WSMsgType.TEXT, "put in", None), WSMessage(WSMsgType.CLOSED, None, None)]

            async def receive(timeout: float | None = None) -> WSMessage:
                return messages.pop(0)

            ws.receive = receive  # type: ignore[method-assign]
            assert [message.data async for message in ws] == ["put in"]

    asyncio.run(main())
