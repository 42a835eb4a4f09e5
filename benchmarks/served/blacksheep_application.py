"""The application in BlackSheep, which binds arguments by annotations: they must be types here, not strings."""

import json
from typing import Any

from asked import DOCUMENT, LARGE, PIECES, PLAIN, ROUTES, STREAMED
from blacksheep import Application, Content, Request, Response, StreamedContent
from blacksheep.server.routing import Router


async def plain(request: Request) -> Response:
    return Response(200, content=Content(b"text/plain; charset=utf-8", PLAIN.encode()))


async def json_answer(request: Request) -> Response:
    return Response(200, content=Content(b"application/json", json.dumps(DOCUMENT).encode()))


async def parameter(request: Request) -> Response:
    text = request.route_values["name"] + "".join(request.query.get("q", []))
    return Response(200, content=Content(b"text/plain; charset=utf-8", text.encode()))


async def echo(request: Request) -> Response:
    return Response(200, content=Content(b"application/octet-stream", await request.read() or b""))


async def large(request: Request) -> Response:
    return Response(200, content=Content(b"application/octet-stream", LARGE))


async def stream(request: Request) -> Response:
    async def pieces() -> Any:
        for _ in range(PIECES):
            yield STREAMED

    return Response(200, content=StreamedContent(b"application/octet-stream", pieces))


async def passing(request: Request, handler: Any) -> Response:
    answer: Response = await handler(request)
    return answer


def application(middlewares: int = 0) -> Application:
    """Every path that is asked for."""
    app = Application(router=Router())
    app.router.add_get("/plain", plain)
    app.router.add_get("/json", json_answer)
    app.router.add_get("/user/{name}", parameter)
    app.router.add_post("/echo", echo)
    app.router.add_get("/large", large)
    app.router.add_get("/stream", stream)
    for number in range(ROUTES):
        app.router.add_get(f"/route{number}/{{name}}/end", parameter)
    app.middlewares.extend([passing] * middlewares)
    return app
