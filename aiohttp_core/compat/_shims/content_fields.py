"""The mixin that reads a message's content fields, for classes of other libraries."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from aiohttp_core._semantics.media_types import DEFAULT_CONTENT_TYPE, parse_content_type


class HeadersMixin:
    """``content_type``, ``charset`` and ``content_length`` of what ``self._headers`` holds."""

    ATTRS: Final = frozenset({"_content_type", "_content_dict", "_stored_content_type"})

    _headers: Mapping[str, str]
    _content_type: str | None = None
    _content_dict: Mapping[str, str] = MappingProxyType({})
    _stored_content_type: Any = ...

    def _parse_content_type(self, raw: str | None) -> None:
        self._stored_content_type = raw
        if raw is None:
            self._content_type, self._content_dict = DEFAULT_CONTENT_TYPE, {}
        else:
            self._content_type, self._content_dict = parse_content_type(raw)

    def _content_field(self) -> str | None:
        raw = self._headers.get("Content-Type")
        if raw != self._stored_content_type:
            self._parse_content_type(raw)
        return self._content_type

    @property
    def content_type(self) -> str:
        """The media type without parameters, application/octet-stream where there is none."""
        return self._content_field() or DEFAULT_CONTENT_TYPE

    @property
    def charset(self) -> str | None:
        self._content_field()
        return self._content_dict.get("charset")

    @property
    def content_length(self) -> int | None:
        raw = self._headers.get("Content-Length")
        return None if raw is None else int(raw)
