"""Cookies that servers set, kept for the requests they are for (RFC 6265, RFC 6265bis).

Found by domain and path, so that a request costs what matches it and not what the jar holds. A cookie's value is sent
back as it came.
"""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http.cookies import BaseCookie, CookieError, Morsel, SimpleCookie
from pathlib import Path
from typing import Any, Final

from yarl import URL

from .._semantics.arguments import LooseCookies
from .._semantics.cookie_scopes import default_path, domain_match, domains_of, paths_of
from .._semantics.cookies import can_be_sent, make_morsel, preserve_morsel_with_coded_value, read_set_cookie
from .._semantics.dates import parse_cookie_date
from .._semantics.deprecations import warn_caller
from .._semantics.hosts import is_address
from .abstract_cookie_jar import NO_URL, AbstractCookieJar, Predicate

DOMAIN_LIMIT: Final = 180
DOMAIN_KEPT: Final = 150
"""Cookies of one domain before the oldest leave, and how many stay then: browsers' figures, and aiohttp's."""
TOTAL_LIMIT: Final = 11_000
TOTAL_KEPT: Final = 10_000
"""The same for all that servers set. RFC 6265 section 6.1 asks for 3000; some programs talk to more hosts than
people do."""


class IllegalCookie(CookieError, ValueError):
    """A program's cookie has a name that is none: http.cookies' error, and as any other input that would inject."""


class _Kept:
    """A cookie in the jar; ``expires`` is a time stamp in seconds, None for the session's length."""

    __slots__ = ("_shown", "age", "expires", "host_only", "morsel", "secure")

    def __init__(self, morsel: Morsel[str], host_only: bool, expires: float | None, age: int) -> None:
        self.age = age
        self.morsel = morsel
        self.host_only = host_only
        self.expires = expires
        self.secure = bool(morsel["secure"])
        self._shown: Morsel[str] | None = None

    def shown(self) -> Morsel[str]:
        """A copy for programs, made once: what they do to it leaves the jar's own as it is."""
        shown = self._shown
        if shown is None:
            # Without attributes, as a request has it: programs write it with ``output``.
            shown = self._shown = make_morsel(self.morsel.key, self.morsel.value, self.morsel.coded_value)
        return shown


