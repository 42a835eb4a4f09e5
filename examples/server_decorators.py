"""Routes by decorators, and a class-based view: ``python examples/server_decorators.py [PORT]``."""

import sys

from aiohttp_core import web

routes = web.RouteTableDef()
ITEMS = web.AppKey("items", list[str])


@routes.get("/")
async def index(request: web.Request) -> web.Response:
    return web.json_response(request.app[ITEMS])


@routes.view("/items/{number:[0-9]+}")
class Item(web.View):
    async def get(self) -> web.Response:
        try:
            return web.Response(text=self.request.app[ITEMS][int(self.request.match_info["number"])])
        except IndexError:
            raise web.HTTPNotFound from None

    async def delete(self) -> web.Response:
        del self.request.app[ITEMS][int(self.request.match_info["number"])]
        return web.Response(status=204)


@routes.post("/items")
async def add(request: web.Request) -> web.Response:
    request.app[ITEMS].append(await request.text())
    raise web.HTTPSeeOther("/")


app = web.Application()
app[ITEMS] = ["first"]
app.add_routes(routes)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else None)
