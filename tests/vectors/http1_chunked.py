"""Chunked content (RFC 9112 section 7.1): sizes, extensions, terminators, trailers."""

from vectors.http1_vector import HOST, Message, Pairs, Request, Response, Vector, get, ok, post

from aiohttp_core._wire.errors import BadChunk, BadField, BadFraming, HttpWireError, IncompleteMessage
from aiohttp_core._wire.http1.messages import BodyKind

VECTORS: list[Vector] = []
LINE = b"Transfer-Encoding: chunked"
FIELD: Pairs = ((b"Transfer-Encoding", b"chunked"),)
LAST = b"0\r\n\r\n"
CONTROLS = [*range(0x20), 0x7F]


def content(
    body: bytes, ends: tuple[int, ...], trailers: Pairs | None = None, ended: bool = True
) -> tuple[Message, Message]:
    """The request and the response that carry it."""
    return (
        Request(
            method="POST",
            fields=HOST + FIELD,
            kind=BodyKind.CHUNKED,
            body=body,
            ends=ends,
            trailers=trailers,
            ended=ended,
        ),
        Response(fields=FIELD, kind=BodyKind.CHUNKED, body=body, ends=ends, trailers=trailers, ended=ended),
    )


def good(wire: bytes, body: bytes, ends: tuple[int, ...], trailers: Pairs | None = None, rfc: str = "7.1") -> None:
    """Both roles read it, and find the exact boundary behind it."""
    request, response = content(body, ends, trailers)
    VECTORS.append(Vector(rfc=rfc, wire=post(LINE) + wire + get(), messages=(request, Request())))
    VECTORS.append(
        Vector(rfc=rfc, wire=ok(LINE) + wire + b"0\r\n", messages=(response,), expects=("GET",), rest=b"0\r\n")
    )


def bad(
    wire: bytes,
    error: type[HttpWireError] = BadChunk,
    body: bytes = b"",
    ends: tuple[int, ...] = (),
    rfc: str = "7.1",
    lenient: bool = False,
) -> None:
    """Both roles refuse it (the request alone where ``lenient``), after what was good."""
    request, response = content(body, ends, ended=False)
    VECTORS.append(Vector(rfc=rfc, wire=post(LINE) + wire, messages=(request,), error=error))
    if not lenient:
        VECTORS.append(Vector(rfc=rfc, wire=ok(LINE) + wire, messages=(response,), error=error, expects=("GET",)))


# --- sizes ------------------------------------------------------------------------------------------------------
good(LAST, b"", ())
good(b"5\r\nhello\r\n" + LAST, b"hello", (5,))
good(b"1\r\na\r\n" * 20 + LAST, b"a" * 20, tuple(range(1, 21)))
good(b"a\r\n0123456789\r\nA\r\n0123456789\r\n" + LAST, b"0123456789" * 2, (10, 20))
good(b"1f\r\n" + b"x" * 31 + b"\r\n" + LAST, b"x" * 31, (31,))
good(b"005\r\nhello\r\n000\r\n\r\n", b"hello", (5,))
good(b"0000000000000000\r\n\r\n", b"", ())
good(b"0000000000000005\r\nhello\r\n" + LAST, b"hello", (5,))
good(b"00000000000000000000005\r\nhello\r\n" + LAST, b"hello", (5,))
good(b"7d0\r\n" + b"y" * 2000 + b"\r\n3\r\nend\r\n" + LAST, b"y" * 2000 + b"end", (2000, 2003))
good(b"2\r\n\r\n\r\n" + LAST, b"\r\n", (2,))
good(b"5\r\n0\r\n\r\n\r\n" + LAST, b"0\r\n\r\n", (5,))
good(b"4\r\n\x00\xff\r\n\r\n" + LAST, b"\x00\xff\r\n", (4,))
for size in (
    b"", b"+5", b"-5", b"0x5", b"0X5", b"x5", b" 5", b"\t5", b"5_0", b"5g", b"g", b".5", b"5.0", b"h", b'"5"', b"5,5",
    b"5 5", b"=5", b"_5", b"5-", b";a",
    "\u0665".encode(), "\uff15".encode(), "5\u0665".encode(), b"\xb2", b"5\xa0", b"\x005", b"5\x00", b"5\x0b", b"\x0c5",
    b"\r5", b"5\x7f",
    b"10000000000000000", b"fffffffffffffffff", b"f" * 40, b"0000000000000000010000000000000000",
):  # fmt: skip
    bad(size + b"\r\nhello\r\n" + LAST)
    bad(b"1\r\na\r\n" + size + b"\r\nhello\r\n" + LAST, body=b"a", ends=(1,))
for size in (b"5 ", b"5\t", b"5  \t ", b"5 ;a"):
    bad(size + b"\r\nhello\r\n" + LAST, lenient=True)
bad(b"ffffffffffffffff\r\nhello", IncompleteMessage, b"hello")

# --- terminators ------------------------------------------------------------------------------------------------
bad(b"\n5\r\nhello\r\n" + LAST)
bad(b"5\nhello\r\n" + LAST)
bad(b"5\rhello\r\n" + LAST)
bad(b"5\r\r\nhello\r\n" + LAST)
for end in (
    b"",
    b"\n",
    b"\r",
    b"\n\r",
    b"\r\r\n",
    b"X\r\n",
    b" \r\n",
    b"XX",
    b"\r\x00",
    b"\x00\n",
    b"\rX",
    b"XXXX\r\n",
):
    bad(b"5\r\nhello" + end + LAST, body=b"hello", ends=(5,))
