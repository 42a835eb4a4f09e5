"""What the environment says: proxies (HTTP_PROXY, HTTPS_PROXY, NO_PROXY) and the credentials of ~/.netrc."""

from __future__ import annotations

import logging
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

from yarl import URL

from .._semantics.basic_auth import BasicAuth

if TYPE_CHECKING:
    from netrc import netrc

logger = logging.getLogger("aiohttp.client")


def strip_auth_from_url(url: URL) -> tuple[URL, BasicAuth | None]:
    """``url`` without its credentials, and those."""
    if url.raw_user is None and url.raw_password is None:
        return url, None
    return url.with_user(None), BasicAuth.from_url(url)


def netrc_from_env() -> netrc | None:
    """The file that NETRC names, else ``~/.netrc`` (``~/_netrc`` on Windows); None where it cannot be read."""
    # Only programs that trust the environment pay for the module.
    from netrc import NetrcParseError, netrc

    named = os.environ.get("NETRC")
    if named is not None:
        path = Path(named)
    else:
        try:
            home = Path.home()
        except RuntimeError as exc:
            logger.debug("Could not resolve home directory when trying to look for .netrc file: %s", exc)
            return None
        path = home / ("_netrc" if platform.system() == "Windows" else ".netrc")
    try:
        return netrc(str(path))
    except NetrcParseError as exc:
        logger.warning("Could not parse .netrc file: %s", exc)
    except OSError as exc:
        if named is not None or (path.exists() and not isinstance(exc, FileNotFoundError)):
            logger.warning("Could not read .netrc file: %s", exc)
    return None


def basicauth_from_netrc(found: netrc | None, host: str) -> BasicAuth:
    """The credentials for ``host``; LookupError where there are none."""
    if found is None:
        raise LookupError("No .netrc file found")
    entry = found.authenticators(host)
    if entry is None:
        raise LookupError(f"No entry for {host} found in the `.netrc` file.")
    login, account, password = entry
    return BasicAuth._trusted(login or account or "", password or "", "latin1")


def proxies_from_env() -> dict[str, tuple[URL, BasicAuth | None]]:
    """Scheme -> proxy and its credentials."""
    # It brings http.client and email with it, for sessions that trust the environment.
    from urllib.request import getproxies

    found: dict[str, tuple[URL, BasicAuth | None]] = {}
    configured = {
        scheme: URL(proxy) for scheme, proxy in getproxies().items() if scheme in ("http", "https", "ws", "wss")
    }
    for scheme, url in configured.items():
        proxy, auth = strip_auth_from_url(url)
        if auth is None and proxy.host is not None:
            try:
                auth = basicauth_from_netrc(netrc_from_env(), proxy.host)
            except LookupError:
                auth = None
        found[scheme] = (proxy, auth)
    return found


def get_env_proxy_for_url(url: URL) -> tuple[URL, BasicAuth | None]:
    """The proxy for ``url`` and its credentials; LookupError where NO_PROXY excepts it or there is none."""
    from urllib.request import proxy_bypass

    if url.host is not None and proxy_bypass(url.host):
        raise LookupError(f"Proxying is disallowed for `{url.host!r}`")
    entry = proxies_from_env().get(url.scheme)
    if entry is None:
        raise LookupError(f"No proxies found for `{url!s}` in the env")
    return entry
