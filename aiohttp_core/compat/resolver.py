"""``aiohttp.resolver``: re-exports."""

from aiohttp_core._net.resolver import AbstractResolver, AsyncResolver, DefaultResolver, ResolveResult, ThreadedResolver

__all__ = (
    "AbstractResolver",
    "AsyncResolver",
    "DefaultResolver",
    "ResolveResult",
    "ThreadedResolver",
)
