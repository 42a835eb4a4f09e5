"""Instructions of a process between two marks, counted by valgrind's callgrind: a figure that noise hardly moves."""

from __future__ import annotations

import contextlib
import os
import pathlib
import re
import shutil
import tempfile

from processes import PeerError

PATIENCE = 600.0
"""Seconds that a counted process may take to answer: all is some 50 times slower there."""
_MARK = "ctermid"
"""A function of the C library without a system call, that nothing calls but ``mark``. (What ctypes calls is
hidden from callgrind by libffi's play with the stack.)"""

mark = os.ctermid


class Callgrind:
    """One process's counts: ``prefix`` starts it, ``mark()`` in it ends one dump and begins the next."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        if shutil.which("valgrind") is None:
            raise PeerError("valgrind is not installed (a Debian package): no instruction counts")
        self._folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.prefix = (
            "valgrind",
            "--quiet",
            "--tool=callgrind",
            f"--dump-before={_MARK}",
            f"--callgrind-out-file={self._folder}/dump",
        )

    def instructions(self) -> int:
        """What the newest dump counted; the older ones are removed."""
        dumps = sorted(self._folder.glob("dump.*"), key=lambda path: int(path.suffix[1:]))
        if len(dumps) < 2:
            raise PeerError("callgrind saw no marker")
        found = re.search(r"^(?:summary|totals): (\d+)", dumps[-1].read_text(), re.MULTILINE)
        for path in dumps:
            path.unlink()
        if found is None:
            raise PeerError("callgrind's dump has no summary")
        return int(found.group(1))
