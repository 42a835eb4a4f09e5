"""Request lines and status lines (RFC 9112 sections 2.2, 2.3, 3 and 4)."""

from vectors.http1_vector import EMPTY_200, Request, Response, Vector, get, head

from aiohttp_core._wire.errors import BadField, BadStartLine, IncompleteMessage

VECTORS: list[Vector] = []
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "FOO", "get", "Get", "gET")
OTHER_METHODS = ("M-SEARCH", "A", "!#$%&'*+-.^_`|~09az", "PRI", "connect", "G" * 200, "PURGE", "QUERY")
CONTROLS = [*range(0x20), 0x7F]


def request(line: bytes, method: str, target: str, rfc: str = "3") -> None:
    VECTORS.append(Vector(rfc=rfc, wire=head(line, b"Host: a"), messages=(Request(method=method, target=target),)))


def bad_request(line: bytes, rfc: str = "3") -> None:
    VECTORS.append(Vector(rfc=rfc, wire=head(line, b"Host: a"), error=BadStartLine))


def response(line: bytes, status: int, reason: str, version: tuple[int, int] = (1, 1), rfc: str = "4") -> None:
    fields = ((b"Content-Length", b"0"),)
    message = Response(
        status=status, reason=reason, version=version, fields=fields, length=0, keep_alive=version == (1, 1)
    )
    VECTORS.append(Vector(rfc=rfc, wire=head(line, b"Content-Length: 0"), messages=(message,), expects=("GET",)))


def bad_response(line: bytes, rfc: str = "4", error: type[BadStartLine | BadField] = BadStartLine) -> None:
    VECTORS.append(Vector(rfc=rfc, wire=head(line, b"Content-Length: 0"), error=error, expects=("GET",)))


# --- methods: any token, in the case it came in -----------------------------------------------------------------
for method in (*METHODS, *OTHER_METHODS):
    request(f"{method} / HTTP/1.1".encode(), method, "/", "9110 9.1")
for method in (
    "G(T",
    "G)T",
    "G,T",
    "G/T",
    "G:T",
    "G;T",
    "G<T",
    "G=T",
    "G>T",
    "G?T",
    "G@T",
    "G[T",
    "G\\T",
    "G]T",
    'G"T',
    "G{T",
    "G}T",
):
    bad_request(f"{method} / HTTP/1.1".encode(), "9110 5.6.2")
bad_request(b" / HTTP/1.1", "3.1")

# --- every control character and the octets beyond ASCII --------------------------------------------------------
for octet in (*CONTROLS, 0x80, 0xA0, 0xC3, 0xFF):
    one = bytes([octet])
    bad_request(b"GE%bT / HTTP/1.1" % one, "3.1")
    bad_request(b"GET /a%bb HTTP/1.1" % one, "3.2")
    bad_request(b"GET / HTTP%b/1.1" % one, "2.3")
bad_request("GET /\u212a HTTP/1.1".encode(), "3.2")  # the Kelvin sign
bad_request("\u212aILL / HTTP/1.1".encode(), "3.1")
for octet in CONTROLS:
    one = bytes([octet])
    if octet == 0x09:
        response(b"HTTP/1.1 200 O\tK", 200, "O\tK")
    elif octet == 0x0A:
        # The LF ends the status line of a response; what follows it is no field.
        bad_response(b"HTTP/1.1 200 O\nK", error=BadField)
    else:
        bad_response(b"HTTP/1.1 200 O%bK" % one)
        bad_response(b"HTTP/1.1 200 %b" % one)

# --- white space ------------------------------------------------------------------------------------------------
for line in (
    b"GET  / HTTP/1.1", b"GET /  HTTP/1.1", b" GET / HTTP/1.1", b"GET / HTTP/1.1 ", b"GET / HTTP/1.1\t",
    b"GET\t/ HTTP/1.1", b"GET /\tHTTP/1.1", b"GET / a HTTP/1.1", b"GET /", b"GET", b"GET ", b"GET / ", b"/",
    b"GET HTTP/1.1",
    b"GET  HTTP/1.1", b"GET\x0b/ HTTP/1.1", b"GET /\x0cHTTP/1.1", b"GET /\xa0HTTP/1.1", b"GET /\r HTTP/1.1",
    b"GET / HTTP/1.1\r", b"\rGET / HTTP/1.1", b"GET / HTTP/1.1 HTTP/1.1",
):  # fmt: skip
    bad_request(line)
