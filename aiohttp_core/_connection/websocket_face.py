"""What the client's and the server's WebSocket objects share: the methods that programs call."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

from .._wire.websocket.messages import END_KINDS, WSMessage, WSMessageTextBytes, WSMsgType
from .websocket import WebSocketChannel, WSMessageTypeError, next_by

if TYPE_CHECKING:
    from typing_extensions import Self
    from typing_extensions import TypeVar as TypeVarWithDefault  # type checkers bring it; nothing imports it

    DecodeText = TypeVarWithDefault("DecodeText", bound=bool, default=Literal[True])
else:
    DecodeText = TypeVar("DecodeText", bound=bool)


class WebSocketFace(Generic[DecodeText]):
    """Sends and receives on a channel.

    Sends raise TypeError for data of the wrong kind, and a ConnectionResetError once the connection is
    closing. ``compress`` 0 sends one message uncompressed. Receives raise asyncio.TimeoutError after
    ``timeout`` seconds and RuntimeError where another coroutine is receiving.
    """

    _channel: WebSocketChannel | None

    def _channel_in_use(self) -> WebSocketChannel:
        if self._channel is None:
            raise RuntimeError("Call .prepare() first")
        return self._channel

    # Sending

    async def send_str(self, data: str, compress: int | None = None) -> None:
        """Send a TEXT message."""
        channel = self._channel
        rest = (self._channel_in_use() if channel is None else channel).send_text(data, compress)
        if rest is not None:
            await rest

    async def send_bytes(self, data: bytes | bytearray | memoryview, compress: int | None = None) -> None:
        """Send a BINARY message."""
        channel = self._channel
        rest = (self._channel_in_use() if channel is None else channel).send_binary(data, compress)
        if rest is not None:
            await rest

    async def send_json(
        self, data: Any, compress: int | None = None, *, dumps: Callable[[Any], str] = json.dumps
    ) -> None:
        """Send ``dumps(data)`` as a TEXT message."""
        await self.send_str(dumps(data), compress)

    async def send_json_bytes(self, data: Any, compress: int | None = None, *, dumps: Callable[[Any], bytes]) -> None:
        """Send ``dumps(data)``, octets, as a BINARY message."""
        await self.send_bytes(dumps(data), compress)

    async def send_frame(self, message: bytes, opcode: WSMsgType, compress: int | None = None) -> None:
        """Send a whole message of any kind."""
        await self._channel_in_use().send(opcode, message, compress)

    async def ping(self, message: bytes | str = b"") -> None:
        """Send a PING of at most 125 octets."""
        await self._channel_in_use().send(WSMsgType.PING, message)

    async def pong(self, message: bytes | str = b"") -> None:
        """Send a PONG of at most 125 octets."""
        await self._channel_in_use().send(WSMsgType.PONG, message)

    # Receiving

    @overload
    async def receive(self: WebSocketFace[Literal[True]], timeout: float | None = None) -> WSMessage: ...

    @overload
    async def receive(
        self: WebSocketFace[Literal[False]], timeout: float | None = None
    ) -> WSMessage | WSMessageTextBytes: ...

    @overload
    async def receive(self, timeout: float | None = None) -> WSMessage | WSMessageTextBytes: ...

    async def receive(self, timeout: float | None = None) -> Any:
        """The next message; CLOSE, CLOSING, CLOSED or ERROR at the end."""
        channel = self._channel
        return await (self._channel_in_use() if channel is None else channel).receive(timeout)

    @overload
    async def receive_str(self: WebSocketFace[Literal[True]], *, timeout: float | None = None) -> str: ...

    @overload
    async def receive_str(self: WebSocketFace[Literal[False]], *, timeout: float | None = None) -> bytes: ...

    @overload
    async def receive_str(self, *, timeout: float | None = None) -> str | bytes: ...

    async def receive_str(self, *, timeout: float | None = None) -> str | bytes:
        """The data of the next message, which must be TEXT (else WSMessageTypeError); bytes without ``decode_text``."""
        message = await self.receive(timeout)
        if message.type is not WSMsgType.TEXT:
            raise WSMessageTypeError(f"Received message {message.type}:{message.data!r} is not WSMsgType.TEXT")
        data: str | bytes = message.data
        return data

    async def receive_bytes(self, *, timeout: float | None = None) -> bytes:
        """The data of the next message, which must be BINARY (else WSMessageTypeError)."""
        message = await self.receive(timeout)
        if message.type is not WSMsgType.BINARY:
            raise WSMessageTypeError(f"Received message {message.type}:{message.data!r} is not WSMsgType.BINARY")
        data: bytes = message.data
        return data

    async def receive_json(self, *, loads: Callable[[Any], Any] = json.loads, timeout: float | None = None) -> Any:
        """``loads`` of the next message, which must be TEXT."""
        return loads(await self.receive_str(timeout=timeout))

    def __aiter__(self) -> Self:
        return self

    if TYPE_CHECKING:

        @overload
        async def __anext__(self: WebSocketFace[Literal[True]]) -> WSMessage: ...

        @overload
        async def __anext__(self) -> WSMessage | WSMessageTextBytes: ...

        async def __anext__(self) -> Any: ...

    else:
        __anext__ = next_by(receive)

    async def _next_received(self) -> Any:
        """The next message, by the ``receive`` that replaces ours."""
        message = await self.receive()
        if message.type in END_KINDS:
            raise StopAsyncIteration
        return message
