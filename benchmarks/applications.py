"""The applications that are served: the same answers by every framework, and what is asked of them."""

from __future__ import annotations

import pathlib
from typing import Any

PLAIN = "Hello, World!"
DOCUMENT = {"message": PLAIN, "numbers": [1, 2, 3]}
LARGE = b"x" * 1_000_000
STREAMED = b"x" * 100
PIECES = 100
ROUTES = 500
STATIC = "large.bin"
MAX_BODY = 2**24

BROWSER_FIELDS = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Referer": "http://127.0.0.1:8080/somewhere/else?and=back",
    "Connection": "keep-alive",
    "Cookie": "session=0123456789abcdef0123456789abcdef; theme=dark; _ga=GA1.1.123456789.1700000000; consent=yes",
    "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-User": "?1",
    "Priority": "u=0, i",
    "Cache-Control": "max-age=0",
}
BOUNDARY = "d74496d66958873e"


def multipart_body(size: int) -> bytes:
    """A form with a text field and a file of ``size`` octets."""
    field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="title"\r\n\r\nA file\r\n'
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="data.bin"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    octets = (bytes(range(256)) * (size // 256 + 1))[:size]
    return field.encode() + head.encode() + octets + f"\r\n--{BOUNDARY}--\r\n".encode()


def aiohttp_application(web: Any, middlewares: int = 0, static: pathlib.Path | None = None) -> Any:
    """The application, for aiohttp and for us: only the module differs."""

    async def plain(request: Any) -> Any:
        return web.Response(text=PLAIN)

    async def json_answer(request: Any) -> Any:
        return web.json_response(DOCUMENT)

    async def parameter(request: Any) -> Any:
        return web.Response(text=request.match_info["name"] + request.query.get("q", ""))

    async def echo(request: Any) -> Any:
        return web.Response(body=await request.read())

    async def large(request: Any) -> Any:
        return web.Response(body=LARGE)

    async def stream(request: Any) -> Any:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(PIECES):
            await response.write(STREAMED)
        return response

    async def upload(request: Any) -> Any:
        size = 0
        async for part in await request.multipart():
            while chunk := await part.read_chunk(65536):
                size += len(chunk)
        return web.Response(text=str(size))

    @web.middleware
    async def passing(request: Any, handler: Any) -> Any:
        return await handler(request)

    app = web.Application(middlewares=[passing] * middlewares, client_max_size=MAX_BODY)
    app.router.add_get("/plain", plain)
    app.router.add_get("/json", json_answer)
    app.router.add_get("/user/{name}", parameter)
    app.router.add_post("/echo", echo)
    app.router.add_get("/large", large)
    app.router.add_get("/stream", stream)
    app.router.add_post("/multipart", upload)
    for number in range(ROUTES):
        app.router.add_get(f"/route{number}/{{name}}/end", parameter)
    if static is not None:
        app.router.add_static("/static", static)
    return app
