"""The README keeps its word: its verbs exist, and its examples are Python that uses public names only."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_verbs_exist() -> None:
    """Each `make` verb of the README is a target of the Makefile, with a line in its help."""
    targets = re.findall(r"^([a-z-]+):.*  ## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"(?:^    |`)make ([a-z-]+)", README, re.MULTILINE)
    assert named
    assert set(named) <= set(targets)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split("\n", 1)[0])
def test_examples_are_public(example: str) -> None:
    """An example parses, and imports nothing private."""
    for node in ast.walk(ast.parse(example)):
        if isinstance(node, ast.ImportFrom | ast.Import):
            words = [*(getattr(node, "module", None) or "").split("."), *(alias.name for alias in node.names)]
            assert not [word for word in words if word.startswith("_")]
