"""Field lines (RFC 9112 section 5), Host (RFC 9110 section 7.2), fields that may stand only once."""

from vectors.http1_vector import HOST, Request, Response, Vector, get, head, ok, pairs, requested

from aiohttp_core._wire.errors import BadField, BadFraming

VECTORS: list[Vector] = []
CONTROLS = [*range(0x20), 0x7F]


def both(line: bytes, name: bytes, value: bytes, rfc: str = "5") -> None:
    """A field line that both roles read."""
    field = ((name, value),)
    VECTORS.append(Vector(rfc=rfc, wire=get(line), messages=(Request(fields=HOST + field),)))
    message = Response(fields=((b"Content-Length", b"0"), *field), length=0)
    VECTORS.append(Vector(rfc=rfc, wire=ok(b"Content-Length: 0", line), messages=(message,), expects=("GET",)))


def neither(line: bytes, rfc: str = "5") -> None:
    """A field line that both refuse."""
    VECTORS.append(Vector(rfc=rfc, wire=get(line), error=BadField))
    VECTORS.append(Vector(rfc=rfc, wire=ok(b"Content-Length: 0", line), error=BadField, expects=("GET",)))


# --- names ------------------------------------------------------------------------------------------------------
both(b"!#$%&'*+-.^_`|~09AZaz: v", b"!#$%&'*+-.^_`|~09AZaz", b"v", "5.1")
both(b"x: v", b"x", b"v", "5.1")
both(b"X-" + b"n" * 300 + b": v", b"X-" + b"n" * 300, b"v", "5.1")
for octet in (*CONTROLS, 0x80, 0xC3, 0xFF, *b'"(),/;<=>?@[\\]{}', 0x20):
    neither(b"X%bY: v" % bytes([octet]), "5.1")
neither("\u212a: v".encode(), "5.1")
neither(b": v", "5.1")
neither(b":", "5.1")
neither(b"v", "5.1")
neither(b"X v", "5.1")
for space in (b" ", b"\t", b"  ", b"\x0b", b"\x0c", b"\r", b"\xa0"):
    neither(b"X%b: v" % space, "5.1")
    neither(b"Content-Length%b: 0" % space, "5.1")
    neither(b"Transfer-Encoding%b: chunked" % space, "5.1")

# --- values -----------------------------------------------------------------------------------------------------
for octet in CONTROLS:
    if octet == 0x09:
        both(b"X: a\tb", b"X", b"a\tb", "5.5")
    else:
        neither(b"X: a%bb" % bytes([octet]), "5.5")
        if octet != 0x0A:
            neither(b"X: %b" % bytes([octet]), "5.5")
            neither(b"X: a%b" % bytes([octet]), "5.5")
for line, value in (
    (b"X:", b""), (b"X: ", b""), (b"X:v", b"v"), (b"X:   v", b"v"), (b"X:\tv", b"v"), (b"X: \t v \t ", b"v"),
    (b"X: v ", b"v"), (b"X: v\t", b"v"),
    (b"X: a  b", b"a  b"), (b"X: a:b", b"a:b"), (b"X: \xff\x80", b"\xff\x80"), (b"X: \xe2\x84\xaa", b"\xe2\x84\xaa"),
    (b"X: :", b":"),
    (b'X: "a, b"', b'"a, b"'), (b"X: (c)", b"(c)"), (b"X: \xa0", b"\xa0"), (b"X: " + b"v" * 500, b"v" * 500),
    (b"X:\t\t", b""),
):  # fmt: skip
    both(line, b"X", value, "5.5")

# --- the order and the number of lines --------------------------------------------------------------------------
MANY = [b"X-%d: %d" % (number, number) for number in range(127)]
VECTORS.append(Vector(rfc="5.3", wire=get(*MANY), messages=(requested(*MANY),)))
SAME = (b"Accept: a", b"accept: b", b"ACCEPT: c", b"Set-Cookie: a", b"Set-Cookie: b")
VECTORS.append(Vector(rfc="5.3", wire=get(*SAME), messages=(requested(*SAME),)))
VECTORS.append(
    Vector(rfc="5.3", wire=head(b"GET / HTTP/1.0"), messages=(Request(fields=(), version=(1, 0), keep_alive=False),))
)

# --- line ends and folds: a request may have neither ------------------------------------------------------------
for wire in (
    b"GET / HTTP/1.1\r\nHost: a\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n\n", b"GET / HTTP/1.1\r\nHost: a\n\n",
    b"GET / HTTP/1.1\r\n\n",
    b"GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: y\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n X: y\r\n\r\n", b"GET / HTTP/1.1\r\n Host: a\r\n\r\n",
    b"GET / HTTP/1.1\r\n\tHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\tz\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX:\r\n y\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n \r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n \r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n\r\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n",
    b"GET / HTTP/1.1\r\n: a\r\n\r\n", b"GET / HTTP/1.1\r\nX\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\r\n\r\n",
):  # fmt: skip
    VECTORS.append(Vector(rfc="5.2" if b"\r\n " in wire else "2.2", wire=wire, error=BadField))

