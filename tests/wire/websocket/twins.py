"""The implementations under test, and one way to run a reader over a list of reads."""

from collections.abc import Iterable
from typing import Any

from vectors.websocket_frames import Vector

from aiohttp_core._wire._accel import websocket as compiled
from aiohttp_core._wire.websocket import mask_pure, reader_pure, writer_pure
from aiohttp_core._wire.websocket.contract import MessageReader
from aiohttp_core._wire.websocket.deflate import Inflater

READERS: dict[str, Any] = {"pure": reader_pure.MessageReader}
INTO_NEW: dict[str, Any] = {"pure": mask_pure.mask_into_new}
IN_PLACE: dict[str, Any] = {"pure": mask_pure.mask_in_place}
BUILDERS: dict[str, Any] = {"pure": writer_pure.build_frame}
if compiled is not None:
    READERS["compiled"] = compiled.MessageReader
    INTO_NEW["compiled"] = compiled.mask_into_new
    IN_PLACE["compiled"] = compiled.mask_in_place
    BUILDERS["compiled"] = compiled.build_frame


def reader_for(twin: str, vector: Vector, decode_text: bool = True) -> MessageReader:
    options = {} if vector.max_fragments is None else {"max_fragments": vector.max_fragments}
    inflater = Inflater() if vector.deflate else None
    reader: MessageReader = READERS[twin](vector.role, vector.max_msg_size, inflater, decode_text, **options)
    return reader


def feed_all(reader: MessageReader, reads: Iterable[bytes]) -> list[Any]:
    messages: list[Any] = []
    for read in reads:
        messages += reader.feed(read)
    return messages


def outcome(reader: MessageReader, reads: Iterable[bytes]) -> tuple[object, ...]:
    """Everything that an application sees: messages, then the close code and words of the error."""
    messages = feed_all(reader, reads)
    error = reader.error
    return messages, [type(message) for message in messages], error and (error.code, str(error)), reader.closed
