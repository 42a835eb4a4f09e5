"""What a list of scenarios is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """How a scenario is made, and how many requests (or messages) one measurement takes."""

    make: Callable[[], Any]
    timed: int
    counted: int
    """Under callgrind, which is 50 times slower and needs no average."""
