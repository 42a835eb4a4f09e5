"""What can go wrong in the client, with aiohttp's names and bases.

    ClientError
     +- ClientResponseError                     the response is there and says, or is, something bad
     |   +- ContentTypeError
     |   +- WSServerHandshakeError
     |   +- ClientHttpProxyError
     |   +- TooManyRedirects
     +- ClientConnectionError                   the connection
     |   +- ClientConnectionResetError          (ConnectionResetError)
     |   +- ClientOSError                       (OSError)
     |   |   +- ClientConnectorError
     |   |       +- ClientConnectorDNSError
     |   |       +- ClientProxyConnectionError
     |   |       +- UnixClientConnectorError
     |   |       +- ClientSSLError
     |   |           +- ClientConnectorSSLError            (ssl.SSLError)
     |   |           +- ClientConnectorCertificateError    (ssl.CertificateError)
     |   +- ServerConnectionError
     |       +- ServerDisconnectedError
     |       +- ServerFingerprintMismatch
     |       +- ServerTimeoutError              (TimeoutError)
     |           +- ConnectionTimeoutError
     |           +- SocketTimeoutError
     +- ClientPayloadError                      the content is cut off or cannot be decoded
     +- UploadAbortedError                      the request's own content did not leave in full
     +- InvalidURL                              (ValueError)
     |   +- InvalidUrlClientError
     |       +- InvalidUrlRedirectClientError   (RedirectClientError)
     +- NonHttpUrlClientError
     |   +- NonHttpUrlRedirectClientError       (RedirectClientError)
     +- RedirectClientError

All of them can be pickled; what cannot travel (responses in a history, TLS contexts) is left behind then.
"""

from __future__ import annotations

import asyncio
import ssl as _ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from multidict import CIMultiDict, MultiMapping
from yarl import URL

from .._connection.errors import ClientConnectionError as ClientConnectionError
from .._connection.errors import ClientConnectionResetError as ClientConnectionResetError
from .._connection.errors import ClientError as ClientError
from .._connection.websocket import WSMessageTypeError as WSMessageTypeError
from .connection_key import ConnectionKey, RequestInfo

if TYPE_CHECKING:
    from .response import ClientResponse
else:
    ClientResponse = Any  # for whoever evaluates annotations


class ClientResponseError(ClientError):
    """The response is malformed, or its status was asked not to be."""

    def __init__(
        self,
        request_info: RequestInfo,
        history: tuple[ClientResponse, ...],
        *,
        code: int | None = None,
        status: int | None = None,
        message: str = "",
        headers: MultiMapping[str] | None = None,
    ) -> None:
        self.request_info = request_info
        if code is not None:
            if status is not None:
                raise ValueError("Both code and status arguments are provided; code is deprecated, use status instead")
            _warn_code("code argument is deprecated, use status instead")
        self.status = status if status is not None else (code if code is not None else 0)
        self.message = message
        self.headers = headers
        self.history = history
        self.args = (request_info, history)

    def __str__(self) -> str:
        return f"{self.status}, message={self.message!r}, url={str(self.request_info.real_url)!r}"

    def __repr__(self) -> str:
        args = f"{self.request_info!r}, {self.history!r}"
        if self.status != 0:
            args += f", status={self.status!r}"
        if self.message != "":
            args += f", message={self.message!r}"
        if self.headers is not None:
            args += f", headers={self.headers!r}"
        return f"{type(self).__name__}({args})"

    def __reduce__(self) -> tuple[Any, ...]:
        info: Any = self.request_info
        if info is not None:
            fields: Any = _plain(info.headers)
            info = RequestInfo(info.url, info.method, fields, info.real_url)
        state = {**self.__dict__, "request_info": info, "history": (), "headers": _plain(self.headers)}
        return (_rebuild, (type(self), (info, ()), state))

    @property
    def code(self) -> int:
        """Deprecated name of ``status``."""
        _warn_code("code property is deprecated, use status instead")
        return self.status

    @code.setter
    def code(self, value: int) -> None:
        _warn_code("code property is deprecated, use status instead")
        self.status = value


class ContentTypeError(ClientResponseError):
    """The content is not of the expected type."""


class WSServerHandshakeError(ClientResponseError):
    """The server did not agree to the WebSocket handshake."""


class ClientHttpProxyError(ClientResponseError):
    """The proxy refused the tunnel."""


class TooManyRedirects(ClientResponseError):
    """More redirects than ``max_redirects``."""


class ClientOSError(ClientConnectionError, OSError):
    """The operating system reported an error of the connection."""


class ClientConnectorError(ClientOSError):
    """The connection could not be made."""

    def __init__(self, connection_key: ConnectionKey, os_error: OSError) -> None:
        self._conn_key = connection_key
        self._os_error = os_error
        super().__init__(os_error.errno, os_error.strerror)
        self.args = (connection_key, os_error)

    @property
    def os_error(self) -> OSError:
        return self._os_error

    @property
    def host(self) -> str:
        return self._conn_key.host

    @property
    def port(self) -> int | None:
        return self._conn_key.port

    @property
    def ssl(self) -> Any:
        return self._conn_key.ssl

    def __str__(self) -> str:
        return (
            f"Cannot connect to host {self.host}:{self.port} ssl:{'default' if self.ssl is True else self.ssl} "
            f"[{self.strerror or str(self._os_error) or repr(self._os_error)}]"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (_portable(self._conn_key), self._os_error))


