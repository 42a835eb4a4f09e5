"""Connections (RFC 9112 section 9): keep-alive, pipelining, closing, upgrades, tunnels, interim responses."""

from vectors.http1_vector import EMPTY_200, HOST, Request, Response, Vector, get, head, ok, pairs, post, requested

from aiohttp_core._wire.errors import BadField, BadFraming, BadStartLine, HttpWireError, IncompleteMessage
from aiohttp_core._wire.http1.messages import BodyKind

VECTORS: list[Vector] = []

# --- keep-alive -------------------------------------------------------------------------------------------------
# Lines, and what the connection does in HTTP/1.1 and in HTTP/1.0.
OPTIONS: tuple[tuple[tuple[str, ...], bool, bool], ...] = (
    ((), True, False),
    (("close",), False, False),
    (("Close",), False, False),
    (("CLOSE",), False, False),
    (("keep-alive",), True, True),
    (("Keep-Alive",), True, True),
    (("keep-alive, close",), False, False),
    (("close, keep-alive",), False, False),
    (("close", "keep-alive"), False, False),
    (("keep-alive", "close"), False, False),
    (("a,close,b",), False, False),
    (("a ,\tclose\t, b",), False, False),
    ((",close,",), False, False),
    (("",), True, False),
    ((",",), True, False),
    (("notclose",), True, False),
    (("closed",), True, False),
    (("close=1",), True, False),
    (("close;a",), True, False),
    (("clo se",), True, False),
    (('"close"',), True, False),
    (("\u212aeep-alive",), True, False),  # the Kelvin sign is no k
    (("cl\u00f6se",), True, False),
    (("clo\u017fe",), True, False),  # nor is the long s an s
    (("keep-alive\u00a0",), True, False),
    (("keepalive",), True, False),
    (("X", "Y"), True, False),
    (("X, keep-alive", "Y"), True, True),
)
for values, modern, old in OPTIONS:
    fields = tuple((b"Connection", value.encode()) for value in values)
    lines = [b"Connection: " + value.encode() for value in values]
    for minor, kept in ((1, modern), (0, old)):
        request = Request(version=(1, minor), fields=HOST + fields, keep_alive=kept)
        wire = head(b"GET / HTTP/1.%d" % minor, b"Host: a", *lines)
        following = (Request(),) if kept else ()
        VECTORS.append(Vector(rfc="9.3", wire=wire + get(), messages=(request, *following)))
        response = Response(version=(1, minor), fields=((b"Content-Length", b"0"), *fields), length=0, keep_alive=kept)
        wire = head(b"HTTP/1.%d 200 OK" % minor, b"Content-Length: 0", *lines)
        VECTORS.append(Vector(rfc="9.3", wire=wire, messages=(response,), expects=("GET",)))

# --- what comes after a close is ignored, not an error that costs the answer -------------------------------------
CLOSING = (b"Connection: close",)
for after in (
    b"X",
    b"\x00\xff",
    get(),
    b"GET / HTTP/9.9\r\n\r\n",
    b"\r\n\r\n",
    b"x" * 20000,
    b"GET / HTTP/1.1\r\nHost: a\r\nX",
):
    VECTORS.append(Vector(rfc="9.6", wire=get(*CLOSING) + after, messages=(requested(*CLOSING, keep_alive=False),)))
    body = Request(
        method="POST",
        fields=HOST + pairs((*CLOSING, b"Content-Length: 2")),
        keep_alive=False,
        kind=BodyKind.LENGTH,
        length=2,
        body=b"ab",
    )
    VECTORS.append(Vector(rfc="9.6", wire=post(*CLOSING, b"Content-Length: 2") + b"ab" + after, messages=(body,)))
    chunked = Request(
        method="POST",
        fields=HOST + pairs((*CLOSING, b"Transfer-Encoding: chunked")),
        keep_alive=False,
        kind=BodyKind.CHUNKED,
        body=b"ab",
        ends=(2,),
    )
    wire = post(*CLOSING, b"Transfer-Encoding: chunked") + b"2\r\nab\r\n0\r\n\r\n" + after
    VECTORS.append(Vector(rfc="9.6", wire=wire, messages=(chunked,)))
    # Octets beyond a complete response are no error of that response.
    VECTORS.append(
        Vector(rfc="9.2", wire=ok(b"Content-Length: 0") + after, messages=(EMPTY_200,), expects=("GET",), rest=after)
    )

