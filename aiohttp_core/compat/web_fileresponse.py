"""``aiohttp.web_fileresponse``: re-exports."""

from aiohttp_core._server.file_response import CONTENT_TYPES, NOSENDFILE, FileResponse

__all__ = (
    "CONTENT_TYPES",
    "FileResponse",
    "NOSENDFILE",
)
