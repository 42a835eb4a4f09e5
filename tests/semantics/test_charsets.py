"""Charsets that a peer names."""

import encodings
import warnings

import pytest

from aiohttp_core._semantics.charsets import charset_codec
from aiohttp_core._semantics.content_disposition import parse_content_disposition
from aiohttp_core._semantics.media_types import parse_content_type


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("utf-8", "utf-8"),
        ("UTF8", "utf-8"),
        ("ISO-8859-1", "latin_1"),
        ("iso-8859-15", "iso8859_15"),
        ("ISO_8859-1:1987", "latin_1"),
        ("windows-1252", "cp1252"),
        ("Shift-JIS", "shift_jis"),
        ("koi8-u", "koi8_u"),
        ("us-ascii", "ascii"),
        ("utf-16le", "utf_16_le"),
    ],
)
def test_known(charset: str, codec: str) -> None:
    """A charset is found by its names and aliases, whatever their case."""
    assert charset_codec(charset) == codec
    assert "a".encode(codec).decode(charset) == "a"


@pytest.mark.parametrize(
    "charset",
    ["", "x", "undefined", "idna", "Punycode", "unicode-escape", "raw_unicode_escape", "\xff", "\udcff", "../os"],
)
def test_refused(charset: str) -> None:
    """What is no charset is a LookupError, and so is a codec that a peer could make a server suffer by."""
    with pytest.raises(LookupError):
        charset_codec(charset)


@pytest.mark.filterwarnings("ignore::aiohttp_core._semantics.content_disposition.BadContentDispositionParam")
def test_nothing_is_remembered() -> None:
    """Names that peers make up leave nothing behind in the standard library."""
    remembered = encodings._cache  # type: ignore[attr-defined]
    before = len(remembered)
    for number in range(50):
        with pytest.raises(LookupError):
            charset_codec(f"made-up-{number}")
        parse_content_type(f"text/plain; a*=made-up-{number}''x")
        parse_content_disposition(f"form-data; name*=made-up-{number}''x")
    assert len(remembered) == before


@pytest.mark.filterwarnings("ignore::aiohttp_core._semantics.content_disposition.BadContentDispositionParam")
def test_parameters_with_a_trap() -> None:
    """A parameter in a codec that is none for peers is no exception (RFC 8187 section 3.2)."""
    assert parse_content_type("text/plain; a*=undefined''x%20")[1] == {"a": "x%20"}
    assert parse_content_disposition("form-data; name*=undefined''x%20") == ("form-data", {})


def test_warnings_are_not_remembered() -> None:
    """However many malformed fields there are, Python keeps one warning of them."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for number in range(50):
            parse_content_disposition(f"form-data; name*=malformed{number}")
    assert len(caught) == 1
