"""Sphinx's settings: `make docs`, where every warning is an error."""

import os

import aiohttp_core

project = "aiohttp-core"
author = "the aiohttp-core maintainers"
release = aiohttp_core.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
html_theme = "furo"
exclude_patterns = ["_build"]
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_default_options = {"show-inheritance": False}
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

# Types of yarl, multidict and Python are linked by their inventories, which come from the network. A build must not
# depend on that, so it is asked for: DOCS_INTERSPHINX=1 make docs. Without it those names are shown unlinked.
if os.environ.get("DOCS_INTERSPHINX"):
    extensions.append("sphinx.ext.intersphinx")
    intersphinx_mapping = {
        "python": ("https://docs.python.org/3", None),
        "yarl": ("https://yarl.aio-libs.org/en/stable", None),
        "multidict": ("https://multidict.aio-libs.org/en/stable", None),
    }
