"""The server's loggers. Their names are aiohttp's, since programs attach handlers to those."""

import logging
from typing import Final

access_logger: Final = logging.getLogger("aiohttp.access")
server_logger: Final = logging.getLogger("aiohttp.server")
web_logger: Final = logging.getLogger("aiohttp.web")
ws_logger: Final = logging.getLogger("aiohttp.websocket")
