"""Cookies on the wire: Cookie and Set-Cookie, read and written (RFC 6265, RFC 6265bis).

Reading is tolerant and linear in the length of the field. Values are kept as they came in ``coded_value``; a
cookie that cannot be kept is left out, and its name is returned for one report by the caller: a peer must not
decide how many lines the log gets.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from http.cookies import CookieError, Morsel, SimpleCookie
from typing import Final, NamedTuple

MAX_COOKIES_PER_RESPONSE: Final = 50
"""Set-Cookie fields of one response that are looked at (RFC 6265bis section 5.5 asks for 50 per domain)."""

MAX_PAIR_LENGTH: Final = 4096
"""Octets of name and value together (RFC 6265bis section 5.6)."""

MAX_ATTRIBUTE_LENGTH: Final = 1024
"""Octets of an attribute's value; a longer one is left out (RFC 6265bis section 5.6)."""

MAX_ATTRIBUTES: Final = 32
"""Attributes of one cookie that are looked at."""

_NAME: Final = re.compile(r"""[!#-+\--:<>?@A-Z\[\]^_`a-z{|}~]+""")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_QUOTED: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"(?=[ \t]*(?:;|$))', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(?:([0-3][0-7][0-7])|(.))", re.DOTALL)
_PLAIN: Final = re.compile(r"[!#$%&'*+\-.0-9A-Z^_`a-z|~]+")
"""Names and values that http.cookies takes and writes as they are, whatever its version."""
_BLANKS: Final = " \t"
_REPORTED: Final = 8

_BLANK: Final[dict[str, str | bool]] = dict(Morsel())
_FLAGS: Final = frozenset({"secure", "httponly", "partitioned"} & _BLANK.keys())
_WRITTEN: Final[list[tuple[str, str]]] = sorted(Morsel._reserved.items())  # type: ignore[attr-defined]
"""Attributes with the spelling and in the order of http.cookies."""
_SPELLINGS: Final = {
    spelling: name for name in _BLANK for spelling in (f" {name}", f" {name.title()}", f" {name.capitalize()}")
} | {" HttpOnly": "httponly", " SameSite": "samesite"}
"""How servers write the names of attributes, so that most need no stripping."""

_new_morsel: Final = Morsel.__new__
_fill: Final = dict.update
_set_state: Final = Morsel.__setstate__  # type: ignore[attr-defined]

_STATE_IS_PLAIN: Final = vars(Morsel()).keys() == {"_key", "_value", "_coded_value"}
"""Whether a Morsel keeps its state where every CPython so far does."""

_known_names: dict[str, str] = {}
"""Names as they stand in fields, after a semicolon with a blank in front -> names."""
_KNOWN_LIMIT: Final = 2048
_known_attributes: dict[str, dict[str, str | bool]] = {}
_KNOWN_ATTRIBUTES_LIMIT: Final = 256
_LONGEST_KNOWN: Final = 256
"""Characters; what is longer is rare, and read each time."""


class ParsedCookies(NamedTuple):
    """Cookies in the order they came, and the names (a few at the most) of those that were left out."""

    cookies: "list[tuple[str, Morsel[str]]]"
    rejected: list[str]


def parse_cookie_header(header: str) -> "list[tuple[str, Morsel[str]]]":
    """The cookies of a Cookie field, bad ones left out: `read_cookie` without the report."""
    return read_cookie(header).cookies


def parse_set_cookie_headers(headers: Sequence[str]) -> "list[tuple[str, Morsel[str]]]":
    """The cookies of the Set-Cookie fields of one response, bad ones left out: `read_set_cookie` without the report."""
    return read_set_cookie(headers).cookies


def read_cookie_values(header: str) -> tuple[dict[str, str], list[str]]:
    """Name -> decoded value of a Cookie field, the last of a name winning, and the rejected names.

    This is all a server needs for most requests, and cheaper than Morsels.
    """
    values: dict[str, str] = {}
    rejected: list[str] = []
    quoted = '"' in header
    has_control = _has_control(header)
    for pair in _split_quoted_pairs(header) if quoted else header.split(";"):
        raw_name, _, value = pair.partition("=")
        value = value.strip(_BLANKS)
        name = _known_names.get(raw_name)
        if name is None:
            name = raw_name.strip(_BLANKS)
            if not _is_name(name):
                if name or value:
                    _reject(rejected, name)
                continue
        if has_control and _has_control(value):
            _reject(rejected, name)
        else:
            values[name] = _decode(value) if quoted else value
    return values, rejected


