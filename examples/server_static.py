"""This directory as static files, with an index: ``python examples/server_static.py [PORT]``."""

import sys
from pathlib import Path

from aiohttp_core import web

app = web.Application()
app.add_routes([web.static("/files", Path(__file__).parent, show_index=True)])

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else None)
