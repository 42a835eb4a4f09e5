"""The package under aiohttp's name, each time in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

import aiohttp_core

PROGRAM = """
import importlib.metadata
import aiohttp
from aiohttp import web
import aiohttp.client_exceptions
import aiohttp_core
import aiohttp_core.client_exceptions
assert aiohttp is aiohttp_core
assert web is aiohttp_core.web
assert aiohttp.client_exceptions is aiohttp_core.client_exceptions
assert tuple(int(part) for part in aiohttp.__version__.split(".")) >= (3, 14, 5)
assert importlib.metadata.version("aiohttp").startswith("3.14.5")
assert importlib.metadata.version("aiohttp-core") != importlib.metadata.version("aiohttp")
"""


def python(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=60, check=False, cwd=cwd
    )


def checked(*arguments: str, cwd: Path | None = None) -> str:
    done = python(*arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_install() -> None:
    """After install_as_aiohttp both names are the same modules, and the version is the API's; twice does no harm."""
    checked("-c", "import aiohttp_core\naiohttp_core.install_as_aiohttp()\naiohttp_core.install_as_aiohttp()" + PROGRAM)


def test_unaliased_version() -> None:
    """Without the alias the package keeps its own version."""
    assert checked("-c", "import aiohttp_core; print(aiohttp_core.__version__)").strip() == "0.1.0"


def test_every_module_is_the_same() -> None:
    """Each module imports under aiohttp's name as the very object that ours is, in either order."""
    checked(
        "-c",
        "import aiohttp_core, importlib\n"
        "import aiohttp_core.web_request\n"
        "aiohttp_core.install_as_aiohttp()\n"
        "for name in 'web_request client_reqrep http_parser test_utils _client.session typedefs'.split():\n"
        "    theirs = importlib.import_module('aiohttp.' + name)\n"
        "    assert theirs is importlib.import_module('aiohttp_core.' + name), name\n"
        "    assert theirs.__spec__.name == 'aiohttp_core.' + name\n"
        "    importlib.reload(theirs) if name == 'typedefs' else None\n",
    )


def test_modules_not_offered() -> None:
    """A module that aiohttp has and we do not is a ModuleNotFoundError with aiohttp's name in it."""
    done = python("-c", "import aiohttp_core; aiohttp_core.install_as_aiohttp(); import aiohttp._http_parser")
    assert done.returncode == 1
    assert "ModuleNotFoundError: No module named 'aiohttp._http_parser'" in done.stderr


def test_too_late(tmp_path: Path) -> None:
    """Where another aiohttp was imported before, the error says which and what to do."""
    (tmp_path / "aiohttp.py").write_text("", encoding="utf-8")
    done = python("-c", "import aiohttp, aiohttp_core; aiohttp_core.install_as_aiohttp()", cwd=tmp_path)
    assert done.returncode == 1
    assert "RuntimeError: aiohttp was already imported from" in done.stderr
    assert str(tmp_path / "aiohttp.py") in done.stderr
    assert "python -m aiohttp_core.compat" in done.stderr


def test_run_script(tmp_path: Path) -> None:
    """`python -m aiohttp_core.compat SCRIPT args` runs it as Python would, beside its own modules."""
    (tmp_path / "neighbour.py").write_text("word = 'near'\n", encoding="utf-8")
    script = tmp_path / "program.py"
    script.write_text(PROGRAM + "import sys, neighbour\nprint(neighbour.word, *sys.argv[1:], __name__)\n")
    assert checked("-m", "aiohttp_core.compat", str(script), "-x", "y").split() == ["near", "-x", "y", "__main__"]


def test_run_module(tmp_path: Path) -> None:
    """`-m MODULE args` runs a module of the working directory."""
    (tmp_path / "program.py").write_text(PROGRAM + "import sys\nprint(*sys.argv[1:], __name__)\n")
    said = checked("-m", "aiohttp_core.compat", "-m", "program", "-x", "y", cwd=tmp_path)
    assert said.split() == ["-x", "y", "__main__"]


def test_run_aiohttp_web() -> None:
    """`-m aiohttp.web` is the server's command line."""
    assert "entry-func" in checked("-m", "aiohttp_core.compat", "-m", "aiohttp.web", "--help")


def test_usage() -> None:
    """Without a program the command says how it is used, and fails."""
    done = python("-m", "aiohttp_core.compat")
    assert (done.returncode, "usage:" in done.stderr) == (2, True)
    assert "usage:" in checked("-m", "aiohttp_core.compat", "--help")


def test_pytest_switch(tmp_path: Path) -> None:
    """`pytest -p aiohttp_core.compat.pytest` runs tests of an aiohttp program on ours."""
    (tmp_path / "test_program.py").write_text(
        "import aiohttp\n\ndef test_name():\n    assert aiohttp.__name__ == 'aiohttp_core'\n", encoding="utf-8"
    )
    said = checked("-m", "pytest", "-p", "aiohttp_core.compat.pytest", "-p", "no:cacheprovider", cwd=tmp_path)
    assert "aiohttp: 3.14.5+core" in said
    assert "1 passed" in said


def test_distribution_lists() -> None:
    """The alias' distribution is found by any spelling of its name, and listed once with the others."""
    checked(
        "-c",
        "import aiohttp_core, importlib.metadata as m\n"
        "aiohttp_core.install_as_aiohttp()\n"
        "assert m.version('AioHTTP') == m.metadata('aiohttp')['Version']\n"
        "assert any(d.metadata['Name'] == 'aiohttp' for d in m.distributions())\n"
        "try:\n    m.version('aiohttp-nonsense')\n"
        "except m.PackageNotFoundError:\n    pass\nelse:\n    raise SystemExit('found')\n",
    )


@pytest.mark.parametrize("name", ["install_as_aiohttp", "ClientSession", "hdrs"])
def test_dir(name: str) -> None:
    """dir() of the package lists its public names."""
    assert name in dir(aiohttp_core)
