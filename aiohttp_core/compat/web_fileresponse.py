"""Files as responses, under aiohttp's name for the module."""

from .._server.file_response import CONTENT_TYPES, NOSENDFILE, FileResponse

__all__ = (
    "CONTENT_TYPES",
    "FileResponse",
    "NOSENDFILE",
)
