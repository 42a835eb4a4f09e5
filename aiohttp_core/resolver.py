"""Resolvers of host names."""

from ._net.resolver import AsyncResolver as AsyncResolver
from ._net.resolver import DefaultResolver as DefaultResolver
from ._net.resolver import ThreadedResolver as ThreadedResolver
