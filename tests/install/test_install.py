"""Every way to install the package, each in an environment of its own."""

import shutil
import sys
from pathlib import Path

import pytest
from install import distributions
from install.distributions import (
    OFFLINE,
    attempt,
    build_sdist,
    build_wheel,
    contents,
    copy_tree,
    empty_environment,
    faults_of_wheel,
)

pytestmark = pytest.mark.install

REQUIRE = {"AIOHTTP_CORE_REQUIRE_EXTENSIONS": "1"}
STATE = "import aiohttp_core; print(aiohttp_core.ACCELERATED, aiohttp_core.__file__)"


@pytest.fixture
def sdist(tmp_path: Path) -> Path:
    folder = tmp_path / "sdist"
    return build_sdist(copy_tree(folder / "tree"), folder)


def test_sdist_carries_llhttp(sdist: Path) -> None:
    """The source distribution has llhttp's sources with its licence, so that building it downloads nothing."""
    found = set(contents(sdist))
    assert {f"vendor/llhttp/{name}" for name in ("LICENSE", "include/llhttp.h", "src/llhttp.c", "src/api.c")} <= found
    assert {"LICENSE", "vendor/llhttp.lock", "vendor/materialise.py", "aiohttp_core/py.typed"} <= found
    assert not [name for name in found if name.endswith((".so", ".pyd", ".pyc"))]


def test_wheel_from_sdist_without_network(sdist: Path, tmp_path: Path) -> None:
    """A wheel built offline from the source distribution has extensions, licences and types, and no sources in C; it
    brings its dependencies and is accelerated where nothing else is installed."""
    wheel, _ = build_wheel(sdist, tmp_path / "dist", {**OFFLINE, **REQUIRE})
    assert not wheel.name.endswith("-any.whl")
    assert faults_of_wheel(wheel) == []
    python = empty_environment(tmp_path / "environment")
    distributions.install(python, wheel)
    said = distributions.run(python, "-c", STATE, cwd=tmp_path, env=REQUIRE)
    assert said.startswith(f"True {tmp_path}")
    assert distributions.run(python, "-c", STATE, cwd=tmp_path, env={"AIOHTTP_NO_EXTENSIONS": "1"}).startswith("False")


def test_refused_extension_makes_a_pure_wheel(tmp_path: Path) -> None:
    """AIOHTTP_NO_EXTENSIONS=1 at build makes a wheel for any platform, without llhttp and without network."""
    tree = copy_tree(tmp_path / "tree", llhttp=False)
    wheel, _ = build_wheel(tree, tmp_path / "dist", {**OFFLINE, "AIOHTTP_NO_EXTENSIONS": "1"})
    assert wheel.name.endswith("-py3-none-any.whl")
    assert faults_of_wheel(wheel) == []
    assert not (tree / "vendor" / "llhttp").exists()
    python = empty_environment(tmp_path / "environment")
    distributions.install(python, wheel)
    said = distributions.run(python, "-c", STATE, cwd=tmp_path)
    assert "the compiled extension is missing" in said
    assert "False" in said
    required = attempt(python, "-c", STATE, cwd=tmp_path, env=REQUIRE)
    assert required.returncode != 0
    assert "ImportError" in required.stdout


def test_editable(tmp_path: Path) -> None:
    """An editable install is accelerated, and what it imports is the tree."""
    tree = copy_tree(tmp_path / "tree", translated=True)
    python = empty_environment(tmp_path / "environment")
    # The build's own requirements come from this environment; the dependencies are what is tested here.
    distributions.install(python, "setuptools>=77", "Cython>=3.1,<4", "pip")
    distributions.run(python, "-m", "pip", "install", "--no-build-isolation", "--editable", tree, env=REQUIRE)
    assert distributions.run(python, "-c", STATE, cwd=tmp_path, env=REQUIRE).startswith(f"True {tree}")


def test_isolated_build_of_a_fresh_clone(tmp_path: Path) -> None:
    """pip, with its own build environment and without llhttp in the tree, fetches llhttp and compiles."""
    tree = copy_tree(tmp_path / "tree", llhttp=False)
    python = empty_environment(tmp_path / "environment")
    distributions.install(python, tree, env=REQUIRE)
    assert distributions.run(python, "-c", STATE, cwd=tmp_path, env=REQUIRE).startswith("True")


def test_no_network_and_no_llhttp_makes_the_pure_package(tmp_path: Path) -> None:
    """Offline, without llhttp, the build says so and makes the pure package."""
    tree = copy_tree(tmp_path / "tree", llhttp=False)
    wheel, said = build_wheel(tree, tmp_path / "dist", OFFLINE)
    assert "could not be fetched" in said
    assert "making the PURE PYTHON package" in said
    assert wheel.name.endswith("-py3-none-any.whl")


