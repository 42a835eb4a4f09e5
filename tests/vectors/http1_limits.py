"""Limits, each at its last good octet and at the first bad one, on every path; counted per message."""

from vectors.http1_vector import HOST, Message, Pairs, Request, Response, Vector, get, head, ok, post

from aiohttp_core._wire.errors import BadChunk, BadField, BadStartLine, IncompleteMessage, LimitExceeded
from aiohttp_core._wire.http1.messages import BodyKind
from aiohttp_core._wire.http1.rules import DEFAULT_LIMITS, Limits

SMALL = Limits(max_line_size=40, max_field_size=30, max_fields=4)
VECTORS: list[Vector] = []
START = {False: "the request line", True: "the status line"}
FIELD, COUNT, CHUNK = "a field line", "the number of field lines", "a chunk-size line"
CODING: Pairs = ((b"Transfer-Encoding", b"chunked"),)


def good(wire: bytes, message: Message, limits: Limits, trailing: bytes = b"") -> None:
    expects = ("GET",) if isinstance(message, Response) else ()
    VECTORS.append(Vector(rfc="limits", wire=wire, messages=(message,), expects=expects, limits=limits, rest=trailing))


def bad(wire: bytes, what: str, limits: Limits, *messages: Message, response: bool = False) -> None:
    expects = ("GET",) if response else ()
    VECTORS.append(
        Vector(
            rfc="limits", wire=wire, messages=messages, error=LimitExceeded, what=what, expects=expects, limits=limits
        )
    )


def chunked(response: bool, body: bytes = b"", trailers: Pairs | None = None, ended: bool = True) -> Message:
    ends = (len(body),) if body else ()
    if response:
        return Response(fields=CODING, kind=BodyKind.CHUNKED, body=body, ends=ends, trailers=trailers, ended=ended)
    return Request(
        method="POST", fields=HOST + CODING, kind=BodyKind.CHUNKED, body=body, ends=ends, trailers=trailers, ended=ended
    )


