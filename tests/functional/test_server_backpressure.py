"""A client that sends without reading: its requests wait, and all are answered when it reads."""

import asyncio

from aiohttp_core import web

REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
TOTAL = 200_000


def test_a_client_that_does_not_read_is_not_read_either() -> None:
    """SECURITY 38: answers that nobody reads stop the handling of further requests; none is lost."""
    handled = 0

    async def handler(request: web.Request) -> web.Response:
        nonlocal handled
        handled += 1
        return web.Response(body=b"x" * 200)

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/", handler)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
        writer.write(REQUEST * TOTAL)
        seen = -1
        while seen != handled:
            # Until nothing moves any more.
            seen = handled
            await asyncio.sleep(0.2)
        assert 0 < handled < TOTAL // 2
        answers = 0
        tail = b""
        while answers < TOTAL:
            data = tail + await asyncio.wait_for(reader.read(2**20), 20)
            answers += data.count(b"HTTP/1.1 200 OK")
            tail = data[-14:]
        assert handled == TOTAL
        writer.close()
        await writer.wait_closed()
        await runner.cleanup()

    asyncio.run(main())
