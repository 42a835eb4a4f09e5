"""``python -m aiohttp_core.compat SCRIPT | -m MODULE [args]``: a program for which aiohttp is this package."""

import os
import runpy
import sys

from aiohttp_core.compat._alias import install

USAGE = "usage: python -m aiohttp_core.compat SCRIPT [args]\n       python -m aiohttp_core.compat -m MODULE [args]"


def main(argv: list[str]) -> None:
    """Run the program of ``argv`` as Python would; exits with 2 where there is none."""
    as_module = argv[:1] == ["-m"]
    program, *arguments = argv[1:] if as_module else argv or [""]
    if not program or program in ("-h", "--help"):
        print(USAGE, file=sys.stdout if program else sys.stderr)
        sys.exit(0 if program else 2)
    install()
    sys.argv = [program, *arguments]
    if as_module:
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    else:
        # `python -m` put the working directory first; a script has its own folder there.
        sys.path[0] = os.path.dirname(os.path.abspath(program))
        runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
