"""The parser rows of the security record, by row number or, without one, by issue or neighbour.

Each is a class of defect that an HTTP library has shipped; both twins must give what stands here.
"""

from vectors.http1_vector import HOST, Message, Request, Response, Vector, get, head, ok, pairs, post, requested

from aiohttp_core._wire.errors import (
    BadChunk,
    BadField,
    BadFraming,
    BadStartLine,
    HttpWireError,
    IncompleteMessage,
    LimitExceeded,
)
from aiohttp_core._wire.http1.messages import BodyKind
from aiohttp_core._wire.http1.rules import Limits

ROWS: dict[str, list[Vector]] = {}
CHUNKED = b"Transfer-Encoding: chunked"
LAST = b"0\r\n\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"


def refused(
    row: str, wire: bytes, error: type[HttpWireError], *messages: Message, limits: Limits | None = None
) -> None:
    extra = {} if limits is None else {"limits": limits}
    what = {LimitExceeded: "a field line"}.get(error, "")
    ROWS.setdefault(row, []).append(
        Vector(rfc=f"security {row}", wire=wire, error=error, messages=messages, what=what, **extra)  # type: ignore[arg-type]
    )


def refused_response(row: str, wire: bytes, error: type[HttpWireError], *messages: Message) -> None:
    ROWS.setdefault(row, []).append(
        Vector(rfc=f"security {row}", wire=wire, error=error, messages=messages, expects=("GET",))
    )


def read(row: str, wire: bytes, *messages: Message, expects: tuple[str, ...] = (), rest: bytes = b"") -> None:
    ROWS.setdefault(row, []).append(
        Vector(rfc=f"security {row}", wire=wire, messages=messages, expects=expects, rest=rest)
    )


def chunked(body: bytes = b"", ends: tuple[int, ...] = (), ended: bool = True) -> Request:
    return Request(
        method="POST", fields=HOST + pairs([CHUNKED]), kind=BodyKind.CHUNKED, body=body, ends=ends, ended=ended
    )


# 2: a target that no URL parser takes is no reason to lose the connection: it is read as it came.
read("2", head(b"GET //[:: HTTP/1.1", b"Host: a") + get(), Request(target="//[::"), Request())
refused("2", head(b"GET http://[:: HTTP/1.1", b"Host: a"), BadStartLine)

# 3: Content-Length and Transfer-Encoding together.
for lines in (
    (b"Content-Length: 6", CHUNKED),
    (CHUNKED, b"Content-Length: 6"),
    (b"Content-Length: 0", b"Transfer-Encoding: Chunked"),
):
    refused("3", post(*lines) + LAST + SMUGGLED, BadFraming)
    refused("3", get() + post(*lines) + LAST + SMUGGLED, BadFraming, Request())
    refused_response("3", ok(*lines) + LAST, BadFraming)

# 4: every control octet in a name and a value.
for octet in (*range(0x20), 0x7F):
    one = bytes([octet])
    refused("4", get(b"X%bY: v" % one) + SMUGGLED, BadField)
    if octet != 0x09:
        refused("4", get(b"X: a%bb" % one) + SMUGGLED, BadField)
refused("4", get(b"X: a\rTransfer-Encoding: chunked"), BadField)
refused("4", get(b"X: a\nTransfer-Encoding: chunked") + LAST, BadField)

# 5: transfer codings in disguise, chunk data and ends in disguise.
for value in (b"chunked\x00", b"\x0bchunked"):
    refused("5", post(b"Transfer-Encoding: " + value) + LAST, BadField)
for value in (
    b"chunked, identity",
    b"xchunked",
    b"chunked, chunked",
    b"cow",
    b"chunk",
    b"chunked, false",
    b"identity",
    b'"chunked"',
):
    refused("5", post(b"Transfer-Encoding: " + value) + LAST + SMUGGLED, BadFraming)
for line in (b"Transfer-Encoding : chunked", b"Transfer-Encoding\x0b: chunked", b" Transfer-Encoding: chunked",
    b"Transfer\xadEncoding: chunked",
             b"Transfer-Encoding:\n chunked", b"X: y\r\n Transfer-Encoding: chunked",
             b"X: y\nTransfer-Encoding: chunked"):  # fmt: skip
    refused("5", post(line) + LAST + SMUGGLED, BadField)
refused("5", post(CHUNKED) + b"2\r\nab\n0\r\n\r\n", BadChunk, chunked(b"ab", (2,), False))
refused("5", post(CHUNKED) + b"2\r\nab\rX0\r\n\r\n", BadChunk, chunked(b"ab", (2,), False))

