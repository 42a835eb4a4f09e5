"""The application in Starlette."""

from __future__ import annotations

import pathlib
from typing import Any

from asked import DOCUMENT, LARGE, PIECES, PLAIN, ROUTES, STREAMED
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles


class Passing:
    """A middleware that does nothing."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._app(scope, receive, send)


async def plain(request: Any) -> Any:
    return PlainTextResponse(PLAIN)


async def json_answer(request: Any) -> Any:
    return JSONResponse(DOCUMENT)


async def parameter(request: Any) -> Any:
    return PlainTextResponse(request.path_params["name"] + request.query_params.get("q", ""))


async def echo(request: Any) -> Any:
    return Response(await request.body())


async def large(request: Any) -> Any:
    return Response(LARGE)


async def stream(request: Any) -> Any:
    async def pieces() -> Any:
        for _ in range(PIECES):
            yield STREAMED

    return StreamingResponse(pieces())


async def upload(request: Any) -> Any:
    form = await request.form()
    return PlainTextResponse(str(len(form["title"]) + len(await form["file"].read())))


def application(middlewares: int = 0, static: pathlib.Path | None = None) -> Any:
    """Every path that is asked for."""
    routes: list[Any] = [
        Route("/plain", plain),
        Route("/json", json_answer),
        Route("/user/{name}", parameter),
        Route("/echo", echo, methods=["POST"]),
        Route("/large", large),
        Route("/stream", stream),
        Route("/multipart", upload, methods=["POST"]),
    ]
    routes += [Route(f"/route{number}/{{name}}/end", parameter) for number in range(ROUTES)]
    if static is not None:
        routes.append(Mount("/static", StaticFiles(directory=static)))
    return Starlette(routes=routes, middleware=[Middleware(Passing)] * middlewares)
