"""aiohttp's name for this package: ``import aiohttp`` and every ``aiohttp.X`` give our very modules.

A finder first on ``sys.meta_path`` answers for the name and all below it, and for the distribution's
metadata. Both names lead to one module object, so that a class never exists twice.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import Distribution, DistributionFinder
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import aiohttp_core
from aiohttp_core._semantics.product import VERSION

ALIAS: Final = "aiohttp"
TARGET: Final = "aiohttp_core"
API_VERSION: Final = "3.14.5"
"""The version of aiohttp whose API is offered: ``aiohttp.__version__`` under the alias."""
DISTRIBUTION_VERSION: Final = f"{API_VERSION}+core{VERSION}"
"""What ``importlib.metadata.version("aiohttp")`` answers, and the version of the wheel of `make shim-wheel`."""


def target_of(name: str) -> str:
    """Our name of the module that aiohttp calls ``name``."""
    return TARGET + name[len(ALIAS) :]


class _AliasLoader(Loader):
    """Gives the module that exists already under our name."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = import_module(target_of(spec.name))
        # The import system will put the alias' spec on the module.
        self._own_spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._own_spec

    def get_code(self, fullname: str) -> Any:
        """The code of our module, for ``python -m aiohttp.web``."""
        spec = find_spec(target_of(fullname))
        loader: Any = spec.loader if spec is not None else None
        return loader.get_code(target_of(fullname)) if loader is not None else None


class _AliasDistribution(Distribution):
    """The metadata of a distribution named aiohttp."""

    def read_text(self, filename: str) -> str | None:
        if filename in ("METADATA", "PKG-INFO"):
            return (
                f"Metadata-Version: 2.1\nName: {ALIAS}\nVersion: {DISTRIBUTION_VERSION}\n"
                f"Summary: aiohttp's name for aiohttp-core\nRequires-Dist: aiohttp-core=={VERSION}\n"
            )
        return "aiohttp\n" if filename == "top_level.txt" else None

    def locate_file(self, path: Any) -> Path:
        return Path(aiohttp_core.__path__[0]).parent / str(path)


class AliasFinder(MetaPathFinder):
    """Finds ``aiohttp`` and what is below it, and nothing else."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Raises ModuleNotFoundError for what is not offered, so that no other finder gives another aiohttp's."""
        if fullname != ALIAS and not fullname.startswith(f"{ALIAS}."):
            return None
        found = find_spec(target_of(fullname))
        if found is None:
            raise ModuleNotFoundError(
                f"No module named {fullname!r} (aiohttp_core is installed as aiohttp and does not offer it)",
                name=fullname,
            )
        spec = ModuleSpec(fullname, _AliasLoader(), origin=found.origin)
        spec.submodule_search_locations = found.submodule_search_locations
        return spec

    def find_distributions(self, context: Any = DistributionFinder.Context()) -> Iterator[Distribution]:  # noqa: B008
        if context.name is None or context.name.lower() == ALIAS:
            yield _AliasDistribution()


def install() -> None:
    """Put the alias in place; once is enough. Raises RuntimeError where the real aiohttp was imported before."""
    if any(isinstance(finder, AliasFinder) for finder in sys.meta_path):
        return
    _check_not_imported(sys.modules.items())
    # Programs compare the version, and `aiohttp` is this module now; the distribution aiohttp-core keeps its own.
    aiohttp_core.__version__ = API_VERSION
    sys.meta_path.insert(0, AliasFinder())
    import_module(ALIAS)


def _check_not_imported(modules: Iterable[tuple[str, Any]]) -> None:
    for name, module in list(modules):
        if name == ALIAS or name.startswith(f"{ALIAS}."):
            if module is not sys.modules.get(target_of(name)):
                raise RuntimeError(
                    f"{name} was already imported from {getattr(module, '__file__', None)}: "
                    "call aiohttp_core.install_as_aiohttp() before anything imports aiohttp, "
                    "or run the program by `python -m aiohttp_core.compat`"
                )
