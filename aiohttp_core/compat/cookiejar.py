"""``aiohttp.cookiejar``: re-exports."""

from aiohttp_core._client.cookie_jar import CookieJar, DummyCookieJar

__all__ = (
    "CookieJar",
    "DummyCookieJar",
)
