"""``aiohttp.cookiejar``: re-exports."""

from aiohttp_core._client.abstract_cookie_jar import DummyCookieJar
from aiohttp_core._client.cookie_jar import CookieJar

__all__ = (
    "CookieJar",
    "DummyCookieJar",
)