# 6: lax field lines.
for line in (b"X : y", b"X\t: y", b": y", b"X", b" X: y"):
    refused("6", get(line), BadField)
for value in (b"+5", b"0x5", b"5_0", b"-5", b"5 ,5", b"", b"0b1", b" 5 5"):
    refused("6", post(b"Content-Length: " + value) + b"hello", BadFraming)
refused("6", get(b"X: y\r\n z"), BadField)
refused("6", post(b"Content-Length : 5") + b"hello", BadField)

# 10: token leniency; whatever is wrong is a wire error, never another exception.
for octet in (*range(0x21), *b'"(),/:;<=>?@[\\]{}', *range(0x7F, 0x100)):
    refused("10", head(b"G%bT / HTTP/1.1" % bytes([octet]), b"Host: a"), BadStartLine)
    if octet != 0x3A:
        refused("10", get(b"X%bY: v" % bytes([octet])), BadField)

# 15: a newline in a chunk extension.
for line in (b"5;a\nb", b"5;a\n", b'5;a="\n"', b"5;\nb", b"5\n", b"5;a\r", b"5;a\rb"):
    refused("15", post(CHUNKED) + line + b"\r\nhello\r\n" + LAST, BadChunk, chunked(ended=False))
    refused("15", post(CHUNKED) + b"1\r\na\r\n" + line + b"\r\nhello\r\n" + LAST, BadChunk, chunked(b"a", (1,), False))

# 16: trailers are delivered, and the next request's boundary is exact.
TRAILED = Request(
    method="POST",
    fields=HOST + pairs([CHUNKED]),
    kind=BodyKind.CHUNKED,
    body=b"hello",
    ends=(5,),
    trailers=((b"X", b"y"),),
)
read("16", post(CHUNKED) + b"5\r\nhello\r\n0\r\nX: y\r\n\r\n" + get(b"Z: z"), TRAILED, requested(b"Z: z"))
read("16", (post(CHUNKED) + b"5\r\nhello\r\n0\r\nX: y\r\n\r\n") * 3, TRAILED, TRAILED, TRAILED)
for section in (
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"X: y\n\r\n",
    b"X: y\r\n\n",
    b" X: y\r\n\r\n",
    b"X : y\r\n\r\n",
    b"\rX: y\r\n\r\n",
):
    refused("16", post(CHUNKED) + b"0\r\n" + section, BadField, chunked(ended=False))
for line in (b"Content-Length: 0", CHUNKED, b"Host: b"):
    refused("16", post(CHUNKED) + b"0\r\n" + line + b"\r\n\r\n", BadFraming, chunked(ended=False))

# 18: digits that are not ASCII.
for digit in ("\u0665", "\u06f5", "\u0967", "\uff15", "\u00b2", "\u2460", "\U0001d7d3"):
    octets = digit.encode()
    refused("18", post(b"Content-Length: " + octets) + b"hello", BadFraming)
    refused("18", post(b"Content-Length: 5" + octets) + b"hello", BadFraming)
    refused("18", head(b"GET / HTTP/1." + octets, b"Host: a"), BadStartLine)
    refused("18", head(b"GET / HTTP/" + octets + b".1", b"Host: a"), BadStartLine)
    refused_response("18", head(b"HTTP/1.1 20" + octets + b" OK"), BadStartLine)
    refused_response("18", head(b"HTTP/1.1 " + octets * 3 + b" OK"), BadStartLine)
    refused("18", post(CHUNKED) + octets + b"\r\nhello\r\n" + LAST, BadChunk, chunked(ended=False))
    refused("18", post(CHUNKED) + b"0" + octets + b"\r\nhello\r\n" + LAST, BadChunk, chunked(ended=False))
    refused("18", get(host=b"a:" + octets), BadField)

# 25: trailers have limits.
for trailer in (b"X: " + b"y" * 9000 + b"\r\n", b"X: " + b"y" * 9000):
    refused("25", post(CHUNKED) + b"0\r\n" + trailer, LimitExceeded, chunked(ended=False))
ROWS["25"].append(
    Vector(
        rfc="security 25",
        wire=post(CHUNKED) + b"0\r\n" + b"X: y\r\n" * 129,
        messages=(chunked(ended=False),),
        error=LimitExceeded,
        what="the number of field lines",
    )
)

# 33: NUL and controls in responses, although they are read more leniently.
for octet in (*range(0x09), *range(0x0B, 0x20), 0x7F):
    refused_response("33", ok(b"Content-Length: 0", b"X: a%bb" % bytes([octet])), BadField)
    refused_response("33", ok(b"Content-Length: 0", b"X: a\r\n b%b" % bytes([octet])), BadField)
