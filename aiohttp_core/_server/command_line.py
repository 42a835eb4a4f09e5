"""``python -m aiohttp_core.web``: serves what a function of a module returns."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from argparse import ArgumentParser
from importlib import import_module

from .run_app import run_app


def main(argv: list[str]) -> None:
    """Serve by the command line ``argv``; arguments that it does not know go to the function."""
    parser = ArgumentParser(description="aiohttp.web Application server", prog="aiohttp.web")
    parser.add_argument(
        "entry_func",
        help="Callable returning the `aiohttp.web.Application` instance to run. "
        "Should be specified in the 'module:function' syntax.",
        metavar="entry-func",
    )
    parser.add_argument("-H", "--hostname", default=None, help="TCP/IP hostname to serve on (default: localhost)")
    parser.add_argument("-P", "--port", type=int, default=8080, help="TCP/IP port to serve on (default: %(default)r)")
    parser.add_argument(
        "-U",
        "--path",
        help="Unix file system path to serve on. Can be combined with hostname to serve on both Unix and TCP.",
    )
    args, extra = parser.parse_known_args(argv)
    module_name, _, function_name = args.entry_func.partition(":")
    if not module_name or not function_name:
        parser.error("'entry-func' not in 'module:function' syntax")
    if module_name.startswith("."):
        parser.error("relative module names not supported")
    # As ``python -m`` does for its own module.
    sys.path.insert(0, os.getcwd())
    try:
        module = import_module(module_name)
    except ImportError as exc:
        parser.error(f"unable to import {module_name}: {exc}")
    try:
        function = getattr(module, function_name)
    except AttributeError:
        parser.error(f"module {module_name!r} has no attribute {function_name!r}")
    host = args.hostname
    if host is None and not args.path:
        host = "localhost"
    logging.basicConfig(level=logging.DEBUG)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    run_app(function(extra), host=host, port=args.port if host else None, path=args.path, loop=loop)
    parser.exit(message="Stopped\n")


__all__ = ("main",)
