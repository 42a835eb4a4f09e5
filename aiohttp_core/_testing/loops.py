"""Event loops for tests that are not coroutines."""

import asyncio
import contextlib
import gc
from collections.abc import Callable, Iterator
from typing import Any

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def setup_test_loop(loop_factory: LoopFactory = asyncio.new_event_loop) -> asyncio.AbstractEventLoop:
    """A new loop, made the current one."""
    loop = loop_factory()
    asyncio.set_event_loop(loop)
    return loop


def teardown_test_loop(loop: asyncio.AbstractEventLoop, fast: bool = False) -> None:
    """Close ``loop``; unless ``fast``, also collect garbage, so that what leaked says so now."""
    if not loop.is_closed():
        loop.call_soon(loop.stop)
        loop.run_forever()
        loop.close()
    if not fast:
        gc.collect()
    asyncio.set_event_loop(None)


@contextlib.contextmanager
def loop_context(
    loop_factory: LoopFactory = asyncio.new_event_loop, fast: bool = False
) -> Iterator[asyncio.AbstractEventLoop]:
    """A loop for the time of the block."""
    loop = setup_test_loop(loop_factory)
    yield loop
    teardown_test_loop(loop, fast=fast)


def unittest_run_loop(func: Any, *args: Any, **kwargs: Any) -> Any:
    """Does nothing since coroutines are tests by themselves; kept for programs that use it."""
    import warnings

    warnings.warn(
        "Decorator `@unittest_run_loop` is no longer needed in aiohttp 3.8+", DeprecationWarning, stacklevel=2
    )
    return func
