"""The router: resources by name and path, and what a request resolves to."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sized
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .._semantics import methods
from .._semantics.arguments import PathLike
from .abstract import AbstractRouter, AbstractView, Handler
from .exceptions import HTTPMethodNotAllowed, HTTPNotFound
from .resource_index import ResourceIndex
from .resources import ROUTE_RE, AbstractResource, DynamicResource, PlainResource, Resource
from .routes import AbstractRoute, _ExpectHandler, check_route_name
from .static_resource import StaticResource
from .subapp_resources import MatchedSubAppResource
from .url_mapping import MatchInfoError, UrlMappingMatchInfo

if TYPE_CHECKING:
    from .request import Request
    from .route_table import AbstractRouteDef


class ResourcesView(Sized, Iterable[AbstractResource], Container[AbstractResource]):
    """The resources of a router."""

    def __init__(self, resources: list[AbstractResource]) -> None:
        self._resources = resources

    def __len__(self) -> int:
        return len(self._resources)

    def __iter__(self) -> Iterator[AbstractResource]:
        yield from self._resources

    def __contains__(self, resource: object) -> bool:
        return resource in self._resources


class RoutesView(Sized, Iterable[AbstractRoute], Container[AbstractRoute]):
    """The routes of a router's resources."""

    def __init__(self, resources: list[AbstractResource]) -> None:
        self._routes = [route for resource in resources for route in resource]

    def __len__(self) -> int:
        return len(self._routes)

    def __iter__(self) -> Iterator[AbstractRoute]:
        yield from self._routes

    def __contains__(self, route: object) -> bool:
        return route in self._routes


