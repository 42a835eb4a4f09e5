"""Routes: a method and what handles it."""

from __future__ import annotations

import asyncio
import inspect
import keyword
import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Generator
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

from yarl import URL

from .._semantics import field_names as hdrs
from .._semantics import methods
from .._semantics.deprecations import warn_caller
from .._semantics.versions import HttpVersion11
from .abstract import AbstractView, Handler
from .errors import printable
from .exceptions import HTTPException, HTTPExpectationFailed, HTTPMethodNotAllowed

if TYPE_CHECKING:
    from .application import Application
    from .request import Request
    from .resources import AbstractResource
    from .response import StreamResponse

_ExpectHandler = Callable[["Request"], Awaitable["StreamResponse | None"]]
_METHOD: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Z]+")
_MISSING: Final = object()
CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


async def default_expect_handler(request: Request) -> None:
    """Answer ``Expect: 100-continue`` (RFC 9110 section 10.1.1); HTTPExpectationFailed for anything else."""
    expect = request.headers.get(hdrs.EXPECT, "")
    if request.version < HttpVersion11:
        return
    if expect.lower() != "100-continue":
        raise HTTPExpectationFailed(text=f"Unknown Expect: {printable(expect)}")
    await request.writer.write(CONTINUE)
    # An interim response is no part of what counts as this request's answer.
    request.writer.output_size = 0


class AbstractRoute(ABC):
    """A method and its handler: a coroutine function, or a class derived from ``View``.

    ValueError for a method that is no token, TypeError for a handler that cannot be awaited.
    """

    chain: tuple[Handler, tuple[Application, ...], Handler] | None = None
    """The handler, the applications around it and the handler with their middlewares, once that was made."""

    def __init__(
        self,
        method: str,
        handler: Handler | type[AbstractView],
        *,
        expect_handler: _ExpectHandler | None = None,
        resource: AbstractResource | None = None,
    ) -> None:
        if expect_handler is None:
            expect_handler = default_expect_handler
        if not _is_coroutine_function(expect_handler):
            raise TypeError(f"Coroutine is expected, got {expect_handler!r}")
        method = method.upper()
        if not _METHOD.fullmatch(method):
            raise ValueError(f"{method} is not allowed HTTP method")
        self._method = method
        self._handler = _checked(handler)
        self._expect_handler = expect_handler
        self._resource = resource

    @property
    def method(self) -> str:
        return self._method

    @property
    def handler(self) -> Handler:
        return self._handler

    @property
    @abstractmethod
    def name(self) -> str | None:
        """The name of the route's resource."""

    @property
    def resource(self) -> AbstractResource | None:
        return self._resource

    @abstractmethod
    def get_info(self) -> dict[str, Any]:
        """What is known of the route, for display."""

    @abstractmethod
    def url_for(self, *args: str, **kwargs: str) -> URL:
        """The URL of the route's resource."""

    async def handle_expect_header(self, request: Request) -> StreamResponse | None:
        """Answer an Expect field: None to go on, or the response that ends the request."""
        return await self._expect_handler(request)


def _is_coroutine_function(function: Any) -> bool:
    # asyncio.iscoroutinefunction() goes away; its mark is still set by those who wrap coroutine functions.
    mark = getattr(asyncio.coroutines, "_is_coroutine", _MISSING)
    return inspect.iscoroutinefunction(function) or getattr(function, "_is_coroutine", None) is mark


def _checked(handler: Any) -> Handler:
    if not callable(handler):
        raise TypeError(f"Only async functions are allowed as web-handlers, got {handler!r}")
    if (
        _is_coroutine_function(handler)
        or (isinstance(handler, type) and issubclass(handler, AbstractView))
        or _is_coroutine_function(getattr(handler, "__call__", None))  # noqa: B004  (the method itself is asked)
    ):
        return cast(Handler, handler)
    if inspect.isgeneratorfunction(handler):
        warn_caller("Bare generators are deprecated, use @coroutine wrapper")
    else:
        warn_caller("Bare functions are deprecated, use async ones")

    @wraps(handler)
    async def adapted(request: Request) -> StreamResponse:
        result = handler(request)
        if inspect.isawaitable(result):
            result = await result
        return result  # type: ignore[no-any-return]

    return adapted


class ResourceRoute(AbstractRoute):
    """A route of a resource."""

    def __init__(
        self,
        method: str,
        handler: Handler | type[AbstractView],
        resource: AbstractResource,
        *,
        expect_handler: _ExpectHandler | None = None,
    ) -> None:
        super().__init__(method, handler, expect_handler=expect_handler, resource=resource)

    def __repr__(self) -> str:
        return f"<ResourceRoute [{self.method}] {self._resource} -> {self.handler!r}"

    @property
    def name(self) -> str | None:
        return None if self._resource is None else self._resource.name

    def url_for(self, *args: str, **kwargs: str) -> URL:
        if self._resource is None:
            raise RuntimeError("The route has no resource")
        return self._resource.url_for(*args, **kwargs)

    def get_info(self) -> dict[str, Any]:
        return {} if self._resource is None else self._resource.get_info()


class SystemRoute(AbstractRoute):
    """What handles a request that nothing matched."""

    def __init__(self, http_exception: HTTPException) -> None:
        self._method = methods.METH_ANY
        self._expect_handler = default_expect_handler
        self._resource = None
        self._http_exception = http_exception

    def __repr__(self) -> str:
        return f"<SystemRoute {self.status}: {self.reason}>"

    @property
    def handler(self) -> Handler:
        # Not kept: the route would know itself, and wait for the garbage collector.
        return self._handle

    def url_for(self, *args: str, **kwargs: str) -> URL:
        raise RuntimeError(".url_for() is not allowed for SystemRoute")

    @property
    def name(self) -> str | None:
        return None

    def get_info(self) -> dict[str, Any]:
        return {"http_exception": self._http_exception}

    async def _handle(self, request: Request) -> StreamResponse:
        raise self._http_exception

    @property
    def status(self) -> int:
        return self._http_exception.status

    @property
    def reason(self) -> str:
        return self._http_exception.reason


class View(AbstractView):
    """A handler as a class, with a coroutine method for each HTTP method, named as it is in lower case."""

    def __await__(self) -> Generator[Any, None, StreamResponse]:
        return self._iter().__await__()

    async def _iter(self) -> StreamResponse:
        method = self.request.method
        if method not in methods.METH_ALL:
            self._raise_allowed_methods()
        handler: Callable[[], Awaitable[StreamResponse]] | None = getattr(self, method.lower(), None)
        if handler is None:
            self._raise_allowed_methods()
        return await handler()

    def _raise_allowed_methods(self) -> NoReturn:
        allowed = {name for name in methods.METH_ALL if hasattr(self, name.lower())}
        raise HTTPMethodNotAllowed(self.request.method, allowed)


def check_route_name(name: str) -> None:
    """ValueError unless ``name`` is made of identifiers joined by dashes, dots or colons."""
    for part in re.split(r"[.:-]", name):
        if keyword.iskeyword(part):
            raise ValueError(f"Incorrect route name {name!r}, python keywords cannot be used for route name")
        if not part.isidentifier():
            raise ValueError(
                f"Incorrect route name {name!r}, the name should be a sequence of "
                "python identifiers separated by dash, dot or column"
            )


__all__ = ("AbstractRoute", "ResourceRoute", "SystemRoute", "View")
