"""HTTP-date (RFC 9110 section 5.6.7) and cookie-date (RFC 6265 section 5.1.1). ASCII digits only."""

import re
import time
from datetime import datetime, timezone
from typing import Final

DAY_NAMES: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTH_NAMES: Final = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_MONTHS: Final = {name.lower(): number for number, name in enumerate(MONTH_NAMES) if name}

# IMF-fixdate and the obsolete RFC 850 form; senders leave out the day name, the zone or the first zero.
_DAY_FIRST: Final = re.compile(
    r"(?:[A-Za-z]{3,9},?[ ]+)?([0-9]{1,2})[ -]([A-Za-z]{3})[ -]([0-9]{4}|[0-9]{2})[ ]+"
    r"([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:[ ]+(?:GMT|UTC|UT|Z|[+-]0000))?",
    re.IGNORECASE,
)
_ASCTIME: Final = re.compile(
    r"[A-Za-z]{3}[ ]+([A-Za-z]{3})[ ]+([0-9]{1,2})[ ]+([0-9]{1,2}):([0-9]{2}):([0-9]{2})[ ]+([0-9]{4})"
)

_COOKIE_DELIMITERS: Final = re.compile(r"[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
_COOKIE_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?![0-9])")
_COOKIE_DAY: Final = re.compile(r"([0-9]{1,2})(?![0-9])")
_COOKIE_YEAR: Final = re.compile(r"([0-9]{2,4})(?![0-9])")


def parse_http_date(date_str: str | None) -> datetime | None:
    """The moment in UTC, or None when the text is none of the three forms or names no real moment."""
    if not date_str:
        return None
    text = date_str.strip()
    match = _DAY_FIRST.fullmatch(text)
    if match is not None:
        day, month, year, hour, minute, second = match.groups()
    else:
        match = _ASCTIME.fullmatch(text)
        if match is None:
            return None
        month, day, hour, minute, second, year = match.groups()
    month_number = _MONTHS.get(month.lower())
    if month_number is None:
        return None
    full_year = _full_year(int(year)) if len(year) == 2 else int(year)
    return _moment(full_year, month_number, int(day), int(hour), int(minute), int(second))


def parse_cookie_date(text: str) -> datetime | None:
    """The moment of an Expires attribute by the tolerant algorithm of RFC 6265 section 5.1.1, or None."""
    clock: tuple[str, ...] | None = None
    day = month = year = 0
    has_year = False
    for token in _COOKIE_DELIMITERS.split(text):
        if clock is None and (match := _COOKIE_TIME.match(token)):
            clock = match.groups()
        elif not day and (match := _COOKIE_DAY.match(token)):
            day = int(match[1])
        elif not month and token[:3].lower() in _MONTHS:
            month = _MONTHS[token[:3].lower()]
        elif not has_year and (match := _COOKIE_YEAR.match(token)):
            has_year, year = True, int(match[1])
    if clock is None or not (day and month and has_year):
        return None
    if year < 100:
        year += 1900 if year >= 70 else 2000
    return _moment(year, month, day, *map(int, clock)) if year >= 1601 else None


def format_http_date(timestamp: float) -> str:
    """IMF-fixdate of ``timestamp`` (seconds since the epoch)."""
    year, month, day, hour, minute, second, weekday, *_ = time.gmtime(timestamp)
    return f"{DAY_NAMES[weekday]}, {day:02d} {MONTH_NAMES[month]} {year:04d} {hour:02d}:{minute:02d}:{second:02d} GMT"


_cached_second = 0
_cached_date = format_http_date(0)


def rfc822_formatted_time() -> str:
    """IMF-fixdate of now; formatted once a second."""
    global _cached_second, _cached_date
    now = int(time.time())
    if now != _cached_second:
        _cached_date = format_http_date(now)
        _cached_second = now
    return _cached_date


def _full_year(two_digits: int) -> int:
    """RFC 9110 section 5.6.7: a year more than 50 years ahead is the last one with those digits."""
    this_year = time.gmtime().tm_year
    year = this_year - this_year % 100 + two_digits
    return year - 100 if year > this_year + 50 else year


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime | None:
    # A leap second is a valid HTTP-date and no valid datetime.
    second = 59 if second == 60 else second
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)
    except ValueError:
        return None
