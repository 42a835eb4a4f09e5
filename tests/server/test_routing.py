"""Routes, resources, names, and what a path resolves to."""

import asyncio
import functools
import re
import time
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import pytest
from server.serving import ask, parse, serve, talk

from aiohttp_core import web
from aiohttp_core.test_utils import make_mocked_request


async def handler(req: web.Request) -> web.Response:
    route = req.match_info.route
    return web.json_response([route.resource.canonical, dict(req.match_info)])  # type: ignore[union-attr]


def resolved(router: web.UrlDispatcher, path: str, method: str = "GET") -> Any:
    async def main() -> Any:
        return await router.resolve(make_mocked_request(method, path))

    return asyncio.run(main())


def canonical(router: web.UrlDispatcher, path: str, method: str = "GET") -> Any:
    match_info = resolved(router, path, method)
    if match_info.http_exception is not None:
        return match_info.http_exception.status
    return match_info.route.resource.canonical


@pytest.fixture
def router() -> web.UrlDispatcher:
    router = web.UrlDispatcher()
    for path in (
        "/a b",
        "/é",
        "/p%2Fq",
        "/plain",
        "/slash/",
        "/d/{x}",
        "/d/lit",
        "/t/{t:.*}",
        "/n/{a}-{b}",
        "/{any}/deep",
        "/sp ace/{x}",
        "",
    ):
        router.add_get(path, handler)
    router.add_post("/d/{x}", handler)
    router.add_route("*", "/star", handler)
    return router


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a%20b", "/a b"),
        ("/%C3%A9", "/é"),
        ("/p%2Fq", "/p%2Fq"),
        ("/p%2fq", "/p%2Fq"),
        ("/p/q", 404),
        ("/plain", "/plain"),
        ("/plain?x=1", "/plain"),
        ("/pl%61in", "/plain"),
        ("/plain/", 404),
        ("//plain", 404),
        ("/slash", 404),
        ("/slash/", "/slash/"),
        ("/d/1", "/d/{x}"),
        ("/d/lit", "/d/lit"),
        ("/d/", 404),
        ("/d/a/b", 404),
        ("/t/", "/t/{t}"),
        ("/t/a/b", "/t/{t}"),
        ("/zz/deep", "/{any}/deep"),
        ("/sp%20ace/1", "/sp ace/{x}"),
        ("/d/{x}", 404),
    ],
)
def test_resolution(router: web.UrlDispatcher, path: str, expected: Any) -> None:
    """A path resolves to the resource that 3.14 finds: the longest literal prefix first, escapes compared decoded."""
    assert canonical(router, path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/d/x%2Fy", {"x": "x/y"}),
        ("/d/x%20y%C3%A9", {"x": "x yé"}),
        ("/d/a%25b", {"x": "a%b"}),
        ("/d/a+b", {"x": "a+b"}),
        ("/n/a-b-c", {"a": "a-b", "b": "c"}),
        ("/t/a/b", {"t": "a/b"}),
    ],
)
def test_variables(router: web.UrlDispatcher, path: str, expected: dict[str, str]) -> None:
    """Variables are decoded, an escaped slash or percent sign too."""
    assert dict(resolved(router, path)) == expected


def test_methods(router: web.UrlDispatcher) -> None:
    """A method without a route gives 405 with those there are; ``*`` takes any; GET brings HEAD."""
    match_info = resolved(router, "/d/1", "PUT")
    assert match_info.http_exception.allowed_methods == {"GET", "HEAD", "POST"}
    assert canonical(router, "/star", "FOO") == "/star"
    assert canonical(router, "/plain", "HEAD") == "/plain"


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("x", "started with"),
        ("/a{b", "Invalid path"),
        ("/{1a}", "Invalid path"),
        ("/{a}/{a}", "Bad pattern"),
        ("/{a:[}", "Bad pattern"),
    ],
)
def test_bad_paths(path: str, error: str) -> None:
    """A path that cannot be a route raises ValueError when it is added."""
    with pytest.raises(ValueError, match=error):
        web.UrlDispatcher().add_get(path, handler)


