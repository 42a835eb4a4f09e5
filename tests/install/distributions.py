"""Source distributions, wheels and empty environments, made the way a user's tools make them."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_NOT_SOURCE = (".*", "__pycache__", "build", "dist", "wheelhouse", "*.egg-info", "*.so", "*.pyd")
_OWN_VARIABLES = ("AIOHTTP_", "USE_SYSTEM_DEPS", "PYTHONPATH", "LDFLAGS", "LD_PRELOAD", "CC")

COMMAND_SECONDS = 900
"""No command takes that long on any machine; one that hangs must not take for ever."""

# No index, and a proxy that nobody listens on: what still reaches for the network fails at once.
OFFLINE = {
    "PIP_NO_INDEX": "1",
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9"),
}


def run(*command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """Return the output of a command that succeeded; raises RuntimeError with its output otherwise."""
    done = attempt(*command, cwd=cwd, env=env)
    if done.returncode:
        raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def attempt(
    *command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command in an environment without our own variables, output and errors in one."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OWN_VARIABLES)}
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**inherited, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=COMMAND_SECONDS,
    )


def copy_tree(target: Path, *, llhttp: bool = True, translated: bool = False) -> Path:
    """Return a copy of the sources as a fresh clone has them, with or without the materialised llhttp.

    ``translated``: with what Cython made of them already, where this tree has been built.
    """
    skipped = shutil.ignore_patterns(*_NOT_SOURCE)
    shutil.copytree(ROOT, target, ignore=skipped)
    if translated and (ROOT / "build" / "cython").exists():
        for name in ("cython", "shared"):
            shutil.copytree(ROOT / "build" / name, target / "build" / name)
    if not llhttp:
        shutil.rmtree(target / "vendor" / "llhttp", ignore_errors=True)
    return target


def build_sdist(tree: Path, folder: Path, env: Mapping[str, str] | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    script = f"from setuptools import build_meta; build_meta.build_sdist({str(folder)!r})"
    run(sys.executable, "-c", script, cwd=tree, env=env)
    return newest(folder, "*.tar.gz")


def build_wheel(
    source: Path, folder: Path, env: Mapping[str, str] | None = None, python: str | Path = sys.executable
) -> tuple[Path, str]:
    """Return the wheel of a tree or a source distribution, and what its build said; Cython is that Python's."""
    folder.mkdir(parents=True, exist_ok=True)
    pip = [python, "-m", "pip", "wheel", "--verbose", "--no-deps", "--no-build-isolation"]
    said = run(*pip, "--no-cache-dir", "--wheel-dir", folder, source, cwd=folder, env=env)
    return newest(folder, "*.whl"), said


def empty_environment(folder: Path, python: str | Path = sys.executable) -> Path:
    """Return the Python of a new environment without any package, pip included."""
    if python == sys.executable:
        venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    else:
        run(python, "-m", "venv", "--without-pip", folder)
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(python: Path, *requirements: str | Path, env: Mapping[str, str] | None = None) -> str:
    return run(sys.executable, "-m", "pip", "--python", python, "install", "--verbose", *requirements, env=env)


def contents(distribution: Path) -> list[str]:
    if distribution.suffix == ".whl":
        with zipfile.ZipFile(distribution) as wheel:
            return wheel.namelist()
    with tarfile.open(distribution) as sdist:
        return [name.partition("/")[2] for name in sdist.getnames()]


def extension_names() -> list[str]:
    """The modules of _cparser: those written in Cython, and those compiled from the sources that setup.py names."""
    written = [path.stem for path in (ROOT / "_cparser").glob("*.pyx")]
    shared = re.findall(r'"aiohttp_core\._cparser\.(\w+)":', (ROOT / "setup.py").read_text(encoding="utf-8"))
    return sorted([*written, *shared])


def faults_of_wheel(wheel: Path) -> list[str]:
    """What is wrong with a wheel's contents; nothing, where it is as it should be."""
    found = contents(wheel)
    pure = wheel.name.endswith("-py3-none-any.whl")
    licences = ["licenses/LICENSE"] if pure else ["licenses/LICENSE", "licenses/vendor/llhttp/LICENSE"]
    faults = [f"no {name}" for name in licences if not [each for each in found if each.endswith(f".dist-info/{name}")]]
    if "aiohttp_core/py.typed" not in found:
        faults.append("no py.typed")
    extensions = [name for name in found if name.endswith((".so", ".pyd"))]
    wanted = [] if pure else extension_names()
    for name in wanted:
        if not [each for each in extensions if each.startswith(f"aiohttp_core/_cparser/{name}.")]:
            faults.append(f"no extension {name}")
    if pure:
        faults += [f"{name} in a pure wheel" for name in extensions]
    sources = (".pyx", ".pxd", ".c", ".h", ".html", ".lock")
    faults += [f"{name} is a source of the build" for name in found if name.endswith(sources)]
    faults += [
        f"{name} is not of the package"
        for name in found
        if not name.startswith("aiohttp_core/") and not name.split("/")[0].endswith(".dist-info")
    ]
    return faults


def newest(folder: Path, pattern: str) -> Path:
    return max(folder.glob(pattern), key=lambda path: path.stat().st_mtime)