# --- pipelining -------------------------------------------------------------------------------------------------
TARGETS = [f"/{number}" for number in range(20)]
VECTORS.append(
    Vector(
        rfc="9.3.2",
        wire=b"".join(head(f"GET {target} HTTP/1.1".encode(), b"Host: a") for target in TARGETS),
        messages=tuple(Request(target=target) for target in TARGETS),
    )
)
SIZED = Request(method="POST", fields=HOST + pairs([b"Content-Length: 3"]), kind=BodyKind.LENGTH, length=3, body=b"abc")
CHUNKED = Request(
    method="POST", fields=HOST + pairs([b"Transfer-Encoding: chunked"]), kind=BodyKind.CHUNKED, body=b"abc", ends=(2, 3)
)
SIZED_WIRE = post(b"Content-Length: 3") + b"abc"
CHUNKED_WIRE = post(b"Transfer-Encoding: chunked") + b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
for wire, messages in (
    (SIZED_WIRE + get() + SIZED_WIRE, (SIZED, Request(), SIZED)),
    (CHUNKED_WIRE + get() + CHUNKED_WIRE, (CHUNKED, Request(), CHUNKED)),
    (SIZED_WIRE + CHUNKED_WIRE + SIZED_WIRE + CHUNKED_WIRE, (SIZED, CHUNKED, SIZED, CHUNKED)),
    (SIZED_WIRE + b"\r\n" + CHUNKED_WIRE + b"\r\n" + get(), (SIZED, CHUNKED, Request())),
):
    VECTORS.append(Vector(rfc="9.3.2", wire=wire, messages=messages))

