"""Routes as values and as decorators, to be registered later."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

import attr

from .._semantics import methods
from .._semantics.arguments import PathLike
from .abstract import AbstractView, Handler
from .routes import AbstractRoute

if TYPE_CHECKING:
    from .dispatcher import UrlDispatcher

_Handler = TypeVar("_Handler", bound=Handler | type[AbstractView])


class AbstractRouteDef(ABC):
    """Something that registers routes."""

    @abstractmethod
    def register(self, router: UrlDispatcher) -> list[AbstractRoute]:
        """Register with ``router``; the routes that came of it."""


@attr.s(auto_attribs=True, frozen=True, repr=False, slots=True)
class RouteDef(AbstractRouteDef):
    """A route."""

    method: str
    path: str
    handler: Handler | type[AbstractView]
    kwargs: dict[str, Any]

    def __repr__(self) -> str:
        info = "".join(f", {name}={value!r}" for name, value in sorted(self.kwargs.items()))
        return f"<RouteDef {self.method} {self.path} -> {self.handler.__name__!r}{info}>"

    def register(self, router: UrlDispatcher) -> list[AbstractRoute]:
        if self.method in methods.METH_ALL:
            add = getattr(router, f"add_{self.method.lower()}", None)
            if add is not None:
                return [add(self.path, self.handler, **self.kwargs)]
        return [router.add_route(self.method, self.path, self.handler, **self.kwargs)]


@attr.s(auto_attribs=True, frozen=True, repr=False, slots=True)
class StaticDef(AbstractRouteDef):
    """A directory of files."""

    prefix: str
    path: PathLike
    kwargs: dict[str, Any]

    def __repr__(self) -> str:
        info = "".join(f", {name}={value!r}" for name, value in sorted(self.kwargs.items()))
        return f"<StaticDef {self.prefix} -> {self.path}{info}>"

    def register(self, router: UrlDispatcher) -> list[AbstractRoute]:
        return list(router.add_static(self.prefix, self.path, **self.kwargs))


def route(method: str, path: str, handler: Handler | type[AbstractView], **kwargs: Any) -> RouteDef:
    return RouteDef(method, path, handler, kwargs)


def head(path: str, handler: Handler | type[AbstractView], **kwargs: Any) -> RouteDef:
    return route(methods.METH_HEAD, path, handler, **kwargs)


def options(path: str, handler: Handler | type[AbstractView], **kwargs: Any) -> RouteDef:
    return route(methods.METH_OPTIONS, path, handler, **kwargs)


def get(
    path: str,
    handler: Handler | type[AbstractView],
    *,
    name: str | None = None,
    allow_head: bool = True,
    **kwargs: Any,
) -> RouteDef:
    return route(methods.METH_GET, path, handler, name=name, allow_head=allow_head, **kwargs)


def post(path: str, handler: Handler | type[AbstractView], **kwargs: Any) -> RouteDef:
    return route(methods.METH_POST, path, handler, **kwargs)


def put(path: str, handler: Handler | type[AbstractView], **kwargs: Any) -> RouteDef:
    return route(methods.METH_PUT, path, handler, **kwargs)


def patch(path: str, handler: Handler | type[AbstractView], **kwargs: Any) -> RouteDef:
    return route(methods.METH_PATCH, path, handler, **kwargs)


def delete(path: str, handler: Handler | type[AbstractView], **kwargs: Any) -> RouteDef:
    return route(methods.METH_DELETE, path, handler, **kwargs)


def view(path: str, handler: type[AbstractView], **kwargs: Any) -> RouteDef:
    return route(methods.METH_ANY, path, handler, **kwargs)


def static(prefix: str, path: PathLike, **kwargs: Any) -> StaticDef:
    return StaticDef(prefix, path, kwargs)


class RouteTableDef(Sequence[AbstractRouteDef]):
    """Collects routes by decorators; given to ``Application.add_routes``."""

    def __init__(self) -> None:
        self._items: list[AbstractRouteDef] = []

    def __repr__(self) -> str:
        return f"<RouteTableDef count={len(self._items)}>"

    @overload
    def __getitem__(self, index: int) -> AbstractRouteDef: ...

    @overload
    def __getitem__(self, index: slice) -> list[AbstractRouteDef]: ...

    def __getitem__(self, index: int | slice) -> AbstractRouteDef | list[AbstractRouteDef]:
        return self._items[index]

    def __iter__(self) -> Iterator[AbstractRouteDef]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, item: object) -> bool:
        return item in self._items

    def route(self, method: str, path: str, **kwargs: Any) -> Callable[[_Handler], _Handler]:
        def register(handler: Any) -> Any:
            self._items.append(RouteDef(method, path, handler, kwargs))
            return handler

        return register

    def head(self, path: str, **kwargs: Any) -> Callable[[_Handler], _Handler]:
        return self.route(methods.METH_HEAD, path, **kwargs)

    def get(self, path: str, **kwargs: Any) -> Callable[[_Handler], _Handler]:
        return self.route(methods.METH_GET, path, **kwargs)

    def post(self, path: str, **kwargs: Any) -> Callable[[_Handler], _Handler]:
        return self.route(methods.METH_POST, path, **kwargs)

    def put(self, path: str, **kwargs: Any) -> Callable[[_Handler], _Handler]:
        return self.route(methods.METH_PUT, path, **kwargs)

    def patch(self, path: str, **kwargs: Any) -> Callable[[_Handler], _Handler]:
        return self.route(methods.METH_PATCH, path, **kwargs)

    def delete(self, path: str, **kwargs: Any) -> Callable[[_Handler], _Handler]:
        return self.route(methods.METH_DELETE, path, **kwargs)

    def options(self, path: str, **kwargs: Any) -> Callable[[_Handler], _Handler]:
        return self.route(methods.METH_OPTIONS, path, **kwargs)

    def view(self, path: str, **kwargs: Any) -> Callable[[_Handler], _Handler]:
        return self.route(methods.METH_ANY, path, **kwargs)

    def static(self, prefix: str, path: PathLike, **kwargs: Any) -> None:
        self._items.append(StaticDef(prefix, path, kwargs))


__all__ = (
    "AbstractRouteDef",
    "RouteDef",
    "RouteTableDef",
    "StaticDef",
    "delete",
    "get",
    "head",
    "options",
    "patch",
    "post",
    "put",
    "route",
    "static",
    "view",
)
