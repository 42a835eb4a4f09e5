"""Resources: what a path stands for, with the routes of its methods.

Paths are compared decoded, but for ``%2F`` and ``%25``: an escaped slash separates nothing.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sized
from typing import TYPE_CHECKING, Any, Final

from yarl import URL

from .._semantics import methods
from .abstract import AbstractView, Handler
from .routes import AbstractRoute, ResourceRoute, _ExpectHandler
from .url_mapping import UrlMappingMatchInfo

if TYPE_CHECKING:
    from .request import Request

Resolution = tuple["UrlMappingMatchInfo | None", set[str]]

ROUTE_RE: Final = re.compile(r"(\{[_a-zA-Z][^{}]*(?:\{[^{}]*\}[^{}]*)*\})")
_NO_METHODS: Final[frozenset[str]] = frozenset()


def matchable(path: str) -> str:
    """A programmer's path, or a part of it, in the form in which requests' paths are compared."""
    if "%" not in path:
        return path
    slash = "" if path.startswith("/") else "/"
    return URL(f"{slash}{path.replace('?', '%3F').replace('#', '%23')}").path_safe[len(slash) :]


def unescape(value: str) -> str:
    """What is still escaped in a compared path, undone."""
    return value.replace("%2F", "/").replace("%25", "%") if "%" in value else value


def quote_path(path: str) -> str:
    """``path`` as it stands in a URL; escapes in it are kept."""
    quoted = URL.build(path=path, encoded=False).raw_path
    return quoted.replace("%25", "%") if "%" in path else quoted


def quote_value(value: str) -> str:
    """A variable's value as it stands in a path."""
    return URL.build(path=value, encoded=False).raw_path


class AbstractResource(Sized, Iterable[AbstractRoute]):
    """Something that a path stands for."""

    def __init__(self, *, name: str | None = None) -> None:
        self._name = name

    @property
    def name(self) -> str | None:
        return self._name

    @property
    @abstractmethod
    def canonical(self) -> str:
        """The path as it was given, without the expressions of its variables."""

    @abstractmethod
    def url_for(self, **kwargs: str) -> URL:
        """The URL, with values for the variables."""

    @abstractmethod
    async def resolve(self, request: Request) -> Resolution:
        """The match or None, and the methods that would be allowed."""

    @abstractmethod
    def add_prefix(self, prefix: str) -> None:
        """Put ``prefix`` before the path: the resource's application was added to another."""

    @abstractmethod
    def get_info(self) -> dict[str, Any]:
        """What is known of the resource, for display."""

    def freeze(self) -> None:
        """Take no more routes."""

    @abstractmethod
    def raw_match(self, path: str) -> bool:
        """Whether ``path``, as a programmer gives it, means this resource."""

    @property
    def index_key(self) -> str:
        """The whole segments that each matching path begins with."""
        canonical = self.canonical
        if "{" in canonical:
            canonical = canonical.partition("{")[0].rpartition("/")[0]
        return canonical or "/"


class Resource(AbstractResource):
    """A resource with one route for each method."""

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._routes: dict[str, ResourceRoute] = {}
        self._any_route: ResourceRoute | None = None
        self._allowed_methods: set[str] = set()

    def add_route(
        self,
        method: str,
        handler: Handler | type[AbstractView],
        *,
        expect_handler: _ExpectHandler | None = None,
    ) -> ResourceRoute:
        """Add a route; RuntimeError where one for ``method`` or ``*`` is there."""
        if route := self._routes.get(method, self._any_route):
            raise RuntimeError(f"Added route will never be executed, method {route.method} is already registered")
        route = ResourceRoute(method, handler, self, expect_handler=expect_handler)
        self.register_route(route)
        return route

    def register_route(self, route: ResourceRoute) -> None:
        if not isinstance(route, ResourceRoute):
            raise TypeError(f"Instance of ResourceRoute class is required, got {route!r}")
        if route.method == methods.METH_ANY:
            self._any_route = route
        self._allowed_methods.add(route.method)
        self._routes[route.method] = route

    def route_for(self, method: str) -> ResourceRoute | None:
        """The route that handles ``method``, if any."""
        return self._routes.get(method) or self._any_route

    async def resolve(self, request: Request) -> Resolution:
        variables = self._match(request.routing_path)
        if variables is None:
            return None, set()
        route = self._routes.get(request.method) or self._any_route
        if route is None:
            return None, self._allowed_methods
        return UrlMappingMatchInfo(variables, route), self._allowed_methods

    @abstractmethod
    def _match(self, path: str) -> dict[str, str] | None: ...

    def __len__(self) -> int:
        return len(self._routes)

    def __iter__(self) -> Iterator[ResourceRoute]:
        return iter(self._routes.values())


class PlainResource(Resource):
    """A path without variables."""

    def __init__(self, path: str, *, name: str | None = None) -> None:
        super().__init__(name=name)
        if path and not path.startswith("/"):
            raise ValueError(f"path should start with / or be empty, got {path!r}")
        self._path = path
        self._compared = matchable(path)

    def __repr__(self) -> str:
        name = "" if self.name is None else f"'{self.name}' "
        return f"<PlainResource {name} {self._path}>"

    @property
    def canonical(self) -> str:
        return self._path

    @property
    def index_key(self) -> str:
        return self._compared or "/"

    @property
    def compared(self) -> str:
        """The path in the form in which requests' paths are compared."""
        return self._compared

    def add_prefix(self, prefix: str) -> None:
        check_prefix(prefix)
        self._path = prefix + self._path
        self._compared = matchable(self._path)

    def _match(self, path: str) -> dict[str, str] | None:
        return {} if self._compared == path else None

    def raw_match(self, path: str) -> bool:
        return self._path == path

    def get_info(self) -> dict[str, Any]:
        return {"path": self._path}

    def url_for(self) -> URL:  # type: ignore[override]
        return URL.build(path=quote_path(self._path), encoded=True)


