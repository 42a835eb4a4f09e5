"""``aiohttp.payload_streamer``: re-exports."""

from aiohttp_core.compat._shims.streamer import StreamPayload, StreamWrapperPayload, streamer

__all__ = ("StreamPayload", "StreamWrapperPayload", "streamer")
