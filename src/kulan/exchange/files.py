"""Files as people hand them over: bare, or zipped; never remote, never larger than stated."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zlib import error as ZlibError  # noqa: N812 - zlib names its exception in lower case

from kulan.errors import InvalidFileError, TooLargeError
from kulan.provenance import hash_bytes, hash_file

MOST_BYTES = 2 * 1024**3
MOST_MEMBERS = 10_000
SHAPEFILE_SIDECARS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_BLOCK_BYTES = 1 << 20
_IGNORED = ("__MACOSX", ".DS_Store", "Thumbs.db")


@dataclass(frozen=True)
class OpenedFile:
    """A data file that lies open on disk.

    Attributes
    ----------
    path
        Where GDAL or another reader finds it; for an archive, inside a temporary folder.
    name
        What to call it in messages.
    sha256
        Hash of what the caller gave.
    """

    path: Path
    name: str
    sha256: str


@contextmanager
def opened_file(
    path: Path, extensions: tuple[str, ...], *, member: str | None = None
) -> Iterator[OpenedFile]:
    """Give the one data file that `path` is or holds; what was unpacked is removed afterwards.

    Parameters
    ----------
    path
        A file, or a .zip or .kmz archive of one data set.
    extensions
        Extensions of the formats Kulan reads, lower case with the dot.
    member
        Name (without extension) of the data set to take from an archive that holds several.

    Raises
    ------
    InvalidFileError
        If there is no such file, its extension is none of ours, or the archive is broken,
        encrypted, or holds names that lead out of it, no data set, or several.
    TooLargeError
        If it holds more than `MOST_BYTES`.
    """
    check_is_local_file(path)
    if path.suffix.lower() not in (".zip", ".kmz"):
        _check_extension(path, extensions)
        yield OpenedFile(path.resolve(), path.name, _hash(path))
        return
    folder = Path(tempfile.mkdtemp(prefix="kulan-unpacked-"))
    try:
        unpacked, inner = _unpack(path, folder, extensions, member)
        yield OpenedFile(unpacked, f"{path.name}/{inner}", hash_file(path))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_is_local_file(path: Path) -> None:
    """Refuse what is not an ordinary file on this machine, and what is too large to read.

    Raises
    ------
    InvalidFileError
        If it is an address, a folder, missing, empty, or cannot be read.
    TooLargeError
        If it is larger than `MOST_BYTES`.
    """
    text = str(path)
    if text.startswith(("/vsi", "\\vsi")) or "://" in text or ":/" in text[2:]:
        raise InvalidFileError(
            f"{text}: this is an address, and Kulan reads only files on this machine. "
            "Download it and give the path of the file."
        )
    try:
        size = path.stat().st_size if path.is_file() else None
    except (OSError, ValueError) as problem:
        raise InvalidFileError(f"{path.name}: cannot be opened ({problem}).") from None
    if size is None:
        what = "a folder" if path.is_dir() else "not there"
        raise InvalidFileError(f"{text}: {what}. Give the path of a file.")
    if size == 0:
        raise InvalidFileError(f"{path.name}: the file is empty (0 bytes). Export it again.")
    if size > MOST_BYTES:
        raise TooLargeError(
            f"{path.name}: {size / 1024**3:.1f} GB, and Kulan reads at most "
            f"{MOST_BYTES / 1024**3:.0f} GB at once. Cut the data to the area of the question."
        )


def _check_extension(path: Path, extensions: tuple[str, ...]) -> None:
    suffix = path.suffix.lower()
    if suffix in extensions:
        return
    if suffix in SHAPEFILE_SIDECARS or suffix in (".sbn", ".sbx", ".qpj"):
        raise InvalidFileError(
            f"{path.name}: one of the files of a Shapefile. Give the .shp beside it, or a .zip "
            "of all of them."
        )
    raise InvalidFileError(
        f"{path.name}: files ending in {suffix or 'nothing'!r} are not read. "
        f"Kulan reads {', '.join(extensions)}, and .zip of one of them."
    )


def _hash(path: Path) -> str:
    """Hash a file; for a Shapefile, the list of the hashes of the files it consists of."""
    if path.suffix.lower() != ".shp":
        return hash_file(path)
    lines = [f"{suffix} {hash_file(side)}" for suffix, side in sorted(sidecars(path).items())]
    return hash_bytes("\n".join(lines).encode())


def sidecars(path: Path) -> dict[str, Path]:
    """Return the files of a Shapefile that are there, by extension in lower case."""
    found: dict[str, Path] = {}
    for candidate in sorted(path.parent.iterdir()):
        suffix = candidate.suffix.lower()
        if candidate.stem == path.stem and suffix in SHAPEFILE_SIDECARS and candidate.is_file():
            found.setdefault(suffix, candidate)
    return found


def _unpack(
    path: Path, folder: Path, extensions: tuple[str, ...], member: str | None
) -> tuple[Path, str]:
    """Unpack the one data set of an archive into `folder`; return its file and inner name."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = _checked_members(archive, path.name)
            chosen = _choose(members, path, extensions, member)
            return _extract(archive, chosen, members, folder, path.name), chosen.filename
    except (zipfile.BadZipFile, ZlibError, EOFError, OSError, NotImplementedError) as problem:
        raise InvalidFileError(
            f"{path.name}: not a whole .zip archive ({problem}). Make the archive again."
        ) from None
    except (RuntimeError, ValueError, UnicodeError, OverflowError) as problem:
        raise InvalidFileError(
            f"{path.name}: the archive cannot be unpacked ({problem}). Make it again, without a "
            "password and with the usual compression (deflate)."
        ) from None


