"""The opening handshake of RFC 6455 section 4, both roles, as pure functions on header fields.

    client  new_key -> request_fields -------------------> check_request -> select_subprotocol
            check_response <- response_fields <----------- negotiate_extensions      server

A refusal says what was wrong, and for a server the status and fields to answer with.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from ..errors import WireError
from . import deflate
from .deflate import DeflateParams
from .extensions import BadExtension, Extension, format_extensions, parse_extensions

WS_KEY: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
VERSION: Final = "13"
MAX_PROTOCOLS: Final = 128
"""Subprotocols that a client may offer; more are refused."""

_TOKEN_RE: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_OWS: Final = " \t"

FieldLine = tuple[str, str]


class Fields(Protocol):
    """Header fields by case-insensitive name; a multidict is one."""

    def getall(self, key: str, default: Sequence[str]) -> Sequence[str]: ...


class HandshakeError(WireError):
    """The opening handshake failed; ``status`` and ``fields`` are what a server answers with.

    On a client ``status`` is the one that the server sent.
    """

    def __init__(self, reason: str, status: int = 400, fields: tuple[FieldLine, ...] = ()) -> None:
        super().__init__(reason)
        self.status = status
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Agreement:
    """What both sides agreed on: the subprotocol, and permessage-deflate's parameters when it is in use."""

    protocol: str | None = None
    deflate: DeflateParams | None = None


def new_key() -> str:
    """A fresh Sec-WebSocket-Key: 16 random octets in Base64."""
    return base64.b64encode(os.urandom(16)).decode("ascii")


def accept_for(key: str) -> str:
    """The Sec-WebSocket-Accept that proves having read ``key`` (section 4.2.2)."""
    digest = hashlib.sha1(key.encode("ascii") + WS_KEY, usedforsecurity=False).digest()
    return base64.b64encode(digest).decode("ascii")


def is_upgrade(fields: Fields) -> bool:
    """Whether Upgrade and Connection ask for (or grant) a change to WebSocket."""
    return "websocket" in _elements(fields, "Upgrade") and "upgrade" in _elements(fields, "Connection")


# --- server -----------------------------------------------------------------------------------------------


def check_request(method: str, version: tuple[int, int], fields: Fields) -> str:
    """Judge a client's opening handshake (section 4.2.1); returns its key.

    Raises HandshakeError: 400, or 426 with the version that we speak.
    """
    if method != "GET":
        raise HandshakeError(f"a WebSocket handshake is a GET, not a {method}")
    if version < (1, 1):
        raise HandshakeError("a WebSocket handshake needs HTTP/1.1")
    if "websocket" not in _elements(fields, "Upgrade"):
        raise HandshakeError("the Upgrade field does not name websocket")
    if "upgrade" not in _elements(fields, "Connection"):
        raise HandshakeError("the Connection field does not name Upgrade")
    versions = fields.getall("Sec-WebSocket-Version", ())
    if len(versions) > 1 or [value.strip(_OWS) for value in versions] != [VERSION]:
        raise HandshakeError(
            f"Sec-WebSocket-Version is not {VERSION}",
            426,
            (("Sec-WebSocket-Version", VERSION), ("Upgrade", "websocket")),
        )
    return _checked_key(fields.getall("Sec-WebSocket-Key", ()))


def _checked_key(keys: Sequence[str]) -> str:
    if len(keys) != 1:
        raise HandshakeError("Sec-WebSocket-Key is missing" if not keys else "Sec-WebSocket-Key is repeated")
    key = keys[0].strip(_OWS)
    try:
        valid = len(key) == 24 and len(base64.b64decode(key.encode("ascii"), validate=True)) == 16
    except (binascii.Error, UnicodeEncodeError):
        valid = False
    if not valid:
        raise HandshakeError("Sec-WebSocket-Key is not 16 octets in Base64")
    return key


def origin_allowed(origin: str | None, host: str | None, allowed: Collection[str] | None = None) -> bool:
    """Whether a request from ``origin`` may open a connection (section 10.2).

    ``allowed`` lists serialised origins, such as ``https://example.com``; None allows the origin whose authority
    is the request's own ``host``, whatever its scheme. Programs that are no browser send no origin and are allowed.
    """
    if origin is None:
        return True
    if allowed is not None:
        return origin.lower() in {entry.lower().rstrip("/") for entry in allowed}
    scheme, separator, authority = origin.lower().partition("://")
    if not separator or not authority or host is None:
        return False
    default = {"http": ":80", "https": ":443"}.get(scheme, "")
    own = host.lower()
    return authority == own or (bool(default) and authority.removesuffix(default) == own.removesuffix(default))


