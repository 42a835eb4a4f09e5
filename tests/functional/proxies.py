"""Proxies for the client's tests: a small one of our own, and proxy.py as a process where it is installed."""

from __future__ import annotations

import asyncio
import importlib.util
import pathlib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from functional.client_servers import ok, read_body


class Proxy:
    """Absolute-form requests and CONNECT; asks for credentials where told to.

    ``forwards`` sends plain requests on to where they go, else they are answered here. ``tunnel_answer`` is what
    CONNECT gets instead of a tunnel, ``b""`` for no answer at all; ``established`` is what it gets before one.
    """

    def __init__(
        self,
        credentials: str | None = None,
        *,
        forwards: bool = False,
        tunnel_answer: bytes | None = None,
        established: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n",
    ) -> None:
        self.credentials = credentials
        self.forwards = forwards
        self.tunnel_answer = tunnel_answer
        self.established = established
        self.heads: list[bytes] = []
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            self.heads.append(head)
            method, target, _ = head.split(b"\r\n")[0].split(b" ")
            if self.credentials and f"Proxy-Authorization: {self.credentials}".encode() not in head:
                writer.write(ok(b"", "Proxy-Authenticate: Basic", status="407 Proxy Authentication Required"))
                await writer.drain()
                return
            if method == b"CONNECT":
                if self.tunnel_answer is None:
                    host, _, port = target.decode().partition(":")
                    far = await asyncio.open_connection(host, int(port))
                    writer.write(self.established)
                    await join((reader, writer), far)
                elif self.tunnel_answer:
                    writer.write(self.tunnel_answer)
                    await writer.drain()
                else:
                    await reader.read()
                return
            if self.forwards:
                _, _, authority, *path = target.decode().split("/", 3)
                host, _, port = authority.partition(":")
                far = await asyncio.open_connection(host, int(port))
                origin_form = b"%b /%b HTTP/1.1\r\n" % (method, "".join(path).encode())
                far[1].write(origin_form + head.partition(b"\r\n")[2])
                await join((reader, writer), far)
                return
            await read_body(reader, head)
            writer.write(ok(b"proxied " + target))
            await writer.drain()


async def join(
    near: tuple[asyncio.StreamReader, asyncio.StreamWriter], far: tuple[asyncio.StreamReader, asyncio.StreamWriter]
) -> None:
    """Carry octets both ways until both ends are closed."""

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
        finally:
            sink.close()

    await asyncio.gather(pump(near[0], far[1]), pump(far[0], near[1]), return_exceptions=True)


@contextmanager
def proxy_py(folder: pathlib.Path, *arguments: str) -> Iterator[int]:
    """proxy.py on a port of 127.0.0.1; skips the test where it is not installed."""
    if importlib.util.find_spec("proxy") is None:
        pytest.skip("the package proxy.py is not installed")
    port_file = folder / "port"
    command = [sys.executable, "-m", "proxy", "--hostname", "127.0.0.1", "--port", "0", "--port-file", str(port_file)]
    command += ["--num-acceptors", "1", "--num-workers", "1", "--log-level", "ERROR", "--data-dir", str(folder)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, *arguments], stdout=log, stderr=subprocess.STDOUT)
        try:
            yield _port(port_file, process, folder / "log")
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _port(port_file: pathlib.Path, process: subprocess.Popen[bytes], log: pathlib.Path) -> int:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"proxy.py ended: {log.read_text()}")
        # It writes the file once it listens; there is nothing else to wait for.
        if port_file.exists() and (text := port_file.read_text().strip()):
            return int(text)
        time.sleep(0.05)
    raise AssertionError(f"proxy.py does not listen: {log.read_text()}")
