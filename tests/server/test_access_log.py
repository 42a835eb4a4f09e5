"""The access log."""

import logging
import re
from typing import Any

import pytest
from server.serving import ask, serve

from aiohttp_core import web
from aiohttp_core._server.access_log import AbstractAccessLogger, AccessLogger


async def hello(req: web.Request) -> web.Response:
    return web.Response(text="hello", headers={"X-Out": "out"})


def logged(run: Any, caplog: pytest.LogCaptureFixture, log_format: str, target: str = "/?a=b", *fields: str) -> str:
    async def main() -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", hello)
        async with serve(app, access_log_format=log_format) as port:
            await ask(port, target, *fields)

    with caplog.at_level(logging.INFO, "aiohttp.access"):
        run(main())
    (record,) = [record for record in caplog.records if record.name == "aiohttp.access"]
    return record.getMessage()


@pytest.mark.parametrize(
    ("log_format", "expected"),
    [
        ("%a", r"127\.0\.0\.1"),
        ("%t", r"\[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]"),
        ("%P", r"<\d+>"),
        ("%r", r"GET /\?a=b HTTP/1\.1"),
        ("%s", "200"),
        ("%b", r"\d+"),
        ("%T", "0"),
        ("%Tf", r"0\.\d+"),
        ("%D", r"\d+"),
        ("%{User-Agent}i", "me"),
        ("%{Missing}i", "-"),
        ("%{X-Out}o", "out"),
        ("%%", "%"),
        (AccessLogger.LOG_FORMAT, r'127\.0\.0\.1 \[.*\] "GET /\?a=b HTTP/1\.1" 200 \d+ "-" "me"'),
    ],
)
def test_atoms(run: Any, caplog: pytest.LogCaptureFixture, log_format: str, expected: str) -> None:
    """Each atom of the format is what it says."""
    assert re.fullmatch(expected, logged(run, caplog, log_format, "/?a=b", "User-Agent: me"))


def test_control_characters_are_escaped(run: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing that a client sends forges a line or drives a terminal."""
    line = logged(run, caplog, '%r "%{User-Agent}i"', "/%0d%0a%1b[31m", "User-Agent: a\u009b31m")
    assert line.isprintable()


def test_off_means_off(run: Any) -> None:
    """Nothing is formatted where the log is off, and a logger class is used where one is given."""
    calls: list[str] = []

    class Mine(AbstractAccessLogger):
        def log(self, request: Any, response: Any, time: float) -> None:
            calls.append(request.path)

    class Disabled(Mine):
        @property
        def enabled(self) -> bool:
            return False

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", hello)
        async with serve(app, access_log_class=Mine) as port:
            await ask(port, "/logged")

    async def disabled() -> None:
        for options in ({"access_log_class": Disabled}, {"access_log": None, "access_log_class": Mine}):
            app = web.Application()
            app.router.add_get("/{path:.*}", hello)
            async with serve(app, **options) as port:
                await ask(port, "/silent")

    run(main())
    run(disabled())
    assert calls == ["/logged"]


def test_octets_that_are_no_text_are_escaped(run: Any, caplog: pytest.LogCaptureFixture) -> None:
    """What a client sends can be written to a log in UTF-8, on one line."""
    line = logged(run, caplog, "%{User-Agent}i", "/", "User-Agent: \udcff\u2028")
    assert line == "\\xff\\u2028"
    line.encode("utf-8")
