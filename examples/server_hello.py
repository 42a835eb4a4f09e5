"""A handler with a variable in its path: ``python examples/server_hello.py [PORT]``."""

import sys

from aiohttp_core import web


async def hello(request: web.Request) -> web.Response:
    name = request.match_info.get("name", "Anonymous")
    return web.Response(text=f"Hello, {name}")


app = web.Application()
app.add_routes([web.get("/", hello), web.get("/{name}", hello)])

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else None)
