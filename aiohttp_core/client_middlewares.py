"""Client middlewares: their types, and how they are put around a handler."""

from ._client.middlewares import ClientHandlerType as ClientHandlerType
from ._client.middlewares import ClientMiddlewareType as ClientMiddlewareType
from ._client.middlewares import build_client_middlewares as build_client_middlewares
