"""Content-Disposition fields and what they mean: (field, type, parameters, kinds of warning)."""

from aiohttp_core._semantics.content_disposition import BadContentDispositionHeader, BadContentDispositionParam

HEADER = (BadContentDispositionHeader,)
PARAM = (BadContentDispositionParam,)
Vector = tuple[str, str | None, dict[str, str], tuple[type[Warning], ...]]

VECTORS: list[Vector] = [
    ("", None, {}, ()),
    ("inline", "inline", {}, ()),
    ('"inline"', None, {}, HEADER),
    ("ATTACHMENT; FileName=X", "attachment", {"filename": "X"}, ()),
    ('attachment; filename="foo.html"', "attachment", {"filename": "foo.html"}, ()),
    ('attachment; filename="foo\\"bar.html"', "attachment", {"filename": 'foo"bar.html'}, ()),
    ('attachment; filename="foo;bar.html"', "attachment", {"filename": "foo;bar.html"}, ()),
    ("attachment; filename=foo,bar.html", None, {}, HEADER),
    ("attachment; filename=foo bar.html", None, {}, HEADER),
    ("attachment; filename=foo.html ;", None, {}, HEADER),
    ('attachment;filename="x";', "attachment", {"filename": "x"}, HEADER),
    ("attachment; filename=foo.html;", "attachment", {"filename": "foo.html"}, HEADER),
    ("attachment; filename=foo.html; x=y;;", "attachment", {"filename": "foo.html", "x": "y"}, HEADER),
    ("attachment; filename*=UTF-8''foo;", "attachment", {"filename*": "foo"}, HEADER),
    ("attachment;", "attachment", {}, HEADER),
    ("attachment;;", "attachment", {}, HEADER),
    ("attachment; ", None, {}, HEADER),
    ("attachment; filename=a;b.txt", None, {}, HEADER),
    ("attachment; ;filename=foo", None, {}, HEADER),
    ('attachment; filename="a"; filename="b"', None, {}, HEADER),
    ("attachment;filename=", None, {}, HEADER),
    ("attachment; filename=foo[1](2).html", None, {}, HEADER),
    ("attachment; filename=foo-\xe4.html", None, {}, HEADER),
    ("attachment; filename*=UTF-8''foo-%c3%a4.html", "attachment", {"filename*": "foo-\xe4.html"}, ()),
    ("attachment; filename*=iso-8859-1''foo-%E4.html", "attachment", {"filename*": "foo-\xe4.html"}, ()),
    ("attachment; filename*=''foo", "attachment", {"filename*": "foo"}, ()),
    ("attachment; filename*= UTF-8''foo", "attachment", {"filename*": "foo"}, ()),
    ("attachment; filename*=UTF-8'en'x", "attachment", {"filename*": "x"}, ()),
    ("attachment; filename*=\"UTF-8''foo\"", "attachment", {}, PARAM),
    ("attachment; filename *=UTF-8''foo", "attachment", {}, PARAM),
    ("attachment; filename*=foo-\xe4", "attachment", {}, PARAM),
    ("attachment; filename*=nonsense''%41", "attachment", {}, PARAM),
    (
        'attachment; filename*0="foo."; filename*1="html"',
        "attachment",
        {"filename*0": "foo.", "filename*1": "html"},
        (),
    ),
    ("filename=foo.html", None, {}, HEADER),
    ("foo; filename=bar", "foo", {"filename": "bar"}, ()),
    ('form-data; name="a"; filename="C:\\foo\\bar.txt"', "form-data", {"name": "a", "filename": "C:foobar.txt"}, ()),
    ('form-data; name="a"; filename="\\\\x"', "form-data", {"name": "a", "filename": "x"}, ()),
    ('form-data; name="a"; filename="dir\\"', "form-data", {"name": "a", "filename": "dir\\"}, ()),
    ('attachment; filename="unclosed', None, {}, HEADER),
    ('attachment; filename="a" b', None, {}, HEADER),
    ("attachment, inline", None, {}, HEADER),
    ('form-data; name="na;me"; filename="a;b;c"', "form-data", {"name": "na;me", "filename": "a;b;c"}, ()),
    ('form-data ; name = "a"', "form-data", {"name": "a"}, ()),
    ('form-data; name="\xff"', "form-data", {"name": "\xff"}, ()),
]
