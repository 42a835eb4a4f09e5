"""One WebSocket library in one process, that echoes: ``python talk.py PEER LOOP [--url URL] [options]``.

Without a URL it is a server and prints its port; with one it is a client.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import pathlib
import ssl
import sys
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import loops

MODULES = {
    "aiohttp_core": "aiohttp",
    "aiohttp": "aiohttp",
    "aiohttp_core pure": "aiohttp",
    "aiohttp pure": "aiohttp",
    "websockets": "websockets",
    "picows": "picows",
    "picows queue": "picows",
}


def context(options: argparse.Namespace) -> ssl.SSLContext | None:
    if not options.tls:
        return None
    if options.url:
        made = ssl.create_default_context()
        made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
        return made
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(options.tls)
    return made


async def main(options: argparse.Namespace) -> None:
    module: Any = importlib.import_module(f"talking.{MODULES[options.peer]}_socket")
    if options.url:
        await module.connect(options)
    else:
        print(json.dumps({"port": await module.serve(options)}), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=MODULES)
    parser.add_argument("loop", choices=loops.LOOPS)
    parser.add_argument("--url")
    parser.add_argument("--tls", help="a file with key and certificate")
    parser.add_argument("--deflate", action="store_true")
    parser.add_argument("--feed", action="store_true")
    arguments = parser.parse_args()
    arguments.context = context(arguments)
    try:
        loops.run(arguments.loop, main(arguments))
    except ImportError as missing:
        print(json.dumps({"error": f"{missing.name} is not installed"}), flush=True)
