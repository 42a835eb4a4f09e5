"""What aiohttp defines by ``async def`` is a coroutine function here too, compiled or not: mocks and decorators ask."""

import asyncio
import inspect
from typing import Any

import pytest

import aiohttp_core
from aiohttp_core import abc, web
from aiohttp_core.base_protocol import BaseProtocol
from aiohttp_core.client_proto import ResponseHandler
from aiohttp_core.http_websocket import WebSocketDataQueue, WebSocketWriter
from aiohttp_core.test_utils import TestClient, TestServer

ASYNC: dict[Any, str] = {
    BaseProtocol: "_drain_helper",
    ResponseHandler: "_drain_helper read",
    web.RequestHandler: "_drain_helper finish_response shutdown start",
    WebSocketDataQueue: "read",
    WebSocketWriter: "close send_frame",
    abc.AbstractStreamWriter: "drain write write_eof write_headers",
    aiohttp_core.BaseConnector: "__aenter__ __aexit__ _create_connection _get connect",
    aiohttp_core.BodyPartReader: "form json next read read_chunk readline release text",
    aiohttp_core.BytesPayload: "as_bytes close write write_with_length",
    aiohttp_core.ClientRequest: "close send update_body write_bytes",
    aiohttp_core.ClientResponse: "__aenter__ __aexit__ _wait_released json read start text wait_for_close",
    aiohttp_core.ClientSession: "__aenter__ __aexit__ _request close",
    aiohttp_core.ClientWebSocketResponse: "__aenter__ __aexit__ close ping pong receive receive_bytes receive_json"
    " receive_str send_bytes send_frame send_json send_json_bytes send_str",
    aiohttp_core.MultipartReader: "fetch_next_part next release",
    aiohttp_core.StreamReader: "_wait read readany readchunk readexactly readline readuntil wait_eof",
    aiohttp_core.TCPConnector: "_create_connection _resolve_host _wrap_create_connection close connect",
    TestClient: "__aenter__ __aexit__ _request close start_server",
    TestServer: "__aenter__ __aexit__ _make_runner close start_server",
    web.AppRunner: "_cleanup_server _make_server cleanup setup shutdown",
    web.Application: "_handle cleanup shutdown startup",
    web.Request: "_prepare_hook json multipart post read release text",
    web.Response: "_prepare_headers _start _write_headers drain prepare write write_eof",
    web.StaticResource: "_handle resolve",
    web.TCPSite: "start stop",
    web.UrlDispatcher: "resolve",
    web.WebSocketResponse: "close drain ping pong prepare receive receive_bytes receive_json receive_str send_bytes"
    " send_frame send_json send_json_bytes send_str write write_eof",
}


@pytest.mark.parametrize("kind", ASYNC, ids=lambda kind: kind.__name__)
def test_coroutine_functions(kind: type) -> None:
    """Each method that is one in aiohttp is a coroutine function."""
    for name in ASYNC[kind].split():
        assert inspect.iscoroutinefunction(getattr(kind, name)), name


def test_closing_in_a_task() -> None:
    """TCPConnector.close makes a coroutine, which a task can run; the other connectors close at once."""

    async def main() -> None:
        connector = aiohttp_core.TCPConnector()
        await asyncio.create_task(connector.close())
        assert connector.closed
        unix = aiohttp_core.UnixConnector("/nowhere")
        closing = unix.close()
        assert unix.closed
        await closing

    asyncio.run(main())
