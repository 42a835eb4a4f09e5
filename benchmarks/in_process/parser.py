"""Messages parsed by each package's fastest parser, as the wire suite times them; here they can be counted."""

from __future__ import annotations

import os
from typing import Any

from in_process.entry import Entry


class ParserScenario:
    """One message after the other on a kept connection, its header mapping built."""

    def __init__(self, load: str) -> None:
        self._load = load

    async def start(self, package: str, loop: Any) -> None:
        from wire import test_http1_parse as candidates  # with pytest, which no other scenario needs

        kind = "pure" if os.environ.get("AIOHTTP_NO_EXTENSIONS") else "compiled"
        if package == "aiohttp_core":
            self._parse = candidates.ours(kind, self._load, mapping=True)
        else:
            self._parse = candidates.aiohttps(kind, self._load, loop)
        fields, _ = self._parse()
        if fields != candidates.ANSWERS[self._load][0]:
            raise RuntimeError(f"{package} found {fields} fields")

    async def run(self, count: int) -> None:
        """``count`` messages."""
        parse = self._parse
        for _ in range(count):
            parse()


SCENARIOS = {
    load: Entry(lambda load=load: ParserScenario(load), 2000, 200)  # type: ignore[misc]
    for load in ("tiny GET", "browser GET", "50 fields", "response", "100 chunks of 5 B")
}