def _checked_members(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """Return the files of an archive after refusing what an honest archive never holds."""
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise TooLargeError(f"{name}: {len(infos)} files in the archive; {MOST_MEMBERS} at most.")
    for info in infos:
        parts = PurePosixPath(info.filename.replace("\\", "/")).parts
        drive = bool(parts) and parts[0].endswith(":")
        if ".." in parts or (parts and parts[0] == "/") or drive:
            raise InvalidFileError(
                f"{name}: the archive holds {info.filename!r}, a name that leads out of it. "
                "It is not unpacked; ask its maker for a clean archive."
            )
    total = sum(info.file_size for info in infos)
    if total > MOST_BYTES:
        raise TooLargeError(
            f"{name}: the archive unpacks to {total / 1024**3:.1f} GB; Kulan reads at most "
            f"{MOST_BYTES / 1024**3:.0f} GB at once."
        )
    return [
        info
        for info in infos
        if info.filename
        and not info.is_dir()
        and not any(part in info.filename for part in _IGNORED)
    ]


def _choose(
    members: list[zipfile.ZipInfo], path: Path, extensions: tuple[str, ...], member: str | None
) -> zipfile.ZipInfo:
    """Return the one member that is a data set."""
    wanted = (".kml",) if path.suffix.lower() == ".kmz" else extensions
    found = [info for info in members if _suffix(info) in wanted and _suffix(info) != ".kmz"]
    if path.suffix.lower() == ".kmz" and found:
        # the standard: the first .kml at the archive's root is the document
        return next((info for info in found if "/" not in info.filename), found[0])
    if len(found) > 1 and member is not None:
        named = [info for info in found if PurePosixPath(info.filename).stem == member]
        found = named or found
    if len(found) == 1:
        return found[0]
    if not found:
        held = ", ".join(info.filename for info in members[:8]) or "nothing"
        raise InvalidFileError(
            f"{path.name}: no data set in the archive; it holds {held}. "
            f"Kulan looks for {', '.join(wanted)}."
        )
    stems = [PurePosixPath(info.filename).stem for info in found]
    raise InvalidFileError(
        f"{path.name}: {len(found)} data sets in the archive: "
        f"{', '.join(info.filename for info in found[:8])}. "
        f"Choose one, for example --layer-name {stems[0]!r}, or unpack it and give the file."
    )


def _suffix(info: zipfile.ZipInfo) -> str:
    return PurePosixPath(info.filename).suffix.lower()


def _extract(
    archive: zipfile.ZipFile,
    chosen: zipfile.ZipInfo,
    members: list[zipfile.ZipInfo],
    folder: Path,
    name: str,
) -> Path:
    """Write the data set's files into `folder` under plain names, counting every byte."""
    wanted = [chosen]
    if _suffix(chosen) == ".shp":
        base = str(PurePosixPath(chosen.filename).with_suffix(""))
        wanted += [
            info
            for info in members
            if info is not chosen
            and _suffix(info) in SHAPEFILE_SIDECARS
            and str(PurePosixPath(info.filename).with_suffix("")) == base
        ]
    left = MOST_BYTES
    for info in wanted:
        with archive.open(info) as packed, (folder / f"data{_suffix(info)}").open("wb") as file:
            while block := packed.read(_BLOCK_BYTES):
                left -= len(block)
                if left < 0:
                    raise TooLargeError(
                        f"{name}: {chosen.filename} unpacks to more than "
                        f"{MOST_BYTES / 1024**3:.0f} GB, the most Kulan reads at once."
                    )
                file.write(block)
    return folder / f"data{_suffix(chosen)}"


def first_bytes(path: Path, count: int = 512) -> bytes:
    """Return the beginning of a file."""
    with path.open("rb") as file:
        return file.read(count)
