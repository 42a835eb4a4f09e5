"""Cookie jars."""

from ._client.cookie_jar import CookieJar as CookieJar
from ._client.cookie_jar import DummyCookieJar as DummyCookieJar
