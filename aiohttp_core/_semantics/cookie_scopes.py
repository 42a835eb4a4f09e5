"""Which requests a cookie is for: domains and paths that match (RFC 6265 sections 5.1.3 and 5.1.4)."""

from collections.abc import Iterator
from typing import Any

from .hosts import is_address


def domain_match(domain: str, host: str) -> bool:
    """RFC 6265 section 5.1.3."""
    if host == domain:
        return True
    return host.endswith(domain) and host[: -len(domain)].endswith(".") and not is_address(host) if domain else True


def default_path(path: str) -> str:
    """RFC 6265 section 5.1.4."""
    if not path.startswith("/"):
        return "/"
    return path[: path.rfind("/")] or "/"


def domains_of(host: str, is_ip: bool, unsafe: bool) -> Iterator[str]:
    """The domains whose cookies ``host`` may get, the widest first, so that the nearest wins."""
    yield ""
    if is_ip:
        if unsafe:
            yield host
        return
    if not host:
        return
    labels = host.split(".")
    for start in range(len(labels) - 1, -1, -1):
        yield ".".join(labels[start:])


def paths_of(path: str, known: dict[str, Any]) -> list[str]:
    """Those of ``known`` paths that ``path`` lies under, the shortest first (RFC 6265 section 5.1.4)."""
    if len(known) == 1:
        (only,) = known
        return [only] if path_match(path, only) else []
    prefixes: list[str] = [prefix for prefix in ("", "/") if prefix in known]
    at = path.find("/", 1)
    while at != -1:
        for prefix in (path[:at], path[: at + 1]):
            if prefix in known:
                prefixes.append(prefix)
        at = path.find("/", at + 1)
    if len(path) > 1 and path in known and path not in prefixes:
        prefixes.append(path)
    return prefixes


def path_match(path: str, prefix: str) -> bool:
    if prefix in ("", "/") or path == prefix:
        return True
    return path.startswith(prefix) and (prefix[-1] == "/" or path[len(prefix)] == "/")
