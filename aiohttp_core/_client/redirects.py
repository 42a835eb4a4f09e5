"""Where a redirect leads, and what goes along (RFC 9110 section 15.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multidict import CIMultiDict
from yarl import URL

from .._body.payload import Payload
from .._body.payloads_in_memory import BytesPayload
from .._semantics.field_names import (
    AUTHORIZATION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    COOKIE,
    LOCATION,
    PROXY_AUTHORIZATION,
    TRANSFER_ENCODING,
    URI,
)
from .._semantics.methods import METH_GET, METH_HEAD, METH_POST
from .._wire.http1.sendable import check_target
from .connector import HTTP_AND_EMPTY_SCHEMA_SET
from .errors import (
    ClientPayloadError,
    InvalidUrlRedirectClientError,
    NonHttpUrlRedirectClientError,
    TooManyRedirects,
)
from .plain_request import JSON
from .request_fields import wire_target

if TYPE_CHECKING:
    from .request import ClientRequest
    from .response import ClientResponse
    from .sending import Sending

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
CREDENTIAL_FIELDS: Final = (AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION)
"""Fields that another origin must not see, each copy of them."""
CONTENT_FIELDS: Final = (CONTENT_LENGTH, CONTENT_TYPE, CONTENT_ENCODING, TRANSFER_ENCODING)


async def redirected(sending: Sending, request: ClientRequest, response: ClientResponse) -> URL | None:
    """Where to go next; None where the response names nothing. Changes method, content and fields for it."""
    for trace in sending.traces:
        await trace.send_request_redirect(sending.method, request.original_url, sending.headers, response)
    sending.history += (response,)
    if sending.max_redirects and len(sending.history) >= sending.max_redirects:
        raise TooManyRedirects(sending.history[0].request_info, sending.history)
    where = response.headers.get(LOCATION) or response.headers.get(URI)
    if where is None:
        sending.history = sending.history[:-1]
        return None
    target = _target(sending, request.original_url, where)
    _choose_content(sending, request, response.status)
    if _origin(request.url) != _origin(target):
        sending.origin_changed = True
        sending.headers = CIMultiDict(sending.headers)
        sending.auth = None
        sending.cookies = None
        for name in CREDENTIAL_FIELDS:
            if name in sending.headers:
                del sending.headers[name]
    return target


def _target(sending: Sending, base: URL, where: str) -> URL:
    try:
        target = URL(where, encoded=not sending.session.requote_redirect_url)
    except ValueError as exc:
        raise InvalidUrlRedirectClientError(
            where, "Server attempted redirecting to a location that does not look like a URL"
        ) from exc
    if target.scheme not in HTTP_AND_EMPTY_SCHEMA_SET:
        raise NonHttpUrlRedirectClientError(where)
    try:
        if not target.scheme:
            target = base.join(target)
        # The fragment goes along unless the redirect has its own (RFC 9110 section 10.2.2).
        if base.raw_fragment and not target.raw_fragment:
            target = target.with_fragment(base.fragment)
        target.origin()
        check_target(wire_target(target.raw_path_qs))
    except ValueError as exc:
        raise InvalidUrlRedirectClientError(target, "Invalid redirect URL origin") from exc
    return target


def _choose_content(sending: Sending, request: ClientRequest, status: int) -> None:
    method = request.method
    if (status == 303 and method != METH_HEAD) or (status in (301, 302) and method == METH_POST):
        sending.method = METH_GET
        sending.data = sending.content = None
        sending.compress = sending.chunked = None
        sending.expect100 = False
        sending.headers = CIMultiDict(sending.headers)
        for name in CONTENT_FIELDS:
            if name in sending.headers:
                del sending.headers[name]
        return
    body = request._body
    if isinstance(body, Payload):
        if body.consumed:
            raise ClientPayloadError(
                "Cannot follow redirect with a consumed request body. Use bytes, a seekable file-like object, "
                "or set allow_redirects=False."
            )
        sending.data = body
    elif sending.content is not None and sending.data is None:
        sending.data = BytesPayload(sending.content, content_type=JSON)


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    return url.scheme, url.raw_host, url.port