def test_bad_routes() -> None:
    """A bad method, handler or name, or a route that could never run, raises when it is added."""
    router = web.UrlDispatcher()
    with pytest.raises(ValueError, match="allowed HTTP method"):
        router.add_route("b b", "/", handler)
    with pytest.raises(TypeError):
        router.add_get("/handler", 5)  # type: ignore[arg-type]
    for name in ("a b", "for", "1"):
        with pytest.raises(ValueError, match="route name"):
            router.add_get("/name", handler, name=name)
    router.add_route("*", "/star", handler)
    with pytest.raises(RuntimeError, match="never be executed"):
        router.add_get("/star", handler)
    router.add_get("/named", handler, name="n")
    with pytest.raises(ValueError, match="Duplicate"):
        router.add_get("/other", handler, name="n")
    router.freeze()
    with pytest.raises(RuntimeError, match="frozen"):
        router.add_get("/late", handler)


def test_url_for(tmp_path: Path) -> None:
    """Named resources build URLs."""
    app = web.Application()
    app.router.add_get("/n/{a}/{b:\\d+}", handler, name="n")
    app.router.add_get("/a b", handler, name="plain")
    (tmp_path / "f.txt").write_text("x")
    static = app.router.add_static("/static", tmp_path, name="st")
    assert str(app.router["n"].url_for(a="x y", b="12")) == "/n/x%20y/12"
    assert str(app.router["plain"].url_for()) == "/a%20b"
    assert str(static.url_for(filename="a b.txt")) == "/static/a%20b.txt"
    assert "v=" in str(static.url_for(filename="f.txt", append_version=True))
    assert str(static.url_for(filename="../../etc/passwd", append_version=True)).count("v=") == 0
    with pytest.raises(KeyError):
        app.router["n"].url_for(a="x")
    with pytest.raises(TypeError):
        app.router["n"].url_for(a="x", b=5)  # type: ignore[arg-type]
    assert sorted(app.router) == ["n", "plain", "st"]


def test_order_of_registration_in_a_crowd() -> None:
    """Among many resources under one prefix the first registered that matches is found, as without an index."""
    router = web.UrlDispatcher()
    paths = ["/c/{a}/x", "/c/{a:[0-9]+}/{b}", "/c/{a}/{b}", "/c/{a}/y", "/c/lit-{a}/z"]
    paths += [f"/c/{{a}}/r{i}" for i in range(20)]
    for path in paths:
        router.add_get(path, handler)
    assert canonical(router, "/c/1/x") == "/c/{a}/x"
    assert canonical(router, "/c/1/y") == "/c/{a}/{b}"
    assert canonical(router, "/c/q/r5") == "/c/{a}/{b}"
    assert canonical(router, "/c/q/r5/no") == 404


def test_500_dynamic_routes_are_no_linear_scan() -> None:
    """The last of 500 dynamic routes is found about as fast as the first, also under a common variable."""
    router = web.UrlDispatcher()
    for i in range(500):
        router.add_get(f"/{{tenant}}/r{i}/{{id}}", handler)

    async def timed(path: str) -> float:
        request = make_mocked_request("GET", path)
        best = 9.0
        for _ in range(5):
            start = time.perf_counter()
            for _ in range(50):
                await router.resolve(request)
            best = min(best, time.perf_counter() - start)
        return best

    async def main() -> tuple[float, float]:
        return await timed("/t/r0/1"), await timed("/t/r499/1")

    first, last = asyncio.run(main())
    assert last < first * 5
    assert canonical(router, "/t/r499/1") == "/{tenant}/r499/{id}"


def test_subapps_and_domains(run: Any) -> None:
    """Sub-applications take their prefix, with their own 404 and 405; domains come before all."""

    async def main() -> None:
        app, sub, inner, dom = (web.Application() for _ in range(4))
        inner.router.add_get("/in/{x}", handler, name="inn")
        sub.router.add_get("/", handler)
        sub.add_subapp("/inner", inner)
        dom.router.add_get("/only", handler)
        app.router.add_get("/subx", handler)
        app.add_subapp("/sub/", sub)
        app.router.add_get("/sub/later", handler)
        app.add_domain("dom.example", dom)
        app.add_domain("*.wild.example", web.Application())
        assert str(inner.router["inn"].url_for(x="1")) == "/sub/inner/in/1"
        async with serve(app) as port:
            assert (await ask(port, "/sub/inner/in/1")).body == b'["/sub/inner/in/{x}", {"x": "1"}]'
            assert (await ask(port, "/sub/")).status == 200
            assert (await ask(port, "/subx")).status == 200
            assert (await ask(port, "/sub/later")).status == 200
            assert (await ask(port, "/sub/nope")).status == 404
            answer = await ask(port, "/sub/inner/in/1", method="DELETE")
            assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD")
            assert (await ask(port, "/only")).status == 404

    run(main())


