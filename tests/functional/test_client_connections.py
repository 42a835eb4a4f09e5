"""The client's connections: pool, limits, stale ones, cancellation, timeouts and closing, over real sockets."""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from functional.certificates import client_tls, server_tls
from functional.client_servers import RawServer, Seen, listening, loop_name, ok, raw_server, run

import aiohttp_core
from aiohttp_core import ClientSession, ClientTimeout, Fingerprint, TCPConnector
from aiohttp_core.abc import AbstractResolver

__all__ = ["loop_name"]


def test_octets_on_an_idle_connection(loop_name: str) -> None:
    """A response that nobody asked for ends its connection and never answers the next request."""

    async def main() -> None:
        async with raw_server(ok(b"one") + ok(b"smuggled")) as server, ClientSession() as session:
            for _ in range(3):
                async with session.get(server.url) as response:
                    assert await response.read() == b"one"
            assert server.connections == 3

    run(loop_name, main())


def test_late_octets_on_an_idle_connection(loop_name: str) -> None:
    """Octets that arrive while a connection is idle end it."""

    async def main() -> None:
        async with raw_server(ok(b"one")) as server, ClientSession() as session:
            async with session.get(server.url) as response:
                await response.read()
            server.writers[0].write(ok(b"smuggled"))
            await server.writers[0].drain()
            while any(
                p.transport is not None and p.is_connected() for d in session.connector._conns.values() for p, _ in d
            ):
                await asyncio.sleep(0)
            async with session.get(server.url) as response:
                assert await response.read() == b"one"
            assert server.connections == 2

    run(loop_name, main())


def test_retry_of_a_stale_connection(loop_name: str) -> None:
    """A connection that dies before the first octet is replaced once for GET, and not for POST."""

    async def main() -> None:
        def answer(seen: Seen) -> bytes | None:
            requests = [each for each in server.seen if each.connection == seen.connection]
            return ok() if len(requests) == 1 else None

        async with raw_server(answer) as server, ClientSession() as session:
            for _ in range(3):
                async with session.get(server.url) as response:
                    assert await response.read() == b"ok"
            assert server.connections == 3
            with pytest.raises(aiohttp_core.ServerDisconnectedError):
                await session.post(server.url, data=b"x")

    run(loop_name, main())


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_closed_while_idle(loop_name: str, tls: bool) -> None:
    """A connection that the server closed while it was idle is noticed before it is used: a POST, which is not sent
    twice, goes out on another."""

    async def main() -> None:
        async with raw_server(ok(), server_tls() if tls else None) as server, ClientSession() as session:
            trust = client_tls()
            for number in range(1, 4):
                async with session.post(server.url, data=b"x", ssl=trust) as response:
                    assert await response.read() == b"ok"
                assert server.connections == number
                ((protocol, _),) = next(iter(session.connector._conns.values()))
                server.writers[-1].close()
                while protocol.is_connected():
                    await asyncio.sleep(0)

    run(loop_name, main())


def test_each_hop_has_its_own_retry(loop_name: str) -> None:
    """Each hop of a redirect chain may find a connection that went stale, and asks once more."""

    async def main() -> None:
        asked: list[str] = []

        def answer(seen: Seen) -> bytes | None:
            asked.append(seen.target)
            if seen.target != "/0" and asked.count(seen.target) == 1:
                return None
            number = int(seen.target[1:])
            return ok() if number == 3 else ok(b"", f"Location: /{number + 1}", status="302 Found")

        async with raw_server(answer) as server, ClientSession() as session:
            async with session.get(server.url + "/0") as response:
                assert await response.read() == b"ok"
            assert asked == ["/0", "/1", "/1", "/2", "/2", "/3", "/3"]
            assert session.connector._pool.used == 0

    run(loop_name, main())


def test_no_timer_without_a_timeout() -> None:
    """A request without timeouts sets no timer of the loop, and those with a total time share one."""
    timers: list[Any] = []

    class Loop(asyncio.SelectorEventLoop):
        def call_at(self, when: float, *args: Any, **kw: Any) -> asyncio.TimerHandle:
            timers.append(args[0])
            return super().call_at(when, *args, **kw)

    async def main() -> None:
        for timeout, limit in ((ClientTimeout(total=None, sock_connect=None), 0), (ClientTimeout(total=9), 1)):
            connector = TCPConnector(keepalive_timeout=None)
            async with raw_server(ok()) as server, ClientSession(connector=connector, timeout=timeout) as session:
                async with session.get(server.url) as response:
                    await response.read()
                timers.clear()
                for _ in range(5):
                    async with session.get(server.url) as response:
                        await response.read()
                assert len(timers) <= limit

    loop = Loop()
    try:
        loop.run_until_complete(main())
    finally:
        loop.close()


