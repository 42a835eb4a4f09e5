"""Tools for tests of programs that use this library: servers, clients, mocks, free ports."""

from typing import TYPE_CHECKING

from aiohttp_core._client.abstract_cookie_jar import AbstractCookieJar
from aiohttp_core._client.response import ClientResponse
from aiohttp_core._client.session import ClientSession
from aiohttp_core._client.websocket import ClientWebSocketResponse
from aiohttp_core._connection.raw_messages import RawRequestMessage
from aiohttp_core._connection.stream_reader import EMPTY_PAYLOAD, StreamReader
from aiohttp_core._semantics.sentinel import sentinel
from aiohttp_core._semantics.versions import HttpVersion
from aiohttp_core._server.application import Application
from aiohttp_core._server.request import BaseRequest, Request
from aiohttp_core._server.runner import AppRunner, BaseRunner, ServerRunner
from aiohttp_core._server.server import Server
from aiohttp_core._server.sites import SockSite
from aiohttp_core._server.url_mapping import UrlMappingMatchInfo
from aiohttp_core._testing.case import AioHTTPTestCase
from aiohttp_core._testing.client import TestClient
from aiohttp_core._testing.loops import loop_context, setup_test_loop, teardown_test_loop, unittest_run_loop
from aiohttp_core._testing.mocked import make_mocked_coro, make_mocked_request
from aiohttp_core._testing.ports import REUSE_ADDRESS, get_port_socket, get_unused_port_socket, unused_port
from aiohttp_core._testing.server import BaseTestServer, RawTestServer, TestServer

__all__ = (
    "EMPTY_PAYLOAD",
    "REUSE_ADDRESS",
    "TYPE_CHECKING",
    "AbstractCookieJar",
    "AioHTTPTestCase",
    "AppRunner",
    "Application",
    "BaseRequest",
    "BaseRunner",
    "BaseTestServer",
    "ClientResponse",
    "ClientSession",
    "ClientWebSocketResponse",
    "HttpVersion",
    "RawRequestMessage",
    "RawTestServer",
    "Request",
    "Server",
    "ServerRunner",
    "SockSite",
    "StreamReader",
    "TestClient",
    "TestServer",
    "UrlMappingMatchInfo",
    "get_port_socket",
    "get_unused_port_socket",
    "loop_context",
    "make_mocked_coro",
    "make_mocked_request",
    "sentinel",
    "setup_test_loop",
    "teardown_test_loop",
    "unittest_run_loop",
    "unused_port",
)