class UrlDispatcher(AbstractRouter, Mapping[str, AbstractResource]):
    """Finds the route for a request. As a mapping: its named resources."""

    NAME_SPLIT_RE = re.compile(r"[.:-]")

    def __init__(self) -> None:
        super().__init__()
        self._resources: list[AbstractResource] = []
        self._named_resources: dict[str, AbstractResource] = {}
        self._resource_index = ResourceIndex()
        self._matched_sub_app_resources: list[MatchedSubAppResource] = []
        # Request target -> the resource, where one look tells; None: to be made.
        self._literals: dict[str, Resource] | None = None

    def __repr__(self) -> str:
        return f"<UrlDispatcher {len(self._resources)} resources>"

    # Finding

    async def resolve(self, request: Request) -> UrlMappingMatchInfo:
        found = self.find(request)
        return await self.search(request) if found is None else UrlMappingMatchInfo(*found)

    def find(self, request: Request) -> tuple[dict[str, str], AbstractRoute] | None:
        """The variables and the route, where a path of this application alone decides; None: resources are asked."""
        literals = self._literals
        if literals is None:
            literals = self._index_literals()
        target = request._target
        resource: Resource | None = literals.get(target)
        if resource is None and "?" in target:
            resource = literals.get(target[: target.index("?")])
        if resource is not None:
            variables: dict[str, str] | None = {}
        elif self._matched_sub_app_resources:
            return None
        else:
            path = request.routing_path
            for candidate in self._resource_index.candidates(path):
                if type(candidate) is not DynamicResource and type(candidate) is not PlainResource:
                    return None
                resource, variables = candidate, candidate._match(path)
                if variables is not None:
                    break
            else:
                return None
        route = resource.route_for(request._method)
        return None if route is None or variables is None else (variables, route)

    async def search(self, request: Request) -> UrlMappingMatchInfo:
        """What the resources say, where ``find`` found nothing."""
        allowed: set[str] = set()
        for candidate in self._candidates(request):
            match_info, candidate_methods = await candidate.resolve(request)
            if match_info is not None:
                return match_info
            allowed |= candidate_methods
        if allowed:
            return MatchInfoError(HTTPMethodNotAllowed(request.method, allowed))
        return MatchInfoError(HTTPNotFound())

    def _candidates(self, request: Request) -> Iterator[AbstractResource]:
        yield from self._matched_sub_app_resources
        yield from self._resource_index.candidates(request.routing_path)

    def _index_literals(self) -> dict[str, Resource]:
        literals: dict[str, Resource] = {}
        if not self._matched_sub_app_resources:
            for prefix in self._resource_index.prefixes():
                resources = self._resource_index.under(prefix)
                first = resources[0] if resources else None
                if type(first) is PlainResource and prefix == first.compared and prefix.isascii() and "%" not in prefix:
                    literals[prefix] = first
        self._literals = literals
        return literals

    # The named resources

    def __iter__(self) -> Iterator[str]:
        return iter(self._named_resources)

    def __len__(self) -> int:
        return len(self._named_resources)

    def __contains__(self, resource: object) -> bool:
        return resource in self._named_resources

    def __getitem__(self, name: str) -> AbstractResource:
        return self._named_resources[name]

    def named_resources(self) -> Mapping[str, AbstractResource]:
        return MappingProxyType(self._named_resources)

    def resources(self) -> ResourcesView:
        return ResourcesView(self._resources)

    def routes(self) -> RoutesView:
        return RoutesView(self._resources)

    # Registration

    def register_resource(self, resource: AbstractResource) -> None:
        """Take a resource; ValueError for a bad or used name, RuntimeError once the router is frozen."""
        if not isinstance(resource, AbstractResource):
            raise TypeError(f"Instance of AbstractResource class is required, got {resource!r}")
        if self.frozen:
            raise RuntimeError("Cannot register a resource into frozen router.")
        name = resource.name
        if name is not None:
            check_route_name(name)
            if name in self._named_resources:
                raise ValueError(f"Duplicate {name!r}, already handled by {self._named_resources[name]!r}")
            self._named_resources[name] = resource
        self._resources.append(resource)
        if isinstance(resource, MatchedSubAppResource):
            self._matched_sub_app_resources.append(resource)
        self.index_resource(resource)

    def index_resource(self, resource: AbstractResource) -> None:
        """File a resource under its path, unless it has none."""
        if not isinstance(resource, MatchedSubAppResource):
            self._resource_index.add(resource)
        self._literals = None

    def unindex_resource(self, resource: AbstractResource) -> None:
        """Undo ``index_resource``, before the path changes."""
        if not isinstance(resource, MatchedSubAppResource):
            self._resource_index.remove(resource)
        self._literals = None

    def add_resource(self, path: str, *, name: str | None = None) -> Resource:
        """The resource for ``path``: the last one where it is the same, else a new one."""
        if path and not path.startswith("/"):
            raise ValueError("path should be started with / or be empty")
        if self._resources:
            last = self._resources[-1]
            if last.name == name and last.raw_match(path) and isinstance(last, Resource):
                return last
        resource: Resource
        if "{" in path or "}" in path or ROUTE_RE.search(path):
            resource = DynamicResource(path, name=name)
        else:
            resource = PlainResource(path, name=name)
        self.register_resource(resource)
        return resource

    def add_route(
        self,
        method: str,
        path: str,
        handler: Handler | type[AbstractView],
        *,
        name: str | None = None,
        expect_handler: _ExpectHandler | None = None,
    ) -> AbstractRoute:
        return self.add_resource(path, name=name).add_route(method, handler, expect_handler=expect_handler)

    def add_static(
        self,
        prefix: str,
        path: PathLike,
        *,
        name: str | None = None,
        expect_handler: _ExpectHandler | None = None,
        chunk_size: int = 256 * 1024,
        show_index: bool = False,
        follow_symlinks: bool = False,
        append_version: bool = False,
    ) -> StaticResource:
        """Serve the files of a directory under ``prefix``; ValueError where there is no directory at ``path``."""
        resource = StaticResource(
            prefix.removesuffix("/"),
            path,
            name=name,
            expect_handler=expect_handler,
            chunk_size=chunk_size,
            show_index=show_index,
            follow_symlinks=follow_symlinks,
            append_version=append_version,
        )
        self.register_resource(resource)
        return resource

    def add_head(self, path: str, handler: Handler | type[AbstractView], **kwargs: Any) -> AbstractRoute:
        return self.add_route(methods.METH_HEAD, path, handler, **kwargs)

    def add_options(self, path: str, handler: Handler | type[AbstractView], **kwargs: Any) -> AbstractRoute:
        return self.add_route(methods.METH_OPTIONS, path, handler, **kwargs)

    def add_get(
        self,
        path: str,
        handler: Handler | type[AbstractView],
        *,
        name: str | None = None,
        allow_head: bool = True,
        **kwargs: Any,
    ) -> AbstractRoute:
        """A GET route, with HEAD unless ``allow_head`` is false."""
        resource = self.add_resource(path, name=name)
        if allow_head:
            resource.add_route(methods.METH_HEAD, handler, **kwargs)
        return resource.add_route(methods.METH_GET, handler, **kwargs)

    def add_post(self, path: str, handler: Handler | type[AbstractView], **kwargs: Any) -> AbstractRoute:
        return self.add_route(methods.METH_POST, path, handler, **kwargs)

    def add_put(self, path: str, handler: Handler | type[AbstractView], **kwargs: Any) -> AbstractRoute:
        return self.add_route(methods.METH_PUT, path, handler, **kwargs)

    def add_patch(self, path: str, handler: Handler | type[AbstractView], **kwargs: Any) -> AbstractRoute:
        return self.add_route(methods.METH_PATCH, path, handler, **kwargs)

    def add_delete(self, path: str, handler: Handler | type[AbstractView], **kwargs: Any) -> AbstractRoute:
        return self.add_route(methods.METH_DELETE, path, handler, **kwargs)

    def add_view(self, path: str, handler: type[AbstractView], **kwargs: Any) -> AbstractRoute:
        return self.add_route(methods.METH_ANY, path, handler, **kwargs)

    def freeze(self) -> None:
        super().freeze()
        for resource in self._resources:
            resource.freeze()

    def add_routes(self, routes: Iterable[AbstractRouteDef]) -> list[AbstractRoute]:
        """Register each of ``routes``."""
        registered: list[AbstractRoute] = []
        for route_def in routes:
            registered.extend(route_def.register(self))
        return registered


__all__ = ("ResourcesView", "RoutesView", "UrlDispatcher")