def test_domain_inside_a_subapp(run: Any) -> None:
    """A sub-application may have domains of its own; they answer under its prefix."""

    async def main() -> None:
        app, sub, dom = (web.Application() for _ in range(3))
        dom.router.add_get("/only", handler)
        sub.router.add_get("/mine", handler)
        sub.add_domain("dom.example", dom)
        app.add_subapp("/sub", sub)
        async with serve(app) as port:
            for host, path, status in (
                ("dom.example", "/sub/only", 200),
                ("o", "/sub/only", 404),
                ("o", "/sub/mine", 200),
            ):
                octets = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
                assert parse(await talk(port, octets)).status == status

    run(main())


@pytest.mark.parametrize("domain", ["exa mple", "http://x", "", "a_b.com"])
def test_bad_domains(domain: str) -> None:
    """What is no domain raises ValueError."""
    with pytest.raises(ValueError, match=r"[Dd]omain|Scheme"):
        web.Application().add_domain(domain, web.Application())


def test_route_definitions(run: Any, tmp_path: Path) -> None:
    """Routes as values and as decorators, and class-based views."""
    table = web.RouteTableDef()

    @table.get("/decorated/{x}")
    async def decorated(req: web.Request) -> web.Response:
        return web.Response(text=req.match_info["x"])

    @table.view("/view")
    class Mine(web.View):
        async def get(self) -> web.Response:
            return web.Response(text="got")

    table.static("/files", tmp_path)
    assert repr(table) == "<RouteTableDef count=3>"
    assert repr(web.get("/", handler)) == "<RouteDef GET / -> 'handler', allow_head=True, name=None>"

    async def main() -> None:
        app = web.Application()
        app.add_routes(table)
        app.add_routes([web.post("/posted", handler), web.route("*", "/any", handler)])
        async with serve(app) as port:
            assert (await ask(port, "/decorated/1")).body == b"1"
            assert (await ask(port, "/view")).body == b"got"
            answer = await ask(port, "/view", method="POST")
            assert (answer.status, answer.headers["Allow"]) == (405, "GET")
            assert (await ask(port, "/posted", method="POST")).status == 200
            assert (await ask(port, "/any", method="PATCH")).status == 200

    run(main())


@pytest.mark.parametrize(
    ("options", "path", "location"),
    [
        ({}, "/dir", "/dir/"),
        ({}, "//dir//?a=b", "/dir/?a=b"),
        ({"append_slash": False, "remove_slash": True}, "/file/", "/file"),
        ({}, "/missing", None),
        ({}, "//evil.example/dir", None),
        ({}, "/\\evil.example/..%2fdir", None),
    ],
)
def test_normalize_path(run: Any, options: dict[str, Any], path: str, location: str | None) -> None:
    """The middleware redirects to a path that exists, never to another server."""

    async def main() -> None:
        app = web.Application(middlewares=[web.normalize_path_middleware(**options)])
        app.router.add_get("/dir/", handler)
        app.router.add_get("/file", handler)
        app.router.add_get("/evil.example/dir/", handler)
        async with serve(app) as port:
            answer = await ask(port, path)
            if location is None:
                assert not answer.headers.get("Location", "/").startswith(("//", "/\\", "http"))
            else:
                assert (answer.status, answer.headers["Location"]) == (308, location)

    run(main())


