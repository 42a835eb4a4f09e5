"""Middlewares: links around handlers, and the one that normalises paths."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar

from .._semantics.deprecations import warn_caller
from .abstract import Handler
from .exceptions import HTTPMove, HTTPPermanentRedirect

if TYPE_CHECKING:
    from .application import Application
    from .request import Request
    from .response import StreamResponse

Middleware = Callable[["Request", Handler], Awaitable["StreamResponse"]]
_Func = TypeVar("_Func")


def middleware(f: _Func) -> _Func:
    """Mark a coroutine function ``(request, handler)`` as a middleware."""
    f.__middleware_version__ = 1  # type: ignore[attr-defined]
    return f


def is_new_style(f: Any) -> bool:
    """Whether ``f`` takes ``(request, handler)``, not ``(app, handler)`` as those of aiohttp 2."""
    return getattr(f, "__middleware_version__", 0) == 1


def link(middleware: Middleware, handler: Handler) -> Handler:
    """``handler`` with ``middleware`` around it."""

    def around(request: Request) -> Awaitable[StreamResponse]:
        # By its name, as aiohttp does: some take it by that alone.
        return middleware(request, handler=handler)  # type: ignore[call-arg]

    return update_wrapper(around, handler)


def entering(app: Application, handler: Handler) -> Handler:
    """``handler`` with ``request.app`` as ``app`` while it runs."""

    async def inside(request: Request) -> StreamResponse:
        match_info = request.match_info
        with match_info.set_current_app(app):
            return await handler(request)

    return update_wrapper(inside, handler)


def chain(apps: Sequence[Application], handler: Handler) -> Handler:
    """``handler`` with the middlewares of ``apps``, the outermost application first."""
    nested = len(apps) > 1
    for app in reversed(apps):
        for each in reversed(app.middlewares):
            handler = link(each, handler)
        if nested:
            handler = entering(app, handler)
    return handler


async def chain_with_legacy(apps: Sequence[Application], handler: Handler) -> Handler:
    """``chain`` where some middlewares are factories of aiohttp 2's kind, which may wait."""
    nested = len(apps) > 1
    for app in reversed(apps):
        for each in reversed(app.middlewares):
            old_style: Any = each
            handler = link(each, handler) if is_new_style(each) else await old_style(app, handler)
        if nested:
            handler = entering(app, handler)
    return handler


def warn_of_legacy(f: Any) -> None:
    warn_caller(f'old-style middleware "{f!r}" deprecated, see #2252')


async def _location(request: Request, path: str) -> str | None:
    """``path`` as a Location where something handles it."""
    alternative = request.clone(rel_url=path)
    match_info = await request.app.router.resolve(alternative)
    return alternative.raw_path if match_info.http_exception is None else None


def normalize_path_middleware(
    *,
    append_slash: bool = True,
    remove_slash: bool = False,
    merge_slashes: bool = True,
    redirect_class: type[HTTPMove] = HTTPPermanentRedirect,
) -> Middleware:
    """A middleware that redirects a path that nothing handles to one that something does.

    Tried in turn: slashes merged, a slash put at the end or taken from it, both. The redirect always stays on
    this server. ValueError where a slash were both put and taken.
    """
    if append_slash and remove_slash:
        raise ValueError("Cannot both remove and append slash")

    def alternatives(path: str) -> list[str]:
        found = []
        merged = re.sub("//+", "/", path)
        if merge_slashes:
            found.append(merged)
        if append_slash and not path.endswith("/"):
            found.append(path + "/")
        if remove_slash and path.endswith("/"):
            found.append(path[:-1])
        if merge_slashes and append_slash:
            found.append(merged if merged.endswith("/") else merged + "/")
        if merge_slashes and remove_slash and merged.endswith("/"):
            found.append(merged[:-1])
        return found

    @middleware
    async def normalize(request: Request, handler: Handler) -> StreamResponse:
        if request.match_info.http_exception is None:
            return await handler(request)
        raw = request.raw_path
        path, question, query = raw.partition("?")
        for alternative in alternatives(path):
            # Two slashes at the start would name another server (RFC 3986 section 4.2).
            alternative = re.sub(r"^[/\\]+", "/", alternative)
            location = await _location(request, alternative)
            if location is not None:
                raise redirect_class(location + question + query)
        return await handler(request)

    return normalize


__all__ = ("middleware", "normalize_path_middleware")
