import time
from http.cookies import Morsel, SimpleCookie

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors.cookies import COOKIE, SET_COOKIE

from aiohttp_core._semantics import cookies
from aiohttp_core._semantics.cookies import (
    format_cookie,
    format_set_cookie,
    parse_cookie_header,
    parse_set_cookie_headers,
    preserve_morsel_with_coded_value,
    quote_cookie_value,
    read_cookie,
    read_cookie_values,
    read_set_cookie,
)


@pytest.mark.parametrize(("field", "expected", "rejected"), COOKIE)
def test_read_cookie(field: str, expected: list[tuple[str, str, str]], rejected: list[str]) -> None:
    """A Cookie field yields its cookies in order with decoded and coded values, and the names left out."""
    parsed = read_cookie(field)
    assert [(name, morsel.value, morsel.coded_value) for name, morsel in parsed.cookies] == expected
    assert parsed.rejected == rejected
    assert read_cookie_values(field) == ({name: value for name, value, _ in expected}, rejected)


@pytest.mark.parametrize(("field", "expected"), SET_COOKIE)
def test_read_set_cookie(field: str, expected: tuple[str, str, dict[str, object]] | None) -> None:
    """A Set-Cookie field yields one cookie with the attributes that are known, or none."""
    parsed = read_set_cookie([field])
    found = [(name, morsel.value, {k: v for k, v in morsel.items() if v != ""}) for name, morsel in parsed.cookies]
    assert found == ([] if expected is None else [expected])
    assert bool(parsed.rejected) == (expected is None)


def test_set_cookie_count_is_bounded() -> None:
    """Of a response's Set-Cookie fields the first 50 count."""
    cookies = parse_set_cookie_headers([f"a{number}=1" for number in range(60)])
    assert [name for name, _ in cookies] == [f"a{number}" for number in range(50)]


def test_report_is_bounded() -> None:
    """CVE-2025-69230: however many cookies are bad, there is one report of a few names per field."""
    parsed = read_cookie("; ".join(["b,d=1"] * 1000 + ["x" * 1000 + ",=1"]))
    assert len(parsed.rejected) == 8
    assert parsed.cookies == []


def test_nameless_cookie_is_left_out() -> None:
    """CVE-2023-23934: ``=__Host-a=1`` does not become the cookie ``__Host-a``."""
    assert parse_cookie_header("=__Host-a=1; b=2")[0][0] == "b"
    assert parse_set_cookie_headers(["=__Host-a=1"]) == []


@pytest.mark.parametrize("flood", ['a="', 'a="\\";', ";", "=", 'a="x"y;', '"\\', 'a=";', "a", " ", "\t"])
def test_linear_time(flood: str) -> None:
    """No field makes parsing slower than linear."""
    field = "z=1;" + flood * 50_000
    started = time.process_time()
    read_cookie(field)
    read_set_cookie([field])
    assert time.process_time() - started < 2


def test_values_keep_their_coding() -> None:
    """A value quoted by the peer goes back to it quoted in the same way."""
    (_, morsel), *_ = parse_cookie_header('a="x\\054y"')
    assert morsel.value == "x,y"
    assert format_cookie([(morsel.key, morsel.coded_value)]) == 'a="x\\054y"'
    copy = preserve_morsel_with_coded_value(morsel)
    assert copy == morsel
    assert copy is not morsel


@given(st.text(st.characters(max_codepoint=255), max_size=30))
def test_round_trip(value: str) -> None:
    """What quote_cookie_value writes is read back as it was."""
    coded = quote_cookie_value(value)
    assert read_cookie_values(f"a={coded}; b=1")[0] == {"a": value, "b": "1"}


@pytest.mark.parametrize(("name", "value"), [("a b", "1"), ("", "1"), ("a", "1;b=2"), ("a", "1\r\nX: y"), ("a;b", "")])
def test_format_refuses_what_breaks_out(name: str, value: str) -> None:
    """A pair that would be read as something else is a ValueError."""
    with pytest.raises(ValueError, match="bad"):
        format_cookie([(name, value)])


def test_format_set_cookie() -> None:
    """A Morsel is written with its attributes, and an attribute cannot smuggle another one in."""
    jar = SimpleCookie()
    jar["a"] = "x y"
    jar["a"]["path"] = "/"
    jar["a"]["httponly"] = True
    assert format_set_cookie(jar["a"]) == 'a="x y"; HttpOnly; Path=/'
    jar["a"]["path"] = "/; Domain=evil"
    with pytest.raises(ValueError, match="attribute"):
        format_set_cookie(jar["a"])


def test_result_is_a_whole_morsel() -> None:
    """A parsed cookie is a Morsel like any other: it has every attribute and is written by http.cookies."""
    (_, morsel), *_ = parse_set_cookie_headers(["a=1; path=/"])
    assert dict(morsel).keys() == dict(Morsel()).keys()
    assert morsel.OutputString() == "a=1; Path=/"


def test_attributes_are_each_cookies_own() -> None:
    """Cookies with the same attributes have them each for itself: a change to one is not seen in the next."""
    field = "a=b; Path=/here; Secure"
    ((_, first),) = parse_set_cookie_headers([field])
    first["path"] = "/there"
    ((_, second),) = parse_set_cookie_headers([field])
    assert (second["path"], second["secure"]) == ("/here", True)


def test_what_is_remembered_is_bounded() -> None:
    """A site that gives each cookie attributes and a name of its own is read right, and fills a table of fixed size."""
    fields = [f"name{number}=v; Path=/{number}" for number in range(5000)]
    for number, field in enumerate(fields):
        ((name, morsel),) = parse_set_cookie_headers([field])
        assert (name, morsel["path"]) == (f"name{number}", f"/{number}")
    assert len(cookies._known_attributes) <= cookies._KNOWN_ATTRIBUTES_LIMIT
    assert len(cookies._known_names) <= cookies._KNOWN_LIMIT
    long = "a=b; Path=/" + "x" * 500
    assert parse_set_cookie_headers([long])[0][1]["path"] == "/" + "x" * 500
    assert not any(len(rest) > cookies._LONGEST_KNOWN for rest in cookies._known_attributes)


@pytest.mark.parametrize("field", ["a=b; Path=/\x01", "a=\x01b; Path=/", 'a="b"; Path=/\x01', "a=b; Path=/; \x7f"])
def test_control_characters_anywhere_refuse_a_cookie(field: str) -> None:
    """A control character in value or attributes refuses the whole cookie, also where the rest is known already."""
    parse_set_cookie_headers(["a=b; Path=/"])
    for _ in range(2):
        assert read_set_cookie([field]).cookies == []
