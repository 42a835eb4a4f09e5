"""Field names and methods, under the names that programs use."""

from itertools import product
from typing import Final

from aiohttp_core._semantics.field_names import *  # noqa: F403
from aiohttp_core._semantics.methods import *  # noqa: F403

METH_CONNECT_ALL: Final = frozenset(map("".join, product(*zip("CONNECT", "connect", strict=True))))
METH_HEAD_ALL: Final = frozenset(map("".join, product(*zip("HEAD", "head", strict=True))))
METH_GET_ALL: Final = frozenset(map("".join, product(*zip("GET", "get", strict=True))))
HOST_ALL: Final = frozenset(map("".join, product(*zip("HOST", "host", strict=True))))
