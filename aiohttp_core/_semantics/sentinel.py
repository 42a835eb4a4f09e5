"""The default that tells "not given" from None."""

import enum
from typing import Final


class _SENTINEL(enum.Enum):
    sentinel = object()


sentinel: Final = _SENTINEL.sentinel
