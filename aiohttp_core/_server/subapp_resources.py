"""Applications inside others: by a prefix of the path, or by the domain that the client asks."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from yarl import URL

from .._semantics import field_names as hdrs
from .exceptions import HTTPMethodNotAllowed
from .resources import PrefixResource, Resolution
from .routes import AbstractRoute
from .url_mapping import UrlMappingMatchInfo

if TYPE_CHECKING:
    from .application import Application
    from .request import Request


class PrefixedSubAppResource(PrefixResource):
    """An application under a prefix; its own resources get the prefix too."""

    def __init__(self, prefix: str, app: Application) -> None:
        super().__init__(prefix)
        self._app = app
        self._add_prefix_to_resources(prefix)

    def __repr__(self) -> str:
        return f"<PrefixedSubAppResource {self._prefix} -> {self._app!r}>"

    def add_prefix(self, prefix: str) -> None:
        super().add_prefix(prefix)
        self._add_prefix_to_resources(prefix)

    def _add_prefix_to_resources(self, prefix: str) -> None:
        router = self._app.router
        for resource in router.resources():
            router.unindex_resource(resource)
            resource.add_prefix(prefix)
            router.index_resource(resource)

    def url_for(self, *args: str, **kwargs: str) -> URL:
        raise RuntimeError(".url_for() is not supported by sub-application root")

    def get_info(self) -> dict[str, Any]:
        return {"app": self._app, "prefix": self._prefix}

    async def resolve(self, request: Request) -> Resolution:
        return await _resolve_inside(self._app, request)

    def __len__(self) -> int:
        return len(self._app.router.routes())

    def __iter__(self) -> Iterator[AbstractRoute]:
        return iter(self._app.router.routes())


async def _resolve_inside(app: Application, request: Request) -> Resolution:
    match_info = await app.router.resolve(request)
    match_info.add_app(app)
    exception = match_info.http_exception
    if exception is None or not isinstance(exception, HTTPMethodNotAllowed):
        return match_info, set()
    return match_info, exception.allowed_methods


class AbstractRuleMatching(ABC):
    """Decides by anything about a request whether a sub-application takes it."""

    @abstractmethod
    async def match(self, request: Request) -> bool:
        """Whether the sub-application takes ``request``."""

    @abstractmethod
    def get_info(self) -> dict[str, Any]:
        """What is known of the rule, for display."""

    @property
    @abstractmethod
    def canonical(self) -> str:
        """The rule as text."""


class Domain(AbstractRuleMatching):
    """One domain, in the Host field. TypeError or ValueError for what is no domain."""

    re_part = re.compile(r"(?!-)[a-z\d-]{1,63}(?<!-)")

    def __init__(self, domain: str) -> None:
        super().__init__()
        self._domain = self.validation(domain)

    @property
    def canonical(self) -> str:
        return self._domain

    def validation(self, domain: str) -> str:
        """``domain`` in its normal form."""
        if not isinstance(domain, str):
            raise TypeError("Domain must be str")
        domain = domain.rstrip(".").lower()
        if not domain:
            raise ValueError("Domain cannot be empty")
        if "://" in domain:
            raise ValueError("Scheme not supported")
        url = URL("http://" + domain)
        host = url.raw_host
        if not host or not all(self.re_part.fullmatch(part) for part in host.split(".")):
            raise ValueError("Domain not valid")
        return host if url.port == 80 else f"{host}:{url.port}"

    async def match(self, request: Request) -> bool:
        host = request.headers.get(hdrs.HOST)
        return bool(host) and self.match_domain(str(host))

    def match_domain(self, host: str) -> bool:
        return host.lower().removesuffix(":80") == self._domain

    def get_info(self) -> dict[str, Any]:
        return {"domain": self._domain}


class MaskDomain(Domain):
    """Domains by a pattern in which ``*`` stands for anything."""

    re_part = re.compile(r"(?!-)[a-z\d\*-]{1,63}(?<!-)")

    def __init__(self, domain: str) -> None:
        super().__init__(domain)
        self._mask = re.compile(self._domain.replace(".", r"\.").replace("*", "[^:]*") + "(:.*)?")

    @property
    def canonical(self) -> str:
        return self._mask.pattern

    def match_domain(self, host: str) -> bool:
        return self._mask.fullmatch(host.lower()) is not None


class MatchedSubAppResource(PrefixedSubAppResource):
    """An application for requests that a rule picks."""

    def __init__(self, rule: AbstractRuleMatching, app: Application) -> None:
        PrefixResource.__init__(self, "")
        self._app = app
        self._rule = rule

    @property
    def canonical(self) -> str:
        return self._rule.canonical

    def get_info(self) -> dict[str, Any]:
        return {"app": self._app, "rule": self._rule}

    async def resolve(self, request: Request) -> Resolution:
        if not await self._rule.match(request):
            return None, set()
        return await _resolve_inside(self._app, request)

    def __repr__(self) -> str:
        return f"<MatchedSubAppResource -> {self._app!r}>"


__all__ = (
    "AbstractRuleMatching",
    "Domain",
    "MaskDomain",
    "MatchedSubAppResource",
    "PrefixedSubAppResource",
    "UrlMappingMatchInfo",
)
