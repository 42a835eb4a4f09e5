"""``aiohttp.formdata``: re-exports."""

from aiohttp_core._body.form import FormData

__all__ = ("FormData",)