def test_limit_is_first_come_first_served(loop_name: str) -> None:
    """With one slot, requests are answered in the order in which they asked."""

    async def main() -> None:
        async with raw_server(lambda seen: ok(seen.target.encode())) as server:
            async with ClientSession(connector=TCPConnector(limit=1)) as session:
                done: list[bytes] = []

                async def fetch(number: int) -> None:
                    async with session.get(f"{server.url}/{number}") as response:
                        done.append(await response.read())

                await asyncio.gather(*(fetch(number) for number in range(10)))
                assert done == [b"/%d" % number for number in range(10)]
                assert server.connections == 1

    run(loop_name, main())


def test_cancelled_waiter_gives_its_place_on(loop_name: str) -> None:
    """Cancelling those that wait for a slot, at any moment, leaves the pool usable."""

    async def main() -> None:
        async with raw_server(ok()) as server, ClientSession(connector=TCPConnector(limit=2)) as session:

            async def fetch() -> None:
                async with session.get(server.url) as response:
                    await response.read()

            for turns in range(30):
                tasks = [asyncio.create_task(fetch()) for _ in range(8)]
                for _ in range(turns):
                    await asyncio.sleep(0)
                for task in tasks[::2]:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                assert session.connector._pool.used == 0
                assert session.connector._pool.waiting == 0
            await fetch()

    run(loop_name, main())


def test_cancelled_anywhere(loop_name: str) -> None:
    """Requests cancelled after any number of the loop's turns, streaming or not, give their slots back."""

    async def main() -> None:
        async def slowly() -> AsyncIterator[bytes]:
            for _ in range(5):
                yield b"abc"
                await asyncio.sleep(0)

        async with raw_server(lambda seen: ok(bytes(100_000))) as server:
            async with ClientSession(connector=TCPConnector(limit=3)) as session:

                async def fetch(number: int) -> None:
                    method, data = ("POST", slowly()) if number % 2 else ("GET", None)
                    async with session.request(method, server.url, data=data) as response:
                        await response.read()

                for turns in range(25):
                    tasks = [asyncio.create_task(fetch(number)) for number in range(6)]
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    for task in tasks:
                        task.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)
                    assert session.connector._pool.used == 0
                    assert not session.connector._acquired
                await asyncio.gather(*(fetch(number) for number in range(6)))

    run(loop_name, main())


async def switching(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Switch to a protocol in which octets are sent back, and which one ``.`` ends."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nearly ")
    while (data := await reader.read(100)) not in (b"", b"."):
        writer.write(data)


@pytest.mark.parametrize("read", [False, True])
def test_other_protocols(loop_name: str, read: bool) -> None:
    """Behind 101 the connection is the program's, whether it reads the (empty) content or not; what comes goes to the
    parser that it brings, and so does the end. Container clients attach to processes this way."""

    class Parser:
        def __init__(self) -> None:
            self.got: asyncio.Queue[bytes | None] = asyncio.Queue()

        def feed_data(self, data: bytes) -> tuple[bool, bytes]:
            self.got.put_nowait(data)
            return False, b""

        def feed_eof(self) -> None:
            self.got.put_nowait(None)

        def set_exception(self, exc: BaseException) -> None:
            raise AssertionError(exc)

    async def main() -> None:
        async with listening(switching) as port, ClientSession() as session:
            fields = {"Connection": "Upgrade", "Upgrade": "tcp"}
            response = await session.post(f"http://127.0.0.1:{port}/attach", headers=fields)
            assert response.status == 101
            if read:
                assert await response.read() == b""
            parser, connection = Parser(), response.connection
            assert connection is not None
            connection.protocol.set_parser(parser, parser)
            connection.transport.write(b"ping")
            received = b""
            while received != b"early ping":
                received += await parser.got.get() or b"the end"
            connection.transport.write(b".")
            assert await parser.got.get() is None
            response.close()
            assert session.connector._pool.used == 0

    run(loop_name, main())


