"""What a handler can meet when it reads a request."""


class RequestPayloadError(Exception):
    """The content of the request broke off or cannot be decoded: the client's fault or the network's."""


class PayloadAccessError(Exception):
    """The content was asked for when it can no longer be had."""