# --- a good request before a bad one is delivered before the bad one is refused -----------------------------------
BAD: tuple[tuple[bytes, type[HttpWireError]], ...] = (
    (b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", BadStartLine),
    (b"GET\r\n", BadStartLine),
    (b"\x16\x03\x01\r\n", BadStartLine),
    (b"X\n", BadStartLine),
    (get(host=None), BadField),
    (get(b"X : y"), BadField),
    (get(b"Content-Length: x"), BadFraming),
    (b"GET / HTTP/1.1\r\n", IncompleteMessage),
    (b"G", IncompleteMessage),
)
for wire, error in BAD:
    for before, messages in (
        (get(), (Request(),)),
        (SIZED_WIRE, (SIZED,)),
        (CHUNKED_WIRE, (CHUNKED,)),
        (get() * 3, (Request(),) * 3),
    ):
        VECTORS.append(Vector(rfc="9.3.2", wire=before + wire, messages=messages, error=error))

# --- responses, one after the other -----------------------------------------------------------------------------
NO_CONTENT = Response(status=204, reason="Done")
NO_CONTENT_WIRE = head(b"HTTP/1.1 204 Done")
FIVE = Response(fields=pairs([b"Content-Length: 5"]), kind=BodyKind.LENGTH, length=5, body=b"hello")
FIVE_WIRE = ok(b"Content-Length: 5") + b"hello"
FIVE_HEAD = Response(fields=pairs([b"Content-Length: 5"]), length=5)
for wire, methods, replies, rest in (
    (FIVE_WIRE * 2, ("GET", "GET"), (FIVE, FIVE), b""),
    (FIVE_WIRE * 2, ("GET",), (FIVE,), FIVE_WIRE),
    (ok(b"Content-Length: 5") + FIVE_WIRE, ("HEAD", "GET"), (FIVE_HEAD, FIVE), b""),
    (NO_CONTENT_WIRE + FIVE_WIRE, ("DELETE", "GET"), (NO_CONTENT, FIVE), b""),
    (FIVE_WIRE + NO_CONTENT_WIRE + b"\r\n" + FIVE_WIRE, ("GET", "GET", "GET"), (FIVE, NO_CONTENT, FIVE), b""),
):
    VECTORS.append(Vector(rfc="9.3.2", wire=wire, messages=replies, expects=methods, rest=rest))
VECTORS.append(
    Vector(rfc="9.3.2", wire=FIVE_WIRE + b"junk\r\n", messages=(FIVE,), expects=("GET", "GET"), error=BadStartLine)
)

# --- interim responses ------------------------------------------------------------------------------------------
for status, reason in ((100, "Continue"), (102, "Processing"), (103, "Early Hints"), (104, ""), (199, "x")):
    wire = head(b"HTTP/1.1 %d %b" % (status, reason.encode()), b"Link: </a>")
    interim = Response(status=status, reason=reason, fields=((b"Link", b"</a>"),))
    for count in (1, 3):
        VECTORS.append(
            Vector(
                rfc="9110 15.2", wire=wire * count + FIVE_WIRE, messages=(interim,) * count + (FIVE,), expects=("POST",)
            )
        )
    VECTORS.append(Vector(rfc="9110 15.2", wire=wire, messages=(interim,), expects=("POST",)))
CONTINUE = Response(status=100, reason="Continue")
CONTINUE_WIRE = head(b"HTTP/1.1 100 Continue")
VECTORS.append(
    Vector(
        rfc="9110 15.2", wire=CONTINUE_WIRE + b"junk\r\n", messages=(CONTINUE,), error=BadStartLine, expects=("GET",)
    )
)
VECTORS.append(
    Vector(
        rfc="9110 15.2",
        wire=CONTINUE_WIRE + ok(b"Content-Length: 5") + b"hello",
        messages=(CONTINUE, FIVE_HEAD),
        expects=("HEAD",),
        rest=b"hello",
    )
)
EXPECTING = (b"Expect: 100-continue", b"Content-Length: 3")
VECTORS.append(
    Vector(
        rfc="9110 10.1.1",
        wire=post(*EXPECTING) + b"abc",
        messages=(Request(method="POST", fields=HOST + pairs(EXPECTING), kind=BodyKind.LENGTH, length=3, body=b"abc"),),
    )
)

# --- upgrades: what follows the message is handed over untouched --------------------------------------------------
UPGRADE = (b"Connection: Upgrade", b"Upgrade: websocket")
FRAMES = (b"", b"\x81\x85\x00\x00\x00\x00hello", b"\r\n\r\nGET / HTTP/1.1\r\n\r\n", b"\x00" * 3000)
for frame in FRAMES:
    VECTORS.append(
        Vector(
            rfc="9110 7.8",
            wire=get(*UPGRADE) + frame,
            messages=(requested(*UPGRADE, upgrade=True),),
            handover=True,
            rest=frame,
        )
    )
    tunnel = Request(method="CONNECT", target="a:1", upgrade=True)
    VECTORS.append(
        Vector(
            rfc="9110 9.3.6",
            wire=head(b"CONNECT a:1 HTTP/1.1", b"Host: a") + frame,
            messages=(tunnel,),
            handover=True,
            rest=frame,
        )
    )
    old = Request(method="CONNECT", target="a:1", upgrade=True, version=(1, 0), fields=(), keep_alive=False)
    VECTORS.append(
        Vector(rfc="9110 9.3.6", wire=head(b"CONNECT a:1 HTTP/1.0") + frame, messages=(old,), handover=True, rest=frame)
    )
    for fields in ((), UPGRADE, (b"Content-Length: 5",)):
        switched = Response(status=101, reason="Switching Protocols", fields=pairs(fields), upgrade=True)
        VECTORS.append(
            Vector(
                rfc="9110 15.2.2",
                wire=head(b"HTTP/1.1 101 Switching Protocols", *fields) + frame,
                messages=(switched,),
                expects=("GET",),
                handover=True,
                rest=frame,
            )
        )
    opened = Response(status=200, reason="Connection established", version=(1, 0), keep_alive=False, upgrade=True)
    VECTORS.append(
        Vector(
            rfc="9110 9.3.6",
            wire=head(b"HTTP/1.0 200 Connection established") + frame,
            messages=(opened,),
            expects=("CONNECT",),
            handover=True,
            rest=frame,
        )
    )
    lines = (*UPGRADE, b"Content-Length: 3")
    with_content = Request(
        method="POST", fields=HOST + pairs(lines), upgrade=True, kind=BodyKind.LENGTH, length=3, body=b"abc"
    )
    VECTORS.append(
        Vector(rfc="9110 7.8", wire=post(*lines) + b"abc" + frame, messages=(with_content,), handover=True, rest=frame)
    )
    lines = (*UPGRADE, b"Transfer-Encoding: chunked")
    in_chunks = Request(
        method="POST", fields=HOST + pairs(lines), upgrade=True, kind=BodyKind.CHUNKED, body=b"abc", ends=(3,)
    )
    VECTORS.append(
        Vector(
            rfc="9110 7.8",
            wire=post(*lines) + b"3\r\nabc\r\n0\r\n\r\n" + frame,
            messages=(in_chunks,),
            handover=True,
            rest=frame,
        )
    )
    continued = head(b"HTTP/1.1 101 Switching Protocols", *UPGRADE)
    VECTORS.append(
        Vector(
            rfc="9110 15.2",
            wire=CONTINUE_WIRE + continued + frame,
            messages=(
                CONTINUE,
                Response(status=101, reason="Switching Protocols", fields=pairs(UPGRADE), upgrade=True),
            ),
            expects=("GET",),
            handover=True,
            rest=frame,
        )
    )
# The offer needs both fields and HTTP/1.1, its option is a whole token.
for values, offered in (
    ((b"upgrade",), True),
    ((b"UPGRADE",), True),
    ((b"keep-alive, Upgrade",), True),
    ((b"keep-alive", b"upgrade"), True),
    ((b"notupgrade",), False),
    ((b"upgraded",), False),
    ((b"up grade",), False),
    ((b"keep-alive",), False),
    ((), False),
):
    lines = (*(b"Connection: " + value for value in values), b"Upgrade: websocket")
    VECTORS.append(
        Vector(rfc="9110 7.8", wire=get(*lines) + get(), messages=(requested(*lines, upgrade=offered), Request()))
    )
VECTORS.append(Vector(rfc="9110 7.8", wire=get(UPGRADE[0]) + get(), messages=(requested(UPGRADE[0]), Request())))
VECTORS.append(
    Vector(
        rfc="9110 7.8",
        wire=head(b"GET / HTTP/1.0", *UPGRADE),
        messages=(Request(version=(1, 0), fields=pairs(UPGRADE), keep_alive=False),),
    )
)
# Refused offers leave an HTTP connection: the content is read as content, the next request from its exact start.
LINES = (*UPGRADE, b"Content-Length: 18")
VECTORS.append(
    Vector(
        rfc="9110 7.8",
        wire=post(*LINES) + b"GET / HTTP/1.1\r\n\r\n" + get(),
        messages=(
            Request(
                method="POST",
                fields=HOST + pairs(LINES),
                upgrade=True,
                kind=BodyKind.LENGTH,
                length=18,
                body=b"GET / HTTP/1.1\r\n\r\n",
            ),
            Request(),
        ),
    )
)
LINES = (b"Connection: Upgrade", b"Upgrade: h2c", b"Content-Length: 5")
VECTORS.append(
    Vector(
        rfc="9110 7.8",
        wire=ok(*LINES) + b"hello",
        messages=(Response(fields=pairs(LINES), kind=BodyKind.LENGTH, length=5, body=b"hello"),),
        expects=("GET",),
    )
)