@pytest.mark.parametrize("rest", [b"", b"more"])
def test_another_protocol_ends(loop_name: str, rest: bytes) -> None:
    """What comes behind the end that a program's parser has seen ends the connection, in one read with it or later."""

    class Parser:
        def feed_data(self, data: bytes) -> tuple[bool, bytes]:
            return True, rest

        def feed_eof(self) -> None:
            raise AssertionError("it has ended before")

        set_exception = feed_eof

    async def main() -> None:
        async with listening(switching) as port, ClientSession() as session:
            response = await session.post(f"http://127.0.0.1:{port}/", headers={"Connection": "Upgrade"})
            connection = response.connection
            assert connection is not None
            protocol = connection.protocol
            protocol.set_parser(Parser(), Parser())
            if not rest:
                connection.transport.write(b"ping")
            while protocol.transport is not None:
                await asyncio.sleep(0.01)
            response.close()

    run(loop_name, main())


def test_failing_callbacks(loop_name: str, caplog: pytest.LogCaptureFixture) -> None:
    """What a connection's callback raises is logged; the others are called, and the connection is given back."""
    called: list[str] = []

    async def main() -> None:
        async with listening(switching) as port, ClientSession() as session:
            response = await session.post(f"http://127.0.0.1:{port}/", headers={"Connection": "Upgrade"})
            assert response.connection is not None
            response.connection.add_callback(lambda: called.append("first"))
            response.connection.add_callback([].pop)
            response.connection.add_callback(lambda: called.append("last"))
            response.close()
            assert session.connector._pool.used == 0

    run(loop_name, main())
    assert called == ["first", "last"]
    (record,) = (each for each in caplog.records if each.name == "aiohttp.client")
    assert record.exc_info is not None
    assert record.exc_info[0] is IndexError


class Ports(AbstractResolver):
    """Any host is at each of these ports of 127.0.0.1; asked too early, it waits until ``answer`` is set."""

    def __init__(self, *ports: int) -> None:
        self.ports = ports
        self.asked = asyncio.Event()
        self.answer = asyncio.Event()
        self.answer.set()

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[Any]:
        self.asked.set()
        await self.answer.wait()
        entry = {"hostname": host, "host": "127.0.0.1", "family": socket.AF_INET, "proto": 0, "flags": 0}
        return [{**entry, "port": each} for each in self.ports]

    async def close(self) -> None:
        """Holds nothing."""


@pytest.mark.parametrize("interleave", [None, 0, 2])
@pytest.mark.parametrize("trouble", ["certificate", "pin", "no answer"])
def test_next_address(loop_name: str, trouble: str, interleave: int | None) -> None:
    """A host whose first address fails at TLS, or takes too long for it, is reached at the next, however many the
    connector would set aside at once."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        await asyncio.Event().wait()

    async def main() -> None:
        served = RawServer(ok())
        context = server_tls("name.test")
        bad = served.serve if trouble != "no answer" else silent
        async with (
            listening(bad, None if trouble == "no answer" else server_tls("other.test")) as first,
            raw_server(ok(b"right"), context) as right,
        ):
            tls: Any = client_tls()
            if trouble == "pin":
                with pytest.raises(aiohttp_core.ServerFingerprintMismatch) as caught:
                    async with ClientSession(connector=TCPConnector(resolver=Ports(right.port))) as session:
                        await session.get("https://name.test/", ssl=Fingerprint(bytes(32)))
                tls = Fingerprint(caught.value.got)
            timeout = ClientTimeout(sock_connect=0.3 if trouble == "no answer" else 20)
            connector = TCPConnector(resolver=Ports(first, right.port), interleave=interleave)
            async with ClientSession(connector=connector, timeout=timeout) as session:
                async with session.get("https://name.test/", ssl=tls) as response:
                    assert await response.read() == b"right"
                assert connector._pool.used == 0
            assert served.seen == []

    run(loop_name, main())


def test_each_address_is_tried_once(loop_name: str) -> None:
    """Where TLS fails at all of them, each was asked once, and the error is the last one's."""
    tried: list[int] = []

    async def main() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            tried.append(writer.get_extra_info("sockname")[1])
            writer.write(b"no TLS at all")
            await reader.read()

        async with listening(serve) as first, listening(serve) as second, listening(serve) as third:
            for interleave in (None, 0, 1, 2):
                connector = TCPConnector(resolver=Ports(first, second, third), interleave=interleave)
                async with ClientSession(connector=connector) as session:
                    with pytest.raises(aiohttp_core.ClientConnectorError):
                        await session.get("https://name.test/")
                assert tried == [first, second, third]
                tried.clear()

    run(loop_name, main())


