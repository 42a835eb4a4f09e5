"""The middleware that answers Digest challenges, and its vocabulary."""

from ._body.payload import Payload as Payload
from ._client.digest_auth_middleware import DigestAuthMiddleware as DigestAuthMiddleware
from ._client.errors import ClientError as ClientError
from ._client.middlewares import ClientHandlerType as ClientHandlerType
from ._client.request import ClientRequest as ClientRequest
from ._client.response import ClientResponse as ClientResponse
from ._semantics.digest_auth import CHALLENGE_FIELDS as CHALLENGE_FIELDS
from ._semantics.digest_auth import QUOTED_AUTH_FIELDS as QUOTED_AUTH_FIELDS
from ._semantics.digest_auth import SUPPORTED_ALGORITHMS as SUPPORTED_ALGORITHMS
from ._semantics.digest_auth import DigestAuthChallenge as DigestAuthChallenge
from ._semantics.digest_auth import DigestFunctions as DigestFunctions
from ._semantics.digest_auth import escape_quotes as escape_quotes
from ._semantics.digest_auth import parse_header_pairs as parse_header_pairs
from ._semantics.digest_auth import unescape_quotes as unescape_quotes
