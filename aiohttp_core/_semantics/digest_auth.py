"""The Digest authentication scheme: challenges read, responses computed (RFC 7616).

Pure: the client's middleware keeps the nonce count, draws the client nonce and decides whom to answer.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypedDict


class DigestAuthChallenge(TypedDict, total=False):
    """The parameters of a WWW-Authenticate or Proxy-Authenticate challenge that matter."""

    realm: str
    nonce: str
    qop: str
    algorithm: str
    opaque: str
    domain: str
    stale: str
    userhash: str


DigestFunctions: Final[dict[str, Callable[[bytes], Any]]] = {
    "MD5": hashlib.md5,
    "MD5-SESS": hashlib.md5,
    "SHA": hashlib.sha1,
    "SHA-SESS": hashlib.sha1,
    "SHA256": hashlib.sha256,
    "SHA256-SESS": hashlib.sha256,
    "SHA-256": hashlib.sha256,
    "SHA-256-SESS": hashlib.sha256,
    "SHA512": hashlib.sha512,
    "SHA512-SESS": hashlib.sha512,
    "SHA-512": hashlib.sha512,
    "SHA-512-SESS": hashlib.sha512,
}
"""Algorithm in upper case -> hash constructor. SHA-512-256 is there when the platform's hashlib has it."""


def _sha512_256(data: bytes) -> Any:
    return hashlib.new("sha512_256", data)


if "sha512_256" in hashlib.algorithms_available:
    DigestFunctions["SHA-512-256"] = _sha512_256
    DigestFunctions["SHA-512-256-SESS"] = _sha512_256

SUPPORTED_ALGORITHMS: Final = tuple(sorted(DigestFunctions))

CHALLENGE_FIELDS: Final = ("realm", "nonce", "qop", "algorithm", "opaque", "domain", "stale")

QUOTED_AUTH_FIELDS: Final = frozenset({"username", "realm", "nonce", "uri", "response", "opaque", "cnonce"})
"""Parameters of the response that are sent as quoted strings (RFC 7616 section 3.4)."""

# A name starts where none goes on, or a long word would be tried from each of its letters. After the quote: no nested
# repetition, so an unclosed quote costs one scan and the bare form takes over.
_PAIRS: Final = re.compile(
    r'(?<![A-Za-z0-9_-])([A-Za-z0-9_-]+)[ \t]*=[ \t]*(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s,]+))', re.DOTALL
)
_ESCAPED: Final = re.compile(r'\\(["\\])')


def escape_quotes(value: str) -> str:
    """``value`` ready for use between quotes."""
    return value.replace("\\", "\\\\").replace('"', '\\"')


def unescape_quotes(value: str) -> str:
    """The inverse of `escape_quotes`; a backslash before anything else stays."""
    return _ESCAPED.sub(r"\1", value)


def parse_header_pairs(header: str) -> dict[str, str]:
    """The ``key=value`` and ``key="value"`` pairs of a challenge; the first of a name wins where several schemes
    share one field, and the scheme's own name is not a pair."""
    pairs: dict[str, str] = {}
    for name, quoted, bare in _PAIRS.findall(header):
        pairs.setdefault(name.lower(), bare or unescape_quotes(quoted))
    return pairs


def parse_challenge(header: str) -> DigestAuthChallenge | None:
    """The Digest challenge of one authentication field, or None when the field offers another scheme."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "digest" or not rest:
        return None
    pairs = parse_header_pairs(rest)
    challenge = DigestAuthChallenge()
    for field in (*CHALLENGE_FIELDS, "userhash"):
        if field in pairs:
            challenge[field] = pairs[field]
    return challenge


@dataclass(frozen=True)
class DigestRequest:
    """What the response is computed over: ``uri`` is the request target as sent; ``body`` counts for auth-int only.

    ``nonce_count`` starts at 1 for each nonce; ``cnonce`` is fresh random text without quotes.
    """

    method: str
    uri: str
    body: bytes
    nonce_count: int
    cnonce: str


def answer_challenge(challenge: Mapping[str, Any], login: str, password: str, request: DigestRequest) -> str:
    """The value of the Authorization field that answers ``challenge`` (RFC 7616 section 3.4).

    ValueError for an algorithm or quality of protection that is not supported, and for a challenge without realm
    or nonce.
    """
    realm, nonce = challenge.get("realm"), challenge.get("nonce")
    if realm is None or not nonce:
        raise ValueError("Security issue: Digest challenge without realm or nonce")
    algorithm = challenge.get("algorithm", "MD5")
    digest = _hash_of(algorithm)
    qop = _choose_qop(challenge.get("qop", ""))
    count = f"{request.nonce_count:08x}"

    secret = digest(f"{login}:{realm}:{password}")
    if algorithm.upper().endswith("-SESS"):
        secret = digest(f"{secret}:{nonce}:{request.cnonce}")
    subject = f"{request.method.upper()}:{request.uri}"
    if qop == "auth-int":
        subject += f":{_hash_bytes(algorithm, request.body)}"
    middle = f"{nonce}:{count}:{request.cnonce}:{qop}" if qop else nonce
    fields = {
        "username": login,
        "realm": realm,
        "nonce": nonce,
        "uri": request.uri,
        "response": digest(f"{secret}:{middle}:{digest(subject)}"),
        "algorithm": algorithm,
    }
    if "opaque" in challenge:
        fields["opaque"] = challenge["opaque"]
    if qop:
        fields |= {"qop": qop, "nc": count, "cnonce": request.cnonce}
    elif algorithm.upper().endswith("-SESS"):
        fields["cnonce"] = request.cnonce
    if challenge.get("userhash", "").lower() == "true":
        fields |= {"username": digest(f"{login}:{realm}"), "userhash": "true"}
    return "Digest " + ", ".join(_format(name, value) for name, value in fields.items())


def _format(name: str, value: str) -> str:
    return f'{name}="{escape_quotes(value)}"' if name in QUOTED_AUTH_FIELDS else f"{name}={value}"


def _hash_of(algorithm: str) -> Callable[[str], str]:
    return lambda text: _hash_bytes(algorithm, text.encode("utf-8"))


def _hash_bytes(algorithm: str, data: bytes) -> str:
    function = DigestFunctions.get(algorithm.upper())
    if function is None:
        raise ValueError(f"Unsupported Digest algorithm {algorithm!r}: not one of {', '.join(SUPPORTED_ALGORITHMS)}")
    return str(function(data).hexdigest())


def _choose_qop(offered: str) -> str:
    """The quality of protection to use of those ``offered``; an empty string for RFC 2069's scheme without."""
    if not offered.strip():
        return ""
    options = {option.strip().lower() for option in offered.split(",")}
    for option in ("auth-int", "auth"):
        if option in options:
            return option
    raise ValueError(f"Unsupported Digest quality of protection {offered!r}")
