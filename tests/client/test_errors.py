"""The tree of errors: bases, fields, and that all of them can be pickled."""

from __future__ import annotations

import pickle
import ssl
from typing import Any

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from aiohttp_core import ConnectionKey, RequestInfo
from aiohttp_core._client import errors

INFO = RequestInfo(URL("http://a/b"), "GET", CIMultiDictProxy(CIMultiDict({"X": "y"})), URL("http://a/b#c"))
KEY = ConnectionKey("h", 80, True, ssl.create_default_context(), None, None, None)

EXAMPLES: list[Exception] = [
    errors.ClientError("x"),
    errors.ClientResponseError(INFO, (), status=400, message="m", headers=CIMultiDictProxy(CIMultiDict({"a": "b"}))),
    errors.ContentTypeError(INFO, ()),
    errors.WSServerHandshakeError(INFO, ()),
    errors.ClientHttpProxyError(INFO, (), status=407),
    errors.TooManyRedirects(INFO, ()),
    errors.ClientConnectionError("x"),
    errors.ClientConnectionResetError("x"),
    errors.ClientOSError(1, "x"),
    errors.ClientConnectorError(KEY, OSError(1, "x")),
    errors.ClientConnectorDNSError(KEY, OSError(1, "x")),
    errors.ClientProxyConnectionError(KEY, OSError(1, "x")),
    errors.UnixClientConnectorError("/p", KEY, OSError(1, "x")),
    errors.ClientConnectorSSLError(KEY, OSError(1, "x")),
    errors.ClientConnectorCertificateError(KEY, ValueError("bad")),
    errors.ServerDisconnectedError(),
    errors.ServerFingerprintMismatch(b"a", b"b", "h", 1),
    errors.ServerTimeoutError("x"),
    errors.ConnectionTimeoutError("x"),
    errors.SocketTimeoutError("x"),
    errors.ClientPayloadError("x"),
    errors.UploadAbortedError(),
    errors.InvalidURL("http://x", "why"),
    errors.InvalidUrlClientError(URL("http://x")),
    errors.InvalidUrlRedirectClientError("http://x"),
    errors.NonHttpUrlClientError("x"),
    errors.NonHttpUrlRedirectClientError("x"),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_pickle(error: Any) -> None:
    """An error that was pickled says the same, and has the same fields."""
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    for name in ("status", "message", "host", "port", "url", "description", "errno", "expected", "got", "path"):
        assert getattr(again, name, None) == getattr(error, name, None)
    if getattr(error, "ssl", True) is True:
        assert str(again) == str(error)


def test_messages() -> None:
    """Errors name the URL or the host, and what was wrong."""
    assert str(EXAMPLES[1]) == "400, message='m', url='http://a/b#c'"
    key = KEY._replace(ssl=True)
    assert str(errors.ClientConnectorError(key, OSError(1, "x"))) == "Cannot connect to host h:80 ssl:default [x]"
    reset = errors.ClientConnectorError(key, ConnectionResetError())
    assert str(reset) == "Cannot connect to host h:80 ssl:default [ConnectionResetError()]"
    assert str(errors.InvalidURL("http://x", "why")) == "http://x - why"
    assert repr(errors.InvalidURL("http://x")) == "<InvalidURL http://x>"


def test_certificate_errors_are_the_systems() -> None:
    """A certificate error has the number and the text of the one that TLS gave."""
    given = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error = errors.ClientConnectorCertificateError(KEY._replace(ssl=True), given)
    for each in (error, pickle.loads(pickle.dumps(error))):
        assert (each.errno, each.strerror) == (1, "certificate verify failed")
        assert repr(each.os_error) == repr(each.certificate_error) == repr(given)


def test_code_is_deprecated() -> None:
    """``code`` still works, and warns."""
    with pytest.warns(DeprecationWarning):
        assert errors.ClientResponseError(INFO, (), code=404).status == 404
    with pytest.warns(DeprecationWarning):
        assert errors.ClientResponseError(INFO, (), status=404).code == 404
