"""The files of a screening: what was uploaded, under names of our own making, and the reports."""

import re
import shutil
import tempfile
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from kulan.exchange.files import SHAPEFILE_SIDECARS
from kulan.exchange.formats import EXTENSIONS

READ = (*EXTENSIONS, ".zip")
"""Endings of files that can be screened."""
_MOST_LETTERS = 60


def root() -> Path:
    """Return the folder that holds the screenings' folders."""
    return Path(settings.STATE) / "files" / "screenings"


def folder_of(uid: uuid.UUID) -> Path:
    """Return the folder of a screening, whether there yet or not."""
    return root() / str(uid)


def report_folder(uid: uuid.UUID, language: str) -> Path:
    """Return the folder of the report in a language."""
    return folder_of(uid) / "reports" / language


def plain_name(name: str) -> str:
    """Return a file name that is safe in any folder, made from the one a browser sent.

    Letters of any script, digits, spaces and ``-_`` stay, since alternatives are named after their
    files; the ending becomes lower case. What nothing stays of is called ``file``.

    Examples
    --------
    >>> plain_name("../../etc/Северный вариант.GeoJSON")
    'Северный вариант.geojson'
    >>> plain_name("C:/plans/.profile")
    'file.profile'
    """
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    stem, dot, ending = last.rpartition(".")
    if not dot:
        stem, ending = last, ""
    kept = "".join(letter if letter.isalnum() or letter in "-_ " else " " for letter in stem)
    plain = re.sub(r"\s+", " ", kept).strip(" -")[:_MOST_LETTERS].strip() or "file"
    plain_ending = re.sub(r"[^a-z0-9]", "", ending.lower())[:12]
    return f"{plain}.{plain_ending}" if plain_ending else plain


def is_sidecar(name: str) -> bool:
    """Whether a file is one of those a Shapefile consists of."""
    return PurePosixPath(name).suffix.lower() in SHAPEFILE_SIDECARS


def is_data_file(name: str) -> bool:
    """Whether a file stands for itself, rather than beside a .shp."""
    return not is_sidecar(name) or name.lower().endswith(".shp")


def store(folder: Path, uploads: Iterable[UploadedFile], kind: str) -> list[str]:
    """Stream uploads to disk, each into a folder of its own, and return the data files' paths.

    The files of one Shapefile, uploaded side by side, share a folder; only the .shp is returned.

    Parameters
    ----------
    folder
        Folder of the screening.
    uploads
        Files as a form gives them.
    kind
        ``lines``, ``structures``, or ``layers/1`` and so on.

    Returns
    -------
    list of str
        Paths in the screening's folder.
    """
    paths: list[str] = []
    places: dict[str, Path] = {}
    for number, upload in enumerate(uploads, start=1):
        name = plain_name(upload.name or "")
        stem = PurePosixPath(name).stem if is_sidecar(name) else f"{number}/{name}"
        place = places.setdefault(stem, folder / "uploads" / kind / str(number))
        place.mkdir(parents=True, exist_ok=True)
        with (place / name).open("wb") as file:
            for block in upload.chunks():
                file.write(block)
        if is_data_file(name):
            paths.append(str((place / name).relative_to(folder)))
    return paths


def remove(uid: uuid.UUID) -> None:
    """Remove everything of a screening from the disk."""
    remove_folder(folder_of(uid))


def remove_folder(folder: Path) -> None:
    """Remove a folder with all it holds; one that is gone already is no fault."""
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def temporary_files_in(folder: Path) -> Iterator[None]:
    """Let everything that writes temporary files write them here, and remove them afterwards.

    A confidential upload that is unpacked must not outlive its screening in the system's temporary
    folder when a worker is killed: here it is removed with the rest.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
        shutil.rmtree(folder, ignore_errors=True)
