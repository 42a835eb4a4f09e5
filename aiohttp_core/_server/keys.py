"""Typed keys for the state of applications, requests and responses."""

import sys
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")


class _Key(Generic[_T]):
    """A key with the type of its value; two keys of one name are different keys."""

    __slots__ = ("__orig_class__", "_name", "_t")

    def __init__(self, name: str, t: "type[_T] | None" = None) -> None:
        frame = sys._getframe(1)
        module = frame.f_globals.get("__name__", "<unknown module>")
        self._name = f"{module}.{name}"
        self._t = t

    def __lt__(self, other: object) -> bool:
        if isinstance(other, _Key):
            return self._name < other._name
        return True

    def __repr__(self) -> str:
        kind: Any = self._t
        if kind is None:
            parameters = getattr(getattr(self, "__orig_class__", None), "__args__", None)
            kind = parameters[0] if parameters else "<<Unknown>>"
        if isinstance(kind, type):
            kind = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
        return f"<{type(self).__name__}({self._name}, type={kind})>"


class NotAppKeyWarning(UserWarning):
    """A string was used where a typed key is better."""


class AppKey(_Key[_T]):
    """A key of an application's state."""


class RequestKey(_Key[_T]):
    """A key of a request's state."""


class ResponseKey(_Key[_T]):
    """A key of a response's state."""
