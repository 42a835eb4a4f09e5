"""What routing found: the values of the path's variables, the route, and the applications around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from .abstract import AbstractMatchInfo, Handler
from .exceptions import HTTPException

if TYPE_CHECKING:
    from .application import Application
    from .request import Request
    from .response import StreamResponse
    from .routes import AbstractRoute


_new: Final[Any] = dict.__new__


class UrlMappingMatchInfo(dict[str, str], AbstractMatchInfo):
    """A match; as a mapping, the variables of the path."""

    __slots__ = ("__dict__", "_apps", "_current_app", "_frozen", "_route")

    def __init__(self, match_dict: dict[str, str], route: AbstractRoute) -> None:
        if match_dict:
            super().__init__(match_dict)
        self._route = route
        self._apps: tuple[Application, ...] = ()
        self._current_app: Application | None = None
        self._frozen = False

    def __repr__(self) -> str:
        return f"<MatchInfo {super().__repr__()}: {self._route}>"

    @property
    def handler(self) -> Handler:
        return self._route.handler

    @property
    def route(self) -> AbstractRoute:
        return self._route

    @property
    def expect_handler(self) -> Callable[[Request], Awaitable[StreamResponse | None]]:
        return self._route.handle_expect_header

    @property
    def http_exception(self) -> HTTPException | None:
        return None

    def get_info(self) -> dict[str, Any]:
        return self._route.get_info()

    @property
    def apps(self) -> tuple[Application, ...]:
        return self._apps

    def add_app(self, app: Application) -> None:
        if self._frozen:
            raise RuntimeError("Cannot change apps stack after .freeze() call")
        if self._current_app is None:
            self._current_app = app
        self._apps = (app, *self._apps)

    @property
    def current_app(self) -> Application:
        """The application whose middleware or handler runs."""
        app = self._current_app
        if app is None:
            raise RuntimeError("The match belongs to no application yet")
        return app

    @contextmanager
    def set_current_app(self, app: Application) -> Iterator[None]:
        """Let ``app`` be the current one for a while; RuntimeError for one that is not in ``apps``."""
        if app not in self._apps:
            raise RuntimeError(f"Expected one of the following apps {self._apps!r}, got {app!r}")
        before, self._current_app = self._current_app, app
        try:
            yield
        finally:
            self._current_app = before

    def freeze(self) -> None:
        self._frozen = True


def matched(variables: dict[str, str], route: AbstractRoute, app: Application) -> UrlMappingMatchInfo:
    """A match for a request of ``app`` alone, complete."""
    match_info: UrlMappingMatchInfo = _new(UrlMappingMatchInfo)
    if variables:
        match_info.update(variables)
    match_info._route = route
    match_info._apps = (app,)
    match_info._current_app = app
    match_info._frozen = True
    return match_info


class MatchInfoError(UrlMappingMatchInfo):
    """Nothing matched: the handler raises the error."""

    __slots__ = ("_exception",)

    def __init__(self, http_exception: HTTPException) -> None:
        from .routes import SystemRoute

        self._exception = http_exception
        super().__init__({}, SystemRoute(http_exception))

    @property
    def http_exception(self) -> HTTPException:
        return self._exception

    def __repr__(self) -> str:
        return f"<MatchInfoError {self._exception.status}: {self._exception.reason}>"


__all__ = ("MatchInfoError", "UrlMappingMatchInfo", "matched")
