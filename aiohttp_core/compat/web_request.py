"""Requests, under aiohttp's name for the module."""

from .._body.form import FileField
from .._server.request import BaseRequest, Request

__all__ = (
    "BaseRequest",
    "FileField",
    "Request",
)
