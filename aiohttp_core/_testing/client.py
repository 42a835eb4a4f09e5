"""A client of a test server: paths instead of addresses, and everything it opened is closed with it."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Generic, Literal, TypeVar, overload

from yarl import URL

from .._client.abstract_cookie_jar import AbstractCookieJar
from .._client.cookie_jar import CookieJar
from .._client.option_types import RequestOptions, Unpack, WebSocketConnectOptions
from .._client.request_contexts import _BaseRequestContextManager, _RequestContextManager
from .._client.response import ClientResponse
from .._client.session import ClientSession
from .._client.websocket import ClientWebSocketResponse
from .._server.application import Application
from .._server.request import BaseRequest, Request
from .server import BaseTestServer, TestServer

_Request = TypeVar("_Request", bound=BaseRequest)
_Application = TypeVar("_Application", Application, None)


class TestClient(Generic[_Request, _Application]):
    """Requests to ``server``; ``kwargs`` go to the session."""

    __test__ = False

    @overload
    def __init__(
        self: TestClient[Request, Application],
        server: TestServer,
        *,
        cookie_jar: AbstractCookieJar | None = None,
        **kwargs: Any,
    ) -> None: ...

    @overload
    def __init__(
        self: TestClient[_Request, None],
        server: BaseTestServer,
        *,
        cookie_jar: AbstractCookieJar | None = None,
        **kwargs: Any,
    ) -> None: ...

    def __init__(
        self,
        server: BaseTestServer,
        *,
        cookie_jar: AbstractCookieJar | None = None,
        loop: asyncio.AbstractEventLoop | None = None,
        **kwargs: Any,
    ) -> None:
        if not isinstance(server, BaseTestServer):
            raise TypeError(f"server must be TestServer instance, found type: {type(server)!r}")
        self._server = server
        self._loop = loop
        if cookie_jar is None:
            cookie_jar = CookieJar(unsafe=True, loop=loop)
        self._session = ClientSession(loop=loop, cookie_jar=cookie_jar, **kwargs)
        self._session._retry_connection = False
        self._closed = False
        self._responses: list[ClientResponse] = []
        self._websockets: list[ClientWebSocketResponse[bool]] = []

    async def start_server(self) -> None:
        """Start the server."""
        await self._server.start_server(loop=self._loop)

    @property
    def host(self) -> str:
        return self._server.host

    @property
    def port(self) -> int | None:
        return self._server.port

    @property
    def server(self) -> BaseTestServer:
        return self._server

    @property
    def app(self) -> _Application:
        """The application served, None for a raw server."""
        return getattr(self._server, "app", None)  # type: ignore[return-value]

    @property
    def session(self) -> ClientSession:
        """The session, for what is not offered here; what it opens is not closed with the client."""
        return self._session

    def make_url(self, path: str | URL) -> URL:
        return self._server.make_url(path)

    async def _request(self, method: str, path: str | URL, **kwargs: Any) -> ClientResponse:
        response: ClientResponse = await self._session.request(method, self.make_url(path), **kwargs)
        self._responses.append(response)
        return response

    def request(self, method: str, path: str | URL, **kwargs: Unpack[RequestOptions]) -> _RequestContextManager:
        """A request to ``path``; await it or use it as a context manager."""
        return _RequestContextManager(self._request(method, path, **kwargs))

    def get(self, path: str | URL, **kwargs: Unpack[RequestOptions]) -> _RequestContextManager:
        return self.request("GET", path, **kwargs)

    def post(self, path: str | URL, **kwargs: Unpack[RequestOptions]) -> _RequestContextManager:
        return self.request("POST", path, **kwargs)

    def options(self, path: str | URL, **kwargs: Unpack[RequestOptions]) -> _RequestContextManager:
        return self.request("OPTIONS", path, **kwargs)

    def head(self, path: str | URL, **kwargs: Unpack[RequestOptions]) -> _RequestContextManager:
        return self.request("HEAD", path, **kwargs)

    def put(self, path: str | URL, **kwargs: Unpack[RequestOptions]) -> _RequestContextManager:
        return self.request("PUT", path, **kwargs)

    def patch(self, path: str | URL, **kwargs: Unpack[RequestOptions]) -> _RequestContextManager:
        return self.request("PATCH", path, **kwargs)

    def delete(self, path: str | URL, **kwargs: Unpack[RequestOptions]) -> _RequestContextManager:
        return self.request("DELETE", path, **kwargs)

    @overload
    def ws_connect(
        self, path: str | URL, *, decode_text: Literal[True] = ..., **kwargs: Unpack[WebSocketConnectOptions]
    ) -> _BaseRequestContextManager[ClientWebSocketResponse[Literal[True]]]: ...

    @overload
    def ws_connect(
        self, path: str | URL, *, decode_text: Literal[False], **kwargs: Unpack[WebSocketConnectOptions]
    ) -> _BaseRequestContextManager[ClientWebSocketResponse[Literal[False]]]: ...

    @overload
    def ws_connect(
        self, path: str | URL, *, decode_text: bool = ..., **kwargs: Unpack[WebSocketConnectOptions]
    ) -> _BaseRequestContextManager[ClientWebSocketResponse[bool]]: ...

    def ws_connect(
        self, path: str | URL, *, decode_text: bool = True, **kwargs: Unpack[WebSocketConnectOptions]
    ) -> _BaseRequestContextManager[Any]:
        """A WebSocket connection to ``path``."""
        return _BaseRequestContextManager(self._ws_connect(path, decode_text=decode_text, **kwargs))

    async def _ws_connect(self, path: str | URL, **kwargs: Any) -> ClientWebSocketResponse[bool]:
        socket: ClientWebSocketResponse[bool] = await self._session.ws_connect(self.make_url(path), **kwargs)
        self._websockets.append(socket)
        return socket

    async def close(self) -> None:
        """Close responses, WebSockets, the session and the server."""
        if self._closed:
            return
        for response in self._responses:
            response.close()
        for socket in self._websockets:
            await socket.close()
        await self._session.close()
        await self._server.close()
        self._closed = True

    def __enter__(self) -> None:
        raise TypeError("Use async with instead")

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Never called: ``__enter__`` raises."""

    async def __aenter__(self) -> TestClient[_Request, _Application]:
        await self.start_server()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        await self.close()


__all__ = ("Request", "TestClient", "TestServer")
