"""One request with a session of its own."""

from __future__ import annotations

import asyncio

from yarl import URL

from .._semantics.sentinel import sentinel
from .._semantics.versions import HttpVersion, HttpVersion11
from .connector import BaseConnector
from .option_types import RequestOptions, Unpack
from .request_contexts import _SessionRequestContextManager
from .session import ClientSession
from .tcp_connector import TCPConnector


def request(
    method: str,
    url: str | URL,
    *,
    version: HttpVersion = HttpVersion11,
    connector: BaseConnector | None = None,
    loop: asyncio.AbstractEventLoop | None = None,
    **kwargs: Unpack[RequestOptions],
) -> _SessionRequestContextManager:
    """One request by ``async with``, for programs that send one; others keep a session."""
    connector_owner = False
    if connector is None:
        connector_owner = True
        connector = TCPConnector(loop=loop, force_close=True)
    session = ClientSession(
        loop=loop,
        cookies=kwargs.pop("cookies", None),
        version=version,
        timeout=kwargs.pop("timeout", sentinel),
        connector=connector,
        connector_owner=connector_owner,
    )
    return _SessionRequestContextManager(session._request(method, url, **kwargs), session)
