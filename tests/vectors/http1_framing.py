"""Where a message ends (RFC 9112 section 6): Content-Length, Transfer-Encoding, responses by status and method."""

from vectors.http1_vector import HOST, Request, Response, Vector, get, head, ok, pairs, post

from aiohttp_core._wire.errors import BadField, BadFraming, IncompleteMessage
from aiohttp_core._wire.http1.messages import BodyKind

VECTORS: list[Vector] = []
LAST = b"0\r\n\r\n"


def posted(*lines: bytes, body: bytes = b"", **more: object) -> Request:
    length = len(body) or None
    kind = BodyKind.LENGTH if body else BodyKind.NONE
    return Request(**{
        "method": "POST", "fields": HOST + pairs(lines), "kind": kind, "length": length, "body": body, **more,
    })  # type: ignore[arg-type]  # fmt: skip


def answered(*lines: bytes, **more: object) -> Response:
    return Response(**{"fields": pairs(lines), **more})  # type: ignore[arg-type]


# --- Content-Length ---------------------------------------------------------------------------------------------
for size in (1, 2, 10, 255, 256, 5000):
    line = b"Content-Length: %d" % size
    body = bytes(at & 0xFF for at in range(size))
    VECTORS.append(Vector(rfc="6.2", wire=post(line) + body, messages=(posted(line, body=body),)))
    VECTORS.append(Vector(rfc="6.2", wire=post(line) + body + get(), messages=(posted(line, body=body), Request())))
    VECTORS.append(
        Vector(
            rfc="6.2",
            wire=ok(line) + body + b"more",
            messages=(answered(line, kind=BodyKind.LENGTH, length=size, body=body),),
            expects=("GET",),
            rest=b"more",
        )
    )
for value, length in ((b"0", 0), (b"00", 0), (b"0" * 18, 0)):
    line = b"Content-Length: " + value
    VECTORS.append(Vector(rfc="6.2", wire=post(line) + get(), messages=(posted(line, length=length), Request())))
    VECTORS.append(Vector(rfc="6.2", wire=ok(line), messages=(answered(line, length=length),), expects=("GET",)))
for line in (
    b"Content-Length:5",
    b"Content-Length:  5  ",
    b"Content-Length:\t5\t",
    b"content-length: 5",
    b"CONTENT-LENGTH: 5",
):
    name = line.partition(b":")[0]
    message = posted(name + b": 5", body=b"hello")
    VECTORS.append(Vector(rfc="6.2", wire=post(line) + b"hello" + get(), messages=(message, Request())))
line = b"Content-Length: 000000000000000005"
VECTORS.append(Vector(rfc="6.2", wire=post(line) + b"hello", messages=(posted(line, body=b"hello"),)))
line = b"Content-Length: " + b"9" * 18
VECTORS.append(
    Vector(
        rfc="6.2",
        wire=post(line) + b"hello",
        messages=(posted(line, kind=BodyKind.LENGTH, length=10**18 - 1, body=b"hello", ended=False),),
        error=IncompleteMessage,
    )
)
LENGTHS = (
    "", "+5", "-5", "-0", "0x5", "5_0", "5 5", "5,5", "5, 5", "5,", ",5", "5.0", "1e1", "5;", "5a", "a", "five", "'5'",
    '"5"', "\u0665", "\uff15", "\u00b2",
    "5\u0665", "9" * 19, "0" * 19, "9" * 40, "18446744073709551616", "9223372036854775808", "5\t5", "\u2167", "\xa05",
    "5h",
)  # fmt: skip
for text in LENGTHS:
    line = b"Content-Length: " + text.encode()
    VECTORS.append(Vector(rfc="6.2", wire=post(line) + b"hello", error=BadFraming))
    VECTORS.append(Vector(rfc="6.2", wire=ok(line) + b"hello", error=BadFraming, expects=("GET",)))
for value in (b"5\x00", b"\x005", b"5\x0b", b"\x0c5", b"5\x7f", b"5\r"):
    VECTORS.append(Vector(rfc="6.2", wire=post(b"Content-Length: " + value) + b"hello", error=BadField))
    VECTORS.append(Vector(rfc="6.2", wire=ok(b"Content-Length: " + value), error=BadField, expects=("GET",)))

# --- Transfer-Encoding of requests: chunked, once, alone --------------------------------------------------------
for line in (
    b"Transfer-Encoding: chunked",
    b"transfer-encoding: Chunked",
    b"TRANSFER-ENCODING: CHUNKED",
    b"Transfer-Encoding: \t chunked \t",
):
    name, _, value = line.partition(b":")
    message = Request(
        method="POST", fields=(*HOST, (name, value.strip(b" \t"))), kind=BodyKind.CHUNKED, body=b"hello", ends=(5,)
    )
    wire = post(line) + b"5\r\nhello\r\n" + LAST
    VECTORS.append(Vector(rfc="6.1", wire=wire + get(), messages=(message, Request())))