def read_cookie(header: str) -> ParsedCookies:
    """The cookies of a Cookie field (RFC 6265 section 5.4): no name is an attribute here, none is special."""
    cookies: list[tuple[str, Morsel[str]]] = []
    rejected: list[str] = []
    quoted = '"' in header
    plain = _STATE_IS_PLAIN and header.isprintable()
    for pair in _split_quoted_pairs(header) if quoted else header.split(";"):
        raw_name, _, coded = pair.partition("=")
        coded = coded.strip(_BLANKS)
        name = _known_names.get(raw_name)
        if name is None:
            name = raw_name.strip(_BLANKS)
            if not _is_name(name):
                if name or coded:
                    _reject(rejected, name)
                continue
        value = _decode(coded) if quoted else coded
        morsel: Morsel[str] = _new_morsel(Morsel)
        _fill(morsel, _BLANK)
        if plain:
            # What ``__setstate__`` does where it has nothing to refuse, without the call.
            morsel._key = name  # type: ignore[attr-defined]
            morsel._value = value  # type: ignore[attr-defined]
            morsel._coded_value = coded  # type: ignore[attr-defined]
        elif _has_control(coded):
            _reject(rejected, name)
            continue
        else:
            try:
                _set_state(morsel, {"key": name, "value": value, "coded_value": coded})
            except CookieError:  # newer Pythons refuse a tab too
                _reject(rejected, name)
                continue
        cookies.append((name, morsel))
    return ParsedCookies(cookies, rejected)


def read_set_cookie(headers: Sequence[str]) -> ParsedCookies:
    """The cookies of one response's Set-Cookie fields, one per field (RFC 6265bis section 5.6)."""
    cookies: list[tuple[str, Morsel[str]]] = []
    rejected: list[str] = []
    for header in headers:
        if len(cookies) >= MAX_COOKIES_PER_RESPONSE:
            _reject(rejected, header.partition("=")[0])
            continue
        cookie = _parse_set_cookie(header)
        if cookie is None:
            _reject(rejected, header.partition("=")[0])
        else:
            cookies.append(cookie)
    return ParsedCookies(cookies, rejected)


def format_cookie(pairs: Iterable[tuple[str, str]]) -> str:
    """The value of a Cookie field from names and values as they go on the wire. ValueError for a pair that would
    be read as something else."""
    pieces = []
    for name, coded_value in pairs:
        _check_pair(name, coded_value)
        pieces.append(f"{name}={coded_value}")
    return "; ".join(pieces)


def format_set_cookie(morsel: "Morsel[str]") -> str:
    """The value of a Set-Cookie field. ValueError when name, value or an attribute would break out of it."""
    check_set_cookie(morsel)
    if type(morsel) is not Morsel:
        return morsel.OutputString()
    # As OutputString does it, in a fraction of its time; it is asked where a value has a form of its own.
    pieces = [f"{morsel.key}={morsel.coded_value}"]
    for attribute, spelling in _WRITTEN:
        value: object = morsel.get(attribute, "")
        if value == "":
            continue
        if attribute in _FLAGS:
            if value:
                pieces.append(spelling)
        elif type(value) is str and attribute != "comment":
            pieces.append(f"{spelling}={value}")
        else:
            return morsel.OutputString()
    return "; ".join(pieces)


def check_set_cookie(morsel: "Morsel[str]") -> None:
    """ValueError when name, value or an attribute would break out of a Set-Cookie field."""
    _check_pair(morsel.key, morsel.coded_value)
    for attribute in ("path", "domain", "comment", "expires", "samesite", "max-age", "version"):
        value = morsel.get(attribute)
        if value and (";" in (text := str(value)) or _has_control(text)):
            raise ValueError(f"bad cookie attribute {attribute}={text!r}")


def set_plain_cookie(cookies: "SimpleCookie", name: str, value: str) -> bool:
    """``cookies[name] = value`` for a new cookie that needs no quoting; false, and nothing done, for any other."""
    if (
        type(value) is not str
        or name in cookies
        or name.lower() in _BLANK
        or not _PLAIN.fullmatch(name)
        or not _PLAIN.fullmatch(value)
    ):
        return False
    dict.__setitem__(cookies, name, make_morsel(name, value, value))
    return True


def quote_cookie_value(value: str) -> str:
    """``value`` as it goes on the wire: quoted and escaped only where it needs to be."""
    return SimpleCookie().value_encode(value)[1]


def preserve_morsel_with_coded_value(cookie: "Morsel[str]") -> "Morsel[str]":
    """A copy that keeps the value as it came, where ``Morsel.set`` would quote it again or refuse the name."""
    return make_morsel(cookie.key, cookie.value, cookie.coded_value, cookie)


def make_morsel(
    name: str, value: str, coded_value: str, attributes: Mapping[str, str | bool] = _BLANK
) -> "Morsel[str]":
    """A Morsel past the checks of ``Morsel.set``: names with a colon or brackets exist in the wild. ``attributes``
    are all that a Morsel has, in lower case."""
    morsel: Morsel[str] = _new_morsel(Morsel)
    _fill(morsel, attributes)
    _set_state(morsel, {"key": name, "value": value, "coded_value": coded_value})
    return morsel


def _reject(rejected: list[str], name: str) -> None:
    if len(rejected) < _REPORTED:
        rejected.append(name[:64])


def can_be_sent(morsel: "Morsel[str]") -> bool:
    """Whether name and value are read as what they are where they stand in a Cookie field."""
    return _stands(morsel.key, morsel.coded_value)


def _check_pair(name: str, coded_value: str) -> None:
    if not _stands(name, coded_value):
        what = "value of cookie" if _is_name(name) else "cookie name"
        raise ValueError(f"bad {what} {name!r}")


