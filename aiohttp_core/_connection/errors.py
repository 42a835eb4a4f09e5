"""HTTP processing errors as aiohttp names them, and the translation of wire errors to them.

HttpProcessingError
 +- BadHttpMessage                  400
     +- HttpBadRequest
     +- PayloadEncodingError
     |   +- ContentEncodingError
     |   +- TransferEncodingError
     |   +- ContentLengthError
     |   +- DecompressSizeError
     +- LineTooLong
     +- InvalidHeader
     +- BadStatusLine
         +- BadHttpMethod
         +- InvalidURLError

ClientError
 +- ClientConnectionError
     +- ClientConnectionResetError  (ConnectionResetError)

The client's other errors are in its own layer; these have their names from there, and servers raise the last one too.
"""

from collections.abc import Mapping
from textwrap import indent

from .._semantics.compression import CodingError
from .._wire.errors import BadChunk, BadField, BadFraming, BadStartLine, IncompleteMessage, LimitExceeded, WireError


class ClientError(Exception):
    """Any error of the client."""


class ClientConnectionError(ClientError):
    """Something about the connection."""


class ClientConnectionResetError(ClientConnectionError, ConnectionResetError):
    """The connection is gone while something was to be sent."""


class HttpProcessingError(Exception):
    """An HTTP message cannot be processed; ``code`` is the status that answers it."""

    code = 0
    message = ""
    headers: Mapping[str, str] | None = None

    def __init__(self, *, code: int | None = None, message: str = "", headers: Mapping[str, str] | None = None) -> None:
        if code is not None:
            self.code = code
        self.headers = headers
        self.message = message
        super().__init__(code, message, headers)

    def __str__(self) -> str:
        return f"{self.code}, message:\n{indent(self.message, '  ')}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.code}, message={self.message!r}>"


class BadHttpMessage(HttpProcessingError):
    """The message breaks the protocol."""

    code = 400
    message = "Bad Request"

    def __init__(self, message: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message=message, headers=headers)
        self.args = (message,)


class HttpBadRequest(BadHttpMessage):
    """The request is refused with 400."""

    code = 400
    message = "Bad Request"


class PayloadEncodingError(BadHttpMessage):
    """The content is framed or coded wrongly."""


class ContentEncodingError(PayloadEncodingError):
    """The content cannot be decoded."""


class TransferEncodingError(PayloadEncodingError):
    """The chunked framing is broken or cut off."""


class ContentLengthError(PayloadEncodingError):
    """Content-Length is wrong, or the content ended before it."""


class DecompressSizeError(PayloadEncodingError):
    """The decoded content outgrows what may be decoded."""


class LineTooLong(BadHttpMessage):
    """A line outgrew its limit."""

    def __init__(self, line: bytes | str, limit: int | str = "Unknown", actual_size: str = "Unknown") -> None:
        super().__init__(f"Got more than {limit} bytes when reading: {line!r}.")
        self.args = (line, limit, actual_size)


class InvalidHeader(BadHttpMessage):
    """A field line is malformed."""

    def __init__(self, hdr: bytes | str) -> None:
        super().__init__(f"Invalid HTTP header: {hdr!r}")
        self.hdr = hdr
        self.args = (hdr,)


class BadStatusLine(BadHttpMessage):
    """A start line is malformed."""

    def __init__(self, line: str = "", error: str | None = None) -> None:
        super().__init__(error or f"Bad status line {line!r}")
        self.line = line
        self.args = (line,)


class BadHttpMethod(BadStatusLine):
    """The method is malformed."""

    def __init__(self, line: str = "", error: str | None = None) -> None:
        super().__init__(line, error or f"Bad HTTP method in status line {line!r}")


class InvalidURLError(BadHttpMessage):
    """The request target is malformed."""


def translate(exc: Exception) -> Exception:
    """``exc`` of the wire or a codec as an error of this layer; anything else as it is."""
    match exc:
        case LimitExceeded():
            error: HttpProcessingError = LineTooLong(exc.what, exc.limit)
            error.message = str(exc)
        case BadStartLine():
            error = BadStatusLine(str(exc), str(exc))
        case BadFraming() | BadField():
            error = InvalidHeader(str(exc))
            error.message = str(exc)
        case IncompleteMessage() if exc.announced:
            shortage = f"received {exc.received} of {exc.announced} bytes"
            error = ContentLengthError(f"Not enough data to satisfy content length header ({shortage}).")
        case IncompleteMessage():
            error = TransferEncodingError(f"Not enough data to satisfy transfer length header: {exc}.")
        case BadChunk():
            error = TransferEncodingError(str(exc))
        case CodingError():
            error = ContentEncodingError(str(exc))
        case WireError():
            error = BadHttpMessage(str(exc))
        case _:
            return exc
    error.__cause__ = exc
    return error
