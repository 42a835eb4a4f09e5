from datetime import datetime, timezone

import pytest

from aiohttp_core._semantics.dates import format_http_date, parse_cookie_date, parse_http_date, rfc822_formatted_time

MOMENT = datetime(1994, 11, 6, 8, 49, 37, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "sun, 6 nov 1994 8:49:37 gmt",
        "06 Nov 1994 08:49:37",
    ],
)
def test_three_forms(text: str) -> None:
    """RFC 9110 section 5.6.7: all three forms are read, and small slips in them."""
    assert parse_http_date(text) == MOMENT


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "0",
        "Sun, 99 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 +0100",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 0\u0666 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov \u0661\u0669\u0669\u0664 08:49:37 GMT",
        "Sun, 06 N\u00f6v 1994 08:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
    ],
)
def test_what_is_no_date(text: str | None) -> None:
    """CVE-2025-69224: anything else, non-ASCII digits included, is no date rather than an error."""
    assert parse_http_date(text) is None


def test_two_digit_year_is_never_far_ahead() -> None:
    """A two-digit year more than 50 years ahead is in the past."""
    moment = parse_http_date("Friday, 01-Jan-99 00:00:00 GMT")
    assert moment is not None
    assert moment.year == 1999


def test_leap_second() -> None:
    """Second 60 is a valid HTTP-date."""
    assert parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT") == datetime(2016, 12, 31, 23, 59, 59, tzinfo=timezone.utc)


def test_format() -> None:
    """A date is written as IMF-fixdate, and now is too."""
    assert format_http_date(MOMENT.timestamp()) == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert parse_http_date(rfc822_formatted_time()) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sun, 06-Nov-94 08:49:37 GMT", MOMENT),
        ("06 November 1994 8:49:37", MOMENT),
        ("08:49:37 Nov 6 1994", MOMENT),
        ("Sun, 06 Nov 1994", None),
        ("Sun, 32 Nov 1994 08:49:37", None),
        ("Sun, 06 Nov 1600 08:49:37", None),
        ("Sun, \u0660\u0666 Nov 1994 08:49:37", None),
        ("", None),
    ],
)
def test_cookie_date(text: str, expected: datetime | None) -> None:
    """RFC 6265 section 5.1.1: an Expires attribute is read in any order of its parts."""
    assert parse_cookie_date(text) == expected
