"""Answers Digest challenges (RFC 7616), and answers beforehand where one was given before."""

from __future__ import annotations

import os
from typing import Final

from yarl import URL

from .._body.payload import Payload
from .._semantics.digest_auth import DigestAuthChallenge, DigestRequest, answer_challenge, parse_challenge
from .._semantics.field_names import AUTHORIZATION, WWW_AUTHENTICATE
from .errors import ClientError
from .middlewares import ClientHandlerType
from .request import ClientRequest
from .response import ClientResponse

_ATTEMPTS: Final = 2


class DigestAuthMiddleware:
    """A client middleware for one login. Its credentials are for the origin that was asked first, and for what that
    origin's challenge names as its protection space (``domain``); no other origin gets an answer.

    ``preemptive`` answers without being asked where an earlier challenge covers the URL.
    """

    def __init__(self, login: str, password: str, preemptive: bool = True) -> None:
        if login is None:
            raise ValueError("None is not allowed as login value")
        if password is None:
            raise ValueError("None is not allowed as password value")
        if ":" in login:
            raise ValueError('A ":" is not allowed in username (RFC 1945#section-11.1)')
        self._login = login
        self._password = password
        self._preemptive = preemptive
        self._challenge: DigestAuthChallenge = {}
        self._protection_space: list[URL] = []
        self._origin: URL | None = None
        self._last_nonce = ""
        self._nonce_count = 0

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        origin = request.url.origin()
        if self._origin is None:
            self._origin = origin
        response = None
        for attempt in range(_ATTEMPTS):
            if attempt or (self._preemptive and self._challenge and self._covers(request.url)):
                request.headers[AUTHORIZATION] = await self._encode(request)
            response = await handler(request)
            if response.status != 401 or not self._accept(response, request.url, retried=attempt > 0):
                break
            if attempt + 1 < _ATTEMPTS:
                if not request.can_resend:
                    break
                response.release()
        if response is None:
            raise ClientError("no attempt was made")
        return response

    async def _encode(self, request: ClientRequest) -> str:
        """The value of Authorization for ``request``."""
        body = b""
        if "auth-int" in self._challenge.get("qop", ""):
            content = request.body
            body = await content.as_bytes() if isinstance(content, Payload) else content
        nonce = self._challenge.get("nonce", "")
        if nonce == self._last_nonce:
            self._nonce_count += 1
        else:
            self._last_nonce = nonce
            self._nonce_count = 1
        details = DigestRequest(request.method, request.url.raw_path_qs, body, self._nonce_count, os.urandom(8).hex())
        try:
            return answer_challenge(self._challenge, self._login, self._password, details)
        except ValueError as exc:
            raise ClientError(f"the Digest challenge of {request.url.origin()} cannot be answered: {exc}") from exc

    def _accept(self, response: ClientResponse, url: URL, retried: bool) -> bool:
        """Take the challenge of ``response``; false where there is none for us, or answering again is of no use."""
        origin = url.origin()
        if origin != self._origin and not self._covers(url):
            return False
        for field in response.headers.getall(WWW_AUTHENTICATE, ()):
            challenge = parse_challenge(field)
            if challenge is None:
                continue
            if "realm" not in challenge or not challenge.get("nonce"):
                raise ClientError("Security issue: Digest challenge without realm or nonce")
            if retried and challenge.get("stale", "").lower() != "true":
                return False
            self._challenge = challenge
            self._protection_space = self._space(challenge, origin)
            return True
        return False

    def _space(self, challenge: DigestAuthChallenge, origin: URL) -> list[URL]:
        """What the challenge covers (RFC 7616 section 3.3): the URIs of ``domain`` here, else the whole origin."""
        named = challenge.get("domain", "").split()
        space = []
        for each in named:
            try:
                url = origin.join(URL(each))
                if url.origin() == origin:
                    # Another origin cannot be vouched for by this one.
                    space.append(url)
            except ValueError:
                continue
        return space or [origin]

    def _covers(self, url: URL) -> bool:
        for space in self._protection_space:
            if space.origin() != url.origin():
                continue
            prefix, path = space.raw_path.rstrip("/"), url.raw_path
            if not prefix or path == prefix or path.startswith(prefix + "/"):
                return True
        return False
