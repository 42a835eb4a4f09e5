"""The fields of a request, as properties: content type, length, cookies, conditions, ranges."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from multidict import CIMultiDictProxy

from .._connection.raw_messages import RawRequestMessage
from .._semantics import field_names as hdrs
from .._semantics.cookies import read_cookie_values
from .._semantics.dates import parse_http_date
from .._semantics.etags import ETag, parse_etags
from .._semantics.forwarded import parse_forwarded
from .._semantics.media_types import parse_content_type
from .._semantics.ranges import parse_range
from .._wire.http1.messages import RequestHead
from .logs import server_logger


class RequestFields:
    """What is known of a request by its fields alone."""

    _message: RequestHead | RawRequestMessage
    _headers: CIMultiDictProxy[str] | None = None
    _cookies: Mapping[str, str] | None = None
    _content_type: tuple[str, Mapping[str, str]] | None = None
    _forwarded: tuple[Mapping[str, str], ...] | None = None
    _fault: Exception | None = None
    """What was raised because of what the client sent: where a handler lets it pass, the answer is 400."""
    attended = False
    """Whether something is to be done at its end: a response that an application watches, files of a form, a fault."""

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        headers = self._headers
        if headers is None:
            headers = self._headers = cast(RequestHead, self._message).fields.headers
        return headers

    @property
    def raw_headers(self) -> tuple[tuple[bytes, bytes], ...]:
        return self._message.raw_headers

    def _field(self, name: bytes, mapped: str) -> str | None:
        """One field; the mapping is not built for it."""
        message = self._message
        if self._headers is None and type(message) is RequestHead:
            raw = message.fields.first(name)
            return None if raw is None else raw.decode("utf-8", "surrogateescape")
        return self.headers.get(mapped)

    @property
    def keep_alive(self) -> bool:
        message = self._message
        return message.keep_alive if type(message) is RequestHead else not cast(RawRequestMessage, message).should_close

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies sent, by name."""
        cookies = self._cookies
        if cookies is None:
            raw = self._field(b"cookie", hdrs.COOKIE)
            values: dict[str, str] = {}
            if raw:
                values, rejected = read_cookie_values(raw)
                if rejected:
                    server_logger.warning("Can not load cookies: Illegal cookie name %r", rejected[0])
            cookies = self._cookies = MappingProxyType(values)
        return cookies

    @property
    def _parsed_content_type(self) -> tuple[str, Mapping[str, str]]:
        parsed = self._content_type
        if parsed is None:
            raw = self._field(b"content-type", hdrs.CONTENT_TYPE)
            parsed = self._content_type = ("application/octet-stream", {}) if raw is None else parse_content_type(raw)
        return parsed

    @property
    def content_type(self) -> str:
        return self._parsed_content_type[0]

    @property
    def charset(self) -> str | None:
        return self._parsed_content_type[1].get("charset")

    @property
    def content_length(self) -> int | None:
        message = self._message
        if type(message) is RequestHead:
            return message.content_length
        raw = self.headers.get(hdrs.CONTENT_LENGTH)
        return None if raw is None else int(raw)

    @property
    def if_modified_since(self) -> datetime.datetime | None:
        return parse_http_date(self.headers.get(hdrs.IF_MODIFIED_SINCE))

    @property
    def if_unmodified_since(self) -> datetime.datetime | None:
        return parse_http_date(self.headers.get(hdrs.IF_UNMODIFIED_SINCE))

    @property
    def if_range(self) -> datetime.datetime | None:
        return parse_http_date(self.headers.get(hdrs.IF_RANGE))

    @property
    def if_match(self) -> tuple[ETag, ...] | None:
        raw = self.headers.get(hdrs.IF_MATCH)
        return parse_etags(raw) if raw else None

    @property
    def if_none_match(self) -> tuple[ETag, ...] | None:
        raw = self.headers.get(hdrs.IF_NONE_MATCH)
        return parse_etags(raw) if raw else None

    @property
    def http_range(self) -> slice:
        """The Range field as a slice; ValueError where it is malformed or names several ranges."""
        try:
            return parse_range(self._field(b"range", hdrs.RANGE))
        except ValueError as exc:
            self._blame(exc)
            raise

    @property
    def forwarded(self) -> tuple[Mapping[str, str], ...]:
        """The Forwarded field (RFC 7239) as one mapping for each hop; malformed ones are left out."""
        if self._forwarded is None:
            self._forwarded = parse_forwarded(self.headers.getall(hdrs.FORWARDED, ()))
        return self._forwarded

    def _blame(self, exc: Exception) -> None:
        self._fault = exc
        self.attended = True