def test_no_compiler_makes_the_pure_package(tmp_path: Path) -> None:
    """Without a C compiler the build says so and makes the pure package."""
    wheel, said = build_wheel(copy_tree(tmp_path / "tree"), tmp_path / "dist", {"CC": "/nonexistent/cc"})
    assert "no working C compiler" in said
    assert "making the PURE PYTHON package" in said
    assert wheel.name.endswith("-py3-none-any.whl")


@pytest.mark.parametrize("hindrance", [{"CC": "/nonexistent/cc"}, OFFLINE], ids=["cc", "net"])
def test_required_extension_that_cannot_be_built_is_an_error(tmp_path: Path, hindrance: dict[str, str]) -> None:
    """AIOHTTP_CORE_REQUIRE_EXTENSIONS=1 makes a build that would fall back to pure fail."""
    tree = copy_tree(tmp_path / "tree", llhttp=False)
    with pytest.raises(RuntimeError, match="AIOHTTP_CORE_REQUIRE_EXTENSIONS=1, but"):
        build_wheel(tree, tmp_path / "dist", {**REQUIRE, **hindrance})


@pytest.mark.parametrize("entry", ["sha256", "src/llhttp.c"])
def test_wrong_hash_stops_the_build(tmp_path: Path, entry: str) -> None:
    """A wrong hash, of the distribution or of one file, stops the build and leaves nothing unpacked."""
    tree = copy_tree(tmp_path / "tree", llhttp=False)
    lock = tree / "vendor" / "llhttp.lock"
    before = lock.read_text(encoding="utf-8")
    at = before.index('"', before.index(f'"{entry}": ') + len(entry) + 3) + 1
    lock.write_text(before[:at] + "0" * 64 + before[at + 64 :], encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"llhttp\.lock"):
        build_wheel(tree, tmp_path / "dist")
    assert sorted(path.name for path in (tree / "vendor").iterdir() if path.name != "__pycache__") == [
        "README.md", "llhttp.lock", "materialise.py",
    ]  # fmt: skip


def test_changed_llhttp_is_replaced(tmp_path: Path) -> None:
    """A vendor/llhttp that is not what the lock file says is not compiled: it is made anew."""
    tree = copy_tree(tmp_path / "tree")
    source = tree / "vendor" / "llhttp" / "src" / "api.c"
    good = source.read_bytes()
    source.write_bytes(good + b"/* changed */\n")
    distributions.run(sys.executable, "vendor/materialise.py", cwd=tree)
    assert source.read_bytes() == good


def test_missing_system_llhttp_is_an_error(tmp_path: Path) -> None:
    """USE_SYSTEM_DEPS=1 without a libllhttp that pkg-config knows stops the build, and nothing is fetched instead."""
    tree = copy_tree(tmp_path / "tree", llhttp=False)
    env = {"USE_SYSTEM_DEPS": "1", "PKG_CONFIG_LIBDIR": str(tmp_path), "PKG_CONFIG_PATH": str(tmp_path)}
    with pytest.raises(RuntimeError, match="USE_SYSTEM_DEPS=1, but pkg-config"):
        build_wheel(tree, tmp_path / "dist", env)
    assert not (tree / "vendor" / "llhttp").exists()


@pytest.mark.skipif(not (shutil.which("pkg-config") and shutil.which("cc")), reason="needs pkg-config and cc")
def test_system_llhttp_is_linked(tmp_path: Path) -> None:
    """USE_SYSTEM_DEPS=1 compiles against the libllhttp that pkg-config names, without llhttp in the tree."""
    tree = copy_tree(tmp_path / "tree", translated=True)
    distributions.run(sys.executable, "vendor/materialise.py", cwd=tree)
    system = (tree / "vendor" / "llhttp").rename(tmp_path / "system")
    sources = sorted(system.glob("src/*.c"))
    distributions.run("cc", "-shared", "-fPIC", "-O1", f"-I{system}/include", *sources, "-o", system / "libllhttp.so")
    declared = f"Name: libllhttp\nDescription: x\nVersion: 9\nCflags: -I{system}/include\nLibs: -L{system} -lllhttp\n"
    (system / "libllhttp.pc").write_text(declared, encoding="utf-8")
    env = {**OFFLINE, **REQUIRE, "USE_SYSTEM_DEPS": "1", "PKG_CONFIG_PATH": str(system)}
    wheel, _ = build_wheel(tree, tmp_path / "dist", env)
    assert [name for name in contents(wheel) if name.startswith("aiohttp_core/_cparser/http_parser.")]
    assert not [name for name in contents(wheel) if name.endswith("llhttp/LICENSE")]
    assert not (tree / "vendor" / "llhttp").exists()
