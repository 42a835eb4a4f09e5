"""Each program of examples/ is run, and says what it should."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ALONE = {
    "demo.py": "hello over a WebSocket",
    "upload_form.py": "{'title': 9, 'picture.png': 100000}",
    "websocket_chat.py": "Bob hears: hello from Ann",
    "server_events.py": "data: event 2",
    "server_middleware.py": "403 {'error': 'not for you'}",
    "server_resources.py": "{'visits': 2}",
    "under_aiohttps_name.py": "aiohttp 3.14.5 is aiohttp_core",
}
WITH_SERVER = {
    "client_get.py": "Hello, world!",
    "client_many.py": "20 answers",
    "client_tracing.py": "-> 200 in",
    "client_middleware.py": "finally 200",
}


def run(name: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", str(EXAMPLES / name), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of the example server, which runs beside the tests."""
    program = (
        "import asyncio, sys\nsys.path.insert(0, sys.argv[1])\nfrom server import make_app\n"
        "from aiohttp_core import web\n"
        "async def main():\n"
        "    runner = web.AppRunner(make_app())\n    await runner.setup()\n"
        "    await web.TCPSite(runner, '127.0.0.1', 0).start()\n"
        "    print(runner.addresses[0][1], flush=True)\n    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", program, str(EXAMPLES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/"
        process.terminate()


def test_all_are_run() -> None:
    """No example is forgotten: each is named by a test, here or among the servers' tests."""
    tests = "".join(path.read_text(encoding="utf-8") for path in EXAMPLES.parent.glob("tests/*/test_*.py"))
    assert not [path.name for path in EXAMPLES.glob("*.py") if path.stem not in tests]


@pytest.mark.parametrize("name", ALONE)
def test_alone(name: str) -> None:
    """The program runs by itself, without a warning."""
    assert ALONE[name] in run(name)


@pytest.mark.parametrize("name", WITH_SERVER)
def test_with_server(name: str, server: str) -> None:
    """The client gets what the example server says."""
    assert WITH_SERVER[name] in run(name, server)


def test_failures_are_told() -> None:
    """The first client says what went wrong when nobody listens."""
    assert "no connection to 127.0.0.1:1" in run("client_get.py", "http://127.0.0.1:1/")


def test_documentation_shows_examples() -> None:
    """The documentation's programs are files of examples/, which the tests run; it holds no other Python."""
    shown = set()
    for page in (EXAMPLES.parent / "docs").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert "```python" not in text, page
        shown |= set(re.findall(r"literalinclude\} \.\./examples/(\S+)", text))
    assert len(shown) > 5
    assert shown <= {path.name for path in EXAMPLES.glob("*.py")}
