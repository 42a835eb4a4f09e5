import time
import warnings
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors.content_disposition import VECTORS

from aiohttp_core._semantics.content_disposition import (
    content_disposition_filename,
    content_disposition_header,
    parse_content_disposition,
    quoted_string,
)


@pytest.mark.parametrize(("field", "disptype", "params", "categories"), VECTORS)
def test_parse(field: str, disptype: str | None, params: dict[str, str], categories: tuple[type[Warning], ...]) -> None:
    """A field means its vector's type and parameters and warns as often as the vector says."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert parse_content_disposition(field) == (disptype, params)
    assert [warning.category for warning in caught] == list(categories)


@pytest.mark.parametrize(
    ("params", "filename"),
    [
        ({}, None),
        ({"filename": "z", "filename*": "x"}, "x"),
        ({"filename": "z", "filename*0": "a"}, "z"),
        ({"filename*0": "a", "filename*1": "b", "filename*3": "d"}, "ab"),
        ({"filename*1": "a"}, None),
        ({"filename*00": "a"}, None),
        ({"filename*0*": "UTF-8''a%c3", "filename*1*": "%a4"}, "a\xe4"),
        ({"filename*0*": "UTF-8''a", "filename*1*": "%c3"}, None),
        ({"filename*0*": "abc"}, "abc"),
    ],
)
def test_filename(params: dict[str, str], filename: str | None) -> None:
    """The extended form wins over the plain one, and continuations are joined in order up to the first gap."""
    assert content_disposition_filename(params) == filename


@pytest.mark.parametrize(
    ("arguments", "params", "field"),
    [
        (("attachment",), {"filename": "foo.html"}, 'attachment; filename="foo.html"'),
        (("form-data",), {"name": 'a"b', "filename": "\xe9.txt"}, 'form-data; name="a\\"b"; filename="%C3%A9.txt"'),
        (("form-data", False), {"name": 'a"b\\c', "filename": "\xe9"}, 'form-data; name="a\\"b\\\\c"; filename="\xe9"'),
        (("form-data", True, "latin1"), {"name": "\xe9"}, "form-data; name*=latin1''%E9"),
        (("a",), {"n": "a\r\nb"}, "a; n*=utf-8''a%0D%0Ab"),
        (("a",), {"filename": "a\r\nb"}, 'a; filename="a%0D%0Ab"'),
    ],
)
def test_build(arguments: tuple[str], params: dict[str, Any], field: str) -> None:
    """A built field quotes, escapes or percent-encodes so that it is read back as it was meant."""
    assert content_disposition_header(*arguments, **params) == field


@pytest.mark.parametrize("value", ["a\r\nb", "a\nb", "a\rb", "a\x00b", "a\x7fb"])
def test_build_refuses_control_characters(value: str) -> None:
    """CVE-2026-50269: no control character gets into the field, whichever way it is quoted."""
    with pytest.raises(ValueError, match="control character"):
        content_disposition_header("form-data", False, name=value)
    assert value not in content_disposition_header("form-data", True, name=value)


@pytest.mark.parametrize(("disptype", "key"), [("fo o", "a"), ("", "a"), ("a", "b c"), ("a", "\xe9"), ("a\r\nb", "a")])
def test_build_refuses_what_is_no_token(disptype: str, key: str) -> None:
    """The type and the parameter names must be tokens."""
    with pytest.raises(ValueError, match="bad content disposition"):
        content_disposition_header(disptype, **cast(Any, {key: "x"}))


def test_quoted_string_refuses_non_ascii() -> None:
    """A quoted string is printable ASCII and tab."""
    with pytest.raises(ValueError, match="quoted-string"):
        quoted_string("\xe9")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), min_size=1))
def test_round_trip(name: str) -> None:
    """A name written in the browsers' way is read back unchanged, but for leading slashes."""
    field = content_disposition_header("form-data", False, name=name, other="x")
    assert parse_content_disposition(field) == ("form-data", {"name": name.lstrip("\\/") or "", "other": "x"}) or (
        name.startswith(("\\", "/"))
    )


@pytest.mark.parametrize("flood", ['a="', "a;", '";="', 'a="\\";', "a*0*=x;", "a", " ", "=", 'a="\\"'])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_linear_time(flood: str) -> None:
    """CVE-2024-24762: no run of quotes, escapes or semicolons makes parsing slower than linear."""
    started = time.process_time()
    parse_content_disposition("form-data; " + flood * 50_000)
    assert time.process_time() - started < 1
