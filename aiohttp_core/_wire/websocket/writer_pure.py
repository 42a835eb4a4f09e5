"""The pure twin of the frame builder (RFC 6455 section 5.2)."""

from . import frame as rules
from .contract import Octets
from .mask_pure import masked


def build_frame(first: int, payload: str | Octets, key: bytes | None = None) -> bytes:
    """See contract.BuildFrame."""
    if isinstance(payload, str):
        payload = payload.encode()
    elif type(payload) is not bytes:
        payload = memoryview(payload).tobytes()
    size = len(payload)
    mask_bit = 0 if key is None else rules.MASKED
    if size < rules.LENGTH_16:
        head = rules.PACK_LENGTH_7(first, mask_bit | size)
    elif size < 65536:
        head = rules.PACK_LENGTH_16(first, mask_bit | rules.LENGTH_16, size)
    else:
        head = rules.PACK_LENGTH_64(first, mask_bit | rules.LENGTH_64, size)
    if key is None:
        return head + payload
    return b"".join((head, key, masked(payload, key)))
