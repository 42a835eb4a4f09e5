"""aiohttp's other module names, as re-exports: this folder is on the package's ``__path__``.

So ``aiohttp_core.client_reqrep`` is ``compat/client_reqrep.py``, and ``import aiohttp.client_reqrep`` gives it too
once ``aiohttp_core.install_as_aiohttp()`` was called. Nothing in the machinery imports from here.
"""
