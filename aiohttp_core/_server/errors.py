"""What a handler can meet when it reads a request."""


class RequestPayloadError(Exception):
    """The content of the request broke off or cannot be decoded: the client's fault or the network's."""


class PayloadAccessError(Exception):
    """The content was asked for when it can no longer be had."""


def printable(what: object) -> str:
    """``what`` as text, with what a client sent and no charset can carry escaped."""
    text = str(what)
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")
