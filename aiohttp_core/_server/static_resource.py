"""A directory of files under a prefix. Nothing outside the directory is looked at, whatever the path says."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import html
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from yarl import URL

from .._semantics import methods
from .._semantics.arguments import PathLike
from .abstract import Handler
from .errors import printable
from .exceptions import HTTPForbidden, HTTPNotFound
from .file_response import FileResponse, accepted_codings, open_file
from .resources import PrefixResource, Resolution, unescape
from .response import Response, StreamResponse
from .routes import ResourceRoute, _ExpectHandler
from .url_mapping import UrlMappingMatchInfo

if TYPE_CHECKING:
    from .request import Request

_HASH_CHUNK: Final = 65536


class StaticResource(PrefixResource):
    """The files of ``directory``.

    ``chunk_size``: octets read at a time where the kernel does not send the file itself. ``follow_symlinks``:
    links may lead out of the directory. ``append_version``: ``url_for`` adds a hash of the file, so that
    caches notice changes. ValueError where there is no such directory.
    """

    VERSION_KEY = "v"

    def __init__(
        self,
        prefix: str,
        directory: PathLike,
        *,
        name: str | None = None,
        expect_handler: _ExpectHandler | None = None,
        chunk_size: int = 256 * 1024,
        show_index: bool = False,
        follow_symlinks: bool = False,
        append_version: bool = False,
    ) -> None:
        super().__init__(prefix, name=name)
        try:
            self._directory = Path(directory).expanduser().resolve(strict=True)
        except FileNotFoundError as exc:
            raise ValueError(f"'{directory}' does not exist") from exc
        if not self._directory.is_dir():
            raise ValueError(f"'{directory}' is not a directory")
        self._chunk_size = chunk_size
        self._show_index = show_index
        self._follow_symlinks = follow_symlinks
        self._append_version = append_version
        self._expect_handler = expect_handler
        self._routes = {
            method: ResourceRoute(method, self._handle, self, expect_handler=expect_handler)
            for method in (methods.METH_GET, methods.METH_HEAD)
        }
        self._allowed_methods = set(self._routes)

    def __repr__(self) -> str:
        name = f"'{self.name}'" if self.name is not None else ""
        return f"<StaticResource {name} {self._prefix} -> {self._directory!r}>"

    def url_for(  # type: ignore[override]
        self, *, filename: PathLike, append_version: bool | None = None
    ) -> URL:
        """The URL of a file, with its hash where that is wanted and the file is there."""
        if append_version is None:
            append_version = self._append_version
        path = str(filename).lstrip("/")
        url = URL.build(path=f"{self._prefix}/{path}")
        if not append_version:
            return url
        file = self._inside(path)
        if file is None or not file.is_file():
            return url
        digest = hashlib.sha256()
        with file.open("rb") as stream:
            while chunk := stream.read(_HASH_CHUNK):
                digest.update(chunk)
        version = base64.urlsafe_b64encode(digest.digest()).decode("ascii")
        return url.with_query({self.VERSION_KEY: version})

    def get_info(self) -> dict[str, Any]:
        return {"directory": self._directory, "prefix": self._prefix, "routes": self._routes}

    def set_options_route(self, handler: Handler) -> None:
        """Add an OPTIONS route; RuntimeError where there is one."""
        if methods.METH_OPTIONS in self._routes:
            raise RuntimeError("OPTIONS route was set already")
        self._routes[methods.METH_OPTIONS] = ResourceRoute(
            methods.METH_OPTIONS, handler, self, expect_handler=self._expect_handler
        )
        self._allowed_methods.add(methods.METH_OPTIONS)

    async def resolve(self, request: Request) -> Resolution:
        path = request.routing_path
        if not path.startswith(self._compared_slash) and path != self._compared:
            return None, set()
        route = self._routes.get(request.method)
        if route is None:
            return None, self._allowed_methods
        filename = unescape(path[len(self._compared_slash) :])
        return UrlMappingMatchInfo({"filename": filename}, route), self._allowed_methods

    def __len__(self) -> int:
        return len(self._routes)

    def __iter__(self) -> Iterator[ResourceRoute]:
        return iter(self._routes.values())

    async def _handle(self, request: Request) -> StreamResponse:
        filename = request.match_info["filename"]
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            None, self._find, filename, accepted_codings(request), request.method != methods.METH_HEAD
        )

    def _find(self, filename: str, accepted: frozenset[str], want_content: bool) -> StreamResponse:
        """The response; what asks the file system is done here, in one visit to a thread."""
        path = self._inside(filename)
        if path is None:
            raise HTTPNotFound
        try:
            return FileResponse.of_opened(path, self._chunk_size, open_file(path, accepted, want_content))
        except PermissionError as exc:
            if not path.is_dir() or not self._show_index:
                raise HTTPForbidden from exc
        except (OSError, ValueError):
            return FileResponse(path, chunk_size=self._chunk_size)
        try:
            return Response(text=self._directory_as_html(path), content_type="text/html")
        except PermissionError as exc:
            raise HTTPForbidden from exc
        except OSError as exc:
            # It was there a moment ago.
            raise HTTPNotFound from exc

    def _inside(self, filename: str) -> Path | None:
        """The file that ``filename`` means, or None where that is outside. Judged before any file is touched."""
        if not _is_relative(filename):
            return None
        parts = [part for part in filename.split("/") if part not in ("", ".")]
        path = self._directory.joinpath(*parts)
        if self._follow_symlinks or not self._has_link(parts):
            return path
        try:
            resolved = path.resolve()
        except (OSError, RuntimeError):
            return None
        return resolved if resolved == self._directory or self._directory in resolved.parents else None

    def _has_link(self, parts: list[str]) -> bool:
        path = str(self._directory)
        for part in parts:
            path = os.path.join(path, part)
            if os.path.islink(path):
                return True
        return False

    def _directory_as_html(self, directory: Path) -> str:
        relative = directory.relative_to(self._directory).as_posix()
        title = f"Index of /{html.escape(printable(relative))}"
        rows = []
        for entry in sorted(directory.iterdir()):
            # A name of octets that are no UTF-8 is escaped.
            path = f"{unescape(self._prefix)}/{entry.relative_to(self._directory).as_posix()}"
            href = quote(os.fsencode(path))
            label = printable(f"{entry.name}/" if entry.is_dir() else entry.name)
            rows.append(f'<li><a href="{href}">{html.escape(label)}</a></li>')
        listing = "<ul>\n{}\n</ul>".format("\n".join(rows))
        return f"<html>\n<head>\n<title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n{listing}\n</body>\n</html>"


def _is_relative(filename: str) -> bool:
    """Whether ``filename`` can only mean something below the directory it is joined to, on any system."""
    if "\0" in filename or filename.startswith(("/", "\\")) or ("\\" in filename and os.sep == "\\"):
        return False
    parts = filename.replace("\\", "/").split("/")
    return ".." not in parts and not (os.sep == "\\" and ":" in filename)


__all__ = ("StaticResource",)
