"""Servers as real processes: signals, the command line, Gunicorn, and the examples."""

import json
import os
import signal
import socket
import ssl
import sys
import time
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
import trustme
from functional.server_process import ROOT, fetch, program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")

RUNNING = r"Running on http://[^:]+:(\d+)"
SLOW = """
import asyncio, sys
from aiohttp_core import web

async def slow(request):
    print("began x", flush=True)
    try:
        await asyncio.sleep(float(request.match_info["seconds"]))
    finally:
        print("ended x", flush=True)
    return web.Response(text="slow")

async def cleanup(app):
    print("cleaned x", flush=True)

def make(argv=None):
    app = web.Application()
    app.router.add_get("/{seconds}", slow)
    app.on_cleanup.append(cleanup)
    return app

async def amake():
    return make()

application = make()
if __name__ == "__main__":
    web.run_app(make(), host="127.0.0.1", port=0, shutdown_timeout=float(sys.argv[1]))
"""


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    (tmp_path / "slow.py").write_text(SLOW)
    return tmp_path


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), 10)


def rest(sock: socket.socket) -> bytes:
    received = b""
    with sock:
        while True:
            try:
                data = sock.recv(65536)
            except ConnectionResetError:
                return received
            if not data:
                return received
            received += data


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_graceful_end(slow: Path, number: int) -> None:
    """After a signal nothing new is taken, what is in flight is answered, and clean-up runs; the exit is clean."""
    with program("slow.py", "10", cwd=slow) as server:
        port = int(server.wait_for(RUNNING))
        idle, busy = connect(port), connect(port)
        busy.sendall(b"GET /0.5 HTTP/1.1\r\nHost: a\r\n\r\n")
        server.wait_for("(began)")
        server.signal(number)
        assert rest(idle) == b""
        with pytest.raises(OSError):
            connect(port)
        answer = rest(busy)
        assert answer.endswith(b"slow")
        assert b"Connection: close" in answer
        assert server.finish() == 0
        assert server.output.index("ended") < server.output.index("cleaned")


def test_end_after_timeout(slow: Path) -> None:
    """A request that takes longer than shutdown_timeout is cancelled, and clean-up runs."""
    with program("slow.py", "0.2", cwd=slow) as server:
        busy = connect(int(server.wait_for(RUNNING)))
        busy.sendall(b"GET /60 HTTP/1.1\r\nHost: a\r\n\r\n")
        server.wait_for("(began)")
        start = time.monotonic()
        server.signal(signal.SIGTERM)
        assert rest(busy) == b""
        assert server.finish() == 0
        assert time.monotonic() - start < 5
        assert server.output.index("ended") < server.output.index("cleaned")
        assert "Traceback" not in server.output


def test_second_signal(slow: Path) -> None:
    """A second signal ends the server at once, whatever is in flight."""
    with program("slow.py", "60", cwd=slow) as server:
        busy = connect(int(server.wait_for(RUNNING)))
        busy.sendall(b"GET /60 HTTP/1.1\r\nHost: a\r\n\r\n")
        server.wait_for("(began)")
        start = time.monotonic()
        server.signal(signal.SIGTERM)
        while True:
            try:
                connect(int(busy.getpeername()[1])).close()
            except OSError:
                break
        server.signal(signal.SIGTERM)
        server.finish()
        assert time.monotonic() - start < 10
        busy.close()


