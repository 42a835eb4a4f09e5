"""The types of what programs may give in several forms."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from http.cookies import BaseCookie, Morsel
from typing import Any

from multidict import CIMultiDict, CIMultiDictProxy, istr
from yarl import URL

LooseHeaders = (
    Mapping[str, str] | Mapping[istr, str] | CIMultiDict[str] | CIMultiDictProxy[str] | Iterable[tuple[str | istr, str]]
)
LooseCookiesMappings = Mapping[str, str | BaseCookie[str] | Morsel[Any]]
LooseCookiesIterables = Iterable[tuple[str, str | BaseCookie[str] | Morsel[Any]]]
LooseCookies = LooseCookiesMappings | LooseCookiesIterables | BaseCookie[str]
StrOrURL = str | URL
PathLike = str | os.PathLike[str]
