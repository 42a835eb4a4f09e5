"""A request put together from what its session, its caller and the environment say: credentials, cookies, proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multidict import CIMultiDict
from yarl import URL

from .._semantics.basic_auth import BasicAuth
from .._semantics.field_names import AUTHORIZATION
from .cookie_jar import CookieJar
from .environment import basicauth_from_netrc, get_env_proxy_for_url, netrc_from_env, strip_auth_from_url
from .errors import InvalidURL

if TYPE_CHECKING:
    from .request import ClientRequest
    from .sending import Sending
    from .session import ClientSession


def choose_proxy(sending: Sending) -> None:
    """Set the proxy that the program names: the request's own, else the session's."""
    session = sending.session
    proxy: str | URL | None = sending.proxy
    proxy_auth, proxy_headers = sending.proxy_auth, sending.proxy_headers
    if proxy is None:
        proxy = session._default_proxy
    if proxy_auth is None:
        proxy_auth = session._default_proxy_auth
    sending.proxy = None
    sending.proxy_auth = proxy_auth
    sending.proxy_headers = None
    if proxy is not None:
        try:
            sending.proxy = URL(proxy)
        except ValueError as exc:
            raise InvalidURL(proxy) from exc
        url, from_url = strip_auth_from_url(sending.proxy)
        sending.proxy = url
        if proxy_auth is None:
            sending.proxy_auth = from_url
    if proxy_headers is not None:
        sending.proxy_headers = CIMultiDict(proxy_headers)


def compose(sending: Sending) -> ClientRequest:
    """The request of one hop. Raises ValueError where credentials are given twice."""
    session = sending.session
    url = sending.url
    own_origin = session._base_url_origin is None or session._base_url_origin == url.origin()
    auth = sending.auth
    headers = sending.headers
    if url.raw_user is not None or url.raw_password is not None:
        url, from_url = strip_auth_from_url(url)
        if auth is not None and from_url is not None and not sending.history:
            raise ValueError("Cannot combine AUTH argument with credentials encoded in URL")
        if from_url is not None:
            # They stay for further hops within the origin, as those given as ``auth`` do.
            auth = sending.auth = from_url
    if auth is not None and AUTHORIZATION in headers and not sending.history:
        raise ValueError("Cannot combine AUTHORIZATION header with AUTH argument or credentials encoded in URL")
    if auth is None and AUTHORIZATION not in headers and not sending.origin_changed:
        if own_origin:
            auth = session._default_auth
    if auth is None and session._trust_env and url.host is not None and AUTHORIZATION not in headers:
        auth = _netrc_auth(url.host)
    cookies: Any = None
    jar = session._cookie_jar
    if type(jar) is not CookieJar or jar.count:
        cookies = jar.filter_cookies(url) or None
    if sending.cookies is not None:
        cookies = _with_own_cookies(session, cookies, sending.cookies, url)
    proxy, proxy_auth = sending.proxy, sending.proxy_auth
    if proxy is None and session._trust_env:
        try:
            proxy, proxy_auth = get_env_proxy_for_url(url)
        except LookupError:
            proxy = None
    return session._request_class(
        sending.method,
        url,
        params=sending.params,
        headers=headers,
        skip_auto_headers=sending.skip_headers,
        data=sending.data,
        cookies=cookies,
        auth=auth,
        version=session._version,
        compress=sending.compress,
        chunked=sending.chunked,
        expect100=sending.expect100,
        loop=session._loop,
        response_class=session._response_class,
        proxy=proxy,
        proxy_auth=proxy_auth,
        timer=sending.timer,
        session=session,
        ssl=sending.ssl,
        server_hostname=sending.server_hostname,
        proxy_headers=sending.proxy_headers if proxy is not None else None,
        traces=list(sending.traces),
        trust_env=session._trust_env,
    )


def _with_own_cookies(session: ClientSession, cookies: Any, own: Any, url: URL) -> Any:
    jar = CookieJar(loop=session._loop, unsafe=True, quote_cookie=getattr(session._cookie_jar, "quote_cookie", True))
    jar.update_cookies(own)
    filtered = jar.filter_cookies(url)
    if not cookies:
        return filtered
    for name, morsel in filtered.items():
        dict.__setitem__(cookies, name, morsel)
    return cookies


def _netrc_auth(host: str) -> BasicAuth | None:
    try:
        return basicauth_from_netrc(netrc_from_env(), host)
    except LookupError:
        return None