def test_resolve_may_be_replaced(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Instrumentation may replace UrlDispatcher.resolve and Application._handle."""
    seen = []
    resolve, handle = web.UrlDispatcher.resolve, web.Application._handle

    async def watched(self: Any, req: Any) -> Any:
        seen.append("resolve")
        return await resolve(self, req)

    async def watched_handle(self: Any, req: Any) -> Any:
        seen.append("handle")
        return await handle(self, req)

    monkeypatch.setattr(web.UrlDispatcher, "resolve", watched)
    monkeypatch.setattr(web.Application, "_handle", watched_handle)

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/", handler)
        async with serve(app) as port:
            assert (await ask(port)).status == 200

    run(main())
    assert seen == ["handle", "resolve"]


def test_kinds_of_handlers(run: Any) -> None:
    """A handler may be a partial, an object that is called, a mock, or - with a warning - a plain function."""

    async def with_more(more: str, request: web.Request) -> web.Response:
        return web.Response(text=more)

    class Called:
        async def __call__(self, request: web.Request) -> web.Response:
            return web.Response(text="called")

    def plain(request: web.Request) -> web.Response:
        return web.Response(text="plain")

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/partial", functools.partial(with_more, "partial"))
        app.router.add_get("/called", Called())
        app.router.add_get("/mock", AsyncMock(side_effect=lambda request: web.Response(text="mock")))
        with pytest.warns(DeprecationWarning, match="Bare functions"):
            app.router.add_get("/plain", plain)  # type: ignore[arg-type]
        async with serve(app) as port:
            for name in ("partial", "called", "mock", "plain"):
                assert (await ask(port, f"/{name}")).body.decode() == name

    run(main())


def test_domains(run: Any) -> None:
    """A domain takes the requests that name it in Host, by its name or by a mask; the others go on."""

    async def main() -> None:
        app = web.Application()
        for domain in ("one.example", "port.example:81", "*.wild.example"):
            inner = web.Application()
            inner.router.add_get("/", handler, name=re.sub(r"\W", "_", domain))
            inner.router.add_get(f"/{len(domain)}", handler)
            app.add_domain(domain, inner)
        async with serve(app) as port:
            for host, path, status in (
                ("one.example", "/11", 200),
                ("ONE.example:80", "/11", 200),
                ("one.example:8080", "/11", 404),
                ("two.example", "/11", 404),
                ("port.example:81", "/15", 200),
                ("port.example", "/15", 404),
                ("a.wild.example", "/14", 200),
                ("a.b.wild.example:8080", "/14", 200),
                ("wild.example", "/14", 404),
                ("a.wild.example.evil", "/14", 404),
            ):
                octets = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
                assert parse(await talk(port, octets)).status == status, host

    run(main())


def test_views_of_a_router() -> None:
    """A router shows its resources, their routes and the named ones; static resources may get OPTIONS once."""
    router = web.UrlDispatcher()
    named = router.add_get("/a", handler, name="a")
    static = router.add_static("/s", Path(__file__).parent)
    assert (list(router), dict(router.named_resources()), "a" in router, len(router)) == (
        ["a"],
        {"a": named.resource},
        True,
        1,
    )
    assert (list(router.resources()), len(router.resources())) == ([named.resource, static], 2)
    assert named in router.routes() and len(router.routes()) == 4
    static.set_options_route(handler)
    assert {route.method for route in static} == {"GET", "HEAD", "OPTIONS"}
    with pytest.raises(RuntimeError, match="OPTIONS"):
        static.set_options_route(handler)


def test_own_router(run: Any) -> None:
    """An application may be given any AbstractRouter, which then decides everything."""

    class Everything(web.UrlDispatcher):
        async def resolve(self, request: web.Request) -> Any:
            return web.UrlMappingMatchInfo({"all": request.path}, self.add)

    async def everything(req: web.Request) -> web.Response:
        return web.Response(text=f"all {req.match_info['all']}")

    async def main() -> None:
        router = Everything()
        router.add = router.add_get("/never", everything)  # type: ignore[attr-defined]
        with pytest.warns(DeprecationWarning):
            app = web.Application(router=router)
        async with serve(app) as port:
            assert (await ask(port, "/anything")).body == b"all /anything"
        with pytest.warns(DeprecationWarning), pytest.raises(TypeError):
            web.Application(router=object())  # type: ignore[arg-type]

    run(main())
