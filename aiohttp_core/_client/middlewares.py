"""Middlewares of the client: what runs around each attempt to send a request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from .request import ClientRequest
from .response import ClientResponse

ClientHandlerType = Callable[[ClientRequest], Awaitable[ClientResponse]]
ClientMiddlewareType = Callable[[ClientRequest, ClientHandlerType], Awaitable[ClientResponse]]


def build_client_middlewares(
    handler: ClientHandlerType, middlewares: Sequence[ClientMiddlewareType]
) -> ClientHandlerType:
    """``handler`` wrapped by ``middlewares``, the first outermost."""
    for middleware in reversed(middlewares):
        handler = _around(handler, middleware)
    return handler


def _around(handler: ClientHandlerType, middleware: ClientMiddlewareType) -> ClientHandlerType:
    def handle(request: ClientRequest) -> Awaitable[ClientResponse]:
        # By its place: a program names its parameters as it likes.
        return middleware(request, handler)

    return handle