# ... a response may (section 5.2), where something precedes the fold; its octets are read as spaces.
for line, value in (
    (b"X: a\r\n b", b"a   b"), (b"X: a\r\n\tb", b"a  \tb"), (b"X: a\n b", b"a  b"),
    (b"X: a\r\n  b\r\n c", b"a    b   c"),
    (b"X:\r\n a", b"a"), (b"X: a\r\n ", b"a"), (b"X: a\r\n \r\n b", b"a      b"), (b"X: a\n\tb", b"a \tb"),
    (b"X: a\r\n b: c", b"a   b: c"),
):  # fmt: skip
    message = Response(fields=((b"Content-Length", b"0"), (b"X", value)), length=0)
    VECTORS.append(Vector(rfc="5.2", wire=ok(b"Content-Length: 0", line), messages=(message,), expects=("GET",)))
for wire in (
    b"HTTP/1.1 200 OK\r\n X: a\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 200 OK\r\n\tX: a\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n \r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX: a\r\n b\rc\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: a\r\n b\x00\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX\r\n : a\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX: a\r\r\n b\r\n\r\n",
):  # fmt: skip
    VECTORS.append(Vector(rfc="5.2", wire=wire, error=BadField, expects=("GET",)))
VECTORS.append(
    Vector(
        rfc="5.2",
        wire=ok(b"Content-Length:\r\n 0"),
        messages=(Response(fields=((b"Content-Length", b"0"),), length=0),),
        expects=("GET",),
    )
)
for wire in (b"HTTP/1.1 200 OK\nContent-Length: 0\n\n", b"HTTP/1.1 200 OK\r\nContent-Length: 0\n\r\n",
             b"HTTP/1.1 200 OK\nContent-Length: 0\r\n\n",
             b"\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"):  # fmt: skip
    message = Response(fields=((b"Content-Length", b"0"),), length=0)
    VECTORS.append(Vector(rfc="2.2", wire=wire, messages=(message,), expects=("GET",)))

# --- Host -------------------------------------------------------------------------------------------------------
for host in (
    "a", "a.b", "a.", "a:80", "a:", "a:0", "a:65535", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:80", "[2001:db8::1]",
    "[::ffff:1.2.3.4]", "",
    "a_b", "xn--bcher-kva.example", "a%20b", "A-b.C~d", "a!$&'()*+,;=", "[::1]:", "1", "a:00080",
):  # fmt: skip
    value = host.encode()
    VECTORS.append(Vector(rfc="9110 7.2", wire=get(host=value), messages=(Request(fields=((b"Host", value),)),)))
for host in (
    "a b", "a\tb", "a:b", "a:65536", "a:99999", "a:-1", "a:+1", "a:8 0", "a: 80", "a :80", "a:80:80", "[::1", "::1]",
    "::1", "[::1]x", "[zz]",
    "[]", "[::1]:x", "[::1]:65536", "[127.0.0.1]", "[::1%25en0]", "[[::1]]", "a/b", "a?b", "a#b", "u@a", "u:p@a",
    "a\\b", "a<b", "a>b", 'a"b',
    "a{b", "a|b", "a^b", "a`b", "a%zz", "a%2", "a%", ":80", ":", "http://a", "b\u00fccher", "\u212a", "a:\u0668\u0660",
    "a:1_0", "a, b", "a:000080",
    "[::1]]", "a]", "a[", "[:::1]",
):  # fmt: skip
    VECTORS.append(Vector(rfc="9110 7.2", wire=get(host=host.encode()), error=BadField))
    VECTORS.append(Vector(rfc="9110 7.2", wire=head(b"GET / HTTP/1.0", b"Host: " + host.encode()), error=BadField))
VECTORS.append(Vector(rfc="3.2", wire=get(host=None), error=BadField))
VECTORS.append(Vector(rfc="3.2", wire=get(b"X: y", host=None), error=BadField))
VECTORS.append(Vector(rfc="3.2", wire=head(b"GET http://a/ HTTP/1.1"), error=BadField))
VECTORS.append(Vector(rfc="3.2", wire=head(b"CONNECT a:1 HTTP/1.1"), error=BadField))
for second in (b"Host: a", b"host: a", b"HOST: b", b"Host:"):
    VECTORS.append(Vector(rfc="3.2", wire=get(second), error=BadField))
    VECTORS.append(Vector(rfc="3.2", wire=get(b"X: y", second), error=BadField))
    VECTORS.append(Vector(rfc="3.2", wire=head(b"GET / HTTP/1.0", b"Host: a", second), error=BadField))

# --- singletons of a request; a response may repeat those that do not frame it ----------------------------------
SINGLETONS = (
    b"Content-Type",
    b"User-Agent",
    b"Server",
    b"ETag",
    b"Content-Location",
    b"Content-Range",
    b"Max-Forwards",
)
for name in SINGLETONS:
    twice = (name + b": 1", b"X: y", name.upper() + b": 2")
    VECTORS.append(Vector(rfc="9110 5.3", wire=get(*twice), error=BadField))
    VECTORS.append(Vector(rfc="9110 5.3", wire=get(twice[0]), messages=(requested(twice[0]),)))
    lines = (b"Content-Length: 0", *twice)
    message = Response(fields=pairs(lines), length=0)
    VECTORS.append(Vector(rfc="9110 5.3", wire=ok(*lines), messages=(message,), expects=("GET",)))
for name in (b"Content-Length", b"content-length"):
    for first, second in ((b"0", b"0"), (b"0", b"1")):
        lines = (b"Content-Length: " + first, name + b": " + second)
        VECTORS.append(Vector(rfc="6.3", wire=get(*lines), error=BadFraming))
        VECTORS.append(Vector(rfc="6.3", wire=ok(*lines), error=BadFraming, expects=("GET",)))
