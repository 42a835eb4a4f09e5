"""``aiohttp.client_middlewares``: re-exports."""

from aiohttp_core._client.middlewares import ClientHandlerType, ClientMiddlewareType, build_client_middlewares

__all__ = (
    "ClientHandlerType",
    "ClientMiddlewareType",
    "build_client_middlewares",
)
