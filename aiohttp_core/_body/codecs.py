"""Content codings for asyncio: big pieces are worked on in a thread, so that they do not hold up the loop."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from typing import Any, Final, TypeVar

from .._semantics.compression import Compressor, Decompressor

OFFLOAD_SIZE: Final = 32 * 1024
"""Octets of input from which a hop to a thread costs less than the wait it saves."""

MAX_OUTPUT: Final = 256 * 1024
"""Octets that one step unpacks at the most."""

_Result = TypeVar("_Result")


class _Worker:
    """Runs steps of one machine, one at a time: a cancelled caller leaves its step running in the thread."""

    __slots__ = ("_executor", "_running")

    def __init__(self, executor: Executor | None) -> None:
        self._executor = executor
        self._running: asyncio.Future[Any] | None = None

    async def run(self, step: Callable[[], _Result]) -> _Result:
        await self.settle()
        future = asyncio.get_running_loop().run_in_executor(self._executor, step)
        self._running = future
        try:
            return await asyncio.shield(future)
        finally:
            if future.done():
                self._running = None

    async def settle(self) -> None:
        while self._running is not None:
            running = self._running
            await asyncio.wait([running])
            if self._running is running:
                self._running = None


class AsyncDecompressor:
    """A `Decompressor` whose big steps leave the loop free."""

    __slots__ = ("_machine", "_worker")

    def __init__(self, machine: Decompressor, executor: Executor | None = None) -> None:
        self._machine = machine
        self._worker = _Worker(executor)

    async def iterate(self, data: bytes, max_length: int = MAX_OUTPUT) -> AsyncIterator[bytes]:
        """Everything that ``data`` unpacks to, in pieces of at most ``max_length`` octets."""
        machine = self._machine
        await self._worker.settle()
        while True:
            if len(data) < OFFLOAD_SIZE:
                piece = machine.decompress(data, max_length)
            else:
                # Bound now: the thread must not see the next round's data.
                piece = await self._worker.run(lambda chunk=data: machine.decompress(chunk, max_length))  # type: ignore[misc]
            if piece:
                yield piece
            if not machine.pending:
                return
            data = b""

    def finish(self) -> None:
        """Say that the input has ended; `TruncatedStream` when it ended too early."""
        self._machine.finish()


class AsyncCompressor:
    """A `Compressor` whose big steps leave the loop free."""

    __slots__ = ("_machine", "_worker")

    def __init__(self, machine: Compressor, executor: Executor | None = None) -> None:
        self._machine = machine
        self._worker = _Worker(executor)

    async def compress(self, data: bytes) -> bytes:
        """What can be sent already."""
        machine = self._machine
        await self._worker.settle()
        if len(data) < OFFLOAD_SIZE:
            return machine.compress(data)
        return await self._worker.run(lambda: machine.compress(data))

    async def flush(self) -> bytes:
        """The rest, with the end of the stream."""
        await self._worker.settle()
        return self._machine.flush()
