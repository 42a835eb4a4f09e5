"""The event loops: asyncio's own, uvloop, and asyncio's with aiofastnet's transports."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

LOOPS = ("asyncio", "uvloop", "aiofastnet")


def factory(kind: str) -> Callable[[], asyncio.AbstractEventLoop]:
    """What makes a loop of that kind; raises ImportError where it is not installed."""
    if kind == "uvloop":
        import uvloop

        return uvloop.new_event_loop
    if kind == "aiofastnet":
        import aiofastnet

        return aiofastnet.loop_factory(asyncio.SelectorEventLoop)
    return asyncio.SelectorEventLoop


def run(kind: str, main: Coroutine[Any, Any, None]) -> None:
    """``main`` on a loop of that kind, until it ends."""
    loop = factory(kind)()
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(main)
    finally:
        loop.close()
