"""Opening handshakes: what a server must refuse and with which status, what a client must refuse."""

FieldLines = list[tuple[str, str]]

KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 section 1.3
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

REQUEST: FieldLines = [
    ("Host", "server.example.com"),
    ("Upgrade", "websocket"),
    ("Connection", "Upgrade"),
    ("Sec-WebSocket-Key", KEY),
    ("Sec-WebSocket-Version", "13"),
]
RESPONSE: FieldLines = [("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", ACCEPT)]


def change(fields: FieldLines, name: str, *values: str) -> FieldLines:
    """``fields`` with ``name`` replaced by ``values``, none of them to leave it out."""
    return [line for line in fields if line[0] != name] + [(name, value) for value in values]


GOOD_REQUESTS: list[FieldLines] = [
    REQUEST,
    change(REQUEST, "Upgrade", "WebSocket"),
    change(REQUEST, "Upgrade", "h2c, websocket"),
    change(REQUEST, "Connection", "keep-alive, Upgrade"),
    change(REQUEST, "Connection", "keep-alive", "upgrade"),
]

BAD_REQUESTS: list[tuple[FieldLines, int, str]] = [
    (change(REQUEST, "Upgrade"), 400, "Upgrade"),
    (change(REQUEST, "Upgrade", "notwebsocket"), 400, "Upgrade"),
    (change(REQUEST, "Upgrade", "web\u017focket"), 400, "Upgrade"),
    (change(REQUEST, "Connection"), 400, "Connection"),
    (change(REQUEST, "Connection", "notupgrade"), 400, "Connection"),
    (change(REQUEST, "Connection", "keep-alive"), 400, "Connection"),
    (change(REQUEST, "Sec-WebSocket-Version"), 426, "Version"),
    (change(REQUEST, "Sec-WebSocket-Version", "8"), 426, "Version"),
    (change(REQUEST, "Sec-WebSocket-Version", "13, 8"), 426, "Version"),
    (change(REQUEST, "Sec-WebSocket-Version", "13", "13"), 426, "Version"),
    (change(REQUEST, "Sec-WebSocket-Key"), 400, "missing"),
    (change(REQUEST, "Sec-WebSocket-Key", KEY, KEY), 400, "repeated"),
    (change(REQUEST, "Sec-WebSocket-Key", ""), 400, "Base64"),
    (change(REQUEST, "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ"), 400, "Base64"),
    (change(REQUEST, "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZTEy"), 400, "Base64"),
    (change(REQUEST, "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=\u00e9"), 400, "Base64"),
    (change(REQUEST, "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j-Q=="), 400, "Base64"),
]

BAD_RESPONSES: list[tuple[int, FieldLines, str]] = [
    (200, RESPONSE, "switch"),
    (403, RESPONSE, "switch"),
    (101, change(RESPONSE, "Upgrade"), "Upgrade"),
    (101, change(RESPONSE, "Upgrade", "h2c"), "Upgrade"),
    (101, change(RESPONSE, "Connection", "close"), "Connection"),
    (101, change(RESPONSE, "Sec-WebSocket-Accept"), "answer our key"),
    (101, change(RESPONSE, "Sec-WebSocket-Accept", ACCEPT, ACCEPT), "answer our key"),
    (101, change(RESPONSE, "Sec-WebSocket-Accept", ACCEPT.lower()), "answer our key"),
    (101, change(RESPONSE, "Sec-WebSocket-Accept", "\u00e9"), "answer our key"),
    (101, change(RESPONSE, "Sec-WebSocket-Protocol", "mqtt"), "not offered"),
    (101, change(RESPONSE, "Sec-WebSocket-Protocol", "chat", "superchat"), "not offered"),
    (101, change(RESPONSE, "Sec-WebSocket-Protocol", "chat, superchat"), "not offered"),
    (101, change(RESPONSE, "Sec-WebSocket-Extensions", "bogus"), "not offered"),
    (101, change(RESPONSE, "Sec-WebSocket-Extensions", "permessage-deflate, permessage-deflate"), "not offered"),
    (101, change(RESPONSE, "Sec-WebSocket-Extensions", "permessage-deflate; bogus"), "unknown parameter"),
    (101, change(RESPONSE, "Sec-WebSocket-Extensions", "permessage-deflate;"), "malformed"),
]
