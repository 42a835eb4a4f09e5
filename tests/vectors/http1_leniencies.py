"""Each row of ``rules.RESPONSE_LENIENCIES``: what a response may do, and its refusal in a request."""

from vectors.http1_vector import EMPTY_200, HOST, Request, Response, Vector, get, head, ok, pairs, post

from aiohttp_core._wire.errors import BadChunk, BadField, BadFraming, BadStartLine
from aiohttp_core._wire.http1.messages import BodyKind

CHUNKED = b"Transfer-Encoding: chunked"
TWICE = (b"Content-Length: 0", b"Content-Type: a", b"Content-Type: b")
HELLO = b"5  \r\nhello\r\n0 \r\n\r\n"

LENIENCIES: dict[str, tuple[Vector, Vector]] = {
    "bare LF ends a line of the head or the trailers": (
        Vector(
            rfc="2.2",
            wire=b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\r\nX: y\n\n",
            messages=(Response(fields=pairs([CHUNKED]), kind=BodyKind.CHUNKED, trailers=((b"X", b"y"),)),),
            expects=("GET",),
        ),
        Vector(rfc="2.2", wire=b"GET / HTTP/1.1\r\nHost: a\n\n", error=BadField),
    ),
    "obs-fold is read as spaces": (
        Vector(
            rfc="5.2",
            wire=ok(b"Content-Length: 0", b"X: a\r\n b"),
            messages=(Response(fields=((b"Content-Length", b"0"), (b"X", b"a   b")), length=0),),
            expects=("GET",),
        ),
        Vector(rfc="5.2", wire=get(b"X: a\r\n b"), error=BadField),
    ),
    "no reason phrase and no space before it": (
        Vector(
            rfc="4",
            wire=head(b"HTTP/1.1 200", b"Content-Length: 0"),
            messages=(Response(reason="", fields=EMPTY_200.fields, length=0),),
            expects=("GET",),
        ),
        Vector(rfc="3", wire=head(b"GET /", b"Host: a"), error=BadStartLine),
    ),
    "spaces after a chunk size": (
        Vector(
            rfc="7.1",
            wire=ok(CHUNKED) + HELLO,
            messages=(Response(fields=pairs([CHUNKED]), kind=BodyKind.CHUNKED, body=b"hello", ends=(5,)),),
            expects=("GET",),
        ),
        Vector(
            rfc="7.1",
            wire=post(CHUNKED) + HELLO,
            messages=(Request(method="POST", fields=HOST + pairs([CHUNKED]), kind=BodyKind.CHUNKED, ended=False),),
            error=BadChunk,
        ),
    ),
    "transfer codings that do not end in chunked": (
        Vector(
            rfc="6.3",
            wire=ok(b"Transfer-Encoding: gzip") + b"octets",
            messages=(
                Response(
                    fields=((b"Transfer-Encoding", b"gzip"),), kind=BodyKind.UNTIL_EOF, body=b"octets", keep_alive=False
                ),
            ),
            expects=("GET",),
        ),
        Vector(rfc="6.3", wire=post(b"Transfer-Encoding: gzip") + b"octets", error=BadFraming),
    ),
    "repeated singleton fields other than the framing ones": (
        Vector(
            rfc="9110 5.3",
            wire=ok(*TWICE),
            messages=(Response(fields=pairs(TWICE), length=0),),
            expects=("GET",),
        ),
        Vector(rfc="9110 5.3", wire=post(*TWICE), error=BadField),
    ),
}
