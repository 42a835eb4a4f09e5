"""The answer to what went wrong, as text or as HTML, whichever the client takes."""

import html
import traceback
from http import HTTPStatus

from .._semantics import field_names as hdrs
from .errors import printable
from .request import BaseRequest
from .response import Response


def error_page(
    request: BaseRequest, status: HTTPStatus, exc: BaseException | None, message: str | None, debug: bool
) -> Response:
    """A response with ``message``; of a 500 nothing is told but in ``debug``, where the traceback is shown."""
    content_type = "text/plain"
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        title = f"{status.value} {status.phrase}"
        text = message or HTTPStatus.INTERNAL_SERVER_ERROR.description
        trace = None
        if debug and exc is not None:
            trace = "".join(traceback.format_exception(type(exc), exc, exc.__traceback__))
        if "text/html" in request.headers.get(hdrs.ACCEPT, ""):
            if trace:
                text = f"<h2>Traceback:</h2>\n<pre>{html.escape(trace)}</pre>"
            message = f"<html><head><title>{title}</title></head><body>\n<h1>{title}</h1>\n{text}\n</body></html>\n"
            content_type = "text/html"
        else:
            message = f"{title}\n\n{trace or text}"
    return Response(status=status.value, text=printable(message or ""), content_type=content_type)
