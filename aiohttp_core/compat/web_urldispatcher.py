"""Routing, under aiohttp's name for the module."""

from .._server.dispatcher import ResourcesView, RoutesView, UrlDispatcher
from .._server.resources import AbstractResource, DynamicResource, PlainResource, PrefixResource, Resource
from .._server.routes import AbstractRoute, ResourceRoute, SystemRoute, View
from .._server.static_resource import StaticResource
from .._server.subapp_resources import (
    AbstractRuleMatching,
    Domain,
    MaskDomain,
    MatchedSubAppResource,
    PrefixedSubAppResource,
)
from .._server.url_mapping import MatchInfoError, UrlMappingMatchInfo

__all__ = (
    "AbstractResource",
    "AbstractRoute",
    "AbstractRuleMatching",
    "Domain",
    "DynamicResource",
    "MaskDomain",
    "MatchInfoError",
    "MatchedSubAppResource",
    "PlainResource",
    "PrefixResource",
    "PrefixedSubAppResource",
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