CODINGS = (
    "", "identity", "gzip", "chunked, chunked", "chunked,chunked", "gzip, chunked", "chunked, gzip", "chunked,",
    ",chunked", ", chunked", "chunked,,",
    "chunked;q=1", "chunked ;a", "xchunked", "chunkedx", "chunked chunked", "chunke", "chun\u212aed", "\u212achunked",
    "chunked\u00a0", "\u00a0chunked",
    '"chunked"', "'chunked'", "chunked/1", "identity, chunked", "chunked, identity", "deflate", "x-chunked", "ch unked",
    "chunked\x85", "cow",
    "ﬃ", "chu\u0148ked",
)  # fmt: skip
for text in CODINGS:
    VECTORS.append(Vector(rfc="6.1", wire=post(b"Transfer-Encoding: " + text.encode()) + LAST, error=BadFraming))
for value in (
    b"chunked\x0b",
    b"\x0bchunked",
    b"chunked\x00",
    b"chu\x0cnked",
    b"\rchunked",
    b"chunked\r",
    b"chunked\x7f",
):
    VECTORS.append(Vector(rfc="6.1", wire=post(b"Transfer-Encoding: " + value) + LAST, error=BadField))
    VECTORS.append(Vector(rfc="6.1", wire=ok(b"Transfer-Encoding: " + value) + LAST, error=BadField, expects=("GET",)))
