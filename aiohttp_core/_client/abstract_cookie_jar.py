"""What a session asks of its jar, and the jar that keeps nothing."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from http.cookies import BaseCookie, Morsel, SimpleCookie
from typing import Any, Final

from yarl import URL

from .._semantics.arguments import LooseCookies
from .._semantics.cookies import read_set_cookie
from .environment import logger

Predicate = Callable[["Morsel[str]"], bool]
NO_URL: Final = URL()


class AbstractCookieJar(Sized, Iterable["Morsel[str]"]):
    """What a session asks of its jar."""

    def __init__(self, *, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._loop = loop or asyncio.get_running_loop()

    @property
    @abstractmethod
    def quote_cookie(self) -> bool:
        """Whether values are quoted where they need it."""

    @property
    @abstractmethod
    def unsafe(self) -> bool:
        """Whether hosts named by an IP address may set cookies."""

    @property
    @abstractmethod
    def cookies(self) -> Any:
        """(domain, path) -> cookies."""

    @property
    @abstractmethod
    def host_only_cookies(self) -> frozenset[tuple[str, str, str]]:
        """(domain, path, name) of the cookies that are for one host only."""

    @property
    def treat_as_secure_origin(self) -> frozenset[URL]:
        """Origins that get Secure cookies without TLS."""
        return frozenset()

    @abstractmethod
    def clear(self, predicate: Predicate | None = None) -> None:
        """Remove the cookies for which ``predicate`` holds, all without one."""

    @abstractmethod
    def clear_domain(self, domain: str) -> None:
        """Remove the cookies of ``domain`` and its subdomains."""

    @abstractmethod
    def update_cookies(self, cookies: LooseCookies, response_url: URL = NO_URL) -> None:
        """Take cookies: a mapping or pairs, of names to values or Morsels."""

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        """Take the Set-Cookie fields of one response."""
        found = read_set_cookie(headers)
        if found.cookies:
            self.update_cookies(found.cookies, response_url)
        self._report(found.rejected, response_url)

    @staticmethod
    def _report(rejected: Sequence[str], url: URL) -> None:
        if rejected:
            # One line, however many there are: a peer must not fill the log.
            logger.warning("Can not load cookies %s from %s", ", ".join(map(repr, rejected)), url)

    @abstractmethod
    def filter_cookies(self, request_url: URL) -> BaseCookie[str]:
        """The cookies for a request to ``request_url``."""


class DummyCookieJar(AbstractCookieJar):
    """Keeps nothing."""

    def __init__(self, *, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._loop = loop  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Morsel[str]]:
        return iter(())

    def __len__(self) -> int:
        return 0

    @property
    def unsafe(self) -> bool:
        return False

    @property
    def quote_cookie(self) -> bool:
        return True

    @property
    def cookies(self) -> dict[tuple[str, str], SimpleCookie]:
        return {}

    @property
    def host_only_cookies(self) -> frozenset[tuple[str, str, str]]:
        return frozenset()

    def clear(self, predicate: Predicate | None = None) -> None:
        """Nothing to remove."""

    def clear_domain(self, domain: str) -> None:
        """Nothing to remove."""

    def update_cookies(self, cookies: LooseCookies, response_url: URL = NO_URL) -> None:
        """Forget them."""

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        """Forget them."""

    def filter_cookies(self, request_url: URL) -> BaseCookie[str]:
        return SimpleCookie()
