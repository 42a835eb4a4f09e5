import asyncio
import io
from typing import Any

import pytest
from body.streams import Sink, Source
from multidict import MultiDict

from aiohttp_core._body.body_part import BodyPartReader
from aiohttp_core._body.form import FormData
from aiohttp_core._body.multipart_reader import MultipartReader
from aiohttp_core._body.multipart_writer import MultipartWriter


def multipart(form: FormData) -> str:
    async def main() -> str:
        payload = form()
        assert isinstance(payload, MultipartWriter)
        sink = Sink()
        await payload.write(sink)
        assert payload.size == len(sink.data)
        return sink.data.decode().replace(payload.boundary, "B")

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("fields", "data"),
    [
        ((), ""),
        ({"a": "1", "b": "\xe9 &=+"}, "a=1&b=%C3%A9+%26%3D%2B"),
        ([("a", 1), ("a", 1.5)], "a=1&a=1.5"),
        (MultiDict([("a", "1"), ("a", "2")]), "a=1&a=2"),
        ({"a": ["1", "2"]}, "a=1&a=2"),
        ([["a", "1"]], "a=1"),
    ],
)
def test_urlencoded(fields: Any, data: str) -> None:
    """A form of plain values is urlencoded."""
    form = FormData(fields)
    payload = form()
    assert not form.is_multipart
    assert payload.decode() == data
    assert payload.content_type == "application/x-www-form-urlencoded"


def test_charset() -> None:
    """A charset is used for the values and announced."""
    payload = FormData({"a": "\xe9"}, charset="latin1")()
    assert (payload.decode(), payload.content_type) == ("a=%E9", "application/x-www-form-urlencoded; charset=latin1")


@pytest.mark.parametrize("value", [b"x", bytearray(b"x"), memoryview(b"x")])
def test_octets_with_a_transfer_coding_are_no_file(value: Any) -> None:
    """Octets become a file named as their field, but not where a transfer coding is told for them."""
    form = FormData()
    with pytest.warns(DeprecationWarning, match="In v4, passing bytes"):
        form.add_field("a", value)
    with pytest.warns(DeprecationWarning, match="content_transfer_encoding is deprecated") as caught:
        form.add_field("b", value, content_transfer_encoding="base64")
    assert len(caught) == 1
    sent = multipart(form)
    assert 'name="a"; filename="a"\r\n' in sent
    assert 'name="b"\r\n' in sent


@pytest.mark.parametrize("fields", ["a", [("a",)], [("a", "b", "c")], [3]])
def test_bad_fields(fields: Any) -> None:
    """What is no pair, file or multidict is a TypeError."""
    with pytest.raises(TypeError, match="pairs allowed"):
        FormData(fields)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"value": "v", "content_type": "text/x"}, 'Content-Type: text/x\r\nContent-Disposition: form-data; name="a"'),
        (
            {"value": "v", "filename": "\xe9.txt"},
            (
                "Content-Type: text/plain; charset=utf-8\r\n"
                'Content-Disposition: form-data; name="a"; filename="%C3%A9.txt"'
            ),
        ),
        (
            {"value": io.BytesIO(b"v")},
            'Content-Type: application/octet-stream\r\nContent-Disposition: form-data; name="a"; filename="a"',
        ),
    ],
)
def test_multipart(options: dict[str, Any], part: str) -> None:
    """A file, a file name or a content type makes the form multipart."""
    form = FormData()
    form.add_field("a", **options)
    assert form.is_multipart
    assert multipart(form) == f"--B\r\n{part}\r\n\r\nv\r\n--B--\r\n"


def test_default_to_multipart() -> None:
    """Plain values are sent as multipart when asked for, and the form can be called again."""
    form = FormData({"a": "b"}, default_to_multipart=True)
    assert 'name="a"\r\n\r\nb\r\n' in multipart(form)
    assert form() is form()


@pytest.mark.parametrize(
    ("quote", "text"), [(True, 'name="\xe9\\""; filename="%C3%A9"'), (False, 'name="\xe9\\""; filename="\xe9"')]
)
def test_names_not_ascii(quote: bool, text: str) -> None:
    """A name that is not ASCII goes as UTF-8, as browsers send it, and is read back."""
    form = FormData(quote_fields=quote)
    form.add_field('\xe9"', "v", filename="\xe9")
    data = multipart(form)
    assert f"form-data; {text}\r\n" in data

    async def main() -> str | None:
        part = await MultipartReader(
            {"Content-Type": "multipart/form-data; boundary=B"}, Source([data.encode()])
        ).next()
        assert isinstance(part, BodyPartReader)
        return part.name

    assert asyncio.run(main()) == '\xe9"'


@pytest.mark.parametrize("text", ["a\r\nb", "a\nb", "a\rb", "a\x00b", "a\x01b", "a\x7f"])
@pytest.mark.parametrize("where", ["name", "filename", "content_type", "content_transfer_encoding"])
def test_no_field_injection(where: str, text: str) -> None:
    """CVE-2026-34514, CVE-2026-50269: control characters are a ValueError when the field is added."""
    options = {"name": "a", "value": "v"} | {where: text}
    with pytest.raises(ValueError, match="header injection"):
        FormData().add_field(**options)


@pytest.mark.parametrize("where", ["name", "filename", "content_type", "content_transfer_encoding"])
def test_wrong_types(where: str) -> None:
    """What must be a string and is none is a TypeError."""
    options = {"name": "a", "value": "v"} | {where: 3}
    with pytest.raises(TypeError):
        FormData().add_field(**options)  # type: ignore[arg-type]


def test_deprecations() -> None:
    """Bytes without a file name and a transfer encoding still work, with a warning."""
    form = FormData()
    with pytest.warns(DeprecationWarning, match="passing bytes"):
        form.add_field("a", b"v")
    with pytest.warns(DeprecationWarning, match="content_transfer_encoding"):
        form.add_field("b", "v", content_transfer_encoding="base64")
    assert 'name="a"; filename="a"' in multipart(form)


def test_value_that_cannot_be_sent() -> None:
    """A value that no payload can be made of is a TypeError when the form is called."""
    form = FormData()
    form.add_field("a", 3, filename="x")
    with pytest.raises(TypeError, match="Can not serialize"):
        form()
