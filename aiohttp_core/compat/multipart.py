"""``aiohttp.multipart``: re-exports."""

from aiohttp_core._body.body_part import BodyPartReader
from aiohttp_core._body.multipart_reader import MultipartReader, MultipartResponseWrapper
from aiohttp_core._body.multipart_writer import MultipartWriter
from aiohttp_core._semantics.content_disposition import (
    BadContentDispositionHeader,
    BadContentDispositionParam,
    content_disposition_filename,
    parse_content_disposition,
)

__all__ = (
    "BadContentDispositionHeader",
    "BadContentDispositionParam",
    "BodyPartReader",
    "MultipartReader",
    "MultipartResponseWrapper",
    "MultipartWriter",
    "content_disposition_filename",
    "parse_content_disposition",
)
