"""The wheel named aiohttp."""

import subprocess
import sys
import zipfile
from pathlib import Path

import aiohttp_core

ROOT = Path(__file__).resolve().parents[2]


def test_shim_wheel(tmp_path: Path) -> None:
    """It is importable as aiohttp, gives our modules, depends on this version of ours, and only aliases."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "shim" / "make_wheel.py"), str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    [wheel] = tmp_path.glob("*.whl")
    assert str(wheel) in done.stdout
    version = f"3.14.5+core{aiohttp_core.__version__}"
    assert wheel.name == f"aiohttp-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
        names = archive.namelist()
    assert [name for name in names if name.endswith(".py")] == ["aiohttp/__init__.py"]
    assert "aiohttp/client_exceptions.pyi" in names
    metadata = (tmp_path / "site" / f"aiohttp-{version}.dist-info" / "METADATA").read_text(encoding="utf-8")
    assert f"Requires-Dist: aiohttp-core=={aiohttp_core.__version__}\n" in metadata
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n"
        "import aiohttp.web, importlib.metadata, aiohttp_core.web\n"
        "assert aiohttp is aiohttp_core and aiohttp.web is aiohttp_core.web\n"
        f"assert importlib.metadata.version('aiohttp') == {version!r}\n"
        "import aiohttp_core.compat._alias as alias; assert alias.DISTRIBUTION_VERSION == importlib.metadata"
        ".version('aiohttp')\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
