"""`make shim-wheel`: a wheel named aiohttp that only aliases, for environments whose dependencies insist on the name.

It depends on aiohttp-core of this very version, holds one module that installs the alias, and the stubs by
which type checkers find ``aiohttp.X``.
"""

import base64
import hashlib
import re
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
API_VERSION = "3.14.5"
MODULE = '''"""aiohttp's name for aiohttp_core: importing this installs the alias."""

import sys

import aiohttp_core

# The alias looks whether another aiohttp was imported; this module is not one.
del sys.modules[__name__]
aiohttp_core.install_as_aiohttp()
'''
STUB = "from aiohttp_core{dotted} import *\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: aiohttp-core shim\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
SUMMARY = "aiohttp-core under aiohttp's name"
# The distribution's metadata names no author: what it offers is all aiohttp-core's.
METADATA = """Metadata-Version: 2.4
Name: aiohttp
Version: {version}
Summary: {summary}
License-Expression: Apache-2.0
License-File: LICENSE
Requires-Python: >=3.10
Requires-Dist: aiohttp-core=={core}
Provides-Extra: speedups
Requires-Dist: aiohttp-core[speedups]=={core}; extra == "speedups"
"""


def core_version() -> str:
    """The version of this tree, read and not imported: nothing need be built."""
    text = (ROOT / "aiohttp_core" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise SystemExit("shim: aiohttp_core/__init__.py has no __version__")
    return found.group(1)


def stubs() -> dict[str, str]:
    """One stub for the package and each public module, faces and compat alike."""
    package = ROOT / "aiohttp_core"
    modules = {path.stem for path in (*package.glob("*.py"), *package.glob("*.pyi")) if not path.stem.startswith("_")}
    found = {"aiohttp/__init__.pyi": STUB.format(dotted="") + "from aiohttp_core import __version__ as __version__\n"}
    return found | {f"aiohttp/{module}.pyi": STUB.format(dotted=f".{module}") for module in sorted(modules)}


def record(files: dict[str, str], name: str) -> str:
    """The RECORD file: each file's hash and size."""
    lines = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(text.encode())}")
    return "\n".join([*lines, f"{name},,", ""])


def make(folder: Path) -> Path:
    """Write the wheel to ``folder``."""
    core = core_version()
    version = f"{API_VERSION}+core{core}"
    info = f"aiohttp-{version}.dist-info"
    files = {
        "aiohttp/__init__.py": MODULE,
        "aiohttp/py.typed": "",
        **stubs(),
        f"{info}/METADATA": METADATA.format(version=version, core=core, summary=SUMMARY),
        f"{info}/WHEEL": WHEEL,
        f"{info}/licenses/LICENSE": (ROOT / "LICENSE").read_text(encoding="utf-8"),
        f"{info}/top_level.txt": "aiohttp\n",
    }
    files[f"{info}/RECORD"] = record(files, f"{info}/RECORD")
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"aiohttp-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), text)
    return wheel


if __name__ == "__main__":
    print(f"made {make(Path(sys.argv[1] if len(sys.argv) > 1 else 'dist').resolve())}")
