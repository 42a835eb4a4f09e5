"""Post a form with a file, and take it on the other side. `python examples/upload_form.py`."""

import asyncio
import io

import aiohttp_core
from aiohttp_core import web
from aiohttp_core.test_utils import TestClient, TestServer


async def store(request: web.Request) -> web.Response:
    """Read the parts as they come, without keeping a file in memory."""
    sizes = {}
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        assert isinstance(part, aiohttp_core.BodyPartReader)
        size = 0
        while chunk := await part.read_chunk():
            size += len(chunk)
        sizes[part.filename or part.name] = size
    return web.json_response(sizes)


async def main() -> None:
    app = web.Application()
    app.router.add_post("/", store)
    form = aiohttp_core.FormData()
    form.add_field("title", "A picture")
    form.add_field("file", io.BytesIO(bytes(100_000)), filename="picture.png", content_type="image/png")
    async with TestClient(TestServer(app)) as client:
        async with client.post("/", data=form) as response:
            print(await response.json())


if __name__ == "__main__":
    asyncio.run(main())
