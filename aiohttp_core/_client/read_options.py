"""How responses are read: what a session says, and what a request says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .._wire.http1.rules import DEFAULT_LIMITS, Limits

READ_BUFFER_SIZE: Final = 2**18
"""Octets of content up to which the socket is read ahead of the program."""


@dataclass(frozen=True)
class ReadOptions:
    """How responses are read; one for a session, more where requests ask for more."""

    read_until_eof: bool = True
    auto_decompress: bool = True
    read_timeout: float | None = None
    bufsize: int = READ_BUFFER_SIZE
    ceil_threshold: float = 5
    limits: Limits = DEFAULT_LIMITS

    def changed(
        self,
        read_until_eof: bool,
        bufsize: int | None,
        auto_decompress: bool | None,
        max_line_size: int | None,
        max_field_size: int | None,
        max_headers: int | None,
    ) -> ReadOptions:
        """These with what one request says itself."""
        limits = self.limits
        return ReadOptions(
            read_until_eof,
            self.auto_decompress if auto_decompress is None else auto_decompress,
            self.read_timeout,
            self.bufsize if bufsize is None else bufsize,
            self.ceil_threshold,
            Limits(
                limits.max_line_size if max_line_size is None else max_line_size,
                limits.max_field_size if max_field_size is None else max_field_size,
                limits.max_fields if max_headers is None else max_headers,
            ),
        )


DEFAULT_OPTIONS: Final = ReadOptions()