for wire in (
    b"GET / HTTP/1.1\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\nHost: a\n\n",
    b"GET /\nHost: a\r\n\r\n",
    b"\n" + get(),
):
    VECTORS.append(Vector(rfc="2.2", wire=wire, error=BadStartLine))

# --- versions ---------------------------------------------------------------------------------------------------
VERSIONS = (
    b"HTTP/0.9", b"HTTP/2.0", b"HTTP/1.2", b"HTTP/9.9", b"HTTP/3.0", b"HTTP/2", b"HTTP/1", b"HTTP/1.", b"HTTP/.1",
    b"HTTP/1.10",
    b"HTTP/11.1", b"HTTP/01.1", b"HTTP/1.01", b"http/1.1", b"Http/1.1", b"HTTp/1.1", b"RTSP/1.0", b"ICE/1.0",
    b"SIP/2.0", b"HTTPS/1.1", b"HTTP",
    b"HTTP1.1", b"HTTP/1,1", b"HTTP/1.x", b"HTTP/+1.1", b"HTTP/1.-1", b"HTTP/ 1.1", b"HTTP /1.1", b"HTTP/1 .1",
    b"HTTP/1.1;",
    "HTTP/1.\u0661".encode(), "HTTP/\u0661.1".encode(), "HTTP/1.\uff11".encode(), "HTTP/1.\u00b9".encode(), b"TTP/1.1",
    b"XHTTP/1.1", b"ICY",
)  # fmt: skip
for version in VERSIONS:
    bad_request(b"GET / " + version, "2.3")
    bad_response(version + b" 200 OK", "2.3")
VECTORS.append(
    Vector(
        rfc="2.3",
        wire=head(b"GET / HTTP/1.0"),
        messages=(Request(fields=(), version=(1, 0), keep_alive=False),),
    )
)
response(b"HTTP/1.0 200 OK", 200, "OK", (1, 0), "2.3")
bad_request(b"PRI * HTTP/2.0", "9113 3.4")

# --- targets: the four forms and who may take them --------------------------------------------------------------
FORMS = {
    "origin": ("/", "/a/b?c=d", "/?", "//a/b", "/a?b=?/", "/%41", "/%zz", "/~u;p=1", '/a"<>\\^`{|}', "/a#f", "/[",
        "/*"),
    "absolute": ("http://a/", "http://a", "http://a?b", "https://a:443/b?c=d", "http://[::1]:80/", "ftp://a/",
        "HTTP://A/",
                 "http://u:p@a/", "http://a:/"),
    "authority": ("a:80", "127.0.0.1:1", "[::1]:443", "a.example:65535", "a:0"),
    "asterisk": ("*",),
}  # fmt: skip
for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO", "connect", "CONNECT"):
    for form, targets in FORMS.items():
        if method == "CONNECT":
            allowed = form == "authority"
        elif form == "asterisk":
            allowed = method == "OPTIONS"
        else:
            allowed = form != "authority"
        for target in targets if method in ("GET", "CONNECT") else targets[:1]:
            line = f"{method} {target} HTTP/1.1".encode()
            if not allowed:
                bad_request(line, "3.2")
            elif method == "CONNECT":
                VECTORS.append(
                    Vector(
                        rfc="3.2.3",
                        wire=head(line, b"Host: a"),
                        messages=(Request(method=method, target=target, upgrade=True),),
                        handover=True,
                    )
                )
            else:
                request(line, method, target, "3.2")
