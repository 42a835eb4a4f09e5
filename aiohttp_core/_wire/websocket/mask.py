"""Masking (RFC 6455 section 5.3): compiled when that was built, pure otherwise."""

from .._accel import websocket as compiled
from . import mask_pure
from .contract import MaskInPlace, MaskIntoNew

mask_into_new: MaskIntoNew = mask_pure.mask_into_new if compiled is None else compiled.mask_into_new
mask_in_place: MaskInPlace = mask_pure.mask_in_place if compiled is None else compiled.mask_in_place
