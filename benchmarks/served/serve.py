"""One server of one library: ``python serve.py PEER LOOP [options]`` prints ``{"port"}`` and serves until killed."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import os
import pathlib
import signal
import socket
import ssl
import sys
from collections.abc import Awaitable, Callable
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import loops
from callgrind import mark
from served import limits
from served.aiohttp_application import application

HOST = "127.0.0.1"
BENCHMARKS = pathlib.Path(__file__).resolve().parent.parent
Options = argparse.Namespace


def context(options: Options) -> ssl.SSLContext | None:
    """The server's side of TLS, where it was asked for."""
    if not options.tls:
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(options.tls)
    return made


async def aiohttp(options: Options) -> int:
    web: Any = importlib.import_module(f"{options.peer.partition(' ')[0]}.web")
    runner = web.AppRunner(application(web, options.middlewares, options.static), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0, ssl_context=context(options)).start()
    return int(runner.addresses[0][1])


async def protocol(options: Options) -> int:
    factory = limits.HttptoolsProtocol if "httptools" in options.peer else limits.RawProtocol
    if factory is limits.HttptoolsProtocol:
        importlib.import_module("httptools")
    server = await asyncio.get_running_loop().create_server(factory, HOST, 0, ssl=context(options))
    return int(server.sockets[0].getsockname()[1])


async def uvicorn(options: Options) -> int:
    """A bare ASGI application, or that of a framework, on uvicorn with httptools."""
    import uvicorn

    served: Any = importlib.import_module(f"served.{'asgi' if options.peer == 'uvicorn' else options.peer}_application")
    app = served.application
    if options.peer == "starlette":
        app = app(options.middlewares, options.static)
    elif options.peer == "blacksheep":
        app = app(options.middlewares)
        await app.start()
    config = uvicorn.Config(
        app, HOST, 0, http="httptools", loop="none", access_log=False, log_level="error", ssl_certfile=options.tls
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
        if task.done():
            task.result()
            raise RuntimeError("uvicorn ended")
    return int(server.servers[0].sockets[0].getsockname()[1])


def granian(options: Options) -> None:
    """A bare ASGI application on granian, which is a program of its own: this process becomes it."""
    importlib.import_module("granian")
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--port", str(port)]
    command += ["--loop", options.loop, "--log-level", "error", "--http", "1", "served.asgi_application:application"]
    print(json.dumps({"port": port}), flush=True)
    os.dup2(2, 1)
    os.chdir(BENCHMARKS)
    os.execv(sys.executable, command)


SERVERS: dict[str, Callable[[Options], Awaitable[int]]] = {
    "aiohttp_core": aiohttp,
    "aiohttp": aiohttp,
    "aiohttp_core pure": aiohttp,
    "aiohttp pure": aiohttp,
    "starlette": uvicorn,
    "blacksheep": uvicorn,
    "uvicorn": uvicorn,
    "raw protocol": protocol,
    "httptools protocol": protocol,
}


def marked() -> None:
    """Asked by a signal: tell callgrind, and say that it was told."""
    mark()
    print("{}", flush=True)


async def main(options: Options) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, marked)
    print(json.dumps({"port": await SERVERS[options.peer](options)}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=[*SERVERS, "granian"])
    parser.add_argument("loop", choices=loops.LOOPS)
    parser.add_argument("--middlewares", type=int, default=0)
    parser.add_argument("--static", type=pathlib.Path)
    parser.add_argument("--tls", help="a file with key and certificate")
    arguments = parser.parse_args()
    try:
        if arguments.peer == "granian":
            granian(arguments)
        loops.run(arguments.loop, main(arguments))
    except ImportError as missing:
        print(json.dumps({"error": f"{missing.name} is not installed"}), flush=True)