for target in (
    "a", "a/b", "?a", "#a", "**", "*/", "http:/a", "http:a", "http:///a", "http://", "://a/", "1http://a/", "http//a/",
    "http://a b/", "http://[::1/", "http://::1]/", "http://[zz]/", "http://a:b/", "http://a:65536/", "http://a:-1/",
    "http://a:+1/", "http://a\\b/", "http://a<b/", "http://a%zz/", "http://:80/", "http://a@/", "http://a:1:2/",
    "mailto:a@b",
    "\\a", "h\u0661ttp://a/", "http://\u0661/", "http://[::", "http://a,@b:x/",
):  # fmt: skip
    bad_request(f"GET {target} HTTP/1.1".encode(), "3.2.2")
for target in (
    "a", "a:", ":80", "a:65536", "a:99999", "a:x", "a:8x", "a:-1", "a:+1", "a:1_0", "a:80/", "u@a:80", "[::1]",
    "[::1]:", "[::1:80",
    "[zz]:80", "a:80:80", "a b:80", "http://a:80", "a:\u0661", "a%zz:80", "a:080000",
):  # fmt: skip
    bad_request(f"CONNECT {target} HTTP/1.1".encode(), "3.2.3")

# --- empty lines before the request line ------------------------------------------------------------------------
for before in (b"\r\n", b"\r\n\r\n", b"\r\n" * 50):
    VECTORS.append(Vector(rfc="2.2", wire=before + get(), messages=(Request(),)))
    VECTORS.append(Vector(rfc="2.2", wire=get() + before + get(), messages=(Request(), Request())))
    VECTORS.append(
        Vector(
            rfc="2.2",
            wire=before + head(b"HTTP/1.1 200 OK", b"Content-Length: 0"),
            messages=(EMPTY_200,),
            expects=("GET",),
        )
    )
for before in (b"\r", b"\r\r\n", b"\r\n\r", b"\r\n\n", b" \r\n", b"\t\r\n", b"\x00\r\n"):
    VECTORS.append(Vector(rfc="2.2", wire=before + get(), error=BadStartLine))
for wire in (b"", b"\r\n", b"\r\n\r\n"):
    VECTORS.append(Vector(rfc="2.2", wire=wire))

# --- the octets end in the middle -------------------------------------------------------------------------------
for size in (1, 3, 4, 5, 6, 14, 15, 16, 17, 23, 24, 25, 26):
    VECTORS.append(Vector(rfc="8", wire=get()[:size], error=IncompleteMessage))
VECTORS.append(Vector(rfc="8", wire=get() + b"G", messages=(Request(),), error=IncompleteMessage))
VECTORS.append(Vector(rfc="8", wire=b"\r", error=IncompleteMessage))

# --- statuses and reasons ---------------------------------------------------------------------------------------
for status in (200, 201, 299, 300, 399, 400, 404, 418, 499, 500, 599, 600, 999):
    response(b"HTTP/1.1 %d Why" % status, status, "Why")
for code in (
    b"099", b"000", b"0", b"20", b"2", b"2000", b"1000", b"-20", b"+20", b"2 0", b"20x", b"x00", b"0x1", b"2_0", b"20.",
    b" 200", b"",
    "\u0662\u0660\u0660".encode(), "\uff12\uff10\uff10".encode(), "20\u0660".encode(), b"20\xb2", b"200\t", b"\t200",
    b"200OK", b"200-",
):  # fmt: skip
    bad_response(b"HTTP/1.1 " + code + b" OK")
response(b"HTTP/1.1 200 ", 200, "")
response(b"HTTP/1.1 200  ", 200, " ")
response(b"HTTP/1.1 200 Quite OK, thanks", 200, "Quite OK, thanks")
response("HTTP/1.1 200 Größe".encode(), 200, "Größe")
response(b"HTTP/1.1 200 \xe9", 200, "\udce9")
for line in (b"HTTP/1.1  200 OK", b"HTTP/1.1\t200 OK", b" HTTP/1.1 200 OK", b"HTTP/1.1", b"HTTP/1.1 ", b"200 OK",
    b"HTTP/1.1 OK",
             b"GET / HTTP/1.1", b"<html>", b"HTTP/1.1 200 OK\r"):  # fmt: skip
    bad_response(line)
