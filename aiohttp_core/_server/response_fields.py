"""The fields of a response, as properties: content type, length, validators, cookies."""

from __future__ import annotations

import datetime
import math
import time
from collections.abc import Mapping
from http.cookies import Morsel, SimpleCookie
from typing import Final

from multidict import CIMultiDict

from .._semantics import field_names as hdrs
from .._semantics.cookies import check_set_cookie, format_set_cookie, set_plain_cookie
from .._semantics.dates import format_http_date, parse_http_date
from .._semantics.etags import ETAG_ANY, ETag, format_etag, parse_etags, validate_etag_value
from .._semantics.media_types import parse_content_type

_EPOCH: Final = "Thu, 01 Jan 1970 00:00:00 GMT"
_DEFAULT_CONTENT_TYPE: Final = "application/octet-stream"

_PARTITIONED: Final = "partitioned"
_MORSEL_KNOWS_PARTITIONED: Final = Morsel[str]().isReservedKey(_PARTITIONED)
"""http.cookies does from Python 3.14 on."""


def _set_partitioned(morsel: Morsel[str], partitioned: bool) -> None:
    if _MORSEL_KNOWS_PARTITIONED:
        morsel[_PARTITIONED] = partitioned
    else:
        dict.__setitem__(morsel, _PARTITIONED, partitioned)


def format_response_cookie(morsel: Morsel[str]) -> str:
    if _MORSEL_KNOWS_PARTITIONED or not morsel.get(_PARTITIONED):
        return format_set_cookie(morsel)
    return f"{format_set_cookie(morsel)}; Partitioned"


