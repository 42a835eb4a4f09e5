"""What programs wrap and replace in web.RequestHandler, compiled or not."""

import inspect
from typing import Any
from unittest import mock

import pytest
from server.serving import ask, serve

from aiohttp_core import web

RECORDED = {
    "start": "(self)",
    "shutdown": "(self, timeout=15.0)",
    "close": "(self)",
    "force_close": "(self)",
    "keep_alive": "(self, val)",
    "set_parser": "(self, parser, data_received_cb=None)",
    "finish_response": "(self, request, resp, start_time)",
    "handle_error": "(self, request, status=500, exc=None, message=None)",
    "log_access": "(self, request, response, time)",
    "log_debug": "(self, *args, **kw)",
    "log_exception": "(self, *args, **kw)",
}


@pytest.mark.parametrize("name", RECORDED)
def test_signatures(name: str) -> None:
    """Each method has aiohttp's signature, and is a coroutine function where aiohttp's is."""
    method = getattr(web.RequestHandler, name)
    signature = inspect.signature(method)
    bare = [each.replace(annotation=inspect.Parameter.empty) for each in signature.parameters.values()]
    assert str(inspect.Signature(bare)) == RECORDED[name]
    assert inspect.iscoroutinefunction(method) == (name in ("start", "shutdown", "finish_response"))


def test_a_replaced_method_is_called(run: Any) -> None:
    """handle_error replaced with autospec sees the request and gives the answer to a failing handler."""

    async def failing(request: web.Request) -> web.Response:
        raise ZeroDivisionError

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/", failing)
        answer = web.Response(status=503, text="later")
        with mock.patch.object(web.RequestHandler, "handle_error", autospec=True, return_value=answer) as replaced:
            async with serve(app) as port:
                received = await ask(port)
        assert (received.status, received.body) == (503, b"later")
        handler, request, status, error = replaced.call_args[0][:4]
        assert isinstance(handler, web.RequestHandler)
        assert (request.path, status, type(error)) == ("/", 500, ZeroDivisionError)

    run(main())