class ClientConnectorDNSError(ClientConnectorError):
    """The host name could not be resolved."""


class ClientProxyConnectionError(ClientConnectorError):
    """The proxy could not be reached."""


class UnixClientConnectorError(ClientConnectorError):
    """The Unix socket could not be connected to."""

    def __init__(self, path: str, connection_key: ConnectionKey, os_error: OSError) -> None:
        self._path = path
        super().__init__(connection_key, os_error)

    @property
    def path(self) -> str:
        return self._path

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self._path, _portable(self._conn_key), self._os_error))

    def __str__(self) -> str:
        return (
            f"Cannot connect to unix socket {self.path} ssl:{'default' if self.ssl is True else self.ssl} "
            f"[{self.strerror}]"
        )


class ServerConnectionError(ClientConnectionError):
    """The server's side of the connection."""


class ServerDisconnectedError(ServerConnectionError):
    """The server closed before its response began."""

    def __init__(self, message: str | None = None) -> None:
        if message is None:
            message = "Server disconnected"
        self.args = (message,)
        self.message = message


class ServerTimeoutError(ServerConnectionError, asyncio.TimeoutError):
    """The server took too long."""


class ConnectionTimeoutError(ServerTimeoutError):
    """Making the connection took too long."""


class SocketTimeoutError(ServerTimeoutError):
    """Nothing came from the socket for too long."""


class ServerFingerprintMismatch(ServerConnectionError):
    """The server's certificate has another fingerprint."""

    def __init__(self, expected: bytes, got: bytes, host: str, port: int) -> None:
        self.expected = expected
        self.got = got
        self.host = host
        self.port = port
        self.args = (expected, got, host, port)

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} expected={self.expected!r} got={self.got!r} host={self.host!r} port={self.port!r}>"
        )


class ClientPayloadError(ClientError):
    """The content of the response is cut off or cannot be decoded."""


class UploadAbortedError(ClientError):
    """The content of the request was not sent in full."""


class InvalidURL(ClientError, ValueError):
    """The URL cannot be used."""

    def __init__(self, url: str | URL, description: str | None = None) -> None:
        self._url = url
        self._description = description
        super().__init__(url) if not description else super().__init__(url, description)

    @property
    def url(self) -> str | URL:
        return self._url

    @property
    def description(self) -> str | None:
        return self._description

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    def __str__(self) -> str:
        return f"{self._url} - {self._description}" if self._description else str(self._url)


class InvalidUrlClientError(InvalidURL):
    """The URL of the request cannot be used."""


class RedirectClientError(ClientError):
    """A redirect cannot be followed."""


class NonHttpUrlClientError(ClientError):
    """The URL's scheme is not HTTP's."""


class InvalidUrlRedirectClientError(InvalidUrlClientError, RedirectClientError):
    """The URL of a redirect cannot be used."""


class NonHttpUrlRedirectClientError(NonHttpUrlClientError, RedirectClientError):
    """The scheme of a redirect is not HTTP's."""


class ClientSSLError(ClientConnectorError):
    """TLS with the server failed."""


class ClientConnectorSSLError(ClientSSLError, _ssl.SSLError):
    """The TLS handshake failed."""


class ClientConnectorCertificateError(ClientSSLError, _ssl.CertificateError):
    """The server's certificate is not trusted."""

    def __init__(self, connection_key: ConnectionKey, certificate_error: Exception) -> None:
        self._certificate_error = certificate_error
        os_error = certificate_error if isinstance(certificate_error, OSError) else OSError()
        super().__init__(connection_key, os_error)
        self.args = (connection_key, certificate_error)

    @property
    def certificate_error(self) -> Exception:
        return self._certificate_error

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (_portable(self._conn_key), self._certificate_error))

    @property
    def host(self) -> str:
        return self._conn_key.host

    @property
    def port(self) -> int | None:
        return self._conn_key.port

    @property
    def ssl(self) -> bool:
        return self._conn_key.is_ssl

    def __str__(self) -> str:
        error = self._certificate_error
        return f"Cannot connect to host {self.host}:{self.port} ssl:{self.ssl} [{type(error).__name__}: {error.args}]"


def _warn_code(text: str) -> None:
    import warnings

    warnings.warn(text, DeprecationWarning, stacklevel=3)


def _plain(headers: Mapping[str, str] | None) -> CIMultiDict[str] | None:
    return None if headers is None else CIMultiDict(headers)


def _portable(key: ConnectionKey) -> ConnectionKey:
    return key._replace(ssl=True) if isinstance(key.ssl, _ssl.SSLContext) else key


def _rebuild(cls: type[BaseException], args: tuple[Any, ...], state: dict[str, Any]) -> BaseException:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error