class CookieJar(AbstractCookieJar):
    """Keeps cookies in memory; ``save`` and ``load`` move them to and from a file."""

    DATE_TOKENS_RE = re.compile(
        r"[\x09\x20-\x2F\x3B-\x40\x5B-\x60\x7B-\x7E]*(?P<token>[\x00-\x08\x0A-\x1F\d:a-zA-Z\x7F-\xFF]+)"
    )
    DATE_HMS_TIME_RE = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})", re.ASCII)
    DATE_DAY_OF_MONTH_RE = re.compile(r"(\d{1,2})", re.ASCII)
    DATE_MONTH_RE = re.compile(r"(jan)|(feb)|(mar)|(apr)|(may)|(jun)|(jul)|(aug)|(sep)|(oct)|(nov)|(dec)", re.I)
    DATE_YEAR_RE = re.compile(r"(\d{2,4})", re.ASCII)
    MAX_TIME = 253402300799
    """The last second of the year 9999."""
    SUB_MAX_TIME = MAX_TIME - 1

    def __init__(
        self,
        *,
        unsafe: bool = False,
        quote_cookie: bool = True,
        treat_as_secure_origin: str | URL | Iterable[str | URL] | None = None,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        # A jar needs no loop; programs make them before one runs.
        self._loop = loop  # type: ignore[assignment]
        self._unsafe = unsafe
        self._quote_cookie = quote_cookie
        self._secure_origins = _origins(treat_as_secure_origin)
        # domain -> path -> name -> cookie; the domain "" is for every host.
        self._domains: dict[str, dict[str, dict[str, _Kept]]] = {}
        self.count = 0
        """Cookies kept, expired ones included."""
        # Cookies of each domain; and the number of the last one kept, so that the oldest is known.
        self._counts: dict[str, int] = {}
        self._last = 0
        self._purge_at = 64

    # Looking

    @property
    def unsafe(self) -> bool:
        return self._unsafe

    @property
    def quote_cookie(self) -> bool:
        return self._quote_cookie

    @property
    def treat_as_secure_origin(self) -> frozenset[URL]:
        return self._secure_origins

    @property
    def cookies(self) -> dict[tuple[str, str], SimpleCookie]:
        """(domain, path) -> cookies; a copy."""
        self._purge()
        found: dict[tuple[str, str], SimpleCookie] = defaultdict(SimpleCookie)
        for domain, paths in self._domains.items():
            for path, names in paths.items():
                jar = found[domain, path]
                for name, kept in names.items():
                    dict.__setitem__(jar, name, kept.morsel)
        return found

    @property
    def _cookies(self) -> dict[tuple[str, str], SimpleCookie]:
        return self.cookies

    @property
    def host_only_cookies(self) -> frozenset[tuple[str, str, str]]:
        return frozenset((d, p, n) for d, p, n, kept in self._all() if kept.host_only)

    def __len__(self) -> int:
        if self.count:
            self._purge()
        return self.count

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Morsel[str]]:
        self._purge()
        return iter([kept.morsel for *_, kept in self._all()])

    def _all(self) -> Iterator[tuple[str, str, str, _Kept]]:
        for domain in self._domains:
            yield from self._of(domain)

    def _of(self, domain: str) -> Iterator[tuple[str, str, str, _Kept]]:
        for path, names in self._domains[domain].items():
            for name, kept in names.items():
                yield domain, path, name, kept

    # Taking

    def update_cookies(self, cookies: LooseCookies, response_url: URL = NO_URL) -> None:
        host = response_url.raw_host
        if host is not None and not self._unsafe and is_address(host):
            return
        pairs = cookies.items() if isinstance(cookies, Mapping) else cookies
        for name, value in pairs:
            if isinstance(value, Morsel):
                morsel = preserve_morsel_with_coded_value(value)
            else:
                morsel = self._morsel_of(name, value)
            self._take(morsel, host, response_url)
        self._stay_bounded()

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        if type(self).update_cookies is not CookieJar.update_cookies:
            super().update_cookies_from_headers(headers, response_url)
            return
        host = response_url.raw_host
        if host is not None and not self._unsafe and is_address(host):
            return
        found = read_set_cookie(headers)
        for _, morsel in found.cookies:
            # Made for us: nobody else sees it, so it needs no copy.
            self._take(morsel, host, response_url)
        self._report(found.rejected, response_url)
        self._stay_bounded()

    def _stay_bounded(self) -> None:
        if self.count > self._purge_at:
            self._purge()
            self._purge_at = max(64, 2 * self.count)
        if self.count > TOTAL_LIMIT:
            self._purge()
            self._drop_oldest(list(self._all()), TOTAL_LIMIT, TOTAL_KEPT)

    def _drop_oldest(self, entries: list[tuple[str, str, str, _Kept]], limit: int, kept: int) -> None:
        """Have ``kept`` of the entries where there are more than ``limit``."""
        if len(entries) > limit:
            entries.sort(key=lambda entry: entry[3].age)
            for domain, path, name, _ in entries[: len(entries) - kept]:
                self._remove(domain, path, name)

    def _morsel_of(self, name: str, value: Any) -> Morsel[str]:
        jar: BaseCookie[str] = SimpleCookie() if self._quote_cookie else BaseCookie()
        try:
            jar[name] = value
        except CookieError as exc:
            raise IllegalCookie(*exc.args) from exc
        return jar[name]

    def _take(self, morsel: Morsel[str], host: str | None, url: URL) -> None:
        name = morsel.key
        domain = morsel["domain"].lower()
        if domain.endswith("."):
            # Such a name matches nothing (RFC 6265 section 5.1.3), so the attribute counts as missing.
            domain = ""
        domain = domain.lstrip(".") if domain.startswith(".") else domain
        host_only = False
        if not domain and host is not None:
            host_only = True
            domain = host.lower()
        if host is not None and not host_only and not domain_match(domain, host.lower()):
            return
        path = morsel["path"]
        given_path = path
        if not path or not path.startswith("/"):
            path = "/" if not url.raw_host else default_path(url.path)
        if not self._prefix_holds(morsel, host, host_only, given_path, url):
            return
        if not domain:
            path = "" if not given_path or given_path == "/" else path
        self._set(morsel, domain, path, name, host_only)

    def _set(self, morsel: Morsel[str], domain: str, path: str, name: str, host_only: bool) -> None:
        dict.__setitem__(morsel, "domain", domain)
        dict.__setitem__(morsel, "path", path or "/")
        expires = _expiry(morsel)
        if expires is not None and expires <= time.time():
            self._remove(domain, path, name)
            return
        self._keep(domain, path, name, morsel, host_only, expires)
        if domain and self._counts[domain] > DOMAIN_LIMIT:
            now = time.time()
            mine = [entry for entry in self._of(domain) if entry[3].expires is None or entry[3].expires > now]
            if len(mine) > DOMAIN_LIMIT:
                self._drop_oldest(mine, DOMAIN_LIMIT, DOMAIN_KEPT)
            else:
                self._purge()

    def _prefix_holds(self, morsel: Morsel[str], host: str | None, host_only: bool, path: str, url: URL) -> bool:
        """The rules of __Secure- and __Host- (RFC 6265bis section 4.1.3)."""
        lowered = morsel.key.lower()
        if host is None or not lowered.startswith(("__secure-", "__host-")):
            return True
        if not morsel["secure"] or not self._is_secure(url):
            return False
        return lowered.startswith("__secure-") or (host_only and path == "/")

    def _is_secure(self, url: URL) -> bool:
        if url.scheme in ("https", "wss"):
            return True
        return bool(self._secure_origins) and url.origin() in self._secure_origins

    # Giving

    def filter_cookies(self, request_url: URL = NO_URL) -> BaseCookie[str]:
        found: BaseCookie[str] = SimpleCookie() if self._quote_cookie else BaseCookie()
        if not self.count:
            return found
        if not isinstance(request_url, URL):
            # The missing space is aiohttp's: filters know the text.
            warn_caller(
                f"filter_cookies expects yarl.URL instances only,and will stop working in 4.x, got {type(request_url)}"
            )
            request_url = URL(request_url)
        for name, kept in self._matching(request_url).items():
            dict.__setitem__(found, name, kept.shown())
        return found

    def matching(self, request_url: URL) -> dict[str, Morsel[str]]:
        """As ``filter_cookies``, with the jar's own Morsels, which are to be read only."""
        return {name: kept.morsel for name, kept in self._matching(request_url).items()}

    def _matching(self, request_url: URL) -> dict[str, _Kept]:
        found: dict[str, _Kept] = {}
        host = (request_url.raw_host or "").lower()
        is_ip = is_address(host)
        secure = bool(request_url.raw_host) and self._is_secure(request_url)
        now = time.time()
        path = request_url.path
        over: list[tuple[str, str, str]] = []
        for domain in domains_of(host, is_ip, self._unsafe):
            paths = self._domains.get(domain)
            if paths is None:
                continue
            for prefix in paths_of(path, paths):
                for name, kept in paths[prefix].items():
                    if kept.expires is not None and kept.expires <= now:
                        over.append((domain, prefix, name))
                    elif (not kept.host_only or domain == host) and (secure or not kept.secure):
                        found[name] = kept
        for entry in over:
            self._remove(*entry)
        return found

    # Removing

    def clear(self, predicate: Predicate | None = None) -> None:
        if predicate is None:
            self._domains.clear()
            self._counts.clear()
            self.count = 0
            return
        now = time.time()
        gone = [
            (domain, path, name)
            for domain, path, name, kept in self._all()
            if (kept.expires is not None and kept.expires <= now) or predicate(kept.morsel)
        ]
        for entry in gone:
            self._remove(*entry)

    def clear_domain(self, domain: str) -> None:
        self.clear(lambda morsel: domain_match(domain, morsel["domain"]))

    def _purge(self) -> None:
        """Remove what has expired."""
        now = time.time()
        for entry in [(d, p, n) for d, p, n, kept in self._all() if kept.expires is not None and kept.expires <= now]:
            self._remove(*entry)

    def _remove(self, domain: str, path: str, name: str) -> None:
        paths = self._domains.get(domain, {})
        names = paths.get(path, {})
        if names.pop(name, None) is None:
            return
        self.count -= 1
        self._counts[domain] -= 1
        if not names:
            del paths[path]
            if not paths:
                del self._domains[domain]
                del self._counts[domain]

    # Files

    def save(self, file_path: str | os.PathLike[str]) -> None:
        """Write the cookies to a file that only its owner may read."""
        self._purge()
        content: dict[str, dict[str, dict[str, Any]]] = {}
        for domain, path, name, kept in self._all():
            morsel = kept.morsel
            entry: dict[str, Any] = {"key": morsel.key, "value": morsel.value, "coded_value": morsel.coded_value}
            entry |= {attribute: value for attribute, value in morsel.items() if value and attribute not in _TIMES}
            if kept.host_only:
                entry["host_only"] = True
            if kept.expires is not None:
                entry["expires_timestamp"] = kept.expires
            content.setdefault(f"{domain}|{path}", {})[name] = entry
        target = Path(file_path)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            if hasattr(os, "fchmod"):
                # An older file may be open to others.
                os.fchmod(descriptor, 0o600)
            json.dump(content, file, indent=2)

    def load(self, file_path: str | os.PathLike[str]) -> None:
        """Replace the cookies by those of a file that ``save`` wrote, or aiohttp before it wrote JSON. One that could
        never be sent is left out.

        Raises ValueError, UnpicklingError or OSError, and keeps the old cookies then.
        """
        data = Path(file_path).read_bytes()
        jar = CookieJar(unsafe=self._unsafe, quote_cookie=self._quote_cookie, loop=self._loop)
        try:
            content = json.loads(data)
        except ValueError:
            jar._take_pickled(data)
        else:
            jar._take_json(content)
        jar._purge()
        self._domains, self._counts, self.count, self._last = jar._domains, jar._counts, jar.count, jar._last

    def _take_json(self, content: Any) -> None:
        if not isinstance(content, dict):
            raise ValueError("the file holds no cookies")
        for place, entries in content.items():
            domain, _, path = place.partition("|")
            for name, entry in entries.items():
                morsel = make_morsel(str(entry["key"]), str(entry["value"]), str(entry["coded_value"]))
                for attribute, value in entry.items():
                    if attribute in morsel:
                        dict.__setitem__(morsel, attribute, value)
                if can_be_sent(morsel):
                    self._keep(domain, path, name, morsel, bool(entry.get("host_only")), entry.get("expires_timestamp"))

    def _take_pickled(self, data: bytes) -> None:
        import io

        content = _CookieUnpickler(io.BytesIO(data)).load()
        if not isinstance(content, dict):
            raise ValueError("the file holds no cookies")
        for (domain, path), names in content.items():
            for name, morsel in names.items():
                if can_be_sent(morsel):
                    self._keep(domain, path, name, morsel, False, _expiry(morsel))

    def _keep(
        self, domain: str, path: str, name: str, morsel: Morsel[str], host_only: bool, expires: float | None
    ) -> None:
        paths = self._domains.get(domain)
        if paths is None:
            paths = self._domains[domain] = {}
        names = paths.get(path)
        if names is None:
            names = paths[path] = {}
        if name not in names:
            self.count += 1
            self._counts[domain] = self._counts.get(domain, 0) + 1
        self._last += 1
        names[name] = _Kept(morsel, host_only, expires, self._last)


