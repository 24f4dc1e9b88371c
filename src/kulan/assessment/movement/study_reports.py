"""The report of a study: answers of several commands of movement, read from their folders."""

import json
from collections.abc import Sequence
from pathlib import Path

from kulan.assessment.movement.folders import RESULT
from kulan.assessment.movement.reading import FIXES_NAMES, read_fixes_asked
from kulan.assessment.movement.track_maps import words_of_map
from kulan.errors import InvalidFileError, OutputExistsError
from kulan.outputs import whole_folder, write_whole
from kulan.report.connectivity.sheets import Caption
from kulan.report.movement.study import StudyPart, study_document, study_html, study_pdf
from kulan.report.movement.tracks import tracks_picture
from kulan.report.reader import Reader
from kulan.words import Words

NAMES = ("report.html", "report.pdf")
_LARGEST_BYTES = 64 * 2**20
_NEEDED = ("method", "numbers", "recipe", "recipe_sha256", "files")


def read_part(folder: Path) -> StudyPart:
    """Read the answer of a command from its folder.

    Parameters
    ----------
    folder
        What a command wrote with --out.

    Raises
    ------
    InvalidFileError
        If it is no answer of a command of movement, or too large to be one.
    """
    path = folder / RESULT
    if not path.is_file() or path.stat().st_size > _LARGEST_BYTES:
        raise InvalidFileError(
            f"{folder}: there is no {RESULT} that can be read. Name folders that commands of "
            "`kulan movement` wrote with --out."
        )
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidFileError(f"{path} is no JSON: {error}.") from error
    missing = [name for name in _NEEDED if not isinstance(result, dict) or name not in result]
    if missing:
        raise InvalidFileError(
            f"{path} lacks {', '.join(missing)}: it is no answer of `kulan movement`."
        )
    pictures = {
        name: (folder / name).read_bytes()
        for name in map(str, result["files"])
        if name.endswith(".png") and Path(name).name == name and (folder / name).is_file()
    }
    # a folder given as "." still has a name
    return StudyPart(folder.resolve().name, result, pictures)


def check_report_place(out: Path, *, replace: bool) -> None:
    """Refuse a folder that holds anything but an earlier report that may be replaced.

    Raises
    ------
    OutputExistsError
        If it does.
    """
    if not out.exists():
        return
    held = {path.name for path in out.iterdir()} if out.is_dir() else {out.name}
    if held - set(NAMES):
        raise OutputExistsError(
            f"{out} holds files that are no report of Kulan; name another folder with --out."
        )
    if held and not replace:
        raise OutputExistsError(
            f"{out} already holds a report; add --replace, or name another folder with --out."
        )


def write_study_report(
    folders: Sequence[Path],
    out: Path,
    words: Words,
    *,
    title: str = "",
    on: str,
    replace: bool = False,
) -> list[Path]:
    """Write one report of several answers, as HTML and PDF.

    Parameters
    ----------
    folders
        What commands wrote, in the order in which they are told.
    out
        Folder to write; whole or not at all.
    words
        The reader's language.
    title
        Of the study.
    on
        Day it is made on, ISO 8601.
    replace
        Whether an earlier report there may be replaced.

    Raises
    ------
    InvalidFileError
        If a folder holds no answer.
    OutputExistsError, OutputDeniedError
        If it cannot be written there.
    """
    check_report_place(out, replace=replace)
    parts = [read_part(folder) for folder in folders]
    tracks = _map_of_tracks(folders, parts, words)
    document = study_document(parts, title, words, on=on, tracks=tracks)
    page, sheet = study_html(document), study_pdf(document)
    with whole_folder(out, replace=replace) as work:
        for name, content in zip(NAMES, (page, sheet), strict=True):
            write_whole(work / name, content)
    return [out / name for name in NAMES]


def _map_of_tracks(folders: Sequence[Path], parts: Sequence[StudyPart], words: Words) -> bytes:
    """Draw the tracks in the report's language, where a folder holds fixes; cleaned ones first."""
    held = sorted(
        zip(folders, parts, strict=True),
        key=lambda one: not one[1].method.startswith("kulan.movement.cleaning"),
    )
    for folder, part in held:
        names = [name for name in FIXES_NAMES if name in part.result["files"]]
        paths = [folder / name for name in names if (folder / name).is_file()]
        if paths and paths[0].stat().st_size <= _LARGEST_BYTES:
            reader = Reader(words)
            fixes = read_fixes_asked([folder]).fixes
            caption = Caption(*words_of_map(fixes, reader), _source_line(part, reader))
            return tracks_picture(fixes, caption, reader).encode(".png")
    return b""


def _source_line(part: StudyPart, reader: Reader) -> str:
    return reader.say("Folder {folder}, recipe {recipe}.", folder=part.name, recipe=part.key)