def test_all_addresses_refuse(loop_name: str) -> None:
    """Each address is tried once, and the error is a ClientConnectorError."""
    tried: list[int] = []

    def count(info: Any) -> socket.socket:
        tried.append(info[4][1])
        return socket.socket(*info[:3])

    async def main() -> None:
        connector = TCPConnector(resolver=Ports(1, 2, 3), socket_factory=count, happy_eyeballs_delay=None)
        async with ClientSession(connector=connector) as session:
            with pytest.raises(aiohttp_core.ClientConnectorError):
                await session.get("http://name.test/")
            assert tried == [1, 2, 3]
            assert connector._pool.used == 0

    run(loop_name, main())


@pytest.mark.parametrize("host", ["127.1", "2130706433", "127.0.0.01", "256.1.1.1", "127.0.0.1.", "1.2.3.4.5"])
@pytest.mark.parametrize("kind", ["request", "proxy", "redirect"])
def test_short_forms_of_addresses(loop_name: str, host: str, kind: str) -> None:
    """#12827: a host of digits and dots that is no canonical address is refused before anybody resolves it."""

    async def main() -> None:
        async with raw_server(ok(b"", f"Location: http://{host}:1/", status="302 Found")) as server:
            resolver = Ports(server.port)
            async with ClientSession(connector=TCPConnector(resolver=resolver)) as session:
                proxy = f"http://{host}:1" if kind == "proxy" else None
                url = server.url if kind == "redirect" else "http://name.test/" if proxy else f"http://{host}:1/"
                with pytest.raises(aiohttp_core.InvalidUrlClientError) as caught:
                    await session.get(url, proxy=proxy)
                assert str(caught.value) == f"{host} - is not a canonical IPv4 address"
                assert not resolver.asked.is_set()
                assert session.connector._pool.used == 0

    run(loop_name, main())


def test_closed_while_a_name_is_looked_up(loop_name: str) -> None:
    """Who waits for an address when the session closes gets an error, not a cancellation that nobody asked for."""

    async def main() -> None:
        resolver = Ports(1)
        resolver.answer.clear()
        session = ClientSession(connector=TCPConnector(resolver=resolver))
        asking = asyncio.create_task(session.get("http://name.test/"))  # type: ignore[arg-type]
        await resolver.asked.wait()
        await session.close()
        with pytest.raises(aiohttp_core.ClientConnectionError, match="Connector is closed"):
            await asking

    run(loop_name, main())


@pytest.mark.skipif(sys.platform != "linux", reason="names the loopback interface as Linux does")
def test_ipv6_zone(loop_name: str) -> None:
    """A zone that names no interface is a connector's error; one that does is dialled with its index."""

    async def main() -> None:
        async with ClientSession() as session:
            with pytest.raises(aiohttp_core.ClientConnectorError):
                await session.get("http://[fe80::1%25nosuch0]:1/")
            lo = socket.if_nametoindex("lo") if hasattr(socket, "if_nametoindex") else 1
            infos = session.connector._convert_hosts_to_addr_infos(
                [{"hostname": "h", "host": "fe80::1%25lo", "port": 1, "family": 0, "proto": 0, "flags": 0}]
            )
            assert infos[0][4] == ("fe80::1", 1, 0, lo)

    run(loop_name, main())


def test_limit_per_host(loop_name: str) -> None:
    """A host at its limit keeps nobody else waiting."""

    async def main() -> None:
        release = asyncio.Event()

        async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            await release.wait()
            writer.write(ok(b"slow", "Connection: close"))
            await writer.drain()

        async with listening(slow) as port, raw_server(ok(b"fast")) as other:
            async with ClientSession(connector=TCPConnector(limit_per_host=1)) as session:

                async def fetch() -> bytes:
                    async with session.get(f"http://127.0.0.1:{port}") as response:
                        return await response.read()

                tasks = [asyncio.create_task(fetch()) for _ in range(3)]
                async with session.get(other.url) as response:
                    assert await response.read() == b"fast"
                release.set()
                assert await asyncio.gather(*tasks) == [b"slow"] * 3

    run(loop_name, main())


