"""What an import loads, and what it leaves for later."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import aiohttp_core

FACE = Path(aiohttp_core.__file__)


def homes_for_checkers() -> dict[str, str]:
    """Name -> module of the imports that only type checkers see."""
    found = {}
    for block in ast.parse(FACE.read_text(encoding="utf-8")).body:
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            for statement in block.body:
                if isinstance(statement, ast.ImportFrom):
                    found.update({alias.name: str(statement.module) for alias in statement.names})
    return found


def test_checkers_and_programs_see_the_same() -> None:
    """The homes of the names are the modules that type checkers are told, and nothing public is left out."""
    told = homes_for_checkers()
    homes = {name: f"aiohttp_core{module}" for module, names in aiohttp_core._HOMES.items() for name in names.split()}
    assert {name: told[name] for name in homes} == homes
    here = {"ACCELERATED", "__version__", "hdrs", "install_as_aiohttp"}
    gunicorn = {"GunicornUVLoopWebWorker", "GunicornWebWorker"}
    assert set(aiohttp_core.__all__) == set(homes) | here | gunicorn


def test_names_are_kept() -> None:
    """A name that was loaded is an ordinary attribute; one that does not exist raises AttributeError."""
    assert aiohttp_core.ClientSession is vars(aiohttp_core)["ClientSession"]
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = aiohttp_core.Nothing  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import aiohttp_core", ["aiohttp_core._client", "aiohttp_core._server", "aiohttp_core._body"]),
        ("import aiohttp_core.web", ["aiohttp_core._client"]),
        ("from aiohttp_core import ClientSession", ["aiohttp_core._server"]),
        ("from aiohttp_core import *; ClientSession, BasicAuth, hdrs", ["aiohttp_core._testing"]),
    ],
)
def test_imports_load_no_more_than_needed(statement: str, absent: list[str]) -> None:
    """An import loads neither what nobody asked for nor the other role."""
    program = (
        f"{statement}\nimport sys\nfound = [name for name in {absent} if name in sys.modules]\nassert not found, found"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