_TIMES: Final = frozenset({"expires", "max-age"})


class _CookieUnpickler(pickle.Unpickler):
    """Makes what a jar's pickle holds, and nothing that could run code."""

    _ALLOWED: Final = frozenset(
        {
            ("collections", "defaultdict"),
            ("http.cookies", "SimpleCookie"),
            ("http.cookies", "Morsel"),
            ("builtins", "dict"),
        }
    )

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self._ALLOWED:
            raise pickle.UnpicklingError(f"a cookie file may not hold {module}.{name}")
        return super().find_class(module, name)


def _expiry(morsel: Morsel[str]) -> float | None:
    """When the cookie ends; Max-Age goes before Expires (RFC 6265 section 5.3)."""
    max_age = str(morsel["max-age"])
    if max_age:
        if re.fullmatch(r"-?[0-9]+", max_age):
            # A number of any length, without asking int() for it.
            delta = int(max_age) if len(max_age) < 16 else CookieJar.MAX_TIME
            return 0.0 if delta <= 0 else min(time.time() + delta, float(CookieJar.MAX_TIME))
        dict.__setitem__(morsel, "max-age", "")
    text = morsel["expires"]
    if text:
        moment = parse_cookie_date(str(text))
        if moment is not None:
            return moment.timestamp()
        dict.__setitem__(morsel, "expires", "")
    return None


def _origins(given: Any) -> frozenset[URL]:
    if given is None:
        return frozenset()
    if isinstance(given, URL):
        return frozenset({given.origin()})
    if isinstance(given, str):
        return frozenset({URL(given).origin()})
    return frozenset(URL(each).origin() if isinstance(each, str) else each.origin() for each in given)
