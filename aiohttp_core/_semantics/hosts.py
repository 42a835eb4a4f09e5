"""Host and authority: ``uri-host [":" port]`` (RFC 9110 section 7.2, RFC 3986 section 3.2.2)."""

import re
from ipaddress import AddressValueError, IPv6Address
from typing import Final

MAX_PORT: Final = 65535
# reg-name and IPv4address share one alphabet; sub-delims and percent-encoding are allowed by RFC 3986.
_HOST_PORT: Final = re.compile(
    rb"(?:\[([0-9A-Fa-f:.]+)\]|((?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+))(?::([0-9]*))?"
)
_NUMERIC: Final = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)
# A service sees few names; the bound keeps a flood of them from growing memory.
_KNOWN_LIMIT: Final = 256
_known: set[bytes] = set()


def _check(value: bytes) -> bool:
    found = _HOST_PORT.fullmatch(value)
    if found is None:
        return False
    literal, _, port = found.groups()
    if port and (len(port) > 5 or int(port) > MAX_PORT):
        return False
    if literal is not None:
        try:
            IPv6Address(literal.decode("ascii"))
        except AddressValueError:
            return False
    return True


def is_host(value: bytes) -> bool:
    """Whether ``value`` is a host with an optional port from 0 to 65535, without userinfo."""
    if value in _known:
        return True
    if not _check(value):
        return False
    if len(_known) < _KNOWN_LIMIT and len(value) <= 255:
        _known.add(value)
    return True


def is_authority_form(value: bytes) -> bool:
    """Whether ``value`` is a host with a port, as CONNECT requires (RFC 9112 section 3.2.3)."""
    return not value.endswith(b":") and value.rpartition(b":")[0] != b"" and not value.endswith(b"]") and is_host(value)


def is_address(host: str) -> bool:
    """Whether ``host`` is an IP address, in any form that resolvers take for one: ``127.1`` and ``0x7f.1`` reach
    127.0.0.1, and a cookie's ``Domain=1`` there would reach each other host that ends so."""
    return ":" in host or (host[:1].isdigit() and _NUMERIC.fullmatch(host) is not None)
