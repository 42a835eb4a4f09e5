"""The Content-Disposition field, read and written (RFC 6266, RFC 2183, RFC 8187, RFC 2231 continuations).

Reading is tolerant where senders are known to be careless and gives up on the whole field, with a warning,
where a guess could pick the wrong file name.
"""

import re
import warnings
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote

from .charsets import charset_codec
from .media_types import closing_quote

_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_NEEDS_ESCAPE: Final = re.compile(r"[^!#-\[\]-~]")
_QUOTABLE: Final = re.compile(r"[\t -~]*")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_END_OF_VALUE: Final = re.compile(r'"[ \t]*(?:;|$)')


class BadContentDispositionHeader(RuntimeWarning):
    """A Content-Disposition field was not understood, or not fully."""


class BadContentDispositionParam(RuntimeWarning):
    """One parameter of a Content-Disposition field was left out."""


class _Malformed(Exception):
    """The field breaks the grammar in a way that leaves its meaning in doubt."""


def parse_content_disposition(header: str | None) -> tuple[str | None, dict[str, str]]:
    """``(type, parameters)``, both in lower case where case does not matter; ``(None, {})`` when it makes no sense.

    Values come unescaped; ``name*`` values come decoded (RFC 8187); continuations (``name*0``) come as they are:
    see `content_disposition_filename`. Warns with `BadContentDispositionHeader` or `BadContentDispositionParam`.
    """
    if not header:
        return None, {}
    disptype, semicolon, rest = header.partition(";")
    disptype = disptype.strip()
    if not _TOKEN.fullmatch(disptype):
        _warn(BadContentDispositionHeader)
        return None, {}
    params: dict[str, str] = {}
    try:
        if semicolon and not rest.strip(";"):
            _warn(BadContentDispositionHeader)
        elif semicolon:
            _read_parameters(rest, params)
    except _Malformed:
        _warn(BadContentDispositionHeader)
        return None, {}
    return disptype.lower(), params


def content_disposition_filename(params: Mapping[str, str], name: str = "filename") -> str | None:
    """The value of ``name``, from ``name*``, ``name`` or its continuations, in that order of preference."""
    if not params:
        return None
    extended = params.get(f"{name}*")
    if extended is not None:
        return extended
    plain = params.get(name)
    if plain is not None:
        return plain
    value = _join_continuations(params, name)
    if "'" in value and value.count("'") >= 2:
        charset, _, value = value.split("'", 2)
        try:
            return unquote(value, charset_codec(charset or "utf-8"), "strict")
        except (LookupError, UnicodeDecodeError):
            return None
    return value or None


def content_disposition_header(disptype: str, quote_fields: bool = True, _charset: str = "utf-8", **params: str) -> str:
    """Write a Content-Disposition field for MIME (RFC 2183) or HTML forms (RFC 7578).

    With ``quote_fields`` the file name is percent-encoded and other values that are not ASCII use ``name*``; without,
    values are only escaped, as browsers do. Raises ValueError for a type or name that is not a token, and for
    control characters that would end up in the field.
    """
    if not _TOKEN.fullmatch(disptype):
        raise ValueError(f"bad content disposition type {disptype!r}")
    pieces = [disptype]
    for key, value in params.items():
        if not _TOKEN.fullmatch(key):
            raise ValueError(f"bad content disposition parameter {key!r}={value!r}")
        pieces.append(_parameter(key, value, quote_fields, _charset))
    return "; ".join(pieces)


def quoted_string(content: str) -> str:
    """``content`` escaped for use between quotes (RFC 5322 section 3.2.4); ValueError unless printable ASCII or tab."""
    if not _QUOTABLE.fullmatch(content):
        raise ValueError(f"bad content for quoted-string {content!r}")
    return _NEEDS_ESCAPE.sub(lambda match: "\\" + match[0], content)


