"""The server seen by curl."""

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest
from server.serving import serve

from aiohttp_core import web

CURL = shutil.which("curl")
pytestmark = pytest.mark.skipif(CURL is None, reason="needs curl")


async def form(request: web.Request) -> web.Response:
    fields = await request.post()
    return web.json_response(
        {name: value.filename if isinstance(value, web.FileField) else value for name, value in fields.items()}
    )


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read(), headers={"X-Method": request.method})


async def compressed(request: web.Request) -> web.Response:
    response = web.Response(text="compress me " * 1000)
    response.enable_compression()
    return response


async def moved(request: web.Request) -> web.Response:
    raise web.HTTPFound("/echo")


def curl(*arguments: str) -> str:
    """What curl prints for ``arguments``, in which PORT is the server's."""

    async def main() -> str:
        app = web.Application(client_max_size=0)
        app.router.add_post("/form", form)
        app.router.add_route("*", "/echo", echo)
        app.router.add_get("/compressed", compressed)
        app.router.add_get("/moved", moved)
        app.router.add_static("/files", Path(__file__).parent)
        async with serve(app) as port:
            process = await asyncio.create_subprocess_exec(
                str(CURL),
                "--silent",
                "--show-error",
                "--max-time",
                "10",
                *[argument.replace("PORT", f"127.0.0.1:{port}") for argument in arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            out, err = await process.communicate()
            assert process.returncode == 0, err
            return out.decode()

    return asyncio.run(main())


def test_forms(tmp_path: Path) -> None:
    """Forms of both kinds, with a file."""
    file = tmp_path / "up.bin"
    file.write_bytes(b"x" * 200_000)
    assert curl("http://PORT/form", "-d", "a=1", "-d", "b=2") == '{"a": "1", "b": "2"}'
    assert curl("http://PORT/form", "-F", "a=1", "-F", f"f=@{file}") == '{"a": "1", "f": "up.bin"}'


def test_upload_with_expect_and_chunks(tmp_path: Path) -> None:
    """Uploads that wait for 100-continue, and ones in chunks."""
    file = tmp_path / "up.bin"
    file.write_text("x" * 2_000_000)
    data = f"@{file}"
    expect = curl("http://PORT/echo", "--data-binary", data, "-H", "Expect: 100-continue", "-w", "%{http_code}")
    assert expect == "x" * 2_000_000 + "200"
    chunked = curl("http://PORT/echo", "--data-binary", data, "-H", "Transfer-Encoding: chunked", "-w", "%{http_code}")
    assert chunked == "x" * 2_000_000 + "200"


def test_compression_redirects_ranges_and_head() -> None:
    """What a browser does: codings, redirects, ranges, HEAD, reuse of the connection."""
    assert curl("--compressed", "http://PORT/compressed") == "compress me " * 1000
    assert curl("-L", "-o", "/dev/null", "-w", "%{http_code} %{num_redirects}", "http://PORT/moved") == "200 1"
    content = Path(__file__).read_text()
    assert curl("-r", "5-20", f"http://PORT/files/{Path(__file__).name}") == content[5:21]
    assert "HTTP/1.1 200 OK" in curl("-I", f"http://PORT/files/{Path(__file__).name}")
    reused = curl("-w", "%{num_connects}\n", "http://PORT/echo", "http://PORT/echo", "http://PORT/echo")
    assert reused.split() == ["1", "0", "0"]
    assert curl("-0", "http://PORT/echo", "-w", "%{http_version}") == "1"
