# For type checkers, which cannot know that compat/ is on __path__.
from aiohttp_core.compat.client import *
