"""The .pxd files of modules that are compiled from their own .py: both must tell of the same attributes and methods."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TYPES = ROOT / "_cparser" / "types" / "aiohttp_core" / "_cparser"


def shared_sources() -> dict[str, Path]:
    """Extension stem -> its .py, as setup.py's table has it."""
    for node in ast.parse((ROOT / "setup.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            if node.target.id == "SHARED_SOURCES":
                return {name.rpartition(".")[2]: ROOT / path for name, path in ast.literal_eval(node.value).items()}
    raise AssertionError("setup.py has no SHARED_SOURCES")


SOURCES = shared_sources()
WRITTEN = {path.stem for path in (ROOT / "_cparser").glob("*.pyx")}
PXDS = sorted(path for path in TYPES.glob("*.pxd") if path.stem not in WRITTEN)


def declared(pxd: Path) -> tuple[set[str], dict[str, tuple[set[str], set[str]]]]:
    """What a .pxd declares: names of the module, and of each class its attributes and its methods."""
    names: set[str] = set()
    classes: dict[str, tuple[set[str], set[str]]] = {}
    current: tuple[set[str], set[str]] | None = None
    for line in pxd.read_text(encoding="utf-8").splitlines():
        if found := re.match(r"cdef class (\w+)", line):
            current = classes[found[1]] = (set(), set())
        elif found := re.match(r"cdef .*?(\w+)$", line):
            names.add(found[1])
        elif current is not None and (found := re.match(r"\s+(?:cpdef|cdef) .*?(\w+)\(", line)):
            current[1].add(found[1])
        elif current is not None and (found := re.match(r"\s+cdef .*?(\w+)$", line)):
            current[0].add(found[1])
    return names, classes


def assigned(node: ast.ClassDef) -> set[str]:
    """The attributes that a class's methods assign to self."""
    return {
        target.attr
        for target in ast.walk(node)
        if isinstance(target, ast.Attribute)
        and isinstance(target.ctx, ast.Store)
        and isinstance(target.value, ast.Name)
        and target.value.id == "self"
    }


def annotated(node: ast.ClassDef) -> set[str]:
    """The attributes whose types a class's body tells."""
    return {
        statement.target.id
        for statement in node.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    }


def slots(node: ast.ClassDef) -> set[str] | None:
    """What ``__slots__`` names, or None where there are none."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__slots__":
            return set(ast.literal_eval(statement.value))
    return None


@pytest.mark.parametrize("pxd", PXDS, ids=lambda path: path.stem)
def test_types_and_source_agree(pxd: Path) -> None:
    """A .pxd names the attributes that its source's classes have, all of them and no others, and methods and
    module names that are there."""
    tree = ast.parse(SOURCES[pxd.stem].read_text(encoding="utf-8"))
    nodes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    names, classes = declared(pxd)
    top = {target.id for node in tree.body for target in ast.walk(node) if isinstance(target, ast.Name)}
    assert names <= top
    inherited: set[str] = set()
    for other in PXDS:
        if other != pxd:
            inherited.update(*(attributes for attributes, _ in declared(other)[1].values()))
    assert classes
    for name, (attributes, methods) in classes.items():
        node = nodes[name]
        attributes = attributes - {"__weakref__", "__dict__"}
        in_slots = slots(node)
        if in_slots is not None:
            assert attributes == in_slots - {"__weakref__", "__dict__"}, name
        assert assigned(node) - inherited <= attributes, name
        assert in_slots is not None or attributes <= assigned(node) | annotated(node), name
        assert methods <= {method.name for method in node.body if isinstance(method, ast.FunctionDef)}, name


def test_each_types_file_has_its_source() -> None:
    """There is no .pxd of types for a module that is not compiled from its source."""
    assert PXDS
    assert {path.stem for path in PXDS} <= SOURCES.keys()


@pytest.mark.parametrize("path", SOURCES.values(), ids=lambda path: path.stem)
def test_shared_sources_import_absolutely(path: Path) -> None:
    """What is compiled into another package imports absolutely."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