def test_command_line(slow: Path) -> None:
    """``python -m aiohttp_core.web`` serves what a function returns, at a Unix socket too."""
    path = slow / "sock"
    with program("-m", "aiohttp_core.web", "-U", str(path), "slow:make", cwd=slow) as server:
        server.wait_for("(Running on)")
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(str(path))
            sock.sendall(b"GET /0 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            assert rest(sock).endswith(b"slow")
        server.signal(signal.SIGINT)
        assert server.finish() == 0
    for entry in ("slow", "nope:make", "slow:nope", ".slow:make"):
        with program("-m", "aiohttp_core.web", entry, cwd=slow) as server:
            assert server.finish() == 2
            assert "error:" in server.output


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@pytest.mark.parametrize(
    ("worker", "entry"),
    [
        ("GunicornWebWorker", "slow:application"),
        ("GunicornWebWorker", "slow:amake"),
        ("GunicornUVLoopWebWorker", "slow:make"),
    ],
)
def test_gunicorn(slow: Path, worker: str, entry: str) -> None:
    """Under Gunicorn the workers serve, end gracefully, and leave the arbiter with a clean exit."""
    pytest.importorskip("gunicorn", reason="Gunicorn is in the environment of `make downstream`")
    if "UVLoop" in worker:
        pytest.importorskip("uvloop")
    port = free_port()
    arguments = ["-m", "gunicorn", entry, "--bind", f"127.0.0.1:{port}", "--graceful-timeout", "10"]
    arguments += ["--worker-class", f"aiohttp_core._server.gunicorn_worker.{worker}", "--access-logfile", "-"]
    with program(*arguments, cwd=slow) as server:
        server.wait_for("(Booting worker)")
        assert fetch(port, "/0") == (200, b"slow")
        server.wait_for("(GET /0 HTTP/1.1)")
        busy = connect(port)
        busy.sendall(b"GET /0.3 HTTP/1.1\r\nHost: a\r\n\r\n")
        server.wait_for("(began)")
        server.signal(signal.SIGTERM)
        assert rest(busy).endswith(b"slow")
        assert server.finish() == 0
        assert "cleaned" in server.output
        assert "Traceback" not in server.output


def test_gunicorn_with_tls(slow: Path) -> None:
    """Gunicorn's certificate options make the worker serve TLS."""
    pytest.importorskip("gunicorn", reason="Gunicorn is in the environment of `make downstream`")
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    certificate.private_key_pem.write_to_path(str(slow / "key.pem"))
    certificate.cert_chain_pems[0].write_to_path(str(slow / "cert.pem"))
    port = free_port()
    arguments = ["-m", "gunicorn", "slow:application", "--bind", f"127.0.0.1:{port}"]
    arguments += ["--worker-class", "aiohttp_core._server.gunicorn_worker.GunicornWebWorker"]
    arguments += ["--certfile", "cert.pem", "--keyfile", "key.pem"]
    with program(*arguments, cwd=slow) as server:
        server.wait_for("(Booting worker)")
        context = ssl.create_default_context()
        authority.configure_trust(context)
        with context.wrap_socket(connect(port), server_hostname="localhost") as sock:
            sock.sendall(b"GET /0 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            received = b""
            while data := sock.recv(65536):
                received += data
        assert received.endswith(b"slow")
        server.signal(signal.SIGTERM)
        assert server.finish() == 0


def example(name: str) -> str:
    return str(ROOT / "examples" / name)


def test_example_hello() -> None:
    """The greeting greets."""
    with program(example("server_hello.py"), "0") as server:
        port = int(server.wait_for(RUNNING))
        assert fetch(port) == (200, b"Hello, Anonymous")
        assert fetch(port, "/You") == (200, b"Hello, You")


def test_example_decorators() -> None:
    """The decorated routes and the view work together."""
    with program(example("server_decorators.py"), "0") as server:
        port = int(server.wait_for(RUNNING))
        assert fetch(port, "/items", "POST", b"second")[0] == 303
        assert fetch(port, "/items/1") == (200, b"second")
        assert fetch(port, "/items/1", "DELETE")[0] == 204
        assert fetch(port, "/items/1")[0] == 404
        assert fetch(port) == (200, b'["first"]')


def test_example_static() -> None:
    """The directory of examples is shown, and its files are served."""
    with program(example("server_static.py"), "0") as server:
        port = int(server.wait_for(RUNNING))
        assert b"server_static.py" in fetch(port, "/files/")[1]
        assert fetch(port, "/files/server_hello.py") == (200, Path(example("server_hello.py")).read_bytes())


def test_example_upload() -> None:
    """A file is taken by the form and as a stream."""
    content = os.urandom(300_000)
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n' + content + b"\r\n--b--\r\n"
    digest = sha256(content).hexdigest()
    with program(example("server_upload.py"), "0") as server:
        port = int(server.wait_for(RUNNING))
        status, answer = fetch(port, "/upload", "POST", body, "Content-Type: multipart/form-data; boundary=b")
        assert (status, json.loads(answer)["sha256"]) == (200, digest)
        assert json.loads(fetch(port, "/stream", "POST", content)[1]) == {"size": 300_000, "sha256": digest}
        assert fetch(port, "/upload", "POST", b"x")[0] == 400


def test_example_chat() -> None:
    """What one chatter says all hear, and at the end they are told."""
    with program(example("server_chat.py"), "0") as server:
        port = int(server.wait_for(RUNNING))
        sockets = [connect(port), connect(port)]
        for sock in sockets:
            key = b64encode(os.urandom(16)).decode()
            sock.sendall(
                f"GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
            )
            received = b""
            while b"\r\n\r\n" not in received:
                received += sock.recv(1)
            assert received.startswith(b"HTTP/1.1 101 ")
        sockets[0].sendall(b"\x81\x82\0\0\0\0hi")
        for sock in sockets:
            assert sock.recv(4, socket.MSG_WAITALL) == b"\x81\x02hi"
        server.signal(signal.SIGTERM)
        for sock in sockets:
            head = sock.recv(4, socket.MSG_WAITALL)
            assert (head[0], head[2:]) == (0x88, (1001).to_bytes(2, "big"))
            # The answer to the close frame, masked.
            sock.sendall(b"\x88\x82\0\0\0\0\x03\xe9")
            sock.close()
        assert server.finish() == 0


def test_example_background() -> None:
    """The background task runs with the application and is stopped with it."""
    with program(example("server_background.py"), "0") as server:
        port = int(server.wait_for(RUNNING))
        first = int(fetch(port)[1])
        while int(fetch(port)[1]) <= first:
            pass
        server.signal(signal.SIGTERM)
        assert server.finish() == 0
        assert "stopped ticking" in server.output