def _stands(name: str, coded_value: str) -> bool:
    return (
        (name in _known_names or _is_name(name))
        and not _has_control(coded_value)
        and (";" not in coded_value or _QUOTED.fullmatch(coded_value) is not None)
    )


def _is_name(name: str) -> bool:
    """Whether ``name`` can be a cookie's; sites send the same few names all day, so those are remembered."""
    if _NAME.fullmatch(name) is None:
        return False
    if len(_known_names) < _KNOWN_LIMIT and len(name) <= 64:
        _known_names[name] = _known_names[f" {name}"] = name
    return True


def _has_control(text: str) -> bool:
    # isprintable() is several times quicker and says no to every control character, and to some more.
    return not text.isprintable() and _CONTROL.search(text) is not None


def _split_pairs(header: str) -> list[str]:
    """Split at the semicolons outside quoted values; a plain split where no value can hold one."""
    return _split_quoted_pairs(header) if '"' in header else header.split(";")


def _split_quoted_pairs(header: str) -> list[str]:
    """As ``_split_pairs``, for a text with quotes: most have pairs of them, around whole values."""
    if "\\" in header:
        return _split_quoted(header)
    pairs = header.split(";")
    for pair in pairs:
        if pair.count('"') & 1:
            return _split_quoted(header)
    return pairs


def _split_quoted(header: str) -> list[str]:
    """Split at semicolons outside quoted values.

    Each scan for a closing quote starts at an opening one and ends at the next unescaped quote, which only another
    value could start from: two passes over the text at the worst.
    """
    pieces: list[str] = []
    start, length = 0, len(header)
    while start < length:
        end = header.find(";", start)
        end = length if end < 0 else end
        equals = header.find("=", start, end)
        if equals >= 0:
            value = equals + 1
            while value < end and header[value] in _BLANKS:
                value += 1
            match = _QUOTED.match(header, value) if header.startswith('"', value) else None
            if match is not None:
                end = header.find(";", match.end())
                end = length if end < 0 else end
        pieces.append(header[start:end])
        start = end + 1
    return pieces


def _decode(coded: str) -> str:
    """The value inside quotes, with ``\\"`` and ``\\ooo`` undone as http.cookies writes them."""
    if len(coded) < 2 or coded[0] != '"' or coded[-1] != '"':
        return coded
    inner = coded[1:-1]
    return _ESCAPED.sub(_unescape, inner) if "\\" in inner else inner


def _unescape(match: "re.Match[str]") -> str:
    return chr(int(match[1], 8)) if match[1] is not None else match[2]


def _parse_set_cookie(header: str) -> "tuple[str, Morsel[str]] | None":
    # Calls cost more than the rest of it: what is short stands here in full.
    pair, _, rest = header.partition(";")
    attributes: dict[str, str | bool] | None
    if '"' in pair:
        # Its value may hold semicolons.
        if _has_control(header):
            return None
        pair, *pieces = _split_pairs(header)
        attributes = _read_attributes(pieces)
    else:
        if not pair.isprintable() and _has_control(pair):
            return None
        attributes = _known_attributes.get(rest)
        if attributes is None:
            if _has_control(rest):
                return None
            attributes = _learn_attributes(rest)
    name, equals, coded = pair.partition("=")
    known = _known_names.get(name)
    if known is None:
        known = name.strip(_BLANKS)
        if not _is_name(known):
            return None
    name = known
    coded = coded.strip(_BLANKS)
    if not equals or len(name) + (len(coded) if coded.isascii() else _octets(coded)) > MAX_PAIR_LENGTH:
        return None
    morsel: Morsel[str] = _new_morsel(Morsel)
    _fill(morsel, attributes)
    value = _decode(coded) if coded[:1] == '"' else coded
    try:
        _set_state(morsel, {"key": name, "value": value, "coded_value": coded})
    except CookieError:
        return None
    return name, morsel


def _read_attributes(pieces: list[str]) -> dict[str, str | bool]:
    """What a Morsel holds whose cookie had these attributes: all that it knows, most of them blank."""
    found = _BLANK.copy()
    for piece in pieces[:MAX_ATTRIBUTES]:
        raw_key, _, value = piece.partition("=")
        key = _SPELLINGS.get(raw_key) or raw_key.strip(_BLANKS).lower()
        if key in _FLAGS:
            found[key] = True
        elif key in found:
            value = _decode(value.strip(_BLANKS))
            if len(value) <= MAX_ATTRIBUTE_LENGTH and (value.isascii() or _octets(value) <= MAX_ATTRIBUTE_LENGTH):
                found[key] = value
    return found


def _learn_attributes(rest: str) -> dict[str, str | bool]:
    """The attributes in what follows a cookie's first semicolon, remembered: a site's cookies differ in names and
    values more than in these. A site that varies them too fills a table of bounded size, which then starts anew."""
    attributes = _read_attributes(_split_pairs(rest))
    if len(rest) <= _LONGEST_KNOWN:
        if len(_known_attributes) >= _KNOWN_ATTRIBUTES_LIMIT:
            _known_attributes.clear()
        _known_attributes[rest] = attributes
    return attributes


def _octets(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))
