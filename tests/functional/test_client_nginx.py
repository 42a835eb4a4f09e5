"""The client against nginx as the origin; skipped where nginx is not installed."""

from __future__ import annotations

import gzip
import io
import os
import pathlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest
from functional.client_servers import loop_name, run

from aiohttp_core import ClientSession

__all__ = ["loop_name"]

BIG = bytes(range(256)) * 4096
TEXT = b"some text that compresses well\n" * 1000

CONFIGURATION = """
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    types {{ text/plain txt; }}
    server {{
        listen 127.0.0.1:{port};
        root {folder}/root;
        keepalive_requests 5;
        location /zipped/ {{ alias {folder}/root/; gzip on; gzip_types text/plain; gzip_min_length 1; }}
        location /status/ {{ return 418 "teapot"; }}
        location /away/ {{ return 301 /big.bin; }}
    }}
}}
"""


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("nginx")
    # Started by root, it would read the files as another user, who may not.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "root").mkdir()
    (folder / "root" / "big.bin").write_bytes(BIG)
    (folder / "root" / "text.txt").write_bytes(TEXT)
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    (folder / "conf").write_text(CONFIGURATION.format(folder=folder, port=port, user=user))
    process = subprocess.Popen(
        ["nginx", "-p", str(folder), "-c", str(folder / "conf")], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        _wait(process, port, folder)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=15)


def _wait(process: subprocess.Popen[bytes], port: int, folder: pathlib.Path) -> None:
    until = time.monotonic() + 15
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise AssertionError((folder / "error.log").read_text()) from None
            time.sleep(0.05)


def test_files(loop_name: str, origin: str) -> None:
    """Files come whole, in ranges and not at all where they are known already; each answer keeps its connection."""

    async def main() -> None:
        async with ClientSession() as session:
            async with session.get(origin + "/big.bin") as response:
                assert await response.read() == BIG
                assert response.content_length == len(BIG)
                etag = response.headers["ETag"]
            async with session.get(origin + "/big.bin", headers={"Range": "bytes=10-19"}) as response:
                assert (response.status, await response.read()) == (206, BIG[10:20])
                assert response.headers["Content-Range"] == f"bytes 10-19/{len(BIG)}"
            async with session.get(origin + "/big.bin", headers={"If-None-Match": etag}) as response:
                assert (response.status, await response.read()) == (304, b"")
            async with session.head(origin + "/big.bin") as response:
                assert (response.content_length, await response.read()) == (len(BIG), b"")
            async with session.get(origin + "/big.bin", headers={"Range": "bytes=0-1,4-5"}) as response:
                assert response.content_type == "multipart/byteranges"
                assert b"bytes 4-5/" in await response.read()

    run(loop_name, main())


def test_codings_and_framing(loop_name: str, origin: str) -> None:
    """gzip comes in chunks and is decoded, or left alone where that was asked for."""

    async def main() -> None:
        async with ClientSession() as session:
            async with session.get(origin + "/zipped/text.txt") as response:
                assert response.headers["Content-Encoding"] == "gzip"
                assert response.headers["Transfer-Encoding"] == "chunked"
                assert await response.read() == TEXT
            async with session.get(origin + "/zipped/text.txt", auto_decompress=False) as response:
                assert gzip.decompress(await response.read()) == TEXT

    run(loop_name, main())


def test_connections_come_and_go(loop_name: str, origin: str) -> None:
    """nginx closes a connection after some requests: none fails for it, whatever their answer."""

    async def main() -> None:
        async with ClientSession() as session:
            for number in range(30):
                path, status = (("/text.txt", 200), ("/status/", 418), ("/none", 404), ("/away/", 200))[number % 4]
                async with session.get(origin + path) as response:
                    assert response.status == status
                    assert await response.read()
            assert session.connector is not None
            assert session.connector._available_connections(None) == 100

    run(loop_name, main())


def test_refused_upload(loop_name: str, origin: str) -> None:
    """An upload that nginx refuses before it has it all still gives nginx's answer."""

    async def main() -> None:
        async with ClientSession() as session:
            for data in (b"small", io.BytesIO(BIG + BIG)):
                async with session.put(origin + "/text.txt", data=data) as response:
                    assert response.status in (405, 413)
                    assert b"nginx" in await response.read()

    run(loop_name, main())
