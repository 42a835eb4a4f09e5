"""How this software names itself in Server and User-Agent (RFC 9110 sections 10.1.5 and 10.2.4)."""

import sys
from typing import Final

VERSION: Final = "0.1.0"
SERVER_SOFTWARE: Final = f"Python/{sys.version_info[0]}.{sys.version_info[1]} aiohttp_core/{VERSION}"