refused_response("33", ok(b"X\x00: a"), BadField)

# 34: a repeated Host, and the other singletons.
refused("34", get(b"Host: a"), BadField)
refused("34", get(b"Host: b"), BadField)
refused("34", get(b"X: y", b"hOST: a"), BadField)
for name in (
    b"Content-Type",
    b"User-Agent",
    b"ETag",
    b"Content-Range",
    b"Content-Location",
    b"Max-Forwards",
    b"Server",
):
    refused("34", get(name + b": a", name.lower() + b": a"), BadField)
    lines = (b"Content-Length: 0", name + b": a", name + b": b")
    read("34", ok(*lines), Response(fields=pairs(lines), length=0), expects=("GET",))

# 42: limits hold for the line, not for the fragment that was read; the feedings cut it at every octet.
SMALL = Limits(max_line_size=40, max_field_size=30, max_fields=4)
refused("42", get(b"X: " + b"y" * 28), LimitExceeded, limits=SMALL)
ROWS["42"].append(
    Vector(
        rfc="security 42",
        wire=head(b"GET /" + b"p" * 27 + b" HTTP/1.1", b"Host: a"),
        error=LimitExceeded,
        what="the request line",
        limits=SMALL,
    )
)

# 46: the content of a request whose upgrade is refused is read as content.
LINES = (b"Connection: Upgrade", b"Upgrade: websocket", b"Content-Length: %d" % len(SMUGGLED))
read(
    "46",
    post(*LINES) + SMUGGLED + get(),
    Request(
        method="POST",
        fields=HOST + pairs(LINES),
        upgrade=True,
        kind=BodyKind.LENGTH,
        length=len(SMUGGLED),
        body=SMUGGLED,
    ),
    Request(),
)

# 48: malformed octets at the very end of the buffer (what an AddressSanitizer build watches).
for wire in (
    b"\x00\n",
    b"G\n",
    b"GET / HTTP/1.1\r\nX\x00\r\n\r\n",
    b"GET / HTTP/1.1\r\n\n",
    b"GET / HTTP/1.1\r\n:\r\n\r\n",
):
    refused("48", wire, BadField if b"1.1" in wire else BadStartLine)
for wire in (b"g", b"5g", b"5\x00", b"5;\x00", b"5\rX", b'5;a="\x00', b"\xff"):
    refused("48", post(CHUNKED) + wire, BadChunk, chunked(ended=False))
refused("48", post(CHUNKED) + b"1\r\naX", BadChunk, chunked(b"a", (1,), False))
refused_response("48", b"X\n", BadStartLine)
refused_response("48", b"HTTP/1.1 200 OK\r\nX\x00\n\n", BadField)

# --- hardening without an advisory --------------------------------------------------------------------------------
refused("#12137", post(b"Transfer-Encoding: chunked, chunked") + LAST, BadFraming)
refused("#12137", post(CHUNKED, CHUNKED) + LAST, BadFraming)
refused_response("#12137", ok(b"Transfer-Encoding: chunked, chunked") + LAST, BadFraming)
refused("#13136", b"GET / HTTP/1.1\n", BadStartLine)
refused("#13136", b"GET / HTTP/1.1\r\nHost: a\n\n", BadField)
ROWS["#12832"] = [
    Vector(
        rfc="security #12832",
        wire=post(CHUNKED) + line,
        messages=(chunked(ended=False),),
        error=LimitExceeded,
        what="a chunk-size line",
    )
    for line in (b"0" * 9000, b"5;" + b"a" * 9000, b"5;a=" + b"b" * 9000 + b"\r\nhello\r\n", b'5;a="' + b"b" * 9000)
]
for value in (b"notupgrade", b"upgrade-not", b"x-upgrade"):
    lines = (b"Connection: " + value, b"Upgrade: websocket")
    read("#12723", get(*lines) + get(), requested(*lines), Request())
refused("#10600", get(host=None), BadField)
for status in (204, 304):
    message = Response(status=status, reason="X", fields=((b"Content-Length", b"5"),), length=5)
    read(
        "#10587",
        head(b"HTTP/1.1 %d X" % status, b"Content-Length: 5") + b"hello",
        message,
        expects=("GET",),
        rest=b"hello",
    )
