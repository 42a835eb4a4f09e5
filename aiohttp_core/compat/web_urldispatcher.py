"""``aiohttp.web_urldispatcher``: re-exports."""

from aiohttp_core._server.abstract import AbstractMatchInfo, AbstractRouter, AbstractView, Handler
from aiohttp_core._server.dispatcher import ResourcesView, RoutesView, UrlDispatcher
from aiohttp_core._server.resources import (
    ROUTE_RE,
    AbstractResource,
    DynamicResource,
    PlainResource,
    PrefixResource,
    Resource,
)
from aiohttp_core._server.routes import AbstractRoute, ResourceRoute, SystemRoute, View
from aiohttp_core._server.static_resource import StaticResource
from aiohttp_core._server.subapp_resources import (
    AbstractRuleMatching,
    Domain,
    MaskDomain,
    MatchedSubAppResource,
    PrefixedSubAppResource,
)
from aiohttp_core._server.url_mapping import MatchInfoError, UrlMappingMatchInfo

__all__ = (
    "AbstractMatchInfo",
    "AbstractResource",
    "AbstractRoute",
    "AbstractRouter",
    "AbstractRuleMatching",
    "AbstractView",
    "Domain",
    "DynamicResource",
    "Handler",
    "MaskDomain",
    "MatchInfoError",
    "MatchedSubAppResource",
    "PlainResource",
    "PrefixResource",
    "PrefixedSubAppResource",
    "ROUTE_RE",
    "Resource",
    "ResourceRoute",
    "ResourcesView",
    "RoutesView",
    "StaticResource",
    "SystemRoute",
    "UrlDispatcher",
    "UrlMappingMatchInfo",
    "View",
)