def requested_protocols(values: Iterable[str]) -> list[str]:
    """The subprotocols in Sec-WebSocket-Protocol fields, in the client's order; raises HandshakeError (400)."""
    protocols: list[str] = []
    for value in values:
        for element in value.split(","):
            protocol = element.strip(_OWS)
            if not protocol:
                continue
            if _TOKEN_RE.fullmatch(protocol) is None:
                raise HandshakeError("Sec-WebSocket-Protocol names something that is not a token")
            protocols.append(protocol)
            if len(protocols) > MAX_PROTOCOLS:
                raise HandshakeError(f"Sec-WebSocket-Protocol names more than {MAX_PROTOCOLS} subprotocols")
    return protocols


def select_subprotocol(offered: Iterable[str], supported: Collection[str]) -> str | None:
    """The first of the client's ``offered`` that we support (names compare exactly); None when there is none."""
    return next((protocol for protocol in offered if protocol in supported), None)


def negotiate_extensions(
    values: Iterable[str], window_bits: int = deflate.MAX_WINDOW_BITS, no_context_takeover: bool = False
) -> tuple[DeflateParams, Extension] | None:
    """Take permessage-deflate from a client's Sec-WebSocket-Extensions fields when it offers an acceptable one.

    ``window_bits`` 8 is possible for what we receive only, hence declined. Raises HandshakeError (400)
    for fields outside the grammar.
    """
    try:
        return deflate.accept(parse_extensions(values), window_bits, no_context_takeover)
    except BadExtension as exc:
        raise HandshakeError(str(exc)) from exc


def response_fields(key: str, protocol: str | None = None, extension: Extension | None = None) -> list[FieldLine]:
    """The fields of the 101 response to a client that sent ``key`` (section 4.2.2)."""
    fields = [("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", accept_for(key))]
    if protocol is not None:
        fields.append(("Sec-WebSocket-Protocol", protocol))
    if extension is not None:
        fields.append(("Sec-WebSocket-Extensions", str(extension)))
    return fields


# --- client -----------------------------------------------------------------------------------------------


def request_fields(
    key: str,
    protocols: Sequence[str] = (),
    extensions: Sequence[Extension] = (),
    origin: str | None = None,
) -> list[FieldLine]:
    """The fields of the opening handshake (section 4.1); raises ValueError for a subprotocol that is no token."""
    fields = [
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Version", VERSION),
        ("Sec-WebSocket-Key", key),
    ]
    for protocol in protocols:
        if _TOKEN_RE.fullmatch(protocol) is None:
            raise ValueError(f"subprotocol {protocol!r} is not a token")
    if protocols:
        fields.append(("Sec-WebSocket-Protocol", ",".join(protocols)))
    if extensions:
        fields.append(("Sec-WebSocket-Extensions", format_extensions(extensions)))
    if origin is not None:
        fields.append(("Origin", origin))
    return fields


def check_response(
    status: int,
    fields: Fields,
    key: str,
    protocols: Sequence[str] = (),
    offered: Extension | None = None,
) -> Agreement:
    """Judge a server's answer to the handshake that sent ``key``, ``protocols`` and ``offered`` (section 4.1).

    Raises HandshakeError, with the server's status.
    """
    if status != 101:
        raise HandshakeError("the server did not switch protocols", status)
    if _elements(fields, "Upgrade") != ["websocket"]:
        raise HandshakeError("the Upgrade field of the response is not websocket", status)
    if "upgrade" not in _elements(fields, "Connection"):
        raise HandshakeError("the Connection field of the response does not name Upgrade", status)
    proofs = fields.getall("Sec-WebSocket-Accept", ())
    proof = proofs[0].strip(_OWS).encode("utf-8", "surrogateescape") if len(proofs) == 1 else b""
    if not hmac.compare_digest(proof, accept_for(key).encode("ascii")):
        raise HandshakeError("Sec-WebSocket-Accept does not answer our key", status)
    return Agreement(_confirmed_protocol(status, fields, protocols), _confirmed_deflate(status, fields, offered))


def _confirmed_protocol(status: int, fields: Fields, protocols: Sequence[str]) -> str | None:
    chosen = [value.strip(_OWS) for value in fields.getall("Sec-WebSocket-Protocol", ())]
    if not chosen:
        return None
    if len(chosen) > 1 or chosen[0] not in protocols:
        raise HandshakeError("the server chose a subprotocol that was not offered", status)
    return chosen[0]


def _confirmed_deflate(status: int, fields: Fields, offered: Extension | None) -> DeflateParams | None:
    try:
        answers = parse_extensions(fields.getall("Sec-WebSocket-Extensions", ()))
        if not answers:
            return None
        if len(answers) > 1 or offered is None or answers[0].name != offered.name:
            raise BadExtension("the server chose an extension that was not offered")
        return deflate.confirm(answers[0], offered)
    except BadExtension as exc:
        raise HandshakeError(str(exc), status) from exc


def _elements(fields: Fields, name: str) -> list[str]:
    """The comma-separated elements of a field, in lower case (ASCII only)."""
    return [
        element.strip(_OWS).lower()
        for value in fields.getall(name, ())
        if value.isascii()
        for element in value.split(",")
        if element.strip(_OWS)
    ]
