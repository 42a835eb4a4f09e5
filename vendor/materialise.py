"""Makes vendor/llhttp/ from vendor/llhttp.lock: fetch the pinned distribution, check every hash, unpack, rename.

Its law: nothing is unpacked before its hash agrees, and the folder appears whole or not at all. Standard
library only, since setup.py runs it before anything is installed.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

HERE = Path(__file__).resolve().parent
LOCK = HERE / "llhttp.lock"
TARGET = HERE / "llhttp"

# Kept out of the child pip: state of a pip that may be running us, and rules meant for its own requirements.
_PIP_STATE = ("PIP_BUILD_TRACKER", "PIP_REQ_TRACKER", "PIP_REQUIREMENT", "PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT")


class VendorError(Exception):
    """llhttp could not be materialised."""


class Unavailable(VendorError):
    """The pinned distribution cannot be had here: no network, no pip, or not on this index."""


class HashMismatch(VendorError):
    """What was found is not what the lock file says; never ignored."""


@dataclass(frozen=True)
class Lock:
    """The lock file: which distribution, and the SHA-256 (hex) of it and of each file taken from it."""

    llhttp: str
    distribution: str
    version: str
    sha256: str
    folder: str
    files: dict[str, str]

    @classmethod
    def read(cls, path: Path = LOCK) -> "Lock":
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    @property
    def pinned(self) -> str:
        return f"{self.distribution}=={self.version}"


def materialise(lock: Lock, target: Path = TARGET, archive: Path | None = None) -> Path:
    """Return `target`, made from the lock when it is absent or differs.

    Raises Unavailable when the distribution cannot be fetched and HashMismatch when a hash is wrong; either
    leaves no new or changed `target`.
    """
    if is_current(lock, target):
        return target
    with tempfile.TemporaryDirectory(prefix="llhttp-", dir=target.parent) as scratch:
        if archive is None:
            archive = _download(lock, Path(scratch) / "download")
        _check(f"{archive.name} ({lock.pinned})", archive.read_bytes(), lock.sha256)
        tree = Path(scratch) / "llhttp"
        _unpack(lock, archive, tree)
        if target.exists():
            target.rename(Path(scratch) / "replaced")
        tree.rename(target)
    return target


def is_current(lock: Lock, target: Path = TARGET) -> bool:
    """Whether every file of the lock is in `target` with the right hash."""
    return all(
        (target / name).is_file() and _sha256((target / name).read_bytes()) == digest
        for name, digest in lock.files.items()
    )


def _download(lock: Lock, folder: Path) -> Path:
    folder.mkdir()
    # pip asks a source distribution for its metadata, which runs that distribution's build code. The hash in the
    # requirement makes pip refuse a changed distribution before that.
    requirement = folder / "requirement.txt"
    requirement.write_text(f"{lock.pinned} --hash=sha256:{lock.sha256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    command += ["--require-hashes", "--no-binary", ":all:", "--dest", str(folder), "--requirement", str(requirement)]
    environment = {name: value for name, value in os.environ.items() if name not in _PIP_STATE}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        for found in folder.glob("*.tar.gz"):
            return found
        raise Unavailable(f"pip downloaded no source distribution of {lock.pinned}")
    output = (done.stdout + done.stderr).strip()
    if "DO NOT MATCH THE HASHES" in output:
        raise HashMismatch(f"{lock.pinned} on the index is not the distribution that llhttp.lock names.\n{output}")
    reason = output.splitlines()[-1] if output else f"pip ended with status {done.returncode}"
    raise Unavailable(f"pip could not download {lock.pinned} (no network?): {reason}")


def _unpack(lock: Lock, archive: Path, tree: Path) -> None:
    root = PurePosixPath(f"{lock.distribution}-{lock.version}") / lock.folder
    with tarfile.open(archive) as tar:
        for name, digest in lock.files.items():
            try:
                member = tar.extractfile(str(root / name))
            except KeyError:
                member = None
            if member is None:
                raise HashMismatch(f"{archive.name} has no file {root / name}")
            content = member.read()
            _check(name, content, digest)
            path = tree / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _check(name: str, content: bytes, expected: str) -> None:
    found = _sha256(content)
    if found != expected:
        raise HashMismatch(f"wrong SHA-256 of {name}: llhttp.lock says {expected}, found {found}; nothing was unpacked")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description="Make vendor/llhttp from vendor/llhttp.lock.")
    parser.add_argument("--archive", type=Path, help="the pinned source distribution, when it is already at hand")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 0 when vendor/llhttp is current")
    parser.add_argument("--clean", action="store_true", help="remove vendor/llhttp")
    options = parser.parse_args()
    lock = Lock.read()
    if options.clean:
        shutil.rmtree(TARGET, ignore_errors=True)
        return 0
    if options.check:
        return 0 if is_current(lock) else 1
    try:
        materialise(lock, archive=options.archive)
    except VendorError as exc:
        print(f"vendor/materialise.py: {exc}", file=sys.stderr)
        return 2 if isinstance(exc, HashMismatch) else 1
    print(f"vendor/llhttp is llhttp {lock.llhttp}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
