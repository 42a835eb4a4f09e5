"""Builds the compiled twin of aiohttp_core._wire; everything that is not about it stands in pyproject.toml.

AIOHTTP_NO_EXTENSIONS=1 compiles nothing. AIOHTTP_CORE_REQUIRE_EXTENSIONS=1 turns "made the pure package
instead" into an error. USE_SYSTEM_DEPS=1 links the system's libllhttp, found by pkg-config.
"""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from setuptools import Extension, find_packages, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.sdist import sdist
from setuptools.errors import CCompilerError, ExecError, PlatformError

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "vendor"))

import materialise  # noqa: E402  (vendor/ is not a package)

PACKAGE = "aiohttp_core._cparser"
SOURCES = "_cparser"
TYPES = f"{SOURCES}/types"
"""What SHARED_SOURCES are augmented with, in the layout of packages."""
LLHTTP_USERS = {"http_parser"}
"""The modules of _cparser that call llhttp."""

SHARED_SOURCES: dict[str, str] = {
    "aiohttp_core._cparser.framing": "aiohttp_core/_wire/http1/framing.py",
    "aiohttp_core._cparser.connection_protocol": "aiohttp_core/_connection/protocol.py",
    "aiohttp_core._cparser.http1_connection": "aiohttp_core/_connection/http1.py",
    "aiohttp_core._cparser.deadlines": "aiohttp_core/_client/deadlines.py",
    "aiohttp_core._cparser.pool": "aiohttp_core/_client/pool.py",
    "aiohttp_core._cparser.lease": "aiohttp_core/_client/lease.py",
    "aiohttp_core._cparser.plain_request": "aiohttp_core/_client/plain_request.py",
    "aiohttp_core._cparser.answer": "aiohttp_core/_client/answer.py",
    "aiohttp_core._cparser.session_defaults": "aiohttp_core/_client/session_defaults.py",
    "aiohttp_core._cparser.sending": "aiohttp_core/_client/sending.py",
    "aiohttp_core._cparser.client_protocol": "aiohttp_core/_client/protocol.py",
    "aiohttp_core._cparser.server_drive": "aiohttp_core/_server/drive.py",
    "aiohttp_core._cparser.server_protocol": "aiohttp_core/_server/protocol.py",
    "aiohttp_core._cparser.stream_core": "aiohttp_core/_connection/stream_core.py",
    "aiohttp_core._cparser.body_receiver": "aiohttp_core/_connection/body_receiver.py",
    "aiohttp_core._cparser.arrival": "aiohttp_core/_connection/arrival.py",
    "aiohttp_core._cparser.websocket_writer": "aiohttp_core/_wire/websocket/writer.py",
    "aiohttp_core._cparser.websocket_channel": "aiohttp_core/_connection/websocket.py",
}
"""Extension name -> the .py file it is compiled from (Cython's pure-Python mode): one source, both twins.
Such a file imports absolutely, since it is compiled into another package. Types for it, where it has any, stand in
_cparser/types; what it takes from elsewhere as a type, or as a function in C, the line marked AS_TYPE, is declared
there."""
AS_TYPE = "# compiled: a type"

# wraparound stays on: it costs nothing on C pointers, and without it a negative index into a list is undefined.
DIRECTIVES = {
    "language_level": 3,
    "binding": False,
    "boundscheck": False,
    "cdivision": True,
    "initializedcheck": False,
    "auto_pickle": False,
}


class PureInstead(Exception):
    """Why there will be no extension: the package is made pure, or the build fails where extensions are required."""


def flag(name: str) -> bool:
    return os.environ.get(name, "") not in ("", "0")


def say(text: str) -> None:
    print(f"aiohttp-core: {text}", file=sys.stderr, flush=True)


def llhttp_options() -> dict[str, list[str]]:
    """The Extension arguments that give llhttp: the system's library, or the sources in vendor/."""
    if flag("USE_SYSTEM_DEPS"):
        return _system_llhttp()
    try:
        lock = materialise.Lock.read()
        folder = materialise.materialise(lock)
    except materialise.Unavailable as exc:
        raise PureInstead(f"llhttp's sources are not here and could not be fetched: {exc}") from exc
    except materialise.HashMismatch as exc:
        raise SystemExit(f"aiohttp-core: {exc}") from exc
    # Relative to the root: setuptools refuses absolute paths.
    sources = sorted(name for name in lock.files if name.endswith(".c"))
    return {
        "sources": [f"vendor/llhttp/{name}" for name in sources],
        "include_dirs": [str((folder / "include").relative_to(ROOT))],
        "depends": ["vendor/llhttp.lock", "vendor/llhttp/include/llhttp.h"],
    }


