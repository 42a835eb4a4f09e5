"""Multipart bodies (boundary ``B``) and their parts, or the error they are."""

from dataclasses import dataclass, field

from aiohttp_core._body.errors import BadPartHead, IncompleteMultipart, MultipartError

Part = tuple[str | None, str | None, bytes]
FIELD = b'Content-Disposition: form-data; name="a"\r\n\r\n'


@dataclass
class Vector:
    name: str
    wire: bytes
    parts: list[Part] = field(default_factory=list)
    error: type[Exception] | None = None
    content_type: str = "multipart/form-data; boundary=B"


MIXED = "multipart/mixed; boundary=B"

VECTORS = [
    Vector("one part", b"--B\r\n" + FIELD + b"hello\r\n--B--\r\n", [("a", None, b"hello")]),
    Vector(
        "two parts",
        b"--B\r\n"
        + FIELD
        + b'hello\r\n--B\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\ny\r\n--B--\r\n',
        [("a", None, b"hello"), ("f", "x", b"y")],
    ),
    Vector("preamble and epilogue", b"pre\r\n--B\r\n" + FIELD + b"hello\r\n--B--\r\nepi", [("a", None, b"hello")]),
    Vector("no line end at the end", b"--B\r\n" + FIELD + b"hello\r\n--B--", [("a", None, b"hello")]),
    Vector("empty part", b"--B\r\n" + FIELD + b"\r\n--B--\r\n", [("a", None, b"")]),
    Vector("part without even an empty line", b"--B\r\n" + FIELD + b"--B--\r\n", [("a", None, b"")]),
    Vector("part without fields", b"--B\r\n\r\nhello\r\n--B--\r\n", [(None, None, b"hello")]),
    Vector("no parts", b"--B--\r\n", []),
    Vector(
        "line ends in the body", b"--B\r\n" + FIELD + b"a\r\nb\rc\n\r\n\r\n--B--\r\n", [("a", None, b"a\r\nb\rc\n\r\n")]
    ),
    Vector(
        "almost a boundary",
        b"--B\r\n" + FIELD + b"a\r\n--\r\n-B\n--B\r--B\r\n--B--\r\n",
        [("a", None, b"a\r\n--\r\n-B\n--B\r--B")],
    ),
    Vector("white space behind boundaries", b"--B \t\r\n" + FIELD + b"x\r\n--B-- \r\n", [("a", None, b"x")]),
    Vector("bare line feed behind the last boundary", b"--B\r\n" + FIELD + b"x\r\n--B--\n", [("a", None, b"x")]),
    Vector("white space at the end", b"--B\r\n" + FIELD + b"x\r\n--B-- \t", [("a", None, b"x")]),
    # RFC 2046 section 5.1.1: others may read such a line as content.
    Vector("last boundary that goes on", b"--B\r\n" + FIELD + b"x\r\n--B--junk", error=MultipartError),
    Vector("last boundary that goes on in a line", b"--B\r\n" + FIELD + b"x\r\n--B--junk\r\n", error=MultipartError),
    Vector("last boundary and words", b"--B\r\n" + FIELD + b"x\r\n--B-- junk\r\n", error=MultipartError),
    Vector("last boundary and a hyphen", b"--B\r\n" + FIELD + b"x\r\n--B---\r\n", error=MultipartError),
    Vector("boundary that goes on", b"--B\r\n" + FIELD + b"he\r\n--Bx\r\n--B--\r\n", error=MultipartError),
    Vector("empty body", b"", error=MultipartError),
    Vector("no boundary", b"junk\r\njunk", error=MultipartError),
    Vector("bare line feeds", b"--B\n" + FIELD + b"x\n--B--\n", error=MultipartError),
    Vector("end in the body", b"--B\r\n" + FIELD + b"hello", error=IncompleteMultipart),
    Vector("end before the boundary's dashes", b"--B\r\n" + FIELD + b"hello\r\n--", error=IncompleteMultipart),
    Vector("end in the boundary line", b"--B\r\n" + FIELD + b"hello\r\n--B", error=IncompleteMultipart),
    Vector("end in the fields", b"--B\r\nContent-Dis", error=IncompleteMultipart),
    Vector("end behind the boundary", b"--B\r\n", error=IncompleteMultipart),
    Vector("field without colon", b"--B\r\nA b\r\n\r\nx\r\n--B--", error=BadPartHead),
    Vector("field without name", b"--B\r\n: b\r\n\r\nx\r\n--B--", error=BadPartHead),
    Vector("space before the colon", b"--B\r\nA : b\r\n\r\nx\r\n--B--", error=BadPartHead),
    Vector("folded field", b"--B\r\nA: b\r\n c\r\n\r\nx\r\n--B--", error=BadPartHead),
    Vector("NUL in a field", b"--B\r\nA: b\x00\r\n\r\nx\r\n--B--", error=BadPartHead),
    Vector("bare CR in a field", b"--B\r\nA: b\rC: d\r\n\r\nx\r\n--B--", error=BadPartHead),
    Vector("bare LF in a field", b"--B\r\nA: b\nC: d\r\n\r\nx\r\n--B--", error=BadPartHead),
    Vector("field name not ASCII", b"--B\r\n\xff: b\r\n\r\nx\r\n--B--", error=BadPartHead),
    Vector(
        "length",
        b"--B\r\nContent-Length: 7\r\n\r\na\r\n--Bx\r\n--B--\r\n",
        [(None, None, b"a\r\n--Bx")],
        content_type=MIXED,
    ),
    Vector(
        "length of nothing", b"--B\r\nContent-Length: 0\r\n\r\n\r\n--B--\r\n", [(None, None, b"")], content_type=MIXED
    ),
    Vector(
        "length too short",
        b"--B\r\nContent-Length: 1\r\n\r\nhello\r\n--B--\r\n",
        error=MultipartError,
        content_type=MIXED,
    ),
    Vector(
        "length too long",
        b"--B\r\nContent-Length: 99\r\n\r\nhello\r\n--B--\r\n",
        error=MultipartError,
        content_type=MIXED,
    ),
    Vector("length in a form", b"--B\r\nContent-Length: 99\r\n\r\nhello\r\n--B--\r\n", [(None, None, b"hello")]),
    *(
        Vector(
            f"length {value!r}",
            b"--B\r\nContent-Length: " + value + b"\r\n\r\nx\r\n--B--",
            error=MultipartError,
            content_type=MIXED,
        )
        for value in (b"+1", b"-1", b"1_0", b"", b"0x1", b"1, 1", "\u0661".encode(), b"1" * 30)
    ),
]
