"""A form that takes a file: ``python examples/server_upload.py [PORT]``. ``/stream`` takes one without keeping it."""

import hashlib
import sys

from aiohttp_core import web

PAGE = """<form action="/upload" method="post" enctype="multipart/form-data">
<input name="file" type="file"><input type="submit"></form>"""


async def page(request: web.Request) -> web.Response:
    return web.Response(text=PAGE, content_type="text/html")


async def upload(request: web.Request) -> web.Response:
    field = (await request.post()).get("file")
    if not isinstance(field, web.FileField):
        raise web.HTTPBadRequest(text="There is no file")
    digest = hashlib.sha256(field.file.read()).hexdigest()
    return web.json_response({"name": field.filename, "type": field.content_type, "sha256": digest})


async def stream(request: web.Request) -> web.Response:
    digest, size = hashlib.sha256(), 0
    async for chunk in request.content.iter_any():
        digest.update(chunk)
        size += len(chunk)
    return web.json_response({"size": size, "sha256": digest.hexdigest()})


app = web.Application(client_max_size=100 * 1024**2)
app.add_routes([web.get("/", page), web.post("/upload", upload), web.post("/stream", stream)])

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else None)