def _parameter(key: str, value: str, quote_fields: bool, charset: str) -> str:
    if not quote_fields:
        if _CONTROL.search(value):
            raise ValueError(f"control character in content disposition parameter {key!r}={value!r}")
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'{key}="{escaped}"'
    if key.lower() == "filename":
        return f'{key}="{quote(value, "", encoding=charset)}"'
    if _QUOTABLE.fullmatch(value):
        return f'{key}="{quoted_string(value)}"'
    if not _TOKEN.fullmatch(charset):
        raise ValueError(f"bad charset {charset!r}")
    return f"{key}*={charset}''{quote(value, '', encoding=charset)}"


def _warn(category: type[Warning]) -> None:
    # Without what the peer sent: Python remembers each text that it has warned with.
    warnings.warn(category("a Content-Disposition field is malformed"), stacklevel=4)


def _read_parameters(text: str, params: dict[str, str]) -> None:
    position = 0
    while True:
        equals = text.find("=", position)
        if equals < 0:
            raise _Malformed
        key = text[position:equals].lstrip()
        start = equals + 1
        while text[start : start + 1] in (" ", "\t"):
            start += 1
        is_quoted = text.startswith('"', start)
        end = _end_of_quoted(text, start) if is_quoted else text.find(";", start)
        last = end < 0
        value = (text[start:] if last else text[start:end]).rstrip()
        _take(key, value, is_quoted, params)
        if last:
            return
        position = end + 1
        if not text[position:].strip(" \t;"):
            # Semicolons at the end: many senders write one. After white space it is the sign of a cut field.
            if not is_quoted and text[end - 1].isspace():
                raise _Malformed
            _warn(BadContentDispositionHeader)
            return


def _end_of_quoted(text: str, start: int) -> int:
    """Index of the semicolon after the quoted value at ``start``, or -1 at the end of the field."""
    quote_at = closing_quote(text, start)
    match = _END_OF_VALUE.match(text, quote_at) if quote_at >= 0 else None
    if match is None:
        # Browsers leave a backslash alone: filename="C:\" ends at that quote.
        match = _END_OF_VALUE.search(text, start + 1)
        if match is None:
            raise _Malformed
    return match.end() - 1 if match[0].endswith(";") else -1


def _take(raw_key: str, value: str, is_quoted: bool, params: dict[str, str]) -> None:
    key = raw_key.rstrip().lower()
    if key in params or (not is_quoted and not _TOKEN.fullmatch(value) and "*" not in key):
        raise _Malformed
    name, star, section = key.partition("*")
    if not star:
        if not _TOKEN.fullmatch(key):
            raise _Malformed
        params[key] = _unescape(value) if is_quoted else value
    elif section == "":
        decoded = None if is_quoted or raw_key[-2:-1].isspace() else _decode_extended(value)
        if decoded is None or not _TOKEN.fullmatch(name):
            _warn(BadContentDispositionParam)
        else:
            params[key] = decoded
    elif _is_section(section) and _TOKEN.fullmatch(name) and (is_quoted or _TOKEN.fullmatch(value)):
        params[key] = _unescape(value) if is_quoted else value
    else:
        _warn(BadContentDispositionParam)


def _unescape(value: str) -> str:
    # Leading slashes would make the name absolute.
    return _ESCAPED.sub(r"\1", value[1:-1].lstrip("\\/"))


def _is_section(section: str) -> bool:
    digits = section.removesuffix("*")
    return digits.isascii() and digits.isdigit()


def _decode_extended(value: str) -> str | None:
    """The text of an ext-value (RFC 8187 section 3.2), or None."""
    pieces = value.split("'", 2)
    if len(pieces) != 3 or not value.isascii():
        return None
    charset, _, encoded = pieces
    try:
        return unquote(encoded, charset_codec(charset or "utf-8"), "strict")
    except (LookupError, UnicodeDecodeError):
        return None


def _join_continuations(params: Mapping[str, str], name: str) -> str:
    pieces: list[str] = []
    while True:
        key = f"{name}*{len(pieces)}"
        piece = params.get(key, params.get(f"{key}*"))
        if piece is None:
            return "".join(pieces)
        pieces.append(piece)
