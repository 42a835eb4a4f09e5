import time

import pytest

from aiohttp_core._semantics.media_types import (
    is_expected_content_type,
    parse_content_type,
    parse_mimetype,
    split_outside_quotes,
    unquote_string,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("", "", "", {})),
        ("*", ("*", "*", "", {})),
        ("json", ("json", "", "", {})),
        ('TEXT/HTML;Charset="UTF-8" ; x', ("text", "html", "", {"charset": "UTF-8", "x": ""})),
        ('application/vnd.api+json; a="b;c"', ("application", "vnd.api", "json", {"a": "b;c"})),
        ('text/plain; charset="utf-8; x=1', ("text", "plain", "", {"charset": "utf-8", "x": "1"})),
        ("a;b=c=d", ("a", "", "", {"b": "c=d"})),
        ("a/b+c+d;", ("a", "b", "c+d", {})),
    ],
)
def test_parse_mimetype(text: str, expected: tuple[str, str, str, dict[str, str]]) -> None:
    """A media type splits into type, subtype, suffix and parameters, whatever a peer sends."""
    parsed = parse_mimetype(text)
    assert (parsed.type, parsed.subtype, parsed.suffix, dict(parsed.parameters)) == expected


def test_mimetype_is_frozen() -> None:
    """A parsed type is shared between callers and cannot be changed."""
    with pytest.raises(AttributeError):
        parse_mimetype("text/plain").type = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("application/octet-stream", {})),
        ("text", ("application/octet-stream", {})),
        ('Text/Plain; Charset="utf-8"', ("text/plain", {"charset": "utf-8"})),
        ("application/json; charset", ("application/json", {"charset": ""})),
        ("text/plain; a*=utf-8''%c3%a9", ("text/plain", {"a": "\xe9"})),
        ('multipart/form-data; boundary="a;\\"b"', ("multipart/form-data", {"boundary": 'a;"b'})),
        ("text/plain; charset=a; charset=b", ("text/plain", {"charset": "a"})),
    ],
)
def test_parse_content_type(text: str, expected: tuple[str, dict[str, str]]) -> None:
    """A Content-Type that names no type means application/octet-stream; parameters come unquoted."""
    content_type, params = parse_content_type(text)
    assert (content_type, dict(params)) == expected


@pytest.mark.parametrize(
    ("actual", "expected", "result"),
    [
        ("application/json", "application/json", True),
        ("Application/Vnd.API+JSON", "application/json", True),
        ("text/json", "application/json", False),
        ("text/plain", "text/", True),
    ],
)
def test_expected(actual: str, expected: str, result: bool) -> None:
    """JSON is asked for with or without a prefix; anything else as a substring."""
    assert is_expected_content_type(actual, expected) is result


def test_split_outside_quotes() -> None:
    """A separator in quotes does not split; an unclosed quote quotes nothing."""
    assert split_outside_quotes('a;"b;\\";c";d', ";") == ["a", '"b;\\";c"', "d"]
    assert split_outside_quotes('a;"b;c', ";") == ["a", '"b', "c"]


def test_unquote_string() -> None:
    """A quoted pair stands for its second character."""
    assert unquote_string('"a\\"\\b"') == 'a"b'
    assert unquote_string("a\\b") == "a\\b"


@pytest.mark.parametrize("flood", [';"', '\\"', "=", ';a="\\', ' ;"x"', "+", "a+", "a", " ", ";a*=''%"])
def test_linear_time(flood: str) -> None:
    """CVE-2024-24762: no Content-Type makes parsing slower than linear."""
    text = "application/" + flood * 50_000
    started = time.process_time()
    parse_mimetype(text)
    parse_content_type(text)
    is_expected_content_type(text, "application/json")
    assert time.process_time() - started < 1
