"""The Basic authentication scheme (RFC 7617)."""

import base64
import binascii
import hmac
import warnings
from collections import namedtuple

from yarl import URL


class BasicAuth(namedtuple("BasicAuth", ["login", "password", "encoding"])):
    """A login and password in a tuple; deprecated in favour of `encode_basic_auth` when made by hand.

    ValueError when either is None, or the login has a colon (RFC 7617 section 2). Comparing two with ``==`` tells
    an attacker by its duration how many characters match: use `credentials_equal`.
    """

    __slots__ = ()

    login: str
    password: str
    encoding: str

    def __new__(cls, login: str, password: str = "", encoding: str = "latin1") -> "BasicAuth":
        if login is None:
            raise ValueError("None is not allowed as login value")
        if password is None:
            raise ValueError("None is not allowed as password value")
        if ":" in login:
            raise ValueError('A ":" is not allowed in login (RFC 1945#section-11.1)')
        warnings.warn(
            "BasicAuth is deprecated and will be removed in aiohttp 4.0; use aiohttp.encode_basic_auth() "
            "with headers={'Authorization': ...} instead",
            DeprecationWarning,
            stacklevel=2,
        )
        return cls._trusted(login, password, encoding)

    @classmethod
    def _trusted(cls, login: str, password: str, encoding: str) -> "BasicAuth":
        return super().__new__(cls, login, password, encoding)

    @classmethod
    def decode(cls, auth_header: str, encoding: str = "latin1") -> "BasicAuth":
        """The credentials of an Authorization field; ValueError when it is not well-formed Basic."""
        scheme, space, encoded = auth_header.partition(" ")
        if not space:
            raise ValueError("Could not parse authorization header.")
        if scheme.lower() != "basic":
            raise ValueError(f"Unknown authorization method {scheme}")
        try:
            decoded = base64.b64decode(encoded.encode("ascii"), validate=True).decode(encoding)
        except (binascii.Error, UnicodeEncodeError):
            raise ValueError("Invalid base64 encoding.") from None
        login, colon, password = decoded.partition(":")
        if not colon:
            raise ValueError("Invalid credentials.")
        return cls._trusted(login, password, encoding)

    @classmethod
    def from_url(cls, url: URL, *, encoding: str = "latin1") -> "BasicAuth | None":
        """The credentials in the authority of ``url``, or None where it has none."""
        if not isinstance(url, URL):
            raise TypeError("url should be yarl.URL instance")
        if url.raw_user is None and url.raw_password is None:
            return None
        return cls._trusted(url.user or "", url.password or "", encoding)

    def encode(self) -> str:
        """The value of the Authorization field."""
        credentials = f"{self.login}:{self.password}".encode(self.encoding)
        return f"Basic {base64.b64encode(credentials).decode('ascii')}"


def encode_basic_auth(login: str, password: str = "", encoding: str = "utf-8") -> str:
    """The value of an Authorization field; ValueError when the login has a colon (RFC 7617 section 2)."""
    if ":" in login:
        raise ValueError('A ":" is not allowed in login (RFC 7617#section-2)')
    return f"Basic {base64.b64encode(f'{login}:{password}'.encode(encoding)).decode('ascii')}"


def credentials_equal(left: BasicAuth, right: BasicAuth) -> bool:
    """Whether login and password are the same, in time that does not depend on where they differ."""
    same_login = hmac.compare_digest(left.login.encode(), right.login.encode())
    same_password = hmac.compare_digest(left.password.encode(), right.password.encode())
    return same_login and same_password
