"""Libraries built on aiohttp, run on ours under aiohttp's name: `make downstream`, in an environment of its own.

In any other environment, where they are not installed, nothing here is collected.
"""

import os

collect_ignore_glob = [] if os.environ.get("AIOHTTP_CORE_DOWNSTREAM") else ["test_*.py"]
