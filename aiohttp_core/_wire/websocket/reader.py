"""The message reader: frames in, messages out. Compiled when that was built, pure otherwise."""

from typing import TYPE_CHECKING

from .._accel import websocket as compiled
from . import reader_pure

if TYPE_CHECKING:
    from . import contract
    from .reader_pure import MessageReader

    _satisfied: type[contract.MessageReader] = MessageReader
else:
    MessageReader = reader_pure.MessageReader if compiled is None else compiled.MessageReader

__all__ = ["MessageReader"]
