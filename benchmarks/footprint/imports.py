"""How long an import takes: the CPU time of an interpreter that does nothing else, its byte code already written."""

from __future__ import annotations

import contextlib
import os
import pathlib
import subprocess
import sys
from typing import Any

from processes import MEASURED, PeerError, environment, pinned
from rounds import Case, Round

MODULES = {
    "aiohttp_core": "import aiohttp_core",
    "aiohttp": "import aiohttp",
    "aiohttp_core pure": "import aiohttp_core",
    "aiohttp pure": "import aiohttp",
    "httpx": "import httpx",
    "starlette": "import starlette.applications, starlette.routing, starlette.responses",
    "websockets": "import websockets.asyncio.client, websockets.asyncio.server",
    "asyncio": "import asyncio",
    "bare interpreter": "pass",
}
SERVERS = {
    "aiohttp_core": "import aiohttp_core.web",
    "aiohttp": "import aiohttp.web",
}


def cases(caches: pathlib.Path) -> list[Case]:
    """The import of the package, and that of its server."""
    return [_case("import", MODULES, caches), _case("import web", SERVERS, caches)]


def _case(name: str, modules: dict[str, str], caches: pathlib.Path) -> Case:
    def opened(peer: str, _: contextlib.ExitStack) -> Round:
        env = environment(peer.endswith(" pure"), PYTHONPYCACHEPREFIX=str(caches))
        env.pop("PYTHONDONTWRITEBYTECODE", None)

        def measure() -> dict[str, float]:
            return {"ms": _cpu_seconds(modules[peer], env) * 1000}

        measure()  # writes the byte code
        return measure

    return Case("footprint", name, "no loop", tuple(modules), opened, 0.4)


def _cpu_seconds(statement: str, env: dict[str, Any]) -> float:
    process = subprocess.Popen(pinned(MEASURED, [sys.executable, "-c", statement]), env=env, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise PeerError(f"{statement}: fails")
    return used.ru_utime + used.ru_stime