def _system_llhttp() -> dict[str, list[str]]:
    def ask(question: str) -> list[str]:
        command = [os.environ.get("PKG_CONFIG", "pkg-config"), question, "libllhttp"]
        try:
            done = subprocess.run(command, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as exc:
            raise SystemExit(f"aiohttp-core: USE_SYSTEM_DEPS=1, but {shlex.join(command)} failed: {exc}") from exc
        return shlex.split(done.stdout)

    return {"extra_compile_args": ask("--cflags"), "extra_link_args": ask("--libs")}


def extensions() -> list[Extension]:
    """The extensions to build; none when the pure twin was chosen. Raises PureInstead."""
    modules = {path.stem: str(path.relative_to(ROOT)) for path in sorted(ROOT.glob(f"{SOURCES}/*.pyx"))}
    if flag("AIOHTTP_NO_EXTENSIONS") or not modules:
        return []
    if sys.implementation.name != "cpython":
        raise PureInstead(f"on {sys.implementation.name} the pure package is the faster one")
    probe_compiler()
    llhttp = llhttp_options()
    found = []
    for stem, source in modules.items():
        options: dict[str, list[str]] = llhttp if stem in LLHTTP_USERS else {}
        found.append(_extension(f"{PACKAGE}.{stem}", source, options))
    found += [_extension(name, without_typed_imports(source), {}) for name, source in SHARED_SOURCES.items()]
    return cythonized(found)


def without_typed_imports(source: str) -> str:
    """``source`` as Cython is to read it: itself, or a copy whose AS_TYPE lines are empty."""
    text = (ROOT / source).read_text(encoding="utf-8")
    if AS_TYPE not in text:
        return source
    copy = Path("build/shared", source)
    lines = ["\n" if line.rstrip().endswith(AS_TYPE) else line for line in text.splitlines(keepends=True)]
    stripped = "".join(lines)
    if not copy.exists() or copy.read_text(encoding="utf-8") != stripped:
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(stripped, encoding="utf-8")
    return copy.as_posix()


def _extension(name: str, source: str, options: dict[str, list[str]]) -> Extension:
    asked = os.environ.get("CFLAGS", "")
    flags = [] if sys.platform == "win32" else ["-fno-strict-aliasing"]
    if flags and "-O" not in asked:
        flags.append("-O3")
    if flags and "-g" not in asked:
        flags.append("-g0")  # Python's own flags ask for debug information, which doubles a wheel
    return Extension(
        name,
        [source, *options.get("sources", [])],
        include_dirs=[SOURCES, *options.get("include_dirs", [])],
        depends=[
            "setup.py",
            *(str(path.relative_to(ROOT)) for path in ROOT.glob(f"{SOURCES}/*.h")),
            *options.get("depends", []),
        ],
        extra_compile_args=[*flags, *options.get("extra_compile_args", [])],
        extra_link_args=options.get("extra_link_args", []),
    )


def cythonized(found: list[Extension]) -> list[Extension]:
    try:
        from Cython.Build import cythonize  # here: a pure build does not need Cython
    except ImportError as exc:
        raise PureInstead(f"Cython, a build requirement, is not installed: {exc}") from exc

    # build_dir keeps generated C beside neither the .pyx nor a shared .py.
    shared = [extension for extension in found if extension.name in SHARED_SOURCES]
    written = [extension for extension in found if extension.name not in SHARED_SOURCES]
    # Shared sources keep Python's meaning: negative indices and bounds included.
    newer = types_are_newer()
    result: list[Extension] = cythonize(
        shared,
        force=newer,
        build_dir="build/cython",
        include_path=[TYPES],
        compiler_directives={"language_level": 3, "binding": False, "annotation_typing": False, "auto_pickle": False},
    )
    result += cythonize(
        written,
        force=newer,
        build_dir="build/cython",
        include_path=[SOURCES, TYPES],
        compiler_directives=DIRECTIVES,
        annotate=flag("AIOHTTP_CORE_ANNOTATE"),
    )
    return result


def types_are_newer() -> bool:
    """Whether TYPES changed since they were used: Cython does not look there for what its sources depend on."""
    made = [path.stat().st_mtime for source in SHARED_SOURCES.values() for path in _made_of(source)]
    return not made or max(path.stat().st_mtime for path in ROOT.glob(f"{TYPES}/**/*.pxd")) > min(made)


def _made_of(source: str) -> list[Path]:
    return list(ROOT.glob(f"build/cython/**/{Path(source).with_suffix('.c')}"))


def probe_compiler() -> None:
    """Raise PureInstead when no C compiler can build a Python extension here."""
    from setuptools import Distribution

    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "probe.c"
        source.write_text("#include <Python.h>\nint probe(void) { return PY_MAJOR_VERSION; }\n", encoding="utf-8")
        command = build_ext(Distribution({"ext_modules": [Extension("probe", [str(source)])]}))
        command.build_temp = command.build_lib = scratch
        command.finalize_options()
        try:
            command.run()
        except (CCompilerError, ExecError, PlatformError, OSError) as exc:
            raise PureInstead(f"no working C compiler with Python's headers: {exc}") from exc


class BuildExtensions(build_ext):
    """build_ext that compiles llhttp once into objects of its own, and falls back to the pure package."""

    def finalize_options(self) -> None:
        super().finalize_options()
        if self.parallel is None:
            self.parallel = os.cpu_count()

    def run(self) -> None:
        try:
            super().run()
        except (CCompilerError, ExecError, PlatformError) as exc:
            pure_instead(f"compiling failed: {exc}")
            self._remove_results()
            self.extensions = self.distribution.ext_modules = []

    def build_extension(self, ext: Extension) -> None:
        vendored = [source for source in ext.sources if source.startswith("vendor/")]
        if vendored:
            ext.sources = [source for source in ext.sources if source not in vendored]
            ext.extra_objects = [*ext.extra_objects, *self._objects(vendored, ext)]
        super().build_extension(ext)

    def _objects(self, sources: list[str], ext: Extension) -> list[str]:
        """Compile what is older than the lock file or its source: a changed .pyx must not recompile llhttp."""
        objects: list[str] = self.compiler.object_filenames(sources, output_dir=self.build_temp)
        for source, made in zip(sources, objects, strict=True):
            newest = max(os.path.getmtime(path) for path in [source, *ext.depends])
            if self.force or not os.path.exists(made) or os.path.getmtime(made) <= newest:
                self.compiler.compile(
                    [source],
                    output_dir=self.build_temp,
                    include_dirs=ext.include_dirs,
                    extra_postargs=ext.extra_compile_args,
                )
        return objects

    def _remove_results(self) -> None:
        # A package with one of its extensions would be neither twin.
        for ext in self.extensions:
            Path(self.get_ext_fullpath(ext.name)).unlink(missing_ok=True)


class SourceDistribution(sdist):
    """sdist that carries llhttp, also where nothing is compiled."""

    def run(self) -> None:
        try:
            materialise.materialise(materialise.Lock.read())
        except materialise.VendorError as exc:
            raise SystemExit(f"aiohttp-core: a source distribution must carry llhttp's sources: {exc}") from exc
        super().run()


def pure_instead(reason: str) -> None:
    if flag("AIOHTTP_CORE_REQUIRE_EXTENSIONS"):
        raise SystemExit(f"aiohttp-core: AIOHTTP_CORE_REQUIRE_EXTENSIONS=1, but {reason}")
    say(f"{reason}\naiohttp-core: making the PURE PYTHON package, without the compiled extension.")


def options() -> dict[str, Any]:
    os.chdir(ROOT)
    try:
        ext_modules = extensions()
    except PureInstead as exc:
        pure_instead(str(exc))
        ext_modules = []
    packages = find_packages(include=["aiohttp_core", "aiohttp_core.*"])
    licences = ["LICENSE", *(f"vendor/llhttp/{name}" for name in ("LICENSE", "LICENSE-MIT") if ext_modules)]
    return {
        "license_files": [name for name in licences if os.path.exists(name)],
        "packages": [*packages, PACKAGE],  # find_packages cannot see a package that package_dir maps
        "package_dir": {PACKAGE: SOURCES},
        "ext_modules": ext_modules,
        "cmdclass": {"build_ext": BuildExtensions, "sdist": SourceDistribution},
    }


setup(**options())
