"""The folder an assessment ends in: report, findings, features for a GIS, losses."""

from pathlib import Path

from kulan.assessment.answer import Answer
from kulan.errors import OutputExistsError
from kulan.exchange import write_geopackage
from kulan.outputs import check_writable, whole_folder, write_whole
from kulan.report import feature_styles, feature_tables, findings_json, write_html, write_pdf
from kulan.words import Words

DOSSIER_FILES = ("report.html", "report.pdf", "findings.json", "findings.gpkg", "losses.csv")


def check_place(folder: Path, *, replace: bool) -> None:
    """Refuse a folder that may not be written to, before any work is done.

    Raises
    ------
    OutputExistsError
        If it is a file, holds anything that is no dossier, or holds one and `replace` is false.
    OutputDeniedError
        If nothing could be written there.
    """
    check_writable(folder)
    if folder.is_file():
        raise OutputExistsError(f"{folder} is a file; name a folder with --out.")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    strangers = sorted(path.name for path in folder.iterdir() if path.name not in DOSSIER_FILES)
    if strangers:
        raise OutputExistsError(
            f"{folder} holds {', '.join(strangers[:3])}, which Kulan did not write; "
            "name another folder with --out."
        )
    if not replace:
        raise OutputExistsError(
            f"{folder} already holds a report; add --replace, or name another folder with --out."
        )


def write_dossier(
    folder: Path, answer: Answer, words: Words, *, pdf: bool = True, replace: bool = False
) -> list[Path]:
    """Write an answer as a folder that appears whole or not at all.

    Parameters
    ----------
    folder
        Where it shall appear.
    answer
        As `kulan.assessment.answer_question` gives it.
    words
        Language of the report; findings.json and findings.gpkg have none.
    pdf
        Whether to write report.pdf too.
    replace
        Whether an earlier dossier there may be replaced.

    Returns
    -------
    list of Path
        The files, in the order of `DOSSIER_FILES`.

    Raises
    ------
    OutputExistsError, OutputDeniedError
        As `check_place` says.
    """
    check_place(folder, replace=replace)
    screening, scene = answer.screening, answer.scene
    with whole_folder(folder, replace=replace) as work:
        write_whole(work / "findings.json", findings_json(screening))
        write_whole(work / "report.html", write_html(screening, scene, words))
        if pdf:
            write_whole(work / "report.pdf", write_pdf(screening, scene, words))
        tables = feature_tables(screening, scene)
        write_geopackage(work / "findings.gpkg", tables, styles=feature_styles(tables))
        losses = answer.losses.to_csv(index=False, lineterminator="\n")
        write_whole(work / "losses.csv", losses.encode())
    return [folder / name for name in DOSSIER_FILES if (folder / name).exists()]
