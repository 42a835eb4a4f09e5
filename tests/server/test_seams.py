"""What libraries built on aiohttp reach for beyond its documented API."""

from pathlib import Path
from typing import Any

from server.serving import ask, serve

from aiohttp_core import web
from aiohttp_core.test_utils import make_mocked_request


async def hello(request: web.Request) -> web.Response:
    return web.Response(text="hello")


def test_static_handle_override(run: Any, tmp_path: Path) -> None:
    """A subclass's StaticResource._handle is called; its private attributes are there."""
    (tmp_path / "a.txt").write_text("x")

    class Mine(web.StaticResource):
        async def _handle(self, request: web.Request) -> web.StreamResponse:
            response = await super()._handle(request)
            response.headers["X-Mine"] = "1"
            return response

    resource = Mine("/static", tmp_path, show_index=True)
    assert (resource._directory, resource._show_index) == (tmp_path, True)
    assert set(resource._routes) == {"GET", "HEAD"}

    async def main() -> None:
        app = web.Application()
        app.router.register_resource(resource)
        async with serve(app) as port:
            answer = await ask(port, "/static/a.txt")
            assert (answer.body, answer.headers["X-Mine"]) == (b"x", "1")

    run(main())


def test_response_attributes(run: Any) -> None:
    """A prepared response knows its request and writer; keep-alive is decided then."""
    seen: list[Any] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        seen.extend([response._req is request, response._payload_writer is request.writer, response._keep_alive])
        return response

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/", handler)
        async with serve(app) as port:
            await ask(port)

    run(main())
    assert seen == [True, True, False]


def test_request_and_application_attributes(run: Any) -> None:
    """A request's body can be put in place beforehand; an application knows those inside it."""
    request = make_mocked_request("POST", "/")
    request._read_bytes = b"given"

    async def main() -> None:
        assert await request.read() == b"given"
        assert await request.text() == "given"

    run(main())
    app, sub = web.Application(), web.Application()
    app.add_subapp("/sub", sub)
    assert app._subapps == [sub]
    assert hasattr(app, "_debug")


def test_application_subclass_warns(recwarn: Any) -> None:
    """Subclasses of Application and Response and attributes on them work, as in 3.14."""

    class Answer(web.Response):
        extra = 1

    answer = Answer(text="x")
    answer.more = 2  # type: ignore[attr-defined]
    assert (answer.extra, answer.text) == (1, "x")
    namespace: dict[str, Any] = {"web": web}
    exec("class Mine(web.Application): pass", namespace)
    assert recwarn.pop(DeprecationWarning)
    app = namespace["Mine"]()
    app.attribute = 1
    assert app.attribute == 1


def test_unprepared_fileresponse_closes_its_file(run: Any, tmp_path: Path) -> None:
    """A middleware may put its own response in the place of a file's: the file is closed."""
    (tmp_path / "a.txt").write_text("x")

    @web.middleware
    async def other(request: web.Request, handler: Any) -> web.StreamResponse:
        await handler(request)
        return web.Response(text="other")

    async def main() -> None:
        app = web.Application(middlewares=[other])
        app.router.add_static("/static", tmp_path)
        async with serve(app) as port:
            assert (await ask(port, "/static/a.txt")).body == b"other"

    run(main())
