"""Status codes: reason phrases, and which responses have no content (RFC 9110 sections 6.4.1 and 15)."""

from http import HTTPStatus
from typing import Final

RESPONSES: Final[dict[int, tuple[str, str]]] = {status: (status.phrase, status.description) for status in HTTPStatus}
"""Status code -> (reason phrase, what it means)."""

EMPTY_BODY_METHODS: Final = frozenset({"HEAD"})
"""Request methods whose responses never carry content."""

EMPTY_BODY_STATUS_CODES: Final = frozenset({*range(100, 200), 204, 304})
"""Status codes whose responses never carry content."""


def reason_phrase(status: int) -> str:
    """The standard reason phrase, or an empty string for a code nobody registered."""
    entry = RESPONSES.get(status)
    return entry[0] if entry is not None else ""


def must_be_empty_body(method: str, code: int) -> bool:
    """Whether the response to ``method`` with status ``code`` ends after its head (RFC 9112 section 6.3)."""
    return code in EMPTY_BODY_STATUS_CODES or method in EMPTY_BODY_METHODS or _opens_tunnel(method, code)


def should_remove_content_length(method: str, code: int) -> bool:
    """Whether such a response must not even announce a Content-Length (RFC 9110 section 8.6).

    A response to HEAD may: it tells what GET would have sent.
    """
    return code in EMPTY_BODY_STATUS_CODES or _opens_tunnel(method, code)


def _opens_tunnel(method: str, code: int) -> bool:
    return method == "CONNECT" and 200 <= code < 300
