"""What type checkers say of a user's program."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

import aiohttp_core

PROGRAM = Path(__file__).with_name("user_program.py")


@pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="mypy is not installed")
def test_mypy(tmp_path: Path) -> None:
    """mypy --strict has nothing to say of a program that uses the public names."""
    command = [sys.executable, "-m", "mypy", "--strict", "--python-version", "3.11", "--cache-dir", str(tmp_path)]
    command += ["--follow-imports=silent"]  # what we think of our own files is `make types`
    folder = Path(aiohttp_core.__file__).parents[1]
    # An editable install is a finder, which mypy does not run; a real one it finds by itself.
    path = {} if folder.name == "site-packages" else {"MYPYPATH": str(folder)}
    done = subprocess.run(
        [*command, str(PROGRAM)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=tmp_path,
        env={**os.environ, **path},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