class DynamicResource(Resource):
    """A path with variables: ``{name}`` for one segment or a part of it, ``{name:regex}`` for what matches."""

    DYN = re.compile(r"\{(?P<var>[_a-zA-Z][_a-zA-Z0-9]*)\}")
    DYN_WITH_RE = re.compile(r"\{(?P<var>[_a-zA-Z][_a-zA-Z0-9]*):(?P<re>.+)\}")
    GOOD = r"[^{}/]+"

    def __init__(self, path: str, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._orig_path = path
        pattern, formatter = "", ""
        # What is literal, and None for a variable that takes a whole segment or part of one.
        pieces: list[str | None] = []
        self._regular = True
        for part in ROUTE_RE.split(path):
            if match := self.DYN.fullmatch(part):
                pattern += f"(?P<{match['var']}>{self.GOOD})"
                formatter += f"{{{match['var']}}}"
                pieces.append(None)
            elif match := self.DYN_WITH_RE.fullmatch(part):
                pattern += f"(?P<{match['var']}>{match['re']})"
                formatter += f"{{{match['var']}}}"
                self._regular = False
            elif "{" in part or "}" in part:
                raise ValueError(f"Invalid path '{path}'['{part}']")
            else:
                literal = matchable(part)
                pattern += re.escape(literal)
                formatter += part
                pieces.append(literal)
        try:
            compiled = re.compile(pattern)
        except re.error as exc:
            raise ValueError(f"Bad pattern '{pattern}': {exc}") from None
        self._pattern = compiled
        self._formatter = formatter
        self._pieces = pieces

    def __repr__(self) -> str:
        name = "" if self.name is None else f"'{self.name}' "
        return f"<DynamicResource {name} {self._formatter}>"

    @property
    def canonical(self) -> str:
        return self._formatter

    @property
    def index_key(self) -> str:
        key = matchable(self._formatter.partition("{")[0])
        return key.rpartition("/")[0] or "/"

    @property
    def segments(self) -> tuple[str | None, ...] | None:
        """The segments of each matching path, None for variable ones; None where expressions decide."""
        if not self._regular:
            return None
        text = "".join("\0" if piece is None else piece for piece in self._pieces)
        return tuple(None if "\0" in segment else segment for segment in text.split("/"))

    def add_prefix(self, prefix: str) -> None:
        check_prefix(prefix)
        literal = matchable(prefix)
        self._pattern = re.compile(re.escape(literal) + self._pattern.pattern)
        self._formatter = prefix + self._formatter
        self._pieces.insert(0, literal)

    def _match(self, path: str) -> dict[str, str] | None:
        match = self._pattern.fullmatch(path)
        if match is None:
            return None
        if "%" not in path:
            return match.groupdict()
        return {name: unescape(value) for name, value in match.groupdict().items()}

    def raw_match(self, path: str) -> bool:
        return self._orig_path == path

    def get_info(self) -> dict[str, Any]:
        return {"formatter": self._formatter, "pattern": self._pattern}

    def url_for(self, **parts: str) -> URL:
        quoted = {name: quote_value(_text(value)) for name, value in parts.items()}
        return URL.build(path=quote_path_template(self._formatter).format_map(quoted), encoded=True)


def quote_path_template(formatter: str) -> str:
    """``formatter`` quoted, but for the braces around its variables."""
    pieces = ROUTE_RE.split(formatter)
    return "".join(piece if ROUTE_RE.fullmatch(piece) else quote_path(piece) if piece else "" for piece in pieces)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("Argument should be str")
    return value


def check_prefix(prefix: str) -> None:
    """ValueError for a prefix that is no start of a path."""
    if not prefix.startswith("/") or prefix.endswith("/") or len(prefix) < 2:
        raise ValueError(f"A prefix starts with / and does not end with it, got {prefix!r}")


class PrefixResource(AbstractResource):
    """All paths that begin with a prefix."""

    def __init__(self, prefix: str, *, name: str | None = None) -> None:
        if prefix and not prefix.startswith("/"):
            raise ValueError(f"prefix should start with / or be empty, got {prefix!r}")
        if prefix.endswith("/") and prefix != "/":
            raise ValueError(f"prefix should not end with /, got {prefix!r}")
        super().__init__(name=name)
        self._prefix = prefix
        self._compared = matchable(prefix)
        self._compared_slash = self._compared + "/"

    @property
    def canonical(self) -> str:
        return self._prefix

    @property
    def index_key(self) -> str:
        return self._compared or "/"

    def add_prefix(self, prefix: str) -> None:
        check_prefix(prefix)
        self._prefix = prefix + self._prefix
        self._compared = matchable(self._prefix)
        self._compared_slash = self._compared + "/"

    def raw_match(self, prefix: str) -> bool:
        return False


__all__ = ("AbstractResource", "DynamicResource", "PlainResource", "PrefixResource", "Resource")
