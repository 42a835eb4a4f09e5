"""What type checkers say of a user's program, under our name and under aiohttp's. (pyright: `make pyright`.)"""

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import aiohttp_core

PROGRAM = Path(__file__).with_name("user_program.py")
ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="mypy is not installed")


def complaints(program: Path, cache: Path, *folders: Path) -> list[str]:
    """What mypy --strict says, which finds what ``folders`` hold."""
    command = [sys.executable, "-m", "mypy", "--strict", "--python-version", "3.11", "--cache-dir", str(cache)]
    command += ["--follow-imports=silent"]  # what we think of our own files is `make types`
    package = Path(aiohttp_core.__file__).parents[1]
    # An editable install is a finder, which mypy does not run; a real one it finds by itself.
    path = [str(folder) for folder in (*folders, *([] if package.name == "site-packages" else [package]))]
    done = subprocess.run(
        [*command, str(program)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=cache,
        env={**os.environ, "MYPYPATH": os.pathsep.join(path)},
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout.splitlines()[:-1]


def test_mypy(tmp_path: Path) -> None:
    """mypy --strict has nothing to say of a program that uses the public names."""
    assert not complaints(PROGRAM, tmp_path)


def test_mypy_under_aiohttps_name(tmp_path: Path) -> None:
    """Nor of the same program written for aiohttp, where the wheel of that name is installed."""
    command = [sys.executable, str(ROOT / "shim" / "make_wheel.py"), str(tmp_path)]
    subprocess.run(command, check=True, timeout=60, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.read_text(encoding="utf-8").replace("aiohttp_core", "aiohttp"), encoding="utf-8")
    assert not complaints(program, tmp_path, tmp_path / "site")


WRONG = """
from aiohttp_core import ClientSession, TraceConfig, request, web
from aiohttp_core.test_utils import TestClient

routes = web.RouteTableDef()
app = web.Application()


async def on_startup(app: int) -> None: ...


async def on_request_start(session: ClientSession, context: int, params: str) -> None: ...


async def main(session: ClientSession, client: TestClient[web.Request, web.Application]) -> None:
    session.get("/", header={})  # wrong
    session.post("/", timeout="1")  # wrong
    session.request("GET", "/", allow_redirect=False)  # wrong
    session.head("/", allow_redirects="no")  # wrong
    session.ws_connect("/", hearbeat=3)  # wrong
    request("GET", "/", json={}, foo=1)  # wrong
    client.get("/", params=1)  # wrong
    client.ws_connect("/", autoping="no")  # wrong
    session.get("/", timeout=None, params={"a": 1}, headers=[("a", "b")], ssl=False)
    session.put("/", data=b"", allow_redirects=False, compress="gzip")


app.on_startup.append(on_startup)  # wrong
TraceConfig().on_request_start.append(on_request_start)  # wrong
routes.get("/")(len)  # wrong
web.json_response({}, headers=5)  # wrong
"""


def test_what_is_wrong(tmp_path: Path) -> None:
    """mypy tells of options that there are not, of values of another type, and of callbacks that cannot be called."""
    program = tmp_path / "wrong.py"
    program.write_text(WRONG, encoding="utf-8")
    told = {int(line.split(":")[1]) for line in complaints(program, tmp_path) if ": error:" in line}
    assert told == {number for number, line in enumerate(WRONG.splitlines(), 1) if line.endswith("# wrong")}