class ResponseFields:
    """What is known of a response by its fields alone."""

    _plain = False
    """Whether nothing was asked that decides how the response is sent: no coding, no chunks; nor was it begun."""
    _chunked = False
    _cookies: SimpleCookie | None = None
    _content_type_read: tuple[str, str, Mapping[str, str]] | None = None
    _headers: CIMultiDict[str]

    @property
    def headers(self) -> CIMultiDict[str]:
        return self._headers

    @property
    def cookies(self) -> SimpleCookie:
        if self._cookies is None:
            self._cookies = SimpleCookie()
        return self._cookies

    def set_cookie(
        self,
        name: str,
        value: str,
        *,
        expires: str | None = None,
        domain: str | None = None,
        max_age: int | str | None = None,
        path: str = "/",
        secure: bool | None = None,
        httponly: bool | None = None,
        version: str | None = None,
        samesite: str | None = None,
        partitioned: bool | None = None,
    ) -> None:
        """Set a cookie; ValueError for what would break out of the field. ``max_age`` in seconds."""
        cookies = self.cookies
        if not set_plain_cookie(cookies, name, value):
            if name in cookies and cookies[name].coded_value == "":
                del cookies[name]
            cookies[name] = value
        morsel = cookies[name]
        if expires is not None:
            morsel["expires"] = expires
        elif morsel.get("expires") == _EPOCH:
            del morsel["expires"]
        for key, given in (("domain", domain), ("path", path), ("secure", secure), ("httponly", httponly)):
            if given is not None:
                morsel[key] = given
        if max_age is not None:
            morsel["max-age"] = str(max_age)
        elif "max-age" in morsel:
            del morsel["max-age"]
        for key, given in (("version", version), ("samesite", samesite)):
            if given is not None:
                morsel[key] = given
        if partitioned is not None:
            _set_partitioned(morsel, partitioned)
        try:
            check_set_cookie(morsel)
        except ValueError:
            del cookies[name]
            raise

    def del_cookie(
        self,
        name: str,
        *,
        domain: str | None = None,
        path: str = "/",
        secure: bool | None = None,
        httponly: bool | None = None,
        samesite: str | None = None,
    ) -> None:
        """Tell the client to drop a cookie."""
        self.cookies.pop(name, None)
        self.set_cookie(
            name,
            "",
            max_age=0,
            expires=_EPOCH,
            domain=domain,
            path=path,
            secure=secure,
            httponly=httponly,
            samesite=samesite,
        )

    @property
    def content_length(self) -> int | None:
        raw = self._headers.get(hdrs.CONTENT_LENGTH)
        return None if raw is None else int(raw)

    @content_length.setter
    def content_length(self, value: int | None) -> None:
        if value is None:
            self._headers.pop(hdrs.CONTENT_LENGTH, None)
            return
        value = int(value)
        if self._chunked:
            raise RuntimeError("You can't set content length when chunked encoding is enable")
        self._headers[hdrs.CONTENT_LENGTH] = str(value)

    def _read_content_type(self) -> tuple[str, str, Mapping[str, str]]:
        raw = self._headers.get(hdrs.CONTENT_TYPE, "")
        read = self._content_type_read
        if read is None or read[0] != raw:
            media_type, parameters = parse_content_type(raw) if raw else (_DEFAULT_CONTENT_TYPE, {})
            read = self._content_type_read = (raw, media_type, parameters)
        return read

    @property
    def content_type(self) -> str:
        return self._read_content_type()[1]

    @content_type.setter
    def content_type(self, value: str) -> None:
        self._store_content_type(str(value), dict(self._read_content_type()[2]))

    @property
    def charset(self) -> str | None:
        return self._read_content_type()[2].get("charset")

    @charset.setter
    def charset(self, value: str | None) -> None:
        _, media_type, parameters = self._read_content_type()
        if media_type == _DEFAULT_CONTENT_TYPE:
            raise RuntimeError(
                "Setting charset for application/octet-stream doesn't make sense, setup content_type first"
            )
        changed = dict(parameters)
        if value is None:
            changed.pop("charset", None)
        else:
            changed["charset"] = str(value).lower()
        self._store_content_type(media_type, changed)

    def _store_content_type(self, media_type: str, parameters: Mapping[str, str]) -> None:
        self._headers[hdrs.CONTENT_TYPE] = "; ".join([media_type, *(f"{name}={v}" for name, v in parameters.items())])

    @property
    def last_modified(self) -> datetime.datetime | None:
        return parse_http_date(self._headers.get(hdrs.LAST_MODIFIED))

    @last_modified.setter
    def last_modified(self, value: int | float | datetime.datetime | str | None) -> None:
        if value is None:
            self._headers.pop(hdrs.LAST_MODIFIED, None)
        elif isinstance(value, (int, float)):
            self._headers[hdrs.LAST_MODIFIED] = format_http_date(math.ceil(value))
        elif isinstance(value, datetime.datetime):
            self._headers[hdrs.LAST_MODIFIED] = time.strftime("%a, %d %b %Y %H:%M:%S GMT", value.utctimetuple())
        elif isinstance(value, str):
            self._headers[hdrs.LAST_MODIFIED] = value
        else:
            raise TypeError(f"Unsupported type for last_modified: {type(value).__name__}")

    @property
    def etag(self) -> ETag | None:
        raw = self._headers.get(hdrs.ETAG)
        if not raw:
            return None
        if raw == ETAG_ANY:
            return ETag(value=ETAG_ANY)
        tags = parse_etags(raw)
        return tags[0] if tags else None

    @etag.setter
    def etag(self, value: ETag | str | None) -> None:
        if value is None:
            self._headers.pop(hdrs.ETAG, None)
            return
        if isinstance(value, str):
            value = ETag(value=value)
        elif not isinstance(value, ETag):
            raise ValueError(f"Unsupported etag type: {type(value)}. etag must be str, ETag or None")
        if value.value == ETAG_ANY:
            self._headers[hdrs.ETAG] = ETAG_ANY
            return
        validate_etag_value(value.value)
        self._headers[hdrs.ETAG] = format_etag(value)


__all__ = ("ResponseFields",)
