"""The rules of the layers that import-linter (`make arch`, contracts in pyproject.toml) does not know."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "aiohttp_core"
SANS_IO = ("_semantics", "_wire")
IO_MODULES = {"asyncio", "socket", "ssl", "selectors", "logging"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "base", "core", "manager"}
MODULES = sorted(PACKAGE.rglob("*.py"))
PRIVATE = [path for path in MODULES if path.relative_to(PACKAGE).parts[0].startswith("_") and path.parent != PACKAGE]
CYTHON = sorted((ROOT / "_cparser").glob("*.pyx"))


def imports(path: Path) -> Iterator[str]:
    """Every dotted name that a module imports, anywhere in it, TYPE_CHECKING or not; relative ones made absolute."""
    package = ("aiohttp_core", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*parents, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [p for p in PRIVATE if p.relative_to(PACKAGE).parts[0] in SANS_IO], ids=name_of)
def test_sans_io(path: Path) -> None:
    """The wire and the semantics import no I/O, so that any I/O can drive them."""
    assert not IO_MODULES & {name.partition(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", PRIVATE, ids=name_of)
def test_machinery_imports_no_face(path: Path) -> None:
    """Nothing private imports a public face module, nor a name out of the package's own face."""
    private = {entry.name for entry in PACKAGE.iterdir() if entry.is_dir()} | {"_cparser"}
    for name in imports(path):
        head, _, rest = name.partition(".")
        if head == "aiohttp_core" and rest:
            assert rest.partition(".")[0] in private - {"compat"}, f"{name} is public face"


@pytest.mark.parametrize("path", [p for p in MODULES if p != PACKAGE / "_wire" / "_accel.py"], ids=name_of)
def test_one_chooser(path: Path) -> None:
    """Only _wire/_accel.py imports the compiled twin."""
    assert not [name for name in imports(path) if "_cparser" in name.split(".")]


@pytest.mark.parametrize("path", CYTHON, ids=name_of)
def test_compiled_side_imports(path: Path) -> None:
    """A .pyx imports of the package only _semantics and what the twins share in _wire."""
    found = re.findall(
        r"^\s*(?:from|import)\s+(aiohttp_core[\w.]*)(?:\s+import\s+(\w+))?", path.read_text(), re.MULTILINE
    )
    for module, name in found:
        parts = [*module.split("."), name]
        assert parts[1] in (*SANS_IO, "_cparser"), module
        assert not [part for part in parts if part == "_accel" or part == "parser" or part.endswith("_pure")], module


@pytest.mark.parametrize("path", PRIVATE, ids=name_of)
def test_file_names(path: Path) -> None:
    """No file of the machinery has a name that would hold anything."""
    names = {path.stem.strip("_"), *(part.strip("_") for part in path.relative_to(PACKAGE).parent.parts)}
    assert not FORBIDDEN_NAMES & names


def committed_texts() -> Iterator[Path]:
    folders = (
        "aiohttp_core",
        "_cparser",
        "tests",
        "benchmarks",
        "docs",
        "examples",
        "vendor",
        "shim",
        ".ci",
        ".github",
    )
    built = {"__pycache__", "llhttp", "_build"}
    for path in (*ROOT.iterdir(), *(found for name in folders for found in (ROOT / name).rglob("*"))):
        made = path.suffix in (".so", ".pyd", ".pyc") or built & set(path.relative_to(ROOT).parts)
        # In a linked worktree .git is a file; it is no more committed than the folder.
        if path.is_file() and not made and path.name != ".git":
            yield path


def test_no_machine_is_named() -> None:
    """No committed file names a path of somebody's machine or a package registry's host."""
    machine = re.compile(r"/(?:root|work)/(?:main|shared|\.)|/home/\w+/\.|/tmp/(?:ref|bash_jobs)\b|C:\\\\?Users\\")
    registry = re.compile(r"\b(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|crates\.io|proxy\.golang\.org)\b")
    named = []
    for path in committed_texts():
        text = path.read_bytes().decode("utf-8", "replace")
        named += [f"{name_of(path)}: {hit.group()}" for rule in (machine, registry) for hit in rule.finditer(text)]
    assert not named


@pytest.mark.parametrize("path", [*MODULES, *CYTHON], ids=name_of)
def test_no_assert(path: Path) -> None:
    """SECURITY 21: nothing is decided by an assert, which ``python -O`` leaves out."""
    assert not re.search(r"^\s*assert[ (]", path.read_text(encoding="utf-8"), re.MULTILINE)
