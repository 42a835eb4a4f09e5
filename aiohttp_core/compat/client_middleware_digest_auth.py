"""``aiohttp.client_middleware_digest_auth``: re-exports."""

from aiohttp_core._body.payload import Payload
from aiohttp_core._client.digest_auth_middleware import DigestAuthMiddleware
from aiohttp_core._client.errors import ClientError
from aiohttp_core._client.middlewares import ClientHandlerType
from aiohttp_core._client.request import ClientRequest
from aiohttp_core._client.response import ClientResponse
from aiohttp_core._semantics.digest_auth import (
    CHALLENGE_FIELDS,
    QUOTED_AUTH_FIELDS,
    SUPPORTED_ALGORITHMS,
    DigestAuthChallenge,
    DigestFunctions,
    escape_quotes,
    parse_header_pairs,
    unescape_quotes,
)

__all__ = (
    "CHALLENGE_FIELDS",
    "ClientError",
    "ClientHandlerType",
    "ClientRequest",
    "ClientResponse",
    "DigestAuthChallenge",
    "DigestAuthMiddleware",
    "DigestFunctions",
    "Payload",
    "QUOTED_AUTH_FIELDS",
    "SUPPORTED_ALGORITHMS",
    "escape_quotes",
    "parse_header_pairs",
    "unescape_quotes",
)
