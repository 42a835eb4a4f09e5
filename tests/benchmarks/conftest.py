"""The benchmarks are programs, not an installed package: their folder is put on the path as they do it themselves."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "benchmarks"))
