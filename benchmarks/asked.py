"""What servers are asked, and what they must answer: the same for every framework."""

from __future__ import annotations

PLAIN = "Hello, World!"
DOCUMENT = {"message": PLAIN, "numbers": [1, 2, 3]}
LARGE = b"x" * 999_979 + b" and that is the end."
STREAMED = b"x" * 100
PIECES = 100
ROUTES = 500
MAX_BODY = 2**24

BROWSER_FIELDS = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Referer": "http://127.0.0.1:8080/somewhere/else?and=back",
    "Connection": "keep-alive",
    "Cookie": "session=0123456789abcdef0123456789abcdef; theme=dark; _ga=GA1.1.123456789.1700000000; consent=yes",
    "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-User": "?1",
    "Priority": "u=0, i",
    "Cache-Control": "max-age=0",
}
HOST = {"Host": "127.0.0.1:8080"}
BOUNDARY = "d74496d66958873e"


def multipart_body(size: int) -> bytes:
    """A form with a text field and a file of ``size`` octets."""
    field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="title"\r\n\r\nA file\r\n'
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="data.bin"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    octets = (bytes(range(256)) * (size // 256 + 1))[:size]
    return field.encode() + head.encode() + octets + f"\r\n--{BOUNDARY}--\r\n".encode()


def request(target: str, fields: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """A request's octets; with a body it is a POST."""
    method = "POST" if body else "GET"
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in {**HOST, **(fields or {})}.items())]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def dechunked(octets: bytes) -> bytes:
    """The content of a chunked body."""
    content = b""
    while octets:
        size, _, octets = octets.partition(b"\r\n")
        content += octets[: int(size, 16)]
        octets = octets[int(size, 16) + 2 :]
    return content


UPLOAD = 10_000_000
UPLOAD_BODY = multipart_body(UPLOAD)
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
OCTETS = {"Content-Type": "application/octet-stream"}
TEXT = PLAIN.encode()
POST_1K, POST_10K = b"x" * 1013 + b"end of body", b"x" * 10229 + b"end of body"

SMALL = b'{"message": "Hello, World!"}'
COOKIES = {f"cookie{number}": "0123456789abcdef" for number in range(5)}
STREAM = 200_000_000
JSON = {"name": "a name", "values": list(range(20)), "nested": {"key": "value"}}