for limits in (SMALL, DEFAULT_LIMITS):
    line, field, count = limits.max_line_size, limits.max_field_size, limits.max_fields

    # --- start lines: the CRLF does not count ---------------------------------------------------------------------
    path = "/" + "p" * (line - 14)
    good(head(f"GET {path} HTTP/1.1".encode(), b"Host: a"), Request(target=path), limits)
    good(b"\r\n" * 30 + head(f"GET {path} HTTP/1.1".encode(), b"Host: a"), Request(target=path), limits)
    for end in (b"\r\n", b"\n", b"", b"\r"):
        bad(f"GET {path}p HTTP/1.1".encode() + end, START[False], limits)
    bad(get() + f"GET {path}p HTTP/1.1\r\n".encode(), START[False], limits, Request())
    VECTORS.append(Vector(rfc="limits", wire=b"G" * line, error=IncompleteMessage, limits=limits))
    VECTORS.append(Vector(rfc="limits", wire=b"G" * line + b"\r", error=IncompleteMessage, limits=limits))
    VECTORS.append(Vector(rfc="limits", wire=b"G" * line + b"\r\n", error=BadStartLine, limits=limits))
    bad(b"G" * (line + 1), START[False], limits)
    bad(b"G" * (line + 1) + b"\r\n", START[False], limits)
    bad(b"\x00" * (line + 1), START[False], limits)
    reason = "r" * (line - 13)
    empty = ((b"Content-Length", b"0"),)
    good(
        head(f"HTTP/1.1 200 {reason}".encode(), b"Content-Length: 0"),
        Response(reason=reason, fields=empty, length=0),
        limits,
    )
    good(
        f"HTTP/1.1 200 {reason}\nContent-Length: 0\n\n".encode(),
        Response(reason=reason, fields=empty, length=0),
        limits,
    )
    for end in (b"\r\n", b"\n", b"", b"\r"):
        bad(f"HTTP/1.1 200 {reason}r".encode() + end, START[True], limits, response=True)

    # --- field lines ----------------------------------------------------------------------------------------------
    value = b"v" * (field - 3)
    pair = ((b"X", value),)
    good(get(b"X: " + value), Request(fields=HOST + pair), limits)
    good(get(b"X:" + b" " * (field - 3) + b"v"), Request(fields=(*HOST, (b"X", b"v"))), limits)
    good(get(b"X: v" + b" " * (field - 4)), Request(fields=(*HOST, (b"X", b"v"))), limits)
    good(get(b"n" * (field - 1) + b":"), Request(fields=(*HOST, (b"n" * (field - 1), b""))), limits)
    good(ok(b"Content-Length: 0", b"X: " + value), Response(fields=empty + pair, length=0), limits)
    overlong = b"X: v" + value
    for long in (
        overlong,
        b"X:" + b" " * (field - 2) + b"v",
        b"X: v" + b" " * (field - 3),
        b"n" * field + b":",
        b"n" * (field + 1),
    ):
        bad(get(long), FIELD, limits)
        bad(get(long)[:-2], FIELD, limits)
        bad(get(long)[:-4], FIELD, limits)
        bad(get(long, b"Y: z"), FIELD, limits)
        bad(ok(long), FIELD, limits, response=True)
        bad(ok(long)[:-4], FIELD, limits, response=True)
    # The first violation decides, whichever it is.
    VECTORS.append(Vector(rfc="limits", wire=get(b"X : y", overlong), error=BadField, limits=limits))
    VECTORS.append(Vector(rfc="limits", wire=get(b"X : y", overlong)[:-4], error=BadField, limits=limits))
    bad(get(overlong, b"X : y"), FIELD, limits)
    # Folded: the fold's octets count as the spaces that they are read as.
    folded = b"X: " + b"v" * (field - 10) + b"\r\n wwww"
    long_value = b"v" * (field - 10) + b"   wwww"
    good(ok(b"Content-Length: 0", folded), Response(fields=(*empty, (b"X", long_value)), length=0), limits)
    for tail in (b"w", b" ", b"\r\n w"):
        bad(ok(b"Content-Length: 0", folded + tail), FIELD, limits, response=True)
        bad(ok(b"Content-Length: 0", folded + tail + b"\r\n" + b" " * field), FIELD, limits, response=True)

    # --- the number of field lines; folds count, since each is a line to hold --------------------------------------
    names = [b"X-%d: v" % number for number in range(count - 1)]
    pairs = tuple((b"X-%d" % number, b"v") for number in range(count - 1))
    good(get(*names), Request(fields=HOST + pairs), limits)
    good(ok(b"Content-Length: 0", *names), Response(fields=empty + pairs, length=0), limits)
    bad(get(*names, b"Y: z"), COUNT, limits)
    bad(get(*names, b"Y: z")[:-2], COUNT, limits)
    bad(get(*names)[:-2] + b"Y: z\r\n" * 200, COUNT, limits)
    bad(ok(b"Content-Length: 0", *names, b"Y: z"), COUNT, limits, response=True)
    bad(ok(b"Content-Length: 0", *names, b" folded"), COUNT, limits, response=True)
    VECTORS.append(Vector(rfc="limits", wire=get(b"X : y", *names, b"Y: z"), error=BadField, limits=limits))
    # Per message, not per connection.
    VECTORS.append(
        Vector(rfc="limits", wire=get(*names) * 3, messages=(Request(fields=HOST + pairs),) * 3, limits=limits)
    )

    for response in (False, True):
        start = ok(b"Transfer-Encoding: chunked") if response else post(b"Transfer-Encoding: chunked")
        partial = chunked(response, ended=False)

        # --- trailers: the same limits, counted anew --------------------------------------------------------------
        good(start + b"0\r\nX: " + value + b"\r\n\r\n", chunked(response, trailers=pair), limits)
        lines = b"".join(name + b"\r\n" for name in (*names, b"Z: z"))
        good(start + b"0\r\n" + lines + b"\r\n", chunked(response, trailers=(*pairs, (b"Z", b"z"))), limits)
        bad(start + b"0\r\n" + overlong + b"\r\n\r\n", FIELD, limits, partial, response=response)
        bad(start + b"0\r\n" + overlong, FIELD, limits, partial, response=response)
        bad(start + b"0\r\n" + lines + b"Y: z\r\n\r\n", COUNT, limits, partial, response=response)
        bad(start + b"0\r\n" + lines + b"Y: z\r\n" * 200, COUNT, limits, partial, response=response)

        # --- chunk-size lines with their extensions -----------------------------------------------------------------
        five = b"5\r\nhello\r\n"
        for extension in (
            b";" + b"e" * (line - 2),
            b";a=" + b"e" * (line - 4),
            b';a="' + b"e" * (line - 6) + b'"',
            b";" * (line - 2) + b"e",
        ):
            good(start + b"5" + extension + b"\r\nhello\r\n0\r\n\r\n", chunked(response, b"hello"), limits)
            good(start + b"0" + extension + b"\r\n\r\n", chunked(response), limits)
            bad(start + b"05" + extension + b"\r\nhello\r\n0\r\n\r\n", CHUNK, limits, partial, response=response)
            bad(start + b"00" + extension + b"\r\n\r\n", CHUNK, limits, partial, response=response)
            good_chunk = chunked(response, b"hello", ended=False)
            bad(start + five + b"00" + extension, CHUNK, limits, good_chunk, response=response)
        good(start + b"0" * (line - 1) + b"5\r\nhello\r\n0\r\n\r\n", chunked(response, b"hello"), limits)
        bad(start + b"0" * line + b"5\r\nhello\r\n0\r\n\r\n", CHUNK, limits, partial, response=response)
        bad(start + b"5;" + b"e" * 3 * line, CHUNK, limits, partial, response=response)
        # A bad octet within the limit is a bad octet, behind it the limit is what was broken.
        for prefix in (
            b"0" * (line - 1),
            b"5;" + b"e" * (line - 3),
            b'5;a="' + b"e" * (line - 6),
            b"5;a=" + b"e" * (line - 5),
        ):
            for octet in (b"\x00", b"\x01", b"\xe3" if b'"' not in prefix else b"\x7f"):
                for tail in (b"", b"\r\n"):
                    VECTORS.append(
                        Vector(
                            rfc="limits",
                            wire=start + prefix + octet + tail,
                            messages=(partial,),
                            error=BadChunk,
                            expects=("GET",) if response else (),
                            limits=limits,
                        )
                    )
                    bad(start + prefix + b"0" + octet + tail, CHUNK, limits, partial, response=response)
    # Each size line is counted anew.
    wire = ok(b"Transfer-Encoding: chunked") + (b"1;" + b"e" * (line - 2) + b"\r\na\r\n") * 3 + b"0\r\n\r\n"
    message = Response(fields=CODING, kind=BodyKind.CHUNKED, body=b"aaa", ends=(1, 2, 3))
    good(wire, message, limits)
    bad(
        ok(b"Transfer-Encoding: chunked") + b"5" + b" " * line + b"\r\n",
        CHUNK,
        limits,
        chunked(True, ended=False),
        response=True,
    )

# A limit of one line size does not hold for the other.
good(get(b"X: " + b"v" * 60), Request(fields=(*HOST, (b"X", b"v" * 60))), Limits(max_line_size=20))
good(head(b"GET /" + b"p" * 60 + b" HTTP/1.1", b"Host: a"), Request(target="/" + "p" * 60), Limits(max_field_size=20))
good(head(b"GET / HTTP/1.0"), Request(fields=(), version=(1, 0), keep_alive=False), Limits(max_fields=0))
bad(get(), COUNT, Limits(max_fields=0))
