"""Files come in: streamed to disk, never beyond the limit, under a name that leads nowhere."""

import re
import shutil
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from kulan.errors import InvalidFileError, TooLargeError
from kulan.exchange.formats import EXTENSIONS
from kulan.web.language import current_words

RASTERS = (".tif", ".tiff")
ENDINGS = tuple(sorted({*EXTENSIONS, ".zip", *RASTERS}))
"""Endings of the files that are taken in."""
_ROOM_FOR_FIELDS = 1_000_000
_UNSAFE = re.compile(r"[^\w.-]+")


class Limited(FileUploadHandler):
    """Stops an upload at the limit, before its bytes reach the disk."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803  Django's name
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> None:
        """Remember whether the request says itself that it is too large."""
        self.arrived = 0
        self.refused = content_length > settings.UPLOAD_MOST_BYTES + _ROOM_FOR_FIELDS

    def new_file(self, *arguments: Any, **named: Any) -> None:
        """Refuse the file of a request that is too large."""
        super().new_file(*arguments, **named)
        if self.refused:
            self._stop()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count, and let pass on to the handler that keeps."""
        self.arrived += len(raw_data)
        if self.arrived > settings.UPLOAD_MOST_BYTES:
            self._stop()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Keep nothing: the handlers after this one do."""

    def _stop(self) -> None:
        self.request.upload_refused = True  # type: ignore[union-attr]
        raise StopUpload(connection_reset=True)


def uploaded(request: HttpRequest, field: str = "file") -> UploadedFile:
    """Return the file of a request.

    Raises
    ------
    TooLargeError
        If it was larger than `settings.UPLOAD_MOST_BYTES`, and was not kept.
    InvalidFileError
        If there is none, or its ending is none of `ENDINGS`.
    """
    say = current_words().say
    file = request.FILES.get(field)
    if getattr(request, "upload_refused", False):
        most = current_words().number(settings.UPLOAD_MOST_BYTES / 1e6)
        raise TooLargeError(say("The file is larger than {most} MB, the most taken in.", most=most))
    if file is None:
        raise InvalidFileError(say("No file came with the form. Choose one, and send it again."))
    if Path(file.name or "").suffix.lower() not in ENDINGS:
        endings = ", ".join(ENDINGS)
        raise InvalidFileError(
            say("This kind of file is not read. These are: {endings}.", endings=endings)
        )
    return file


def plain_name(name: str | None) -> str:
    r"""Return a file's name without anything that could lead elsewhere.

    Examples
    --------
    >>> plain_name("../../etc/Дены 2024.GeoJSON"), plain_name("a\\b.zip")
    ('Дены_2024.geojson', 'b.zip')
    """
    last = re.split(r"[/\\]", name or "")[-1]
    path = Path(last)
    stem = _UNSAFE.sub("_", path.stem).strip("._")[:80] or "file"
    return f"{stem}{path.suffix.lower()}"


def incoming_folder() -> Path:
    """Return the folder in which files wait for a worker."""
    return Path(settings.STATE) / "incoming"


def keep(file: UploadedFile) -> Path:
    """Put an uploaded file where a worker finds it; return where, below `incoming_folder`."""
    place = Path(uuid.uuid4().hex) / plain_name(file.name)
    target = incoming_folder() / place
    target.parent.mkdir(parents=True)
    moved = getattr(file, "temporary_file_path", None)
    if moved is not None:
        shutil.copyfile(moved(), target)
    else:
        with target.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
    return place


def kept_file(place: str) -> Path:
    """Return a file that waits.

    Raises
    ------
    InvalidFileError
        If it is not there any more, or the place leads out of the folder.
    """
    folder = incoming_folder().resolve()
    path = (folder / place).resolve()
    if folder not in path.parents or not path.is_file():
        raise InvalidFileError(
            f"{Path(place).name}: the file is not there any more. Send it again."
        )
    return path


def forget(place: str) -> None:
    """Delete a file that has been read."""
    shutil.rmtree(incoming_folder() / Path(place).parent, ignore_errors=True)
