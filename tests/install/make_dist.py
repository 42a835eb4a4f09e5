"""`make wheel`: the source distribution, a wheel built from it offline, and the wheel tested in an empty place."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import distributions


def main(folder: Path) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        tree = distributions.copy_tree(Path(scratch) / "tree")
        sdist = distributions.build_sdist(tree, folder)
        print(f"made {sdist}")
        strict = {**distributions.OFFLINE, "AIOHTTP_CORE_REQUIRE_EXTENSIONS": "1"}
        wheel, _ = distributions.build_wheel(sdist, folder, strict)
        print(f"made {wheel}")
        python = distributions.empty_environment(Path(scratch) / "environment")
        distributions.install(python, f"{wheel}[test]")
        # Run from elsewhere by the environment's own script: what is imported is the wheel, never the tree.
        pytest = python.with_name("pytest")
        said = distributions.run(
            *(pytest, "-q", "-n", "2", "-c", tree / "pyproject.toml", tree / "tests" / "wire"),
            cwd=Path(scratch),
            env={"AIOHTTP_CORE_REQUIRE_EXTENSIONS": "1"},
        )
        print(said.strip())
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "dist").resolve()))
