"""Masking: both twins in place and into new bytes, beside aiohttp's and beside a copy of memory.

Targets: compiled at no size slower than aiohttp's compiled one, and from 64 KiB at least 0.9 of a copy.
"""

import importlib
import os
from collections.abc import Callable
from typing import Any

import pytest

from aiohttp_core._wire._accel import websocket as compiled
from aiohttp_core._wire.websocket import mask_pure

SIZES = (8, 128, 1024, 16 * 1024, 64 * 1024, 1024 * 1024)
KEY = b"\x37\xfa\x21\x3d"


def peers() -> dict[str, Callable[[bytes, bytearray], object]]:
    """aiohttp's own masks, found by name in the installed package; none when it is not there."""
    try:
        masks = importlib.import_module("aiohttp._websocket.helpers")
    except ImportError:
        return {}
    names = {"aiohttp-compiled": "_websocket_mask_cython", "aiohttp-pure": "_websocket_mask_python"}
    found = {label: getattr(masks, name, None) for label, name in names.items()}
    return {label: mask for label, mask in found.items() if mask is not None}


def candidates() -> dict[str, Callable[[bytes, bytearray], object]]:
    known: dict[str, Callable[[bytes, bytearray], object]] = {
        "pure in place": lambda data, octets: mask_pure.mask_in_place(octets, KEY),
        "pure into new": lambda data, octets: mask_pure.mask_into_new(data, KEY),
        "copy into new": lambda data, octets: bytes(octets),
        "copy in place": lambda data, octets: memoryview(octets).__setitem__(slice(None), data),
    }
    if compiled is not None:
        known["compiled in place"] = lambda data, octets: compiled.mask_in_place(octets, KEY)
        known["compiled into new"] = lambda data, octets: compiled.mask_into_new(data, KEY)
    for label, mask in peers().items():
        known[label] = lambda data, octets, mask=mask: mask(KEY, octets)  # type: ignore[misc]
    return known


CANDIDATES = candidates()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("candidate", CANDIDATES)
def test_mask(benchmark: Any, size: int, candidate: str) -> None:
    """One payload of ``size`` octets is masked (or copied)."""
    benchmark.group = f"mask {size}"
    data = os.urandom(size)
    benchmark(CANDIDATES[candidate], data, bytearray(data))