bad(b"4\r\nhello\r\n" + LAST, body=b"hell", ends=(4,))
bad(b"6\r\nhello\r\n" + LAST, body=b"hello\r", ends=(6,))
bad(b"7\r\nhello\r\n" + LAST, body=b"hello\r\n", ends=(7,))
bad(b"5\r\nhello\r\n0\n\r\n", body=b"hello", ends=(5,))
bad(b"5\r\nhello\r\n0\n\n", body=b"hello", ends=(5,))
bad(b"5\r\nhello\r\n0\rX\n", body=b"hello", ends=(5,))

# --- extensions -------------------------------------------------------------------------------------------------
for extension in (
    b";a", b";a=b", b';a="b"', b";a;b;c=d", b';a="b;c=d"', b';a=""', b';a="\\""', b';a="\\\\"', b";!#$%&'*+-.^_`|~=1",
    b';a="\t \xe9"', b';a="\\\t"', b";a=1" * 20,
    b';a="b"' * 3, b';a=";\\";";b',
):  # fmt: skip
    good(b"5%b\r\nhello\r\n0%b\r\n\r\n" % (extension, extension), b"hello", (5,), rfc="7.1.1")
for extension in (
    b";", b";a;", b"; a", b";a ", b";a =b", b";a= b", b";a=b ;c", b';a="b', b';a="b"c', b';a="b" ', b";a=b=c", b";(",
    b";a(", b";a=(", b';a="b\\', b";\xe9", b";a=\xe9",
    b";a,b", b";a=b,c", b";a=b/c", b";{}",
):  # fmt: skip
    bad(b"5%b\r\nhello\r\n" % extension + LAST, rfc="7.1.1")
    bad(b"5\r\nhello\r\n0%b\r\n\r\n" % extension, body=b"hello", ends=(5,), rfc="7.1.1")
for octet in CONTROLS:
    one = bytes([octet])
    bad(b"5;a%bb\r\nhello\r\n" % one + LAST, rfc="7.1.1")
    bad(b"5;a=b%bc\r\nhello\r\n" % one + LAST, rfc="7.1.1")
    bad(b"5;%b\r\nhello\r\n" % one + LAST, rfc="7.1.1")
    bad(b"5\r\nhello\r\n0;a%bb\r\n\r\n" % one, body=b"hello", ends=(5,), rfc="7.1.1")
    if octet != 0x09:
        bad(b'5;a="b%bc"\r\nhello\r\n' % one + LAST, rfc="7.1.1")
        bad(b'5;a="\\%b"\r\nhello\r\n' % one + LAST, rfc="7.1.1")

# --- trailers ---------------------------------------------------------------------------------------------------
TRAILERS: tuple[tuple[bytes, Pairs], ...] = (
    (b"X: y\r\n", ((b"X", b"y"),)),
    (b"X: y\r\nZ:\r\nX:  w \r\n", ((b"X", b"y"), (b"Z", b""), (b"X", b"w"))),
    (b"Digest: \xff\r\n", ((b"Digest", b"\xff"),)),
    (b"Connection: close\r\n", ((b"Connection", b"close"),)),
    (b"GET: / HTTP/1.1\r\n", ((b"GET", b"/ HTTP/1.1"),)),
)
for section, trailers in TRAILERS:
    good(b"0\r\n" + section + b"\r\n", b"", (), trailers, "7.1.2")
    good(b"5\r\nhello\r\n0\r\n" + section + b"\r\n", b"hello", (5,), trailers, "7.1.2")
for section in (
    b"X\r\n", b": y\r\n", b"X : y\r\n", b"X\t: y\r\n", b" X: y\r\n", b"X: y\rz\r\n", b"X: y\x00\r\n", b"X(: y\r\n",
    b"GET / HTTP/1.1\r\n", b"X: \x7f\r\n", b"\rX: y\r\n",
    b"X: a\r\n\rY: b\r\n", b"X: a\r\r\n", b"\xe9: a\r\n",
):  # fmt: skip
    bad(b"5\r\nhello\r\n0\r\n" + section + b"\r\n", BadField, b"hello", (5,), "7.1.2")
for section in (b"X: y\n\r\n", b"X: y\r\n\n", b"X: y\n\n", b"\n", b"X: y\r\n z\r\n\r\n"):
    bad(b"5\r\nhello\r\n0\r\n" + section, BadField, b"hello", (5,), "7.1.2", lenient=True)
for octet in CONTROLS:
    one = bytes([octet])
    bad(b"0\r\nX%bY: y\r\n\r\n" % one, BadField, rfc="7.1.2")
    if octet != 0x09:
        bad(b"0\r\nX: y%bz\r\n\r\n" % one, BadField, rfc="7.1.2")
for section in (
    b"Content-Length: 0\r\n", b"content-length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Host: b\r\n",
    b"X: y\r\nHOST: a\r\n", b"transfer-encoding:\r\n",
):  # fmt: skip
    bad(b"0\r\n" + section + b"\r\n", BadFraming, rfc="9110 6.5.1")

# --- the peer closes in the middle ------------------------------------------------------------------------------
WHOLE = b"5\r\nhello\r\n0\r\nX: y\r\n\r\n"
for stop in range(len(WHOLE)):
    bad(WHOLE[:stop], IncompleteMessage, WHOLE[3 : min(max(stop, 3), 8)], (5,) if stop >= 8 else (), "8")