TWICE = (
    (b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"),
    (b"Transfer-Encoding: gzip", b"Transfer-Encoding: chunked"),
    (b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"),
    (b"Transfer-Encoding: chunked", b"transfer-encoding:"),
)
for lines in TWICE:
    VECTORS.append(Vector(rfc="6.1", wire=post(*lines) + LAST, error=BadFraming))
for lines in (
    (b"Content-Length: 5", b"Transfer-Encoding: chunked"),
    (b"Transfer-Encoding: chunked", b"Content-Length: 5"),
    (b"Content-Length: 0", b"Transfer-Encoding: chunked"),
    (b"transfer-encoding: CHUNKED", b"X: y", b"content-length: 0"),
    (b"Content-Length: 5", b"Transfer-Encoding: identity"),
):
    VECTORS.append(Vector(rfc="6.3", wire=post(*lines) + LAST, error=BadFraming))
    VECTORS.append(Vector(rfc="6.3", wire=ok(*lines) + LAST, error=BadFraming, expects=("GET",)))
VECTORS.append(  # a field that only looks like it
    Vector(
        rfc="6.1",
        wire=post(b"Transfer-Encodin: chunked") + get(),
        messages=(posted(b"Transfer-Encodin: chunked"), Request()),
    )
)
for minor_line in ((), (b"Connection: keep-alive",)):
    lines = (b"Transfer-Encoding: chunked", *minor_line)
    message = Request(
        method="POST",
        version=(1, 0),
        fields=pairs(lines),
        kind=BodyKind.CHUNKED,
        body=b"hello",
        ends=(5,),
        keep_alive=False,
    )
    wire = head(b"POST / HTTP/1.0", *lines) + b"5\r\nhello\r\n" + LAST
    # An HTTP/1.0 hop may not have understood the coding: the connection ends (section 6.1).
    VECTORS.append(Vector(rfc="6.1", wire=wire + get(), messages=(message,)))
    reply = Response(
        version=(1, 0), fields=pairs(lines), kind=BodyKind.CHUNKED, body=b"hello", ends=(5,), keep_alive=False
    )
    wire = head(b"HTTP/1.0 200 OK", *lines) + b"5\r\nhello\r\n" + LAST
    VECTORS.append(Vector(rfc="6.1", wire=wire, messages=(reply,), expects=("GET",)))

# --- Transfer-Encoding of responses -----------------------------------------------------------------------------
for value in (b"chunked", b"gzip, chunked", b"gzip,chunked", b"Gzip , CHUNKED"):
    line = b"Transfer-Encoding: " + value
    message = answered(line, kind=BodyKind.CHUNKED, body=b"hello", ends=(5,))
    VECTORS.append(
        Vector(
            rfc="6.1",
            wire=ok(line) + b"5\r\nhello\r\n" + LAST + b"HTTP",
            messages=(message,),
            expects=("GET",),
            rest=b"HTTP",
        )
    )
for value in (
    b"gzip",
    b"identity",
    b"chunked, gzip",
    b"xchunked",
    b"chunked;q=1",
    b"chun\xe2\x84\xaaed",
    b"\xa0chunked",
):
    line = b"Transfer-Encoding: " + value
    message = answered(line, kind=BodyKind.UNTIL_EOF, body=b"5\r\nhello", keep_alive=False)
    VECTORS.append(Vector(rfc="6.3", wire=ok(line) + b"5\r\nhello", messages=(message,), expects=("GET",)))
lines = (b"Transfer-Encoding: gzip", b"Transfer-Encoding: chunked")
message = answered(*lines, kind=BodyKind.CHUNKED)
VECTORS.append(Vector(rfc="6.1", wire=ok(*lines) + LAST, messages=(message,), expects=("GET",)))
for value in (b"", b",", b"chunked,", b",chunked", b"chunked, chunked", b"chunked, gzip, chunked", b"chunked,chunked"):
    VECTORS.append(
        Vector(rfc="6.1", wire=ok(b"Transfer-Encoding: " + value) + LAST, error=BadFraming, expects=("GET",))
    )
VECTORS.append(Vector(rfc="6.1", wire=ok(*TWICE[0]) + LAST, error=BadFraming, expects=("GET",)))

# --- responses without content, whatever their fields say -------------------------------------------------------
SIZED, CHUNKED = b"Content-Length: 5", b"Transfer-Encoding: chunked"
for status in (204, 304):
    start = b"HTTP/1.1 %d Quiet" % status
    for fields, length in (((), None), ((SIZED,), 5), ((CHUNKED,), None)):
        message = answered(*fields, status=status, reason="Quiet", length=length)
        VECTORS.append(
            Vector(
                rfc="6.3", wire=head(start, *fields) + b"hello", messages=(message,), expects=("GET",), rest=b"hello"
            )
        )
for status in (200, 206, 301, 404, 500):
    start = b"HTTP/1.1 %d Quiet" % status
    for fields, length in (((), None), ((SIZED,), 5), ((CHUNKED,), None)):
        message = answered(*fields, status=status, reason="Quiet", length=length)
        VECTORS.append(
            Vector(
                rfc="6.3", wire=head(start, *fields) + b"hello", messages=(message,), expects=("HEAD",), rest=b"hello"
            )
        )
# Methods are case-sensitive: "head" is not HEAD, "connect" not CONNECT.
for method in ("head", "Head", "connect", "GET", "POST", "FOO"):
    message = answered(SIZED, kind=BodyKind.LENGTH, length=5, body=b"hello")
    VECTORS.append(Vector(rfc="6.3", wire=ok(SIZED) + b"hello", messages=(message,), expects=(method,)))
for status in (200, 201, 299):
    for fields in ((), (SIZED,), (CHUNKED,)):
        message = answered(*fields, status=status, reason="Tunnel", upgrade=True)
        VECTORS.append(
            Vector(
                rfc="9110 9.3.6",
                wire=head(b"HTTP/1.1 %d Tunnel" % status, *fields) + b"\x16\x03\x01\r\n\r\n",
                messages=(message,),
                expects=("CONNECT",),
                handover=True,
                rest=b"\x16\x03\x01\r\n\r\n",
            )
        )
message = answered(SIZED, status=407, reason="No", kind=BodyKind.LENGTH, length=5, body=b"hello")
VECTORS.append(
    Vector(rfc="9110 9.3.6", wire=head(b"HTTP/1.1 407 No", SIZED) + b"hello", messages=(message,), expects=("CONNECT",))
)

# --- until the connection ends ----------------------------------------------------------------------------------
for body in (b"", b"h", b"hello\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", b"x" * 3000):
    message = Response(kind=BodyKind.UNTIL_EOF, body=body, keep_alive=False)
    VECTORS.append(Vector(rfc="6.3", wire=head(b"HTTP/1.1 200 OK") + body, messages=(message,), expects=("GET",)))
    message = Response(version=(1, 0), fields=((b"X", b"y"),), kind=BodyKind.UNTIL_EOF, body=body, keep_alive=False)
    VECTORS.append(
        Vector(rfc="6.3", wire=head(b"HTTP/1.0 200 OK", b"X: y") + body, messages=(message,), expects=("GET",))
    )
VECTORS.append(  # a request without framing has no content
    Vector(rfc="6.3", wire=post() + get(), messages=(posted(), Request()))
)

# --- the peer closes in the middle ------------------------------------------------------------------------------
for body in (b"", b"h", b"hell"):
    message = posted(SIZED, kind=BodyKind.LENGTH, length=5, body=body, ended=False)
    VECTORS.append(Vector(rfc="8", wire=post(SIZED) + body, messages=(message,), error=IncompleteMessage))
    reply = answered(SIZED, kind=BodyKind.LENGTH, length=5, body=body, ended=False)
    VECTORS.append(Vector(rfc="8", wire=ok(SIZED) + body, messages=(reply,), error=IncompleteMessage, expects=("GET",)))
for size in (1, 10, 15, 17, 25, 35):
    VECTORS.append(Vector(rfc="8", wire=ok(SIZED)[:size], error=IncompleteMessage, expects=("GET",)))