refused("#10596", post(CHUNKED) + b"6\r\nhello\r\n" + LAST, BadChunk, chunked(b"hello\r", (6,), False))
refused("#10596", post(CHUNKED) + b"4\r\nhello\r\n" + LAST, BadChunk, chunked(b"hell", (4,), False))
refused("#10596", post(CHUNKED) + b"5\r\nhello\r\n", IncompleteMessage, chunked(b"hello", (5,), False))
for method in ("PROPFIND", "MKCALENDAR", "LINK", "QUERY", "ANYTHING", "brew", "SOURCE", "PRI"):
    read("#13174", head(f"{method} /a#f HTTP/1.1".encode(), b"Host: a"), Request(method=method, target="/a#f"))
refused("#13175", head(b"GET a:80 HTTP/1.1", b"Host: a"), BadStartLine)
refused("#13175", head(b"CONNECT / HTTP/1.1", b"Host: a"), BadStartLine)
refused("#13175", head(b"CONNECT http://a/ HTTP/1.1", b"Host: a"), BadStartLine)
read("#13175", head(b"GET http://a/ HTTP/1.1", b"Host: a"), Request(target="http://a/"))
for size in (b"10000000000000000", b"ffffffffffffffff0"):
    refused("#13415", post(CHUNKED) + size + b"\r\n", BadChunk, chunked(ended=False))
refused("#13415", post(b"Content-Length: 9223372036854775808"), BadFraming)
huge = pairs([b"Content-Length: 999999999999999999"])
unended = Request(method="POST", fields=HOST + huge, kind=BodyKind.LENGTH, length=10**18 - 1, body=b"x", ended=False)
refused("#13415", post(b"Content-Length: 999999999999999999") + b"x", IncompleteMessage, unended)
refused("#13415", post(CHUNKED) + b"ffffffffffffffff\r\nx", IncompleteMessage, chunked(b"x", ended=False))
ROWS["#13501"] = [
    Vector(
        rfc="security #13501",
        wire=get(b"Connection: upgrade", b"Upgrade: websocket") + b"tail",
        messages=(requested(b"Connection: upgrade", b"Upgrade: websocket", upgrade=True),),
        handover=True,
        rest=b"tail",
    )
]
for line in (b"X: y ", b"X: y\t", b"X: y \t "):
    read("#13246", get(line), Request(fields=(*HOST, (b"X", b"y"))))
for version in (b"HTTP/0.9", b"HTTP/2.0", b"HTTP/9.9", b"RTSP/1.0"):
    refused("1.5", head(b"GET / " + version, b"Host: a"), BadStartLine)
    refused_response("1.5", head(version + b" 200 OK"), BadStartLine)
read(
    "1.10",
    post(CHUNKED) + (b"1" + b";a" * 100 + b"\r\nx\r\n") * 10 + LAST,
    chunked(b"x" * 10, tuple(range(1, 11))),
)

# --- neighbours -------------------------------------------------------------------------------------------------
for end in (b"XX", b"\nX", b"\rX", b"X\n", b"\n\n", b"\r\r", b"00"):
    refused("h11 CVE-2025-43859", post(CHUNKED) + b"5\r\nhello" + end + LAST, BadChunk, chunked(b"hello", (5,), False))
for wire in (
    post(b"Transfer-Encoding: chunked\nX: y") + LAST, post(b"Transfer-Encoding\n: chunked") + LAST,
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n" + LAST,
    b"GET / HTTP/1.1\r\nHost: a\r\nX:\n\r\n" + SMUGGLED,
):  # fmt: skip
    refused("llhttp CVE-2022-32213", wire, BadField)
for value in (b"chunked , ", b"chunkedchunked", b"chunked, x", b"chunke d"):
    refused("llhttp CVE-2022-32213", post(b"Transfer-Encoding: " + value) + LAST, BadFraming)
refused("llhttp #865", b"GET / HTTP/1.1\nHost: a\r\n\r\n", BadStartLine)
read("llhttp #810", post(b"Content-Length:\t5\t") + b"hello" + get(),
     Request(method="POST", fields=(*HOST, (b"Content-Length", b"5")), kind=BodyKind.LENGTH, length=5, body=b"hello"),
         Request())  # fmt: skip
read("llhttp #810", get(b"Connection: close\t") + SMUGGLED, requested(b"Connection: close", keep_alive=False))
for lines in (
    (b"Content-Length: 5", b"Content-Length: 5"),
    (b"Content-Length: 5, 5",),
    (b"Content-Length: 5", CHUNKED),
    (b"Transfer-Encoding: \x0bchunked",),
):
    refused("waitress CVE-2022-24761", post(*lines) + b"hello", BadField if b"\x0b" in lines[0] else BadFraming)

SECURITY = [vector for row in ROWS.values() for vector in row]
