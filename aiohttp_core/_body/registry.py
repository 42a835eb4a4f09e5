"""Which kind of payload a Python object becomes."""

import enum
from collections.abc import Iterable
from itertools import chain
from typing import Any, TypeVar

from .payload import Payload

_PayloadType = TypeVar("_PayloadType", bound=type[Payload])
_Entry = tuple[type[Payload], Any]


class LookupError(Exception):
    """No payload can be made of an object of this type."""


class Order(str, enum.Enum):
    """When a type is looked at: before the ordinary ones, among them, or after."""

    normal = "normal"
    try_first = "try_first"
    try_last = "try_last"


class PayloadRegistry:
    """Types (or tuples of them) and the payload classes made for them."""

    __slots__ = ("_first", "_last", "_normal", "_normal_lookup")

    def __init__(self) -> None:
        self._first: list[_Entry] = []
        self._normal: list[_Entry] = []
        self._last: list[_Entry] = []
        self._normal_lookup: dict[Any, type[Payload]] = {}

    def get(self, data: Any, *args: Any, _CHAIN: "type[chain[Any]]" = chain, **kwargs: Any) -> Payload:
        """``data`` itself when it is a payload, else one made of it; `LookupError` when none fits."""
        if isinstance(data, Payload):
            return data
        if self._first:
            for factory, type_ in self._first:
                if isinstance(data, type_):
                    return factory(data, *args, **kwargs)
        if direct := self._normal_lookup.get(type(data)):
            return direct(data, *args, **kwargs)
        entries: Iterable[_Entry] = _CHAIN(self._normal, self._last)
        for factory, type_ in entries:
            if isinstance(data, type_):
                return factory(data, *args, **kwargs)
        raise LookupError()

    def register(self, factory: type[Payload], type: Any, *, order: Order = Order.normal) -> None:
        """Make ``factory`` the payload of ``type``; of two that fit, the one registered earlier is used."""
        if order is Order.try_first:
            self._first.append((factory, type))
        elif order is Order.normal:
            self._normal.append((factory, type))
            for each in type if isinstance(type, tuple) else (type,):
                self._normal_lookup.setdefault(each, factory)
        elif order is Order.try_last:
            self._last.append((factory, type))
        else:
            raise ValueError(f"Unsupported order {order!r}")


PAYLOAD_REGISTRY = PayloadRegistry()


def get_payload(data: Any, *args: Any, **kwargs: Any) -> Payload:
    """The payload for ``data``; `LookupError` when no kind fits."""
    return PAYLOAD_REGISTRY.get(data, *args, **kwargs)


def register_payload(factory: type[Payload], type: Any, *, order: Order = Order.normal) -> None:
    """Make ``factory`` the payload of ``type``."""
    PAYLOAD_REGISTRY.register(factory, type, order=order)


class payload_type:
    """Class decorator form of `register_payload`."""

    def __init__(self, type: Any, *, order: Order = Order.normal) -> None:
        self.type = type
        self.order = order

    def __call__(self, factory: _PayloadType) -> _PayloadType:
        register_payload(factory, self.type, order=self.order)
        return factory
