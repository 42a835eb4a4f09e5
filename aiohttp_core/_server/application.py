"""The application: routes, middlewares, signals and state in one place."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast, overload

from aiosignal import Signal
from frozenlist import FrozenList

from .._semantics.deprecations import DEBUG, warn_caller, warn_of_custom_attribute
from .abstract import AbstractRouter, Handler
from .access_log import AbstractAccessLogger, AccessLogger
from .dispatcher import UrlDispatcher
from .keys import AppKey, NotAppKeyWarning
from .logs import web_logger
from .middlewares import Middleware, chain, chain_with_legacy, is_new_style, warn_of_legacy
from .request import DEFAULT_CLIENT_MAX_FIELDS, DEFAULT_CLIENT_MAX_SIZE, Request
from .response import StreamResponse
from .routes import AbstractRoute, SystemRoute
from .server import Server
from .signals import CleanupContext
from .subapp_resources import Domain, MaskDomain, MatchedSubAppResource, PrefixedSubAppResource
from .url_mapping import UrlMappingMatchInfo, matched

if TYPE_CHECKING:
    from .request_handler import RequestHandler
    from .resources import AbstractResource
    from .route_table import AbstractRouteDef

_T = TypeVar("_T")
_U = TypeVar("_U")
_new: Final[Any] = object.__new__
_RESOLVE: Final = UrlDispatcher.resolve
"""Tracers replace it; then it is asked for each request, otherwise only where it must be awaited."""


class Application(MutableMapping["str | AppKey[Any]", Any]):
    """A web application. As a mapping it keeps the state shared by its handlers.

    ``client_max_size`` (octets, 0 for no bound) and ``client_max_fields`` bound request bodies and forms.
    ``handler_args`` go to each connection's protocol.
    """

    ATTRS: Any = frozenset({"logger"})

    def __init__(
        self,
        *,
        logger: logging.Logger = web_logger,
        router: UrlDispatcher | None = None,
        middlewares: Iterable[Middleware] = (),
        handler_args: Mapping[str, Any] | None = None,
        client_max_size: int = DEFAULT_CLIENT_MAX_SIZE,
        client_max_fields: int = DEFAULT_CLIENT_MAX_FIELDS,
        loop: asyncio.AbstractEventLoop | None = None,
        debug: Any = ...,
    ) -> None:
        if router is None:
            router = UrlDispatcher()
        else:
            warnings.warn("router argument is deprecated", DeprecationWarning, stacklevel=2)
            if not isinstance(router, AbstractRouter):
                raise TypeError(f"Instance of AbstractRouter is required, got {router!r}")
        if loop is not None:
            warnings.warn("loop argument is deprecated", DeprecationWarning, stacklevel=2)
        if debug is not ...:
            warnings.warn("debug argument is deprecated", DeprecationWarning, stacklevel=2)
        if not isinstance(logger, (logging.Logger, logging.LoggerAdapter)) and not hasattr(logger, "info"):
            raise TypeError(f"logger must be a logging.Logger, not {type(logger).__name__}")
        self._debug = debug
        self._router: UrlDispatcher = router
        self._loop = loop
        self._handler_args = handler_args
        self.logger = logger
        self._middlewares: FrozenList[Middleware] = FrozenList(middlewares)
        self._run_middlewares: bool | None = None
        self._has_legacy_middlewares = False
        self._watches_responses = False
        self._state: dict[Any, Any] = {}
        self._frozen = False
        self._pre_frozen = False
        self._subapps: list[Application] = []
        self._on_response_prepare: Signal[Request, StreamResponse] = Signal(self)
        self._on_startup: Signal[Application] = Signal(self)
        self._on_shutdown: Signal[Application] = Signal(self)
        self._on_cleanup: Signal[Application] = Signal(self)
        self._cleanup_ctx = CleanupContext()
        self._on_startup.append(self._cleanup_ctx._on_startup)
        self._on_cleanup.append(self._cleanup_ctx._on_cleanup)
        self._client_max_size = client_max_size
        self._client_max_fields = client_max_fields
        router.post_init(self)

    def __init_subclass__(cls) -> None:
        warnings.warn(
            f"Inheritance class {cls.__name__} from web.Application is discouraged", DeprecationWarning, stacklevel=3
        )

    if DEBUG and not TYPE_CHECKING:

        def __setattr__(self, name: str, val: Any) -> None:
            warn_of_custom_attribute(self, "web.Application", name)
            super().__setattr__(name, val)

    def __repr__(self) -> str:
        return f"<Application 0x{id(self):x}>"

    def __call__(self) -> Application:
        """The application itself: Gunicorn calls what it is given."""
        return self

    # The mapping

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __bool__(self) -> bool:
        return True

    @overload
    def __getitem__(self, key: AppKey[_T]) -> _T: ...

    @overload
    def __getitem__(self, key: str) -> Any: ...

    def __getitem__(self, key: str | AppKey[Any]) -> Any:
        return self._state[key]

    @overload
    def __setitem__(self, key: AppKey[_T], value: _T) -> None: ...

    @overload
    def __setitem__(self, key: str, value: Any) -> None: ...

    def __setitem__(self, key: str | AppKey[Any], value: Any) -> None:
        self._check_frozen()
        if not isinstance(key, AppKey):
            warn_caller("It is recommended to use web.AppKey instances for keys.", NotAppKeyWarning)
        self._state[key] = value

    def __delitem__(self, key: str | AppKey[Any]) -> None:
        self._check_frozen()
        del self._state[key]

    def _check_frozen(self) -> None:
        if self._frozen:
            warn_caller("Changing state of started or joined application is deprecated")

    def __len__(self) -> int:
        return len(self._state)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._state)

    @overload  # type: ignore[override]
    def get(self, key: AppKey[_T], default: None = ...) -> _T | None: ...

    @overload
    def get(self, key: AppKey[_T], default: _U) -> _T | _U: ...

    @overload
    def get(self, key: str, default: Any = ...) -> Any: ...

    def get(self, key: str | AppKey[Any], default: Any = None) -> Any:
        return self._state.get(key, default)

    # What it is made of

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        warnings.warn("loop property is deprecated", DeprecationWarning, stacklevel=2)
        return self._loop

    @property
    def debug(self) -> bool:
        warnings.warn("debug property is deprecated", DeprecationWarning, stacklevel=2)
        return bool(self._debug)

    @property
    def router(self) -> UrlDispatcher:
        return self._router

    @property
    def middlewares(self) -> FrozenList[Middleware]:
        return self._middlewares

    @property
    def on_response_prepare(self) -> Signal[Request, StreamResponse]:
        return self._on_response_prepare

    @property
    def on_startup(self) -> Signal[Application]:
        return self._on_startup

    @property
    def on_shutdown(self) -> Signal[Application]:
        return self._on_shutdown

    @property
    def on_cleanup(self) -> Signal[Application]:
        return self._on_cleanup

    @property
    def cleanup_ctx(self) -> CleanupContext:
        return self._cleanup_ctx

    # Freezing

    @property
    def pre_frozen(self) -> bool:
        return self._pre_frozen

    def pre_freeze(self) -> None:
        """Take no more routes, middlewares and signal receivers."""
        if self._pre_frozen:
            return
        self._pre_frozen = True
        self._middlewares.freeze()
        self._router.freeze()
        for signal in (self._on_response_prepare, self._cleanup_ctx, self._on_startup, self._on_shutdown):
            signal.freeze()
        self._on_cleanup.freeze()
        for each in self._middlewares:
            if not is_new_style(each):
                warn_of_legacy(each)
                self._has_legacy_middlewares = True
        self._run_middlewares = bool(self._middlewares)
        self._watches_responses = bool(self._on_response_prepare)
        for subapp in self._subapps:
            subapp.pre_freeze()
            self._run_middlewares = self._run_middlewares or bool(subapp._run_middlewares)
            self._has_legacy_middlewares = self._has_legacy_middlewares or subapp._has_legacy_middlewares
            self._watches_responses = self._watches_responses or subapp._watches_responses

    @property
    def frozen(self) -> bool:
        return self._frozen

    def freeze(self) -> None:
        """Take no more state either."""
        if self._frozen:
            return
        self.pre_freeze()
        self._frozen = True
        for subapp in self._subapps:
            subapp.freeze()

    # Applications inside

    def add_subapp(self, prefix: str, subapp: Application) -> PrefixedSubAppResource:
        """Serve ``subapp`` under ``prefix``; ValueError for an empty prefix, RuntimeError where either is frozen."""
        if not isinstance(prefix, str):
            raise TypeError("Prefix must be str")
        prefix = prefix.rstrip("/")
        if not prefix:
            raise ValueError("Prefix cannot be empty")
        resource = self._add_subapp(partial(PrefixedSubAppResource, prefix, subapp), subapp)
        return cast(PrefixedSubAppResource, resource)

    def add_domain(self, domain: str, subapp: Application) -> MatchedSubAppResource:
        """Serve ``subapp`` for requests to ``domain``, in which ``*`` stands for anything."""
        if not isinstance(domain, str):
            raise TypeError("Domain must be str")
        rule = MaskDomain(domain) if "*" in domain else Domain(domain)
        return cast(MatchedSubAppResource, self._add_subapp(partial(MatchedSubAppResource, rule, subapp), subapp))

    def _add_subapp(self, make_resource: Callable[[], AbstractResource], subapp: Application) -> AbstractResource:
        if self.frozen:
            raise RuntimeError("Cannot add sub application to frozen application")
        if subapp.frozen:
            raise RuntimeError("Cannot add frozen application")
        resource = make_resource()
        self.router.register_resource(resource)
        self._pass_signals_to(subapp)
        self._subapps.append(subapp)
        subapp.pre_freeze()
        if self._loop is not None:
            subapp._set_loop(self._loop)
        return resource

    def _pass_signals_to(self, subapp: Application) -> None:
        def passing(name: str) -> Callable[[Application], Any]:
            async def handler(app: Application) -> None:
                await getattr(subapp, name).send(subapp)

            return handler

        for name in ("on_startup", "on_shutdown", "on_cleanup"):
            getattr(self, name).append(passing(name))

    def add_routes(self, routes: Iterable[AbstractRouteDef]) -> list[AbstractRoute]:
        return self.router.add_routes(routes)

    # Life

    def _set_loop(self, loop: asyncio.AbstractEventLoop | None) -> None:
        if loop is None:
            loop = asyncio.get_event_loop()
        if self._loop is not None and self._loop is not loop:
            raise RuntimeError("web.Application instance initialized with different loop")
        self._loop = loop
        if self._debug is ...:
            self._debug = loop.get_debug()
        for subapp in self._subapps:
            subapp._set_loop(loop)

    async def startup(self) -> None:
        """Send ``on_startup``."""
        await self.on_startup.send(self)

    async def shutdown(self) -> None:
        """Send ``on_shutdown``: connections that stay open are to be told."""
        await self.on_shutdown.send(self)

    async def cleanup(self) -> None:
        """Send ``on_cleanup``; after a start-up that failed, undo what of it was done."""
        if self.on_cleanup.frozen:
            await self.on_cleanup.send(self)
        else:
            await self._cleanup_ctx._on_cleanup(self)

    # Serving

    def _make_handler(
        self,
        *,
        loop: asyncio.AbstractEventLoop | None = None,
        access_log_class: type[AbstractAccessLogger] = AccessLogger,
        **kwargs: Any,
    ) -> Server:
        if not issubclass(access_log_class, AbstractAccessLogger):
            raise TypeError(
                f"access_log_class must be subclass of aiohttp.abc.AbstractAccessLogger, got {access_log_class}"
            )
        self._set_loop(loop)
        self.freeze()
        kwargs["debug"] = self._debug
        kwargs["access_log_class"] = access_log_class
        if self._handler_args:
            kwargs.update(self._handler_args)
        server = Server(self._handle, request_factory=self._make_request, loop=self._loop, **kwargs)
        server.lazy_writers = getattr(self._make_request, "__func__", None) is _MAKE_REQUEST
        return server

    def make_handler(
        self,
        *,
        loop: asyncio.AbstractEventLoop | None = None,
        access_log_class: type[AbstractAccessLogger] = AccessLogger,
        **kwargs: Any,
    ) -> Server:
        warnings.warn(
            "Application.make_handler(...) is deprecated, use AppRunner API instead", DeprecationWarning, stacklevel=2
        )
        return self._make_handler(loop=loop, access_log_class=access_log_class, **kwargs)

    def _make_request(
        self,
        message: Any,
        payload: Any,
        protocol: RequestHandler,
        writer: Any,
        task: asyncio.Task[None],
        _cls: type[Request] = Request,
    ) -> Request:
        loop: Any = self._loop
        max_size, max_fields = self._client_max_size, self._client_max_fields
        if _cls is not Request:
            return _cls(
                message,
                payload,
                protocol,
                writer,
                task,
                loop,
                client_max_size=max_size,
                client_max_fields=max_fields,
            )
        # What its __init__ does, without the dictionary of a call by keywords.
        request: Request = _new(Request)
        request._begin(message, payload, protocol, writer, task, loop, max_size, max_fields, None)
        return request

    async def _handle(self, request: Request) -> StreamResponse:
        router = self._router
        own = getattr(router.resolve, "__func__", None) is _RESOLVE
        found = router.find(request) if own else None
        if found is not None:
            variables, route = found
            match_info = matched(variables, route, self)
            handler = route._handler
        else:
            match_info = await (router.search(request) if own else router.resolve(request))
            match_info.add_app(self)
            match_info.freeze()
            handler = match_info.handler
        request._match_info = match_info
        if self._watches_responses:
            request.attended = True
        if request._expects:
            answer = await match_info.expect_handler(request)
            await request.writer.drain()
            if answer is not None:
                return answer
        if self._run_middlewares:
            handler = await self._with_middlewares(match_info, handler)
        return await handler(request)

    async def _with_middlewares(self, match_info: UrlMappingMatchInfo, handler: Handler) -> Handler:
        apps = match_info.apps
        if self._has_legacy_middlewares:
            return await chain_with_legacy(apps, handler)
        route = getattr(match_info, "route", None)
        if route is None or isinstance(route, SystemRoute):
            # One is made for each request that nothing matches: kept, they would fill the memory.
            return chain(apps, handler)
        kept = route.chain
        if kept is None or kept[0] is not handler or kept[1] != apps:
            kept = route.chain = (handler, apps, chain(apps, handler))
        return cast(Handler, kept[2])


_MAKE_REQUEST: Final = Application._make_request
"""What replaces it is given a writer."""

__all__ = ("Application",)
