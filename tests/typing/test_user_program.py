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


def check(program: Path, cache: Path, *folders: Path) -> None:
    """Run mypy --strict, which finds what ``folders`` hold, and must have nothing to say."""
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
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy(tmp_path: Path) -> None:
    """mypy --strict has nothing to say of a program that uses the public names."""
    check(PROGRAM, tmp_path)


def test_mypy_under_aiohttps_name(tmp_path: Path) -> None:
    """Nor of the same program written for aiohttp, where the wheel of that name is installed."""
    command = [sys.executable, str(ROOT / "shim" / "make_wheel.py"), str(tmp_path)]
    subprocess.run(command, check=True, timeout=60, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.read_text(encoding="utf-8").replace("aiohttp_core", "aiohttp"), encoding="utf-8")
    check(program, tmp_path, tmp_path / "site")