def test_total_timeout(loop_name: str) -> None:
    """The total timeout ends waiting for the head and reading alike, and the connection with it."""

    async def main() -> None:
        async def stuck(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            if b"/body" in head:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            await reader.read()

        async with listening(stuck) as port, ClientSession(timeout=ClientTimeout(total=0.05)) as session:
            with pytest.raises(asyncio.TimeoutError):
                await session.get(f"http://127.0.0.1:{port}/head")
            async with session.get(f"http://127.0.0.1:{port}/body", timeout=ClientTimeout(total=0.05)) as response:
                with pytest.raises(asyncio.TimeoutError):
                    await response.read()
            assert session.connector._pool.used == 0

    run(loop_name, main())


@pytest.mark.parametrize("limit", [{"total": 0}, {"total": -1}, {"connect": 0}, {"sock_connect": 0}, {"sock_read": 0}])
def test_no_limit(loop_name: str, limit: dict[str, float]) -> None:
    """0 is no limit, and less than 0 no limit of the total, on the session and on a request."""

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await reader.readuntil(b"\r\n\r\n")
            for _ in range(50):
                await asyncio.sleep(0)
            writer.write(ok())

    async def main() -> None:
        timeout = ClientTimeout(**limit)
        async with listening(slow) as port, ClientSession(timeout=timeout) as session, ClientSession() as other:
            for each, own in ((session, {}), (other, {"timeout": timeout})):
                async with each.get(f"http://127.0.0.1:{port}/", **own) as response:
                    assert await response.read() == b"ok"

    run(loop_name, main())


@pytest.mark.parametrize("where", ["redirects", "pool", "names"])
def test_total_timeout_covers_all(loop_name: str, where: str) -> None:
    """The total is that of all hops together, and of waiting for a slot or a name too; no slot stays in use."""

    async def round_and_round(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while b"/stuck" not in await reader.readuntil(b"\r\n\r\n"):
            await asyncio.sleep(0.05)
            writer.write(ok(b"", "Location: /again", status="302 Found"))
        await reader.read()

    async def main() -> None:
        async with listening(round_and_round) as port:
            resolver = Ports(port)
            if where == "names":
                resolver.answer.clear()
            connector = TCPConnector(limit=1, resolver=resolver)
            async with ClientSession(connector=connector) as session:
                first = None
                if where == "pool":
                    first = asyncio.create_task(session._request("GET", "http://name.test/stuck"))
                    while not connector._acquired:
                        await asyncio.sleep(0)
                with pytest.raises(asyncio.TimeoutError) as caught:
                    # Each hop alone takes less than the total.
                    await session.get("http://name.test/", timeout=ClientTimeout(total=0.3), max_redirects=1000)
                assert not isinstance(caught.value, aiohttp_core.ClientError)
                if first is not None:
                    first.cancel()
                    with pytest.raises(asyncio.CancelledError):
                        await first
                assert connector._pool.used == connector._pool.waiting == 0

    run(loop_name, main())


def test_total_timeout_outlives_the_session(loop_name: str) -> None:
    """A response that is read when its session is closed, but not the connector, still has its deadline."""

    async def main() -> None:
        async def stuck(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            await reader.read()

        async with listening(stuck) as port, TCPConnector() as connector:
            timeout = ClientTimeout(total=0.3)
            session = ClientSession(connector=connector, connector_owner=False, timeout=timeout)
            response = await session.get(f"http://127.0.0.1:{port}/")
            await session.close()
            with pytest.raises(asyncio.TimeoutError):
                await response.read()
            assert connector._pool.used == 0

    run(loop_name, main())


def test_sock_read_timeout(loop_name: str) -> None:
    """Silence of the socket ends with SocketTimeoutError, at the head and while streaming."""

    async def main() -> None:
        async def stuck(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            if b"/body" in head:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            await reader.read()

        async with listening(stuck) as port, ClientSession(timeout=ClientTimeout(sock_read=0.05)) as session:
            with pytest.raises(aiohttp_core.SocketTimeoutError):
                await session.get(f"http://127.0.0.1:{port}/head")
            async with session.get(f"http://127.0.0.1:{port}/body") as response:
                assert await response.content.readany() == b"abc"
                with pytest.raises(aiohttp_core.ServerTimeoutError):
                    await response.content.readany()

    run(loop_name, main())


def test_connect_timeout_counts_waiting(loop_name: str) -> None:
    """Waiting for a slot of the pool counts for the connect timeout."""

    async def main() -> None:
        async def stuck(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()

        async with listening(stuck) as port, ClientSession(connector=TCPConnector(limit=1)) as session:
            first = asyncio.create_task(session.get(f"http://127.0.0.1:{port}"))
            while not session.connector._pool.used:
                await asyncio.sleep(0)
            with pytest.raises(aiohttp_core.ConnectionTimeoutError):
                await session.get(f"http://127.0.0.1:{port}", timeout=ClientTimeout(connect=0.05))
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            assert session.connector._pool.used == 0

    run(loop_name, main())


def test_refused(loop_name: str) -> None:
    """A port that nobody listens at gives ClientConnectorError with host, port and the system's error."""

    async def main() -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
            async with ClientSession() as session:
                with pytest.raises(aiohttp_core.ClientConnectorError) as caught:
                    await session.get(f"http://127.0.0.1:{port}")
                assert (caught.value.host, caught.value.port) == ("127.0.0.1", port)
                assert isinstance(caught.value.os_error, ConnectionRefusedError)

    run(loop_name, main())


def test_unclosed_session_warns(loop_name: str) -> None:
    """A session that nobody closed says so, to the warnings and to the loop."""
    contexts = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: contexts.append(context["message"]))
        session = ClientSession()
        assert not session.closed
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            del session
            gc.collect()
        assert [str(w.message)[:23] for w in caught if w.category is ResourceWarning] == ["Unclosed client session"]

    run(loop_name, main())
    assert contexts == ["Unclosed client session"]


# What a request asks: method, path and options.
WITHOUT_CYCLES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "plain": ("GET", "/", {}),
    "json": ("POST", "/", {"json": {"a": 1}}),
    "composed": ("GET", "/", {"headers": {"X-Own": "1"}, "params": {"a": "b"}, "cookies": {"c": "d"}}),
    "bytes": ("POST", "/", {"data": b"abc"}),
    "form": ("POST", "/", {"data": {"a": "b"}}),
    "compressed": ("POST", "/", {"data": b"abc", "compress": True}),
    "redirected": ("GET", "/away", {}),
    "raising": ("GET", "/missing", {"raise_for_status": True}),
    "timed": ("GET", "/", {"timeout": ClientTimeout(total=50, connect=40, sock_read=30)}),
}


def leaked_of_ours() -> list[str]:
    """What of ours the garbage collector found, which is on and empty again afterwards."""
    try:
        gc.collect()
        return [type(each).__name__ for each in gc.garbage if "aiohttp_core" in type(each).__module__]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


async def leaks_nothing(fetch: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """``fetch``, once it is warm and in a task of its own, leaves nothing of ours to the collector."""
    await fetch()
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        await asyncio.create_task(fetch())
    finally:
        leaked = leaked_of_ours()
    assert leaked == []


@pytest.mark.parametrize("kind", WITHOUT_CYCLES)
def test_no_cycles(loop_name: str, kind: str) -> None:
    """A request leaves no reference cycle behind: with the collector off, all that it made is gone."""
    method, path, options = WITHOUT_CYCLES[kind]

    def answer(seen: Seen) -> bytes:
        status, *fields = {"/away": ("302 Found", "Location: /"), "/missing": ("404 Not Found",)}.get(
            seen.target, ("200 OK",)
        )
        return ok(b"x", "Set-Cookie: a=b", *fields, status=status)

    async def main() -> None:
        async with raw_server(answer) as server, ClientSession() as session:

            async def fetch() -> None:
                try:
                    async with session.request(method, server.url + path, **options) as response:
                        await response.text()
                except aiohttp_core.ClientResponseError as exc:
                    assert exc.status == 404

            await leaks_nothing(fetch)

    run(loop_name, main())


FAILURES: dict[str, tuple[str, type[BaseException], dict[str, Any]]] = {
    "disconnected": ("/gone", aiohttp_core.ServerDisconnectedError, {}),
    "malformed": ("/bad", aiohttp_core.ClientResponseError, {}),
    "total": ("/stuck", asyncio.TimeoutError, {"timeout": ClientTimeout(total=0.02)}),
    "sock_read": ("/stuck", aiohttp_core.SocketTimeoutError, {"timeout": ClientTimeout(sock_read=0.02)}),
    "composed": ("/gone", aiohttp_core.ServerDisconnectedError, {"cookies": {"a": "b"}}),
    "injecting": ("/gone", ValueError, {"headers": {"X": "\r\n"}}),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_no_cycles_of_failures(loop_name: str, kind: str) -> None:
    """Nor does a request that fails: its error's traceback keeps nothing alive that keeps the error."""
    path, error, options = FAILURES[kind]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b" /bad " in head:
            writer.write(b"nonsense\r\n\r\n")
        elif b" /stuck " in head:
            await reader.read()

    async def main() -> None:
        async with listening(serve) as port, ClientSession() as session:

            async def fetch() -> None:
                with pytest.raises(error):
                    await session.post(f"http://127.0.0.1:{port}{path}", **options)
                while list(session.connector._endings):
                    await asyncio.sleep(0)

            await leaks_nothing(fetch)

    run(loop_name, main())
