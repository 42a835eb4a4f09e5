"""Each program of examples/ is run, and says what it should."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

import aiohttp_core
from aiohttp_core import test_utils, web

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PAGES = [page for page in (EXAMPLES.parent / "docs").rglob("*.md") if "_build" not in page.parts]
ALONE = {
    "client_cookies.py": "from the file: {'session': 's3cr3t'}\nwithout a jar: {}",
    "client_proxy.py": "http://example.invalid/page for Basic bWU6c2VjcmV0\nhttp://example.invalid/page for nobody",
    "client_timeouts.py": "nothing came for too long\nall in all it took too long",
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

SLOW_STEP = re.compile(r"Executing <.*> took [0-9.]+ seconds$")
SERVE = """
import asyncio, sys
{imports}
sys.path.insert(0, sys.argv[1])
from server import make_app
from aiohttp_core import web

async def main():
    {before}
    runner = web.AppRunner(make_app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0{site}).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
CONTEXT = "context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH); context.load_cert_chain(sys.argv[2])"


@contextmanager
def serving(program: str, *arguments: str) -> Iterator[int]:
    """The port at which a process serves the example server."""
    command = [sys.executable, "-c", program, str(EXAMPLES), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def run(name: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", str(EXAMPLES / name), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # In development mode asyncio reports steps that took long: that is the machine's load, not the program's doing.
    assert not [line for line in done.stderr.splitlines() if not SLOW_STEP.match(line)]
    return done.stdout


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of the example server, which runs beside the tests."""
    with serving(SERVE.format(imports="", before="", site="")) as port:
        yield f"http://127.0.0.1:{port}/"


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


def test_download(server: str, tmp_path: Path) -> None:
    """A streamed download is written to a file, and sent back in pieces."""
    said = run("client_download.py", server, str(tmp_path / "file"))
    assert said == "downloaded 1000000\nthe server got 1000000 octets\n"
    assert (tmp_path / "file").stat().st_size == 1_000_000


def test_tls(tmp_path: Path) -> None:
    """A server of an authority of one's own is refused, then trusted by that authority, then by its fingerprint."""
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    issued.private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
    issued.cert_chain_pems[0].write_to_path(tmp_path / "certificate.pem")
    program = SERVE.format(imports="import ssl", site=", ssl_context=context", before=CONTEXT)
    with serving(program, str(tmp_path / "server.pem")) as port:
        files = (str(tmp_path / "ca.pem"), str(tmp_path / "certificate.pem"))
        said = run("client_tls.py", f"https://127.0.0.1:{port}/", *files)
    assert said.splitlines() == [
        "not trusted by the system: SSLCertVerificationError",
        "trusted: 200",
        "pinned: 200",
        "another certificate than the pinned one",
    ]


def test_tests_with_pytest() -> None:
    """The example of tests passes under pytest with our plugin."""
    options = ("-q", "-p", "aiohttp_core.pytest_plugin", "-p", "no:cacheprovider", "-W", "error")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(EXAMPLES / "testing_with_pytest.py")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "3 passed" in done.stdout, done.stdout


def test_tests_with_unittest() -> None:
    """The example of tests passes under unittest."""
    command = [sys.executable, "-W", "error", str(EXAMPLES / "testing_with_unittest.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "Ran 1 test" in done.stderr


def test_failures_are_told() -> None:
    """The first client says what went wrong when nobody listens."""
    assert "no connection to 127.0.0.1:1" in run("client_get.py", "http://127.0.0.1:1/")


def test_documentation_shows_examples() -> None:
    """The documentation's programs are files of examples/, which the tests run; it holds no other Python."""
    shown = set()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert "```python" not in text, page
        assert not re.search(r"code-block\}? ?(::)? (python|py|pycon)", text), page
        shown |= set(re.findall(r"literalinclude\} \.\./examples/(\S+)", text))
    assert shown >= {path.name for path in EXAMPLES.glob("*.py")} - {"demo.py"}
    assert shown <= {path.name for path in EXAMPLES.glob("*.py")}


def test_documentation_has_every_name() -> None:
    """Each public name of the package, of web, abc and test_utils stands on one page of the reference."""
    reference = "".join(page.read_text(encoding="utf-8") for page in PAGES if page.parent.name == "api")
    documented = re.findall(r"^\.\. auto\w+:: (\S+)$", reference, re.MULTILINE)
    assert len(documented) == len(set(documented))
    short = {name.rpartition(".")[2] for name in documented}
    told = {"hdrs", "GunicornWebWorker", "GunicornUVLoopWebWorker", "__version__", "TYPE_CHECKING", "REUSE_ADDRESS"}
    for module in (aiohttp_core, web, aiohttp_core.abc):
        assert not set(module.__all__) - short - told, module
    ours = {name for name in test_utils.__all__ if "._testing" in getattr(getattr(test_utils, name), "__module__", "")}
    assert not ours - short
