"""Heads in the shape of aiohttp's parser messages, for programs and tools that take or make those."""

from __future__ import annotations

from typing import NamedTuple

from multidict import CIMultiDictProxy
from yarl import URL

from .._semantics.versions import HttpVersion
from .._wire.http1.messages import BodyKind, RawHeaders, RequestHead, ResponseHead


class RawRequestMessage(NamedTuple):
    """A request head."""

    method: str
    path: str
    version: HttpVersion
    headers: CIMultiDictProxy[str]
    raw_headers: RawHeaders
    should_close: bool
    compression: str | None
    upgrade: bool
    chunked: bool
    url: URL

    @classmethod
    def from_head(cls, head: RequestHead, url: URL) -> RawRequestMessage:
        return cls(
            head.method,
            head.target,
            head.version,
            head.headers,
            head.raw_headers,
            not head.keep_alive,
            _coding(head.fields.first(b"content-encoding")),
            head.upgrade,
            head.body is BodyKind.CHUNKED,
            url,
        )


class RawResponseMessage(NamedTuple):
    """A response head."""

    version: HttpVersion
    code: int
    reason: str
    headers: CIMultiDictProxy[str]
    raw_headers: RawHeaders
    should_close: bool
    compression: str | None
    upgrade: bool
    chunked: bool

    @classmethod
    def from_head(cls, head: ResponseHead) -> RawResponseMessage:
        return cls(
            head.version,
            head.status,
            head.reason,
            head.headers,
            head.raw_headers,
            not head.keep_alive,
            _coding(head.fields.first(b"content-encoding")),
            head.upgrade,
            head.body is BodyKind.CHUNKED,
        )


def _coding(value: bytes | None) -> str | None:
    """The content coding where it is one that aiohttp's parser names."""
    if value is None:
        return None
    text = value.decode("latin-1").lower()
    return text if text in ("gzip", "deflate", "br", "zstd") else None
