"""The file of a backup: a tar with tables, files, and last a list of both with their hashes."""

import hashlib
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from kulan.errors import InvalidFileError, OutputDeniedError, TamperedFileError

FORMAT = 1
MANIFEST = "manifest.json"
_NAME = re.compile(r"(tables|state)/[^\x00-\x1f]+")
_PIECE = 1 << 20


class Packing:
    """A backup that is being written."""

    def __init__(self, file: IO[bytes]) -> None:
        """Take the file to write into."""
        self._file = file
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.members: dict[str, dict[str, Any]] = {}

    def add(self, name: str, path: Path) -> None:
        """Add a file under a name.

        Raises
        ------
        OutputDeniedError
            If the file grows shorter while it is read.
        """
        with path.open("rb") as file:
            info = tarfile.TarInfo(name)
            info.size, info.mode = os.fstat(file.fileno()).st_size, 0o600
            reader = _Hashing(file)
            try:
                self._tar.addfile(info, reader)
            except OSError as problem:
                raise OutputDeniedError(
                    f"{path}: it could not be put into the backup ({problem}). See whether another "
                    "program writes to it, and how much room the disk has; then try again."
                ) from problem
        self.members[name] = {"bytes": info.size, "sha256": reader.digest.hexdigest()}

    def finish(self, manifest: dict[str, Any]) -> Path:
        """Add the list of everything, without which the file is no backup; return where it lies."""
        whole = {"format": FORMAT, **manifest, "members": self.members}
        content = json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(content), 0o600
        self._tar.addfile(info, BytesIO(content))
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        return Path(self._file.name)


class _Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


@contextmanager
def packing(path: Path) -> Iterator[Packing]:
    """Write a backup that stands at `path` when the block has ended well, and not before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # private: 0600
    os.close(handle)
    try:
        with open(name, "wb") as file:
            yield Packing(file)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_manifest(path: Path) -> dict[str, Any]:
    """Return the list of a backup.

    Raises
    ------
    InvalidFileError
        If the file is no backup, is cut short, or is of a later kind.
    """
    try:
        with tarfile.open(path, "r:") as tar:
            manifest = json.loads(_open(tar, MANIFEST).read())
    except (tarfile.TarError, KeyError, ValueError) as problem:
        raise InvalidFileError(
            f"{path}: this is no backup of Kulan, or it is cut short. Fetch it again, or take "
            "another; `kulan backup` wrote it whole or not at all."
        ) from problem
    if manifest.get("format") != FORMAT:
        raise InvalidFileError(
            f"{path}: a later version of Kulan ({manifest.get('kulan')}) wrote this backup. "
            "Restore it with that version or a later one."
        )
    return manifest


def unpack(path: Path, manifest: dict[str, Any], into: Path) -> None:
    """Write the members of a backup below a folder, each compared with its hash.

    Raises
    ------
    TamperedFileError
        If a member is missing, or has another content than the list says.
    InvalidFileError
        If a member's name leads out of the folder.
    """
    with tarfile.open(path, "r:") as tar:
        for name, facts in manifest["members"].items():
            target = (into / name).resolve()
            if not _NAME.fullmatch(name) or not target.is_relative_to(into.resolve()):
                raise InvalidFileError(f"{path}: it holds a file of the name {name!r}; refused.")
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                found = _copy(_open(tar, name), target)
            except (KeyError, tarfile.TarError) as problem:
                raise TamperedFileError(
                    f"{path}: {name} is missing. Take another copy."
                ) from problem
            if found != facts["sha256"]:
                raise TamperedFileError(
                    f"{path}: {name} has another content than when it was saved. Take another copy."
                )


def _open(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    file = tar.extractfile(tar.getmember(name))
    if file is None:  # a folder or a link
        raise KeyError(name)
    return file


def _copy(source: IO[bytes], target: Path) -> str:
    digest = hashlib.sha256()
    with source, target.open("wb") as file:
        os.fchmod(file.fileno(), 0o600)
        while piece := source.read(_PIECE):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()
