"""The least ASGI application that answers rightly: what a server costs by itself."""

from __future__ import annotations

import json
from typing import Any

from asked import DOCUMENT, LARGE, PLAIN

ANSWERS = {
    "/plain": (b"text/plain; charset=utf-8", PLAIN.encode()),
    "/json": (b"application/json", json.dumps(DOCUMENT).encode()),
    "/large": (b"application/octet-stream", LARGE),
}


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Plain text, JSON, a large answer and an echo."""
    if scope["type"] != "http":
        return
    if scope["path"] == "/echo":
        kind, body, more = b"application/octet-stream", b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
    else:
        kind, body = ANSWERS[scope["path"]]
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
