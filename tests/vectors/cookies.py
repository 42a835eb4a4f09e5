"""Cookie and Set-Cookie fields and what they mean."""

COOKIE: list[tuple[str, list[tuple[str, str, str]], list[str]]] = [
    # field, (name, value, coded value) in order, rejected names
    ("a=1; b=2", [("a", "1", "1"), ("b", "2", "2")], []),
    ("a=1;b=2", [("a", "1", "1"), ("b", "2", "2")], []),
    ('a="x y"; b', [("a", "x y", '"x y"'), ("b", "", "")], []),
    ('a="x;y"; b=1', [("a", "x;y", '"x;y"'), ("b", "1", "1")], []),
    ('a="q\\";x"; c=1', [("a", 'q";x', '"q\\";x"'), ("c", "1", "1")], []),
    ('a="\\303\\251"', [("a", "\xc3\xa9", '"\\303\\251"')], []),
    ('a="unterminated; b=2', [("a", '"unterminated', '"unterminated'), ("b", "2", "2")], []),
    ('a="x"y; b=1', [("a", '"x"y', '"x"y'), ("b", "1", "1")], []),
    ("=v; a=1", [("a", "1", "1")], [""]),
    ("; ;a=1;;", [("a", "1", "1")], []),
    ("a=b=c==", [("a", "b=c==", "b=c==")], []),
    ("path=1; HttpOnly; $Version=1", [("path", "1", "1"), ("HttpOnly", "", ""), ("$Version", "1", "1")], []),
    ("a=1; a=2", [("a", "1", "1"), ("a", "2", "2")], []),
    ("a,b=1; c=2", [("c", "2", "2")], ["a,b"]),
    ("a b=1; c=2", [("c", "2", "2")], ["a b"]),
    ('a={"x": 1}; c=2', [("a", '{"x": 1}', '{"x": 1}'), ("c", "2", "2")], []),
    ("\xe9=1; c=\xe9", [("c", "\xe9", "\xe9")], ["\xe9"]),
    ("a[b]=1; c:d=2; e/f=3", [("a[b]", "1", "1"), ("c:d", "2", "2"), ("e/f", "3", "3")], []),
    ("a=\x01; b\x00=1; c=1", [("c", "1", "1")], ["a", "b\x00"]),
    ("", [], []),
]

SET_COOKIE: list[tuple[str, tuple[str, str, dict[str, object]] | None]] = [
    # field, (name, value, attributes) or None where it is left out
    ("a=1", ("a", "1", {})),
    ("a=1; Path=/; HttpOnly; Secure", ("a", "1", {"path": "/", "httponly": True, "secure": True})),
    (
        "a=1; Expires=Wed, 09 Jun 2021 10:18:14 GMT; Max-Age=3",
        ("a", "1", {"expires": "Wed, 09 Jun 2021 10:18:14 GMT", "max-age": "3"}),
    ),
    ('a="x;y"; path=/', ("a", "x;y", {"path": "/"})),
    ("=v", None),
    ("a", None),
    ("a b=1", None),
    ("\xe9=1", None),
    ("a=1\r\nb=2", None),
    ("a=1; unknown=2; b=3; path=/", ("a", "1", {"path": "/"})),
    ("a=1, b=2", ("a", "1, b=2", {})),
    ('a=x"y"; path=z"', ("a", 'x"y"', {"path": 'z"'})),
    (
        "a=1;PATH=/; Max-age=3;\tsecure ; Domain = x",
        ("a", "1", {"path": "/", "max-age": "3", "secure": True, "domain": "x"}),
    ),
    ("a=1; Path=/a; Path=/b", ("a", "1", {"path": "/b"})),
    ("a=1; Path=; Secure=x", ("a", "1", {"secure": True})),
    ('a=1; version=1; comment="c c"', ("a", "1", {"version": "1", "comment": "c c"})),
    ("path=/; a=1", ("path", "/", {})),
    ("a[b]=1;samesite=Lax", ("a[b]", "1", {"samesite": "Lax"})),
    ('a="unterminated; path=/', ("a", '"unterminated', {"path": "/"})),
    ("a=" + "x" * 4095, ("a", "x" * 4095, {})),
    ("a=" + "x" * 4096, None),
    ("a=1; path=" + "x" * 1025, ("a", "1", {})),
]
