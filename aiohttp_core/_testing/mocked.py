"""Requests and coroutines that are not real, for tests of handlers."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest import mock

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from .._connection.raw_messages import RawRequestMessage
from .._connection.stream_reader import EMPTY_PAYLOAD, StreamReader
from .._semantics import field_names as hdrs
from .._semantics.sentinel import sentinel
from .._semantics.versions import HttpVersion, HttpVersion11
from .._server.application import Application
from .._server.request import Request
from .._server.request_handler import RequestHandler
from .._server.url_mapping import UrlMappingMatchInfo


def make_mocked_coro(return_value: Any = sentinel, raise_exception: Any = sentinel) -> Any:
    """A mock of a coroutine function that returns or raises."""

    async def mocked(*args: Any, **kwargs: Any) -> Any:
        if raise_exception is not sentinel:
            raise raise_exception
        if not asyncio.iscoroutine(return_value):
            return return_value
        return await return_value

    return mock.Mock(wraps=mocked)


def _mocked_app() -> mock.MagicMock:
    app = mock.MagicMock(spec=Application)
    app._debug = False
    app.on_response_prepare = mock.Mock()
    app.on_response_prepare.__bool__ = lambda self: False
    return app


def _mocked_transport(sslcontext: Any) -> mock.Mock:
    transport = mock.Mock()

    def get_extra_info(key: str, default: Any = None) -> Any:
        return sslcontext if key == "sslcontext" else None

    transport.get_extra_info.side_effect = get_extra_info
    return transport


def make_mocked_request(
    method: str,
    path: str,
    headers: Any = None,
    *,
    match_info: Any = sentinel,
    version: HttpVersion = HttpVersion11,
    closing: bool = False,
    app: Any = None,
    writer: Any = sentinel,
    protocol: Any = sentinel,
    transport: Any = sentinel,
    payload: StreamReader = EMPTY_PAYLOAD,
    sslcontext: Any = None,
    client_max_size: int = 1024**2,
    client_max_fields: int = 1000,
    loop: Any = ...,
) -> Request:
    """A request with mocks around it, good for calling a handler without a server."""
    if version < HttpVersion11:
        closing = True
    fields = CIMultiDictProxy(CIMultiDict(headers or {}))
    raw_headers = tuple((name.encode("utf-8"), value.encode("utf-8")) for name, value in fields.items())
    chunked = "chunked" in fields.get(hdrs.TRANSFER_ENCODING, "").lower()
    message = RawRequestMessage(method, path, version, fields, raw_headers, closing, None, False, chunked, URL(path))
    if app is None:
        app = _mocked_app()
    if loop is ...:
        loop = mock.Mock()
    if transport is sentinel:
        transport = _mocked_transport(sslcontext)
    if protocol is sentinel:
        protocol = mock.Mock()
        protocol.max_field_size = 8190
        protocol.max_headers = 128
        protocol.peername = None
        protocol.closing = False
        protocol.transport = transport
        # For WebSocketResponse.
        protocol.lost_error = RequestHandler.lost_error
        protocol.upgrade.return_value = b""
    if writer is sentinel:
        writer = mock.Mock()
        for name in ("write", "write_eof", "drain", "write_headers"):
            getattr(writer, name).side_effect = make_mocked_coro(None)
        writer.transport = transport
    request = Request(
        message,
        payload,
        protocol,
        writer,
        mock.Mock(),
        loop,
        client_max_size=client_max_size,
        client_max_fields=client_max_fields,
    )
    info = UrlMappingMatchInfo({} if match_info is sentinel else match_info, mock.Mock())
    info.add_app(app)
    request._match_info = info
    return request
