"""Sec-WebSocket-Extensions as values (RFC 6455 section 9.1): parsing and formatting, no meaning.

    extension-list  = 1#( name *( ";" parameter ) )         parameter = name [ "=" ( token | quoted-string ) ]

The value of a quoted string must be a token once unquoted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

Parameter: TypeAlias = tuple[str, str | None]

MAX_EXTENSIONS: Final = 32
MAX_PARAMETERS: Final = 32
"""Extensions in one handshake, and parameters of one of them; more are refused before they cost anything."""

_TOKEN: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_OWS: Final = r"[ \t]*"
_NAME_RE: Final = re.compile(_TOKEN)
_PARAMETER_RE: Final = re.compile(rf"{_OWS};{_OWS}({_TOKEN})(?:{_OWS}={_OWS}(?:({_TOKEN})|\"((?:[^\"\\]|\\.)*)\"))?")
_SEPARATOR_RE: Final = re.compile(rf"{_OWS}(?:,{_OWS})+|{_OWS}$")
_LEADING_RE: Final = re.compile(rf"(?:{_OWS},)*{_OWS}")


class BadExtension(ValueError):
    """A Sec-WebSocket-Extensions value breaks RFC 6455 section 9.1, or an extension's own rules."""


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension with its parameters, in order; repeated ones are kept. Names compare exactly."""

    name: str
    parameters: tuple[Parameter, ...] = ()

    def __str__(self) -> str:
        return "; ".join(
            [self.name, *(name if value is None else f"{name}={value}" for name, value in self.parameters)]
        )


def parse_extensions(values: Iterable[str]) -> list[Extension]:
    """The extensions of all field lines ``values``; raises BadExtension for anything outside the grammar."""
    extensions: list[Extension] = []
    for value in values:
        leading = _LEADING_RE.match(value)
        position = leading.end() if leading else 0
        while position < len(value):
            extension, position = _parse_one(value, position)
            extensions.append(extension)
            if len(extensions) > MAX_EXTENSIONS:
                raise BadExtension(f"more than {MAX_EXTENSIONS} extensions")
            separator = _SEPARATOR_RE.match(value, position)
            if separator is None:
                raise BadExtension(f"Sec-WebSocket-Extensions is malformed at position {position}")
            position = separator.end()
    return extensions


def _parse_one(value: str, position: int) -> tuple[Extension, int]:
    name = _NAME_RE.match(value, position)
    if name is None:
        raise BadExtension(f"Sec-WebSocket-Extensions is malformed at position {position}")
    position = name.end()
    parameters: list[Parameter] = []
    while (found := _PARAMETER_RE.match(value, position)) is not None:
        key, plain, quoted = found.groups()
        if quoted is not None:
            plain = re.sub(r"\\(.)", r"\1", quoted)
            if _NAME_RE.fullmatch(plain) is None:
                raise BadExtension(f"value of extension parameter {key} is not a token")
        parameters.append((key, plain))
        if len(parameters) > MAX_PARAMETERS:
            raise BadExtension(f"more than {MAX_PARAMETERS} extension parameters")
        position = found.end()
    return Extension(name.group(), tuple(parameters)), position


def format_extensions(extensions: Iterable[Extension]) -> str:
    """The field value for ``extensions``."""
    return ", ".join(map(str, extensions))
